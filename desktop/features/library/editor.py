"""Adding or changing an item or a collection: the form, its file, its draft, the save; loses nothing that was typed; knows no list."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.features.library import fields, words
from desktop.features.library.file_choice import FileChoice
from desktop.features.library.saving import Keep, Save
from desktop.kit import theme
from desktop.kit.banner import Banner
from desktop.kit.cards import column, row
from desktop.kit.forms import Form as FormView
from desktop.kit.forms import Option
from desktop.kit.forms.kinds import Deliver
from desktop.kit.states import States
from desktop.kit.tasks import Job, Lane
from desktop.kit.tokens import READING
from desktop.shell.feature import Context
from i18n import Text, t
from resources import KINDS
from resources.kept_files import may_leave
from resources.rights import refusal
from resources.search import search
from resources.starter import shelf
from sync.errors import Failure, Invalid
from sync.form import Form, seen_of_token

__all__ = ["NEW", "Editor"]

NEW = "new"  # under which id the draft of a new record is kept
_TITLES = {
    ("item", False): Text("Add a document"), ("item", True): Text("Edit the document"),
    ("collection", False): Text("New collection"), ("collection", True): Text("Edit the collection"),
}


@dataclass
class _Opened:
    """What the data lane answered: why not, or the form, the values to begin with, the draft, titles by id."""

    refusal: Text | None = None
    form: Form | None = None
    values: dict[str, Any] = field(default_factory=dict)
    draft: dict[str, Any] | None = None
    names: dict[str, str] = field(default_factory=dict)


class Editor(QWidget):
    """The page of one form; `id` "" is a new record.

    Signals: `saved(kind, id)`; `left()`. Attributes: `form` (None until it has come), `file` (a new item's choice of file, or None).
    """

    saved = Signal(str, str)
    left = Signal()

    def __init__(self, context: Context, kind: str, id: str = "", path: Path | None = None, typed: dict[str, Any] | None = None) -> None:
        """`path`: a file that was dropped; `typed`: a draft to go on with instead of the kept one."""
        super().__init__()
        self._context, self._ws = context, context.workspace
        self.kind, self.id = KINDS[kind], "" if id == NEW else id
        self._typed = typed
        self._opened = _Opened()
        self.form: FormView | None = None
        self.file: FileChoice | None = None
        self._licence: Banner | None = None
        self._path = path or (Path(typed["path"]) if typed and typed.get("path") else None)
        self._content = QWidget()
        self._body = column(self._content, gap=0)
        self.states = States(self._content)
        column(self).addWidget(self.states)
        self.states.show_loading()
        self._context.tasks.run(Lane.DATA, self._read, self._on_read, self._on_read_failed)

    def draft(self) -> dict[str, Any] | None:
        """What is typed now, to go on with elsewhere; None when nothing was, or when it is being saved."""
        path = str(self.file.path) if self.file is not None and self.file.path is not None else ""
        if self.form is None or self.form.is_saving or not (self.form.changed() or path):
            return self._typed if self.form is None else None
        found: dict[str, Any] = {"values": self.form.values(), "path": path}
        opened = self._opened.form
        return found if opened is None else found | {"shown": dict(opened.parts), "seen": opened.token}

    def keep(self) -> None:
        """Keep the draft now."""
        draft = self.draft()
        if draft is not None:
            self._context.tasks.run(Lane.DATA, Keep(self._ws, self.kind.name, self.id or NEW, draft))

    def _read(self, _job: Job) -> _Opened:
        ws, kind = self._ws, self.kind.name
        why = refusal(ws, kind, "edit" if self.id else "create")
        if why is not None:
            return _Opened(why)
        draft = self._typed or ws.draft(kind, self.id or NEW)
        form = ws.form(kind, self.id) if self.id else None
        if form is not None and draft is not None and "seen" in draft:
            form = Form(kind, self.id, form.record, dict(draft["shown"]), seen_of_token(draft["seen"], self.id))
        whole = self.kind.join(form.parts) if form else {}
        values = {name: str(value) if name == "pages" else value for name, value in whole.items() if name not in ("file", "identifiers")}
        pointed = [*(values.get("items") or ()), *((draft or {}).get("values", {}).get("items") or ())]
        names = {one.id: one.title for one in ws.by_ids("item", pointed)}
        names |= {id: own.title for id in pointed if id not in names and (own := shelf.find(id)) is not None}
        return _Opened(None, form, values, draft, names)

    def _on_read(self, opened: _Opened) -> None:
        if opened.refusal is not None:
            self.states.show_no_rights(opened.refusal, t("Back"), self.left.emit)
            return
        self._opened = opened
        self._show(opened.values, opened.draft)
        self.states.show_content()
        if self.file is not None and self.file.path is None:
            self.file.pick.setFocus()
        else:
            self.form.field("title").editor.focus()

    def _on_read_failed(self, error: Exception) -> None:
        self.states.show_failed(str(error), self.left.emit)

    def _show(self, values: dict[str, Any], draft: dict[str, Any] | None) -> None:
        inner, top = QWidget(), QWidget()
        inner.setMaximumWidth(theme.px(READING))
        lines = column(inner, gap=12)
        if self.kind.name == "item" and not self.id:
            self.file = FileChoice()
            self.file.chosen.connect(self._on_file_chosen)
            lines.addWidget(self.file)
        if draft is not None:
            lines.addWidget(Banner(t("This is your draft, kept on this PC. It is not saved yet."), icon="edit",
                                   action=t("Throw the draft away"), on_action=self._throw_away))
        title = _TITLES[self.kind.name, bool(self.id)]
        self.form = FormView(title, fields.asked(self.kind, self._find, self._opened.names), values, check=self._check)
        self.form.save_requested.connect(self._on_save_requested)
        self.form.cancel_requested.connect(self._on_cancel_requested)
        self.form.draft_changed.connect(self._on_draft_changed)
        if lines.count():
            around = row(top, gap=0, margin=24)
            around.setContentsMargins(theme.px(24), theme.px(16), theme.px(24), 0)
            around.addWidget(inner, 1000)
            around.addStretch(1)
            self._body.addWidget(top)
        self._body.addWidget(self.form, 1)
        if self.kind.name == "item":
            line = self.form.field("licence")
            line.editor.edited.connect(self._on_licence_edited)
        if draft is not None:
            self.form.restore_draft(draft["values"])
            if self._path is None and draft.get("path"):
                self._path = Path(draft["path"])
        if self.file is not None and self._path is not None:
            self.file.take(self._path)
        self._on_licence_edited()

    def _check(self, values: dict[str, Any]) -> dict[str, Text]:
        return fields.problems(self.kind, fields.record_values(self.kind, values))

    def _find(self, text: str, deliver: Deliver) -> None:
        _Ask(self, self._ws, text, deliver).run(self._context)

    def _throw_away(self) -> None:
        self._context.tasks.run(Lane.DATA, Keep(self._ws, self.kind.name, self.id or NEW, None))
        self.left.emit()

    @Slot(object)
    def _on_file_chosen(self, path: Path) -> None:
        typed = self.form.values()
        guessed = {name: value for name, value in fields.guessed(path).items() if not typed.get(name)}
        self.form.restore_draft(guessed)
        self.keep()

    @Slot()
    def _on_licence_edited(self) -> None:
        """Under the licence stands what it means."""
        if self.kind.name != "item":
            return
        licence = self.form.field("licence").editor.value()
        line = self.form.field("licence")
        if self._licence is not None:
            line.layout().removeWidget(self._licence)
            self._licence.hide()
            self._licence.deleteLater()
            self._licence = None
        if licence:
            free = may_leave(licence)
            self._licence = Banner(words.licence_sentence(licence if free else ""), tone="accent" if free else "attention", icon="licence")
            line.layout().addWidget(self._licence)

    @Slot(dict)
    def _on_draft_changed(self, _values: dict[str, Any]) -> None:
        self.keep()

    @Slot(dict)
    def _on_save_requested(self, changed: dict[str, Any]) -> None:
        typed = fields.record_values(self.kind, self.form.values())
        names = {path.partition(".")[0] for path in changed} if self.id else set(typed)
        whole = {name: value for name, value in typed.items() if name in names}
        path = self.file.path if self.file is not None else None
        if self.file is not None and path is None and not whole.get("source"):
            self.form.show_problems({"": Text("Choose a file first, or say in “Source” where the document is found.")})
            return
        self.form.set_saving(t("Saving on this PC…"))
        # on the free lane: copying a large file must not keep the lists waiting
        work = Save(self._ws, (self.kind.name, self.id), whole, opened=self._opened.form, path=path)
        self._context.tasks.run(Lane.FREE, work, self._on_saved, self._on_not_saved)

    def _on_saved(self, id: str) -> None:
        self.form.set_saving("")
        self.saved.emit(self.kind.name, id)

    def _on_not_saved(self, error: Exception) -> None:
        self.form.set_saving("")
        if isinstance(error, Invalid) and error.problems:
            self.form.show_problems({one.path.partition("#")[0]: one.message for one in error.problems})
        elif isinstance(error, Failure):
            self.form.show_problems({"": t("{what} What you typed is still here.", what=str(error))})
        else:
            self.form.show_problems({"": t("This was not saved. What you typed is still here.")})
            raise error

    @Slot()
    def _on_cancel_requested(self) -> None:
        if self.draft() is not None:
            self.keep()
            self._context.notify(t("Not saved. Your draft is kept on this PC."))
        self.left.emit()


class _Ask(QObject):
    """One question for items by title, answered to a field."""

    def __init__(self, parent: QObject, ws: Any, text: str, deliver: Deliver) -> None:
        super().__init__(parent)
        self._ws, self._text, self._deliver = ws, text, deliver

    def run(self, context: Context) -> None:
        context.tasks.run(Lane.DATA, self._read, self._on_read)

    def _read(self, _job: Job) -> list[Option]:
        own = shelf.items(self._ws, shelf.Filter(text=self._text), 4).records if self._text.strip() else []
        hits = [hit.record for hit in search(self._ws, self._text, "item", 8).hits]
        found = {one.id: one for one in (*hits, *(one for one in own if shelf.is_starter(one)))}
        return [Option(one.id, one.title, words.meta(one)) for one in found.values()]

    def _on_read(self, options: list[Option]) -> None:
        self._deliver(options)
        self.deleteLater()
