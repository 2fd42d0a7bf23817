"""Adding or changing one record: the form, its draft, like names, the save; never loses what was typed; knows no list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.features.directory import fields
from desktop.features.directory.drafts import form_of, packed
from desktop.features.directory.near_names import NearNames
from desktop.features.directory.saving import Keep, Save, Target
from desktop.kit.banner import Banner
from desktop.kit.cards import column
from desktop.kit.forms import Form as FormView
from desktop.kit.forms.kinds import Deliver
from desktop.kit.states import States
from desktop.kit.tasks import Job, Lane
from desktop.shell.asking import AskOrganisations
from desktop.shell.feature import Context
from i18n import Text, t
from resources import KINDS
from resources.rights import Limits, limits, refusal
from sync.errors import Failure, Invalid
from sync.form import Form

__all__ = ["Editor", "Target"]

_NEW_TITLES = {
    "organisation": Text("New organisation"), "project": Text("New project"),
    "contact": Text("New contact"), "place": Text("New place"),
}
_EDIT_TITLES = {
    "organisation": Text("Edit the organisation"), "project": Text("Edit the project"),
    "contact": Text("Edit the contact"), "place": Text("Edit the place"),
}


@dataclass
class _Opened:
    """What the data lane answered: why not, or the form, the values to begin with, the draft, names by id, what is closed."""

    refusal: Text | None = None
    form: Form | None = None
    values: dict[str, Any] = field(default_factory=dict)
    draft: dict[str, Any] | None = None
    names: dict[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


class Editor(QWidget):
    """The page of one form.

    Signals: `saved(kind, id)`; `left()`; `open_requested(kind, id)` for a record that was found to be the same.
    Attributes: `target`; `form` (None until it has come).
    """

    saved = Signal(str, str)
    left = Signal()
    open_requested = Signal(str, str)

    def __init__(self, context: Context, target: Target, typed: dict[str, Any] | None = None) -> None:
        """`typed` is a draft to go on with instead of the kept one."""
        super().__init__()
        self._context, self.target = context, target
        self._ws = context.workspace
        self._kind = KINDS[target.kind]
        self._typed = typed
        self._over = False  # saved: what is in the form is no draft any more
        self._opened = _Opened()
        self.form: FormView | None = None
        self.near: NearNames | None = None
        self._banner: Banner | None = None
        self._content = QWidget()
        self._body = column(self._content, gap=0)
        self._states = States(self._content)
        column(self).addWidget(self._states)
        self._load()

    @property
    def states(self) -> States:
        return self._states

    def draft(self) -> dict[str, Any] | None:
        """What is typed now, to go on with elsewhere; None when nothing was, or when it is being saved."""
        if self.form is None or self.form.is_saving or not self.form.changed():
            return self._typed if self.form is None else None
        return packed(self.form.values(), self._opened.form)

    def keep(self) -> None:
        """Keep the draft now."""
        draft = None if self._over else self.draft()
        if draft is not None:
            self._context.tasks.run(Lane.DATA, Keep(self._ws, self.target, draft))

    def _load(self) -> None:
        self._states.show_loading()
        self._context.tasks.run(Lane.DATA, self._read, self._on_read, self._on_read_failed)

    def _read(self, _job: Job) -> _Opened:
        ws, target = self._ws, self.target
        why = refusal(ws, target.kind, "edit" if target.id else "create")
        if why is not None:
            return _Opened(why)
        draft = self._typed or ws.draft(target.kind, target.draft_id)
        form = ws.form(target.kind, target.id) if target.id else None
        if form is not None and draft is not None:
            form = form_of(draft, form)
        whole = self._kind.join(form.parts) if form else {"organisation": target.organisation} if target.organisation else {}
        values = fields.shown_values(self._kind, whole)
        pointed = [*_ids(values), *_ids((draft or {}).get("values", {}))]
        names = {one.id: one.title for one in ws.by_ids("organisation", pointed)}
        return _Opened(None, form, values, draft, names, limits(ws, self._kind))

    def _on_read(self, opened: _Opened) -> None:
        if opened.refusal is not None:
            self._states.show_no_rights(opened.refusal, t("Back"), self._leave)
            return
        self._opened = opened
        self._show_form(opened.values, opened.draft)
        self._states.show_content()
        self._focus_first()

    def _on_read_failed(self, error: Exception) -> None:
        self._states.show_failed(str(error), self._load)

    def _show_form(self, values: dict[str, Any], draft: dict[str, Any] | None) -> None:
        old = self.form
        titles = _EDIT_TITLES if self.target.id else _NEW_TITLES
        self.form = FormView(
            titles[self.target.kind], fields.asked(self._kind, self._find, self._opened.names, self._opened.limits), values,
            check=self._check, intro=self._opened.form.record.title if self._opened.form else "",
        )
        self.form.save_requested.connect(self._on_save_requested)
        self.form.cancel_requested.connect(self._on_cancel_requested)
        self.form.draft_changed.connect(self._on_draft_changed)
        if old is not None:
            self._body.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._body.addWidget(self.form, 1)
        if self.target.kind == "organisation":
            self._watch_name()
        if draft is not None:
            self.form.restore_draft(draft["values"])
            self._say_draft()

    def _watch_name(self) -> None:
        line = self.form.field("name")
        self.near = NearNames(self._ws, self._context.tasks, self.target.id)
        self.near.open_requested.connect(self._on_near_open_requested)
        line.layout().addWidget(self.near)
        self.form.edited.connect(self._on_edited)

    def _say_draft(self) -> None:
        self._banner = Banner(
            t("This is your draft, kept on this PC. It is not saved yet."), icon="edit", action=t("Throw the draft away"),
            on_action=self._start_anew,
        )
        holder = QWidget()
        column(holder, margin=16).addWidget(self._banner)
        self._body.insertWidget(0, holder)

    def _start_anew(self) -> None:
        self._context.tasks.run(Lane.DATA, self._forget)
        self._drop_banner()
        self._typed = None
        self._load()

    def _forget(self, _job: Job) -> None:
        self._ws.drop_draft(self.target.kind, self.target.draft_id)

    def _drop_banner(self) -> None:
        if self._banner is not None:
            holder = self._banner.parentWidget()
            self._body.removeWidget(holder)
            holder.hide()
            holder.deleteLater()
            self._banner = None

    def _focus_first(self) -> None:
        first = "consent" if self.target.kind == "contact" and self.target.id else _FIRST[self.target.kind]
        self.form.field(first).editor.focus()

    def _whole(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        return fields.record_values(self._kind, typed, self._new_key)

    def _new_key(self) -> str:
        return self._ws.random(6).hex()

    def _check(self, typed: dict[str, Any]) -> dict[str, Text]:
        whole = self._whole(typed)
        before = self._kind.join(self._opened.form.parts) if self._opened.form else None
        touched = None if before is None else {name for name, value in whole.items() if value != before.get(name)}
        return fields.problems(self._kind, (before or {}) | whole, touched)

    def _find(self, text: str, deliver: Deliver) -> None:
        AskOrganisations(self, self._ws, text, deliver).run(self._context)

    @Slot(str)
    def _on_edited(self, path: str) -> None:
        if path in _TELLING:
            self.near.look(self._whole({one: self.form.field(one).editor.value() for one in _TELLING}))

    @Slot(dict)
    def _on_draft_changed(self, _values: dict) -> None:
        self.keep()

    @Slot(dict)
    def _on_save_requested(self, _changed: dict) -> None:
        self.form.set_saving(t("Saving…"))
        whole = self._whole(self.form.values())
        save = Save(self._ws, self.target, whole, self._opened.form)
        self._context.tasks.run(Lane.DATA, save, self._on_saved, self._on_save_failed)

    def _on_saved(self, id: str) -> None:
        self._over = True
        self.form.set_saving("")
        self.saved.emit(self.target.kind, id)

    def _on_save_failed(self, error: Exception) -> None:
        self.form.set_saving("")
        if isinstance(error, Invalid) and error.problems:
            whole = self._whole(self.form.values())
            self.form.show_problems({fields.form_path(self._kind, one.path, whole): one.message for one in error.problems})
            return
        said = str(error) if isinstance(error, Failure) else t("This was not saved: {why}", why=str(error))
        self.form.show_problems({"": t("{what} What you typed is still here.", what=said)})

    @Slot()
    def _on_cancel_requested(self) -> None:
        if self.form.changed():
            self.keep()
            self._context.notify(t("Not saved. Your draft is kept on this PC."))
        self._leave()

    def _leave(self) -> None:
        self.left.emit()

    @Slot(str)
    def _on_near_open_requested(self, id: str) -> None:
        self.keep()
        self.open_requested.emit("organisation", id)


_TELLING = ("name", "acronym", "aliases", "region")  # what two entries of one organisation have in common
_FIRST = {"organisation": "name", "project": "title", "contact": "name", "place": "type"}


def _ids(values: Mapping[str, Any]) -> list[str]:
    """The organisations that values of a form point to."""
    single = values.get("organisation")
    return [*([single] if single else []), *(values.get("partners") or ())]
