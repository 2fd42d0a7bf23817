"""The line over a list: words, menus of choices with their counts, and chips of what holds; it is told all three and knows no record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QSizePolicy, QWidget

from desktop.kit import icons, theme
from desktop.kit.buttons import button
from desktop.kit.cards import column
from desktop.kit.chips import ChipRow
from desktop.kit.flow import FlowLayout
from i18n import Text, t
from i18n.values import number

__all__ = ["ALL", "RULE", "Choice", "FilterBar"]

WAIT_MS = 160  # after the last letter
ALL = "all"  # what `pressed` says when every chip is taken away at once


@dataclass(frozen=True)
class Choice:
    """One line of a menu. `count` is how many fit it, None when nobody counts (it can then be pressed)."""

    key: str
    words: str | Text
    count: int | None = None
    chosen: bool = False
    chip: bool = True  # while chosen, it also stands under the line

    @property
    def may_be_pressed(self) -> bool:
        return self.chosen or self.count is None or self.count > 0


RULE = Choice("", "", chip=False)  # a line between choices


class FilterBar(QWidget):
    """A line of words and menus, and chips under it.

    Signals: `pressed(key)` of a choice in a menu or of a chip taken away (`ALL` for the last one); `written(words)`, a moment after
    the last letter. Whoever hears them decides what holds, and tells it with `put_text` and `show_choices`.
    Attributes: `text`, `buttons` by group, `chips`.
    """

    pressed = Signal(str)
    written = Signal(str)

    def __init__(self, placeholder: str, name: str, menus: Mapping[str, tuple[str | Text, str]]) -> None:
        """`name` is what a screen reader calls the words; `menus` are words and icon of each group."""
        super().__init__()
        self._choices: Mapping[str, Sequence[Choice]] = {}
        body = column(self, gap=8)
        line = QWidget()
        self._flow = FlowLayout(line)
        self.text = QLineEdit()
        self.text.setPlaceholderText(placeholder)
        self.text.setAccessibleName(name)
        self.text.setClearButtonEnabled(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.text.setFixedWidth(theme.px(240))
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._on_wait_timeout)
        self.text.textChanged.connect(self._on_text_changed)
        self._flow.addWidget(self.text)
        self.buttons: dict[str, QPushButton] = {}
        for group, (words, icon) in menus.items():
            self.buttons[group] = button(words, None, icon=icon)
            self.buttons[group].clicked.connect(self._on_button_clicked)
            self._flow.addWidget(self.buttons[group])
        body.addWidget(line)
        self.chips = ChipRow()
        self.chips.removed.connect(self.pressed)
        body.addWidget(self.chips)

    def add(self, widget: QWidget) -> None:
        """Put another control at the end of the line."""
        self._flow.addWidget(widget)

    def put_text(self, words: str) -> None:
        """Let these words hold, without a signal; a space that is just being typed stays."""
        if self.text.text().strip() != words:
            blocked = self.text.blockSignals(True)
            self.text.setText(words)
            self.text.blockSignals(blocked)

    def show_choices(self, choices: Mapping[str, Sequence[Choice]], others: int = 0) -> None:
        """Replace the choices of every group; `others` is how much else holds that the last chip would take away."""
        self._choices = choices
        chosen = [one for group in choices.values() for one in group if one.chosen and one.chip]
        chips = [(one.key, str(one.words) if one.count is None else f"{one.words} · {number(one.count)}") for one in chosen]
        if len(chips) + others > 1:
            chips.append((ALL, t("All filters")))
        self.chips.show_chips(chips)

    def menu(self, group: str) -> QMenu:
        """The menu of a group, made anew with the choices of now."""
        made = QMenu(self)
        for one in self._choices.get(group, ()):
            if one is RULE:
                made.addSeparator()
            else:
                self._add(made, one)
        if made.isEmpty():
            made.addAction(t("Nothing recorded yet")).setEnabled(False)
        made.triggered.connect(self._on_menu_triggered)
        return made

    def _add(self, menu: QMenu, one: Choice) -> None:
        words = str(one.words).replace("&", "&&")
        # figure spaces, as wide as a digit, put the counts under one another
        action = menu.addAction(words if one.count is None else f"{words}\t{number(one.count):\u2007>6}")
        action.setData(one.key)
        if one.chosen:
            action.setIcon(icons.icon("check", "accent"))
            action.setIconVisibleInMenu(True)
        action.setEnabled(one.may_be_pressed)

    @Slot()
    def _on_button_clicked(self) -> None:
        pressed = self.sender()
        menu = self.menu(next(group for group, made in self.buttons.items() if made is pressed))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        end = pressed.width() - menu.sizeHint().width() if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 0
        menu.popup(pressed.mapToGlobal(QPoint(end, pressed.height() + theme.px(4))))

    @Slot(QAction)
    def _on_menu_triggered(self, action: QAction) -> None:
        self.pressed.emit(action.data())

    @Slot()
    def _on_text_changed(self) -> None:
        self._wait.start()

    @Slot()
    def _on_wait_timeout(self) -> None:
        self.written.emit(self.text.text().strip())
