"""Editor of a list of small records: a fact, its date, its source; one line each, added and removed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from desktop.kit.buttons import button, icon_button
from desktop.kit.cards import column, row
from desktop.kit.forms.editor import Editor, follow_direction
from desktop.kit.forms.kinds import Facts
from i18n import t

__all__ = ["FactsEditor"]


class _FactLine(QFrame):
    """One small record. Signals: `edited()`, `removed()`."""

    edited = Signal()
    removed = Signal()

    def __init__(self, kind: Facts, name: str, rest: dict[str, object]) -> None:
        super().__init__()
        self._rest = rest  # keys that this form does not show are kept
        self.inputs: dict[str, QLineEdit] = {}
        line = row(self, gap=8)
        pairs = column(gap=4)
        line.addLayout(pairs, 1)
        for place, (key, label, share) in enumerate(kind.columns):
            if place % 2 == 0:  # two beside one another: four would be too narrow to read on a small screen
                pair = row(gap=8)
                pairs.addLayout(pair)
            made = QLineEdit(str(rest.get(key) or ""))
            made.setPlaceholderText(str(label))
            made.setAccessibleName(f"{name}, {label}")
            made.setCursorPosition(0)
            follow_direction(made, made.text())
            made.textEdited.connect(self._on_text_edited)
            self.inputs[key] = made
            pair.addWidget(made, share)
        drop = icon_button("delete", t("Remove this line"), self.removed.emit, ink="muted")
        line.addWidget(drop, 0, Qt.AlignmentFlag.AlignTop)

    def value(self) -> dict[str, object]:
        typed = {key: made.text().strip() for key, made in self.inputs.items()}
        return {key: value for key, value in (self._rest | typed).items() if value not in ("", None)}

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        follow_direction(self.sender(), text)
        self.edited.emit()


class FactsEditor(Editor):
    """The list; the piece of a value is the number of a line from 0."""

    def __init__(self, kind: Facts, name: str) -> None:
        super().__init__()
        self._kind, self._name = kind, name
        self._lines: list[_FactLine] = []
        self._body = column(self, gap=8)
        self._add = button(kind.add, self._on_add, icon="add")
        self._body.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeading)

    def value(self) -> list[dict[str, object]]:
        return [value for line in self._lines if (value := line.value())]

    def set_value(self, value: list[dict[str, object]] | None) -> None:
        for line in list(self._lines):
            self._drop(line)
        for fact in value or []:
            self._append(dict(fact))

    def inputs(self) -> list[QWidget]:
        return [made for line in self._lines for made in line.inputs.values()] or [self._add]

    def input_of(self, part: str) -> QWidget:
        number, _, column_name = part.partition(".")
        if number.isdigit() and int(number) < len(self._lines):
            inputs = self._lines[int(number)].inputs
            return inputs.get(column_name) or next(iter(inputs.values()))
        return self.inputs()[0]

    def _append(self, fact: dict[str, object]) -> _FactLine:
        line = _FactLine(self._kind, self._name, fact)
        line.edited.connect(self.edited)
        line.removed.connect(self._on_line_removed)
        self.watch(*line.inputs.values())
        self._lines.append(line)
        self._body.insertWidget(len(self._lines) - 1, line)
        return line

    def _drop(self, line: _FactLine) -> None:
        self._lines.remove(line)
        self._body.removeWidget(line)
        line.hide()
        line.deleteLater()

    def _on_add(self) -> None:
        line = self._append({})
        next(iter(line.inputs.values())).setFocus()

    @Slot()
    def _on_line_removed(self) -> None:
        self._drop(self.sender())
        self._add.setFocus()
        self.edited.emit()
