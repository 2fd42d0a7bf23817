"""Editors of one typed value: a line, long text, a partial date, money, yes or no."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPlainTextEdit, QWidget

from desktop.kit import theme
from desktop.kit.cards import row
from desktop.kit.controls import CheckBox, ComboBox
from desktop.kit.forms.editor import Editor, follow_direction
from desktop.kit.forms.kinds import Line, LongText, Money, PartialDate, Switch
from i18n import t

__all__ = ["DateEditor", "LineEditor", "LongTextEditor", "MoneyEditor", "SwitchEditor", "keep_ltr_input", "long_input"]

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def keep_ltr_input(line: QLineEdit) -> None:
    """Numbers and addresses: written from left to right, standing at the start side of the page."""
    line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    rtl = QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    line.setAlignment(Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft)


def long_input(lines: int) -> QPlainTextEdit:
    """A box for several lines, in which Tab goes on to the next field."""
    made = QPlainTextEdit()
    made.setTabChangesFocus(True)
    made.setFixedHeight(round(made.fontMetrics().lineSpacing() * lines) + theme.px(20))
    return made


class LineEditor(Editor):
    """One line of text."""

    def __init__(self, kind: Line, name: str) -> None:
        super().__init__()
        self._line = QLineEdit()
        self._ltr = kind.ltr
        self._line.setAccessibleName(name)
        self._line.setPlaceholderText(str(kind.placeholder))
        row(self).addWidget(self._line, 2)
        if kind.ltr:
            keep_ltr_input(self._line)
        self._line.textEdited.connect(self._on_text_edited)
        self.watch(self._line)

    def value(self) -> str | None:
        return self._line.text().strip() or None

    def set_value(self, value: str | None) -> None:
        self._line.setText(value or "")
        self._line.setCursorPosition(0)
        self._turn()

    def inputs(self) -> list[QWidget]:
        return [self._line]

    def _turn(self) -> None:
        if not self._ltr:
            follow_direction(self._line, self._line.text())

    @Slot()
    def _on_text_edited(self) -> None:
        self._turn()
        self.edited.emit()


class LongTextEditor(Editor):
    """Several lines of text."""

    def __init__(self, kind: LongText, name: str) -> None:
        super().__init__()
        self._box = long_input(kind.lines)
        self._box.setAccessibleName(name)
        row(self).addWidget(self._box)
        self._box.textChanged.connect(self._on_text_changed)
        self.watch(self._box)
        self._filling = False

    def value(self) -> str | None:
        return self._box.toPlainText().strip() or None

    def set_value(self, value: str | None) -> None:
        self._filling = True
        self._box.setPlainText(value or "")
        self._filling = False
        follow_direction(self._box, value or "")

    def inputs(self) -> list[QWidget]:
        return [self._box]

    @Slot()
    def _on_text_changed(self) -> None:
        if not self._filling:
            follow_direction(self._box, self._box.toPlainText())
            self.edited.emit()


class DateEditor(LineEditor):
    """A date as people know it: 2019, 05/2019 or 31/05/2019, kept as ISO 8601."""

    def __init__(self, kind: PartialDate, name: str) -> None:
        super().__init__(Line(placeholder=t("year, month/year or day/month/year"), ltr=True), name)
        self._line.setMaximumWidth(theme.px(320))
        self.layout().addStretch(1)

    def value(self) -> str | None:
        return _iso(self._line.text())

    def set_value(self, value: str | None) -> None:
        super().set_value("/".join(reversed(value.split("-"))) if value else "")


def _iso(text: str) -> str | None:
    """What was typed as ISO 8601 if it has that shape, otherwise as typed, for the check to name."""
    plain = text.translate(_DIGITS).strip()
    found = re.fullmatch(r"(?:(?:(\d{1,2})[/. -])?(\d{1,2})[/. -])?(\d{4})", plain)
    if found:
        day, month, year = found.groups()
        return "-".join(part.zfill(2) for part in (year, month, day) if part)
    return plain or None


class MoneyEditor(Editor):
    """An amount and its currency; spaces between thousands may be typed."""

    def __init__(self, kind: Money, name: str) -> None:
        super().__init__()
        self._amount = QLineEdit()
        self._amount.setAccessibleName(name)
        self._amount.setMaximumWidth(theme.px(220))
        self._amount.setFont(theme.font(tabular=True))
        keep_ltr_input(self._amount)
        self._currency = ComboBox()
        self._currency.addItems(list(kind.currencies))
        self._currency.setAccessibleName(t("Currency of {name}", name=name))
        line = row(self)
        line.addWidget(self._amount, 1)
        line.addWidget(self._currency)
        line.addStretch(1)
        self._amount.textEdited.connect(self.edited)
        self._currency.activated.connect(self._on_currency_activated)
        self.watch(self._amount, self._currency)

    def value(self) -> dict[str, str] | None:
        amount = re.sub(r"[\s\u00a0\u202f]", "", self._amount.text().translate(_DIGITS)).replace(",", ".")
        return {"amount": amount, "currency": self._currency.currentText()} if amount else None

    def set_value(self, value: dict[str, str] | None) -> None:
        self._amount.setText(_grouped(value["amount"]) if value else "")
        if value:
            if self._currency.findText(value["currency"]) < 0:
                self._currency.addItem(value["currency"])
            self._currency.setCurrentText(value["currency"])

    def inputs(self) -> list[QWidget]:
        return [self._amount, self._currency]

    def input_of(self, part: str) -> QWidget:
        return self._currency if part == "currency" else self._amount

    @Slot()
    def _on_currency_activated(self) -> None:
        self.edited.emit()


def _grouped(amount: str) -> str:
    whole, dot, rest = amount.partition(".")
    if not whole.isdigit():
        return amount
    return f"{int(whole):,}".replace(",", "\u202f") + dot + rest


class SwitchEditor(Editor):
    """Yes or no, with the sentence it stands for."""

    def __init__(self, kind: Switch, name: str) -> None:
        super().__init__()
        self._box: QCheckBox = CheckBox(str(kind.text))
        self._box.setAccessibleName(str(kind.text))
        line = row(self)
        line.addWidget(self._box)
        line.addStretch(1)
        self._box.clicked.connect(self._on_clicked)
        self.watch(self._box)

    def value(self) -> bool:
        return self._box.isChecked()

    def set_value(self, value: bool | None) -> None:
        self._box.setChecked(bool(value))

    def inputs(self) -> list[QWidget]:
        return [self._box]

    @Slot()
    def _on_clicked(self) -> None:
        self.edited.emit()
