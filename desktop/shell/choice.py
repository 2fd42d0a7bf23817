"""One question of the preferences with its answers, of which one holds; knows no preference."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton

from desktop.kit import theme
from desktop.kit.cards import Card
from desktop.kit.text import Label, Paragraph

__all__ = ["Choice"]


class Choice(Card):
    """One question with its answers. Signals: `chosen(name, value)`."""

    chosen = Signal(str, str)

    def __init__(self, name: str, title: str, options: list[tuple[str, str]], chosen: str, text: str = "") -> None:
        super().__init__(gap=4)
        self.name = name
        self.setAccessibleName(title)
        self.body.addWidget(Label(title, "label"))
        if text:
            self.body.addWidget(Paragraph(text, "small"))
        self._group = QButtonGroup(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(24))
        grid.setVerticalSpacing(0)
        for place, (value, words) in enumerate(options):
            radio = QRadioButton(words)
            radio.setAccessibleName(f"{title}: {words}")
            radio.setProperty("value", value)
            radio.setChecked(value == chosen)
            self._group.addButton(radio)
            grid.addWidget(radio, place // 3, place % 3)
        for column_number in range(3):
            grid.setColumnStretch(column_number, 1)
        self.body.addLayout(grid)
        self._group.buttonClicked.connect(self._on_group_button_clicked)

    def has_keyboard(self) -> bool:
        return any(radio.hasFocus() for radio in self._group.buttons())

    @Slot()
    def take_keyboard(self) -> None:
        self._group.checkedButton().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_group_button_clicked(self, radio: QRadioButton) -> None:
        self.chosen.emit(self.name, str(radio.property("value")))
