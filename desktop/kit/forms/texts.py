"""Editor of one text in several languages, each line in its own direction; others fold under the first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from desktop.kit import theme
from desktop.kit.buttons import button, set_icon
from desktop.kit.cards import column, row
from desktop.kit.forms.editor import Editor
from desktop.kit.forms.kinds import Texts
from desktop.kit.forms.lines import long_input
from desktop.kit.text import Label
from i18n import LANGUAGES, direction, language, t, tn

__all__ = ["TextsEditor"]

_NAMES = 72  # room for the name of a language before its line


class TextsEditor(Editor):
    """Inputs for each language; the piece of a value is the language code."""

    def __init__(self, kind: Texts, name: str) -> None:
        super().__init__()
        self._filling = False
        body = column(self, gap=6)
        self._inputs: dict[str, QLineEdit | QPlainTextEdit] = {}
        first = [code for code in (language(), *kind.open_languages) if code in kind.open_languages]
        opened = list(dict.fromkeys(first))
        folded = [code for code in LANGUAGES if code not in opened]
        body.addWidget(self._lines(opened, kind.lines, name))
        self._more = self._lines(folded, kind.lines, name)
        self._fold = button("", self._toggle, kind="quiet")
        line = row(gap=0)
        line.addSpacing(theme.px(_NAMES + 10 - 12))
        line.addWidget(self._fold)
        line.addStretch(1)
        body.addLayout(line)
        body.addWidget(self._more)
        self._folded = folded
        self._more.hide()
        self._say_fold()

    def value(self) -> dict[str, str]:
        return {code: text for code in self._inputs if (text := self._text(code).strip())}

    def set_value(self, value: dict[str, str] | None) -> None:
        self._filling = True
        for code, widget in self._inputs.items():
            text = (value or {}).get(code, "")
            if isinstance(widget, QLineEdit):
                widget.setText(text)
                widget.setCursorPosition(0)
            else:
                widget.setPlainText(text)
        self._filling = False
        self._say_fold()

    def inputs(self) -> list[QWidget]:
        return list(self._inputs.values())

    def input_of(self, part: str) -> QWidget:
        if part in self._folded and self._more.isHidden():
            self._toggle()
        return self._inputs.get(part) or self.inputs()[0]

    def _lines(self, codes: list[str], lines: int, name: str) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnMinimumWidth(0, theme.px(_NAMES))
        for at, code in enumerate(codes):
            made = QLineEdit() if lines == 1 else long_input(lines)
            rtl = direction(code) == "rtl"
            made.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
            made.setAccessibleName(f"{name}, {LANGUAGES[code]}")
            if isinstance(made, QLineEdit):
                made.textEdited.connect(self.edited)
            else:
                made.textChanged.connect(self._on_text_changed)
            self._inputs[code] = made
            self.watch(made)
            vertical = Qt.AlignmentFlag.AlignVCenter if lines == 1 else Qt.AlignmentFlag.AlignTop
            grid.addWidget(Label(LANGUAGES[code], "small"), at, 0, vertical)
            grid.addWidget(made, at, 1)
        return holder

    def _text(self, code: str) -> str:
        widget = self._inputs[code]
        return widget.text() if isinstance(widget, QLineEdit) else widget.toPlainText()

    def _toggle(self) -> None:
        self._more.setVisible(self._more.isHidden())
        self._say_fold()

    def _say_fold(self) -> None:
        filled = sum(bool(self._text(code).strip()) for code in self._folded)
        words = tn("Other languages ({n} filled in)", "Other languages ({n} filled in)", filled) if filled else t("Other languages")
        self._fold.setText(words)
        self._fold.setAccessibleName(words)
        set_icon(self._fold, "arrow_down" if self._more.isHidden() else "arrow_up", "accent", 16)

    @Slot()
    def _on_text_changed(self) -> None:
        if not self._filling:
            self.edited.emit()
