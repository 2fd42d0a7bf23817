"""The form: fields in one column, checked when left, Save and Cancel always in sight, a draft kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import IconLabel, column, row, rule, scrolled
from desktop.kit.forms.field_row import FieldRow
from desktop.kit.forms.kinds import Field, Section, Texts
from desktop.kit.text import Label, Paragraph
from desktop.kit.tokens import READING
from i18n import Text, t, tn

__all__ = ["Check", "Form"]

# Values by path -> what is wrong, by path ("name", "name.ar", "facts.0.date"); empty when all is right.
Check = Callable[[dict[str, Any]], Mapping[str, "str | Text"]]
DRAFT_AFTER_MS = 400
SLICE = 0.006  # s of one turn of the event loop that go into making fields, so that keys are heard between


class Form(QWidget):
    """A form over `values` by path.

    Signals: `save_requested(dict)` with what was changed, only when the check finds nothing;
    `cancel_requested()`; `edited(path)` after each change by a person; `draft_changed(dict)` with all values, a moment after.
    Save stays enabled: pressed with something wrong it goes to the first wrong field. What the server
    or the store refuses later is shown with `show_problems`. Fields are made a few a turn of the event loop;
    whoever asks for one, or for all values, has them at once.
    """

    save_requested = Signal(dict)
    cancel_requested = Signal()
    draft_changed = Signal(dict)
    edited = Signal(str)

    def __init__(
        self, title: str | Text, fields: Sequence[Field | Section], values: Mapping[str, Any] | None = None,
        *, check: Check | None = None, save: str | Text = "", intro: str | Text = "",
    ) -> None:
        super().__init__()
        self._check = check
        self._rows: dict[str, FieldRow] = {}
        self._rest = list(fields)  # still to be made, in this order
        self._values: dict[str, Any] = {}  # what those begin with
        self._typed: dict[str, Any] = {}  # a draft of those
        self._before: dict[str, Any] = {}
        self._by_language = {f.path for f in fields if isinstance(f, Field) and isinstance(f.kind, Texts)}
        body = column(self, gap=0)
        holder = QWidget()  # from the outside in: what moves under another is styled again with all that is in it
        holder.setMinimumHeight(1)  # as tall as its width asks, not as its narrowest would
        self._area = scrolled(holder, name=title)
        body.addWidget(self._area, 1)
        body.addWidget(rule())
        body.addWidget(self._bar(str(save) or t("Save")))
        inner = QWidget()
        inner.setMaximumWidth(theme.px(READING))
        around = row(holder, margin=24)
        around.addWidget(inner, 1000)
        around.addStretch(1)
        self._column = column(inner, gap=20)
        self._column.addWidget(Label(title, "page", wrap=True))
        if str(intro):
            self._column.addWidget(Paragraph(intro, "muted"))
        self._column.addStretch(1)
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(0)
        self._next.timeout.connect(self._on_next_timeout)
        self.set_values(values or {})
        self._next.start()
        self._draft = QTimer(self)
        self._draft.setSingleShot(True)
        self._draft.setInterval(DRAFT_AFTER_MS)
        self._draft.timeout.connect(self._on_draft_timeout)
        for keys, act in (("Ctrl+S", self.submit), ("Esc", self._on_cancel)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def values(self) -> dict[str, Any]:
        """All values by path."""
        self._make_all()
        return {path: line.editor.value() for path, line in self._rows.items()}

    def changed(self) -> dict[str, Any]:
        """What differs from the values at the start. Texts by language: one path a language
        ("name.ar"), None where it was emptied."""
        if self._typed:
            self._make_all()
        now = {path: line.editor.value() for path, line in self._rows.items()}  # what is not made yet is not changed
        found: dict[str, Any] = {}
        for path, value in now.items():
            before = self._before[path]
            if path in self._by_language:
                for code in dict.fromkeys((*before, *value)):
                    if before.get(code) != value.get(code):
                        found[f"{path}.{code}"] = value.get(code)
            elif value != before:
                found[path] = value
        return found

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Start anew from `values`: nothing is changed, nothing is wrong."""
        self._values, self._typed = dict(values), {}
        for path, line in self._rows.items():
            self._begin(path, line)
            line.show_messages({})
        self._say_summary(0)

    def restore_draft(self, values: Mapping[str, Any]) -> None:
        """Put typed values back; they count as changed."""
        self._typed = dict(values)
        for path, value in values.items():
            if path in self._rows:
                self._rows[path].editor.set_value(value)

    def field(self, path: str) -> FieldRow:
        """The field of `path`."""
        while path not in self._rows and self._rest:
            self._make_next()
        return self._rows[path]

    def show_problems(self, problems: Mapping[str, str | Text]) -> None:
        """Show what is wrong by path and go to the first; {} clears all."""
        self._make_all()
        by_field: dict[str, dict[str, str | Text]] = {path: {} for path in self._rows}
        homeless: list[str] = []
        for path, message in problems.items():
            home, piece = self._home(path)
            if home:
                by_field[home][piece] = message
            else:
                homeless.append(str(message))
        for path, line in self._rows.items():
            line.show_messages(by_field[path])
        self._say_summary(len(problems), " ".join(homeless))
        for path, messages in by_field.items():
            if messages:
                line = self._rows[path]
                line.editor.focus(next(iter(messages)))
                self._area.ensureWidgetVisible(line, 0, theme.px(24))
                return

    def set_saving(self, words: str | Text = "") -> None:
        """Say that a save is under way (`words`), or that it is over ("")."""
        self._save.setEnabled(not str(words))
        self._summary.setText(str(words))

    @property
    def is_saving(self) -> bool:
        """Whether a save is under way: what is typed may be saved by now."""
        return not self._save.isEnabled()

    def hide_cancel(self) -> None:
        """Offer no way out: nothing stands behind this form."""
        self._cancel.hide()

    @Slot()
    def _on_next_timeout(self) -> None:
        until = time.perf_counter() + SLICE
        while self._rest and time.perf_counter() < until:
            self._make_next()
        if self._rest:
            self._next.start()

    def _make_all(self) -> None:
        while self._rest:
            self._make_next()

    def _make_next(self) -> None:
        item = self._rest.pop(0)
        if isinstance(item, Section):
            if self._rows:
                self._put(rule())
            self._put(Label(item.title, "title", wrap=True))
            if str(item.text):
                self._put(Paragraph(item.text, "muted"))
        else:
            line = FieldRow(item)
            self._rows[item.path] = line
            line.editor.setProperty("path", item.path)
            self._begin(item.path, line)
            if item.path in self._typed:
                line.editor.set_value(self._typed[item.path])
            self._put(line)
            line.editor.edited.connect(self._on_editor_edited)
            line.editor.left.connect(self._on_editor_left)
        if not self._rest and self._rows:  # Tab goes on from the last field to Save, though Save was made first
            inputs = next(reversed(self._rows.values())).editor.inputs()
            QWidget.setTabOrder(inputs[-1] if inputs else self._area, self._save)
            QWidget.setTabOrder(self._save, self._cancel)

    def _put(self, widget: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, widget)
        widget.show()  # now, not in a later turn together with all others

    def _begin(self, path: str, line: FieldRow) -> None:
        line.editor.set_value(self._values.get(path))
        self._before[path] = line.editor.value()

    def _bar(self, save: str) -> QFrame:
        bar = QFrame()
        bar.setProperty("part", "bar")
        line = row(bar, gap=8)
        line.setContentsMargins(theme.px(24), theme.px(12), theme.px(24), theme.px(12))
        self._save = button(save, self.submit, kind="primary")
        line.addWidget(self._save)
        self._cancel = button(t("Cancel"), self._on_cancel)
        line.addWidget(self._cancel)
        line.addSpacing(theme.px(8))
        self._alarm = IconLabel("problem", "problem", 18)
        line.addWidget(self._alarm)
        self._summary = Label("", "small", wrap=True, anchor="middle")
        line.addWidget(self._summary, 1)
        return bar

    def _home(self, path: str) -> tuple[str, str]:
        """The field that `path` belongs to and the piece of its value; ("", "") when there is none."""
        head = path
        while head:
            if head in self._rows:
                return head, path[len(head) + 1 :]
            head = head.rpartition(".")[0]
        return "", ""

    def _say_summary(self, wrong: int, words: str = "") -> None:
        self._alarm.setVisible(wrong > 0)
        if wrong and not words:
            words = tn("{n} field to look at", "{n} fields to look at", wrong)
        self._summary.setText(words)

    @Slot()
    def _on_editor_edited(self) -> None:
        self._draft.start()
        path = self.sender().property("path")
        self.edited.emit(path)
        if self._rows[path].is_wrong:  # once wrong, it is checked as one types, so relief is immediate
            self._recheck(path)

    @Slot()
    def _on_editor_left(self) -> None:
        self._recheck(self.sender().property("path"))

    def _recheck(self, path: str) -> None:
        if self._check is None:
            return
        found = self._check(self.values())
        self._rows[path].show_messages(
            {self._home(where)[1]: words for where, words in found.items() if self._home(where)[0] == path}
        )
        self._say_summary(sum(line.is_wrong for line in self._rows.values()))

    @Slot()
    def submit(self) -> None:
        """Check, then ask for a save: what the Save button and Ctrl+S do; nothing while one is under way."""
        if not self._save.isEnabled():
            return
        problems = dict(self._check(self.values())) if self._check else {}
        self.show_problems(problems)
        if not problems:
            self.save_requested.emit(self.changed())

    @Slot()
    def _on_cancel(self) -> None:
        self._draft.stop()
        self.cancel_requested.emit()

    @Slot()
    def _on_draft_timeout(self) -> None:
        self.draft_changed.emit(self.values())
