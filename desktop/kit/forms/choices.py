"""Editors of codes and words: one of a list, several as chips to tick, free words as chips."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.kit import theme
from desktop.kit.cards import column, row
from desktop.kit.chips import CheckChip, ChipRow
from desktop.kit.controls import ComboBox
from desktop.kit.flow import FlowLayout
from desktop.kit.forms.editor import Editor, follow_direction
from desktop.kit.forms.kinds import Choice, Codes, Words
from i18n import t

__all__ = ["ChoiceEditor", "CodesEditor", "WordsEditor"]


class ChoiceEditor(Editor):
    """One code of a list; a code that is no longer in the list is kept and shown as it is."""

    def __init__(self, kind: Choice, name: str) -> None:
        super().__init__()
        self._box = ComboBox()
        self._box.setAccessibleName(name)
        self._box.setMinimumWidth(theme.px(240))
        if str(kind.empty):
            self._box.addItem(str(kind.empty), None)
        for option in kind.options:
            self._box.addItem(str(option.label), option.code)
        line = row(self)
        line.addWidget(self._box)
        line.addStretch(1)
        self._box.activated.connect(self._on_activated)
        self.watch(self._box)

    def value(self) -> str | None:
        return self._box.currentData()

    def set_value(self, value: str | None) -> None:
        at = self._box.findData(value)
        if at < 0 and value:
            self._box.addItem(value, value)
            at = self._box.count() - 1
        self._box.setCurrentIndex(max(at, 0))

    def inputs(self) -> list[QWidget]:
        return [self._box]

    @Slot()
    def _on_activated(self) -> None:
        self.edited.emit()


class CodesEditor(Editor):
    """Several codes, as chips; codes that are not in the list are kept untouched."""

    def __init__(self, kind: Codes, name: str) -> None:
        super().__init__()
        flow = FlowLayout(self)
        self._unknown: list[str] = []
        self._chips: dict[str, CheckChip] = {}
        for option in kind.options:
            chip = CheckChip(option.label, option.code)
            chip.setAccessibleName(f"{name}: {option.label}")
            chip.clicked.connect(self._on_clicked)
            self._chips[option.code] = chip
            flow.addWidget(chip)
            self.watch(chip)

    def value(self) -> list[str]:
        return [code for code, chip in self._chips.items() if chip.isChecked()] + self._unknown

    def set_value(self, value: list[str] | None) -> None:
        chosen = list(value or [])
        self._unknown = [code for code in chosen if code not in self._chips]
        for code, chip in self._chips.items():
            chip.setChecked(code in chosen)

    def inputs(self) -> list[QWidget]:
        return list(self._chips.values())

    def input_of(self, part: str) -> QWidget:
        return self._chips.get(part) or self.inputs()[0]

    def show_wrong(self, parts: set[str]) -> None:
        """The message under the field says it; chips keep their colours."""

    @Slot()
    def _on_clicked(self) -> None:
        self.edited.emit()


class WordsEditor(Editor):
    """Free words; what stands in the line when the editor is left becomes a word too."""

    def __init__(self, kind: Words, name: str) -> None:
        super().__init__()
        self._words: list[str] = []
        body = column(self, gap=8)
        self._chips = ChipRow()
        self._chips.removed.connect(self._on_chip_removed)
        self._line = QLineEdit()
        self._line.setAccessibleName(name)
        self._line.setPlaceholderText(str(kind.placeholder) or t("Type, then press Enter"))
        body.addWidget(self._chips)
        body.addWidget(self._line)
        self._line.textEdited.connect(self._on_text_edited)
        self._line.returnPressed.connect(self._take)
        self._line.editingFinished.connect(self._take)
        self.watch(self._line)

    def value(self) -> list[str]:
        rest = self._line.text().strip()
        return self._words + ([rest] if rest and rest not in self._words else [])

    def set_value(self, value: list[str] | None) -> None:
        self._words = list(value or [])
        self._line.clear()
        self._show()

    def inputs(self) -> list[QWidget]:
        return [self._line]

    def _show(self) -> None:
        self._chips.show_chips([(word, word) for word in self._words])

    @Slot()
    def _take(self) -> None:
        words = [part.strip() for part in self._line.text().replace("،", ",").split(",")]
        fresh = [word for word in words if word and word not in self._words]
        if fresh:
            self._words += fresh
            self._show()
            self.edited.emit()
        self._line.clear()

    @Slot()
    def _on_text_edited(self) -> None:
        text = self._line.text()
        follow_direction(self._line, text)
        if text.endswith((",", "،")):
            self._take()
        self.edited.emit()

    @Slot(str)
    def _on_chip_removed(self, word: str) -> None:
        self._words = [kept for kept in self._words if kept != word]
        self._show()
        self._line.setFocus()
        self.edited.emit()
