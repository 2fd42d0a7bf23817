"""The first screen: who uses Dalil now? A guest, a person, or somebody new; knows no vault and no window."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QWidget

from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import column, row, scrolled
from desktop.kit.text import Label
from desktop.shell.people.header import Header
from desktop.shell.people.names import shown_name
from desktop.shell.people.tiles import WIDE, Badge, Tile, initials
from i18n import language, t
from i18n.collate import sort_key
from i18n.fold import fold
from sync.people import Person

__all__ = ["FirstScreen"]

_GAP, _MOST = 16, 6  # between tiles, pixels at 100 %; tiles in a line
_STEPS = {Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down", Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right"}


class FirstScreen(QWidget):
    """A tile for the guest, one a person, one to add oneself, and while there is no network one to begin from a stick.

    Arrow keys walk, a letter goes to a name, Enter opens.

    Signals: `guest_chosen()`, `person_chosen(name)`, `add_chosen()`, `stick_chosen()`, `restore_chosen()`, `language_chosen(code)`.
    """

    guest_chosen = Signal()
    restore_chosen = Signal()
    person_chosen = Signal(str)
    add_chosen = Signal()
    stick_chosen = Signal()
    language_chosen = Signal(str)

    def __init__(self, people: Sequence[Person], running: Collection[str] = (), *, empty: bool = False) -> None:
        """`running`: names of those whose session goes on, locked. `empty`: no network was ever seen on this PC."""
        super().__init__()
        self.setProperty("part", "page")
        self.setAccessibleName(t("Who uses Dalil now?"))
        body = column(self, gap=0)
        header = Header(tongues=True)
        header.language_chosen.connect(self.language_chosen)
        body.addWidget(header)
        inner = QWidget()
        self._lines = column(inner, margin=24, gap=8)
        self._lines.addStretch(2)
        self._lines.addWidget(Label(t("Who uses Dalil now?"), "page", anchor="centre"))
        said = t("Choose your name. What is yours stays closed until you write your phrase.")
        self._lines.addWidget(Label(said, "muted", wrap=True, anchor="centre"))
        self._lines.addSpacing(theme.px(20))
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(_GAP))
        around = row(gap=0)
        around.addStretch(1)
        around.addLayout(self._grid)
        around.addStretch(1)
        self._lines.addLayout(around)
        foot = row(gap=0)
        foot.addStretch(1)
        self.restore = button(t("Restore a backup"), self._restore, kind="quiet", icon="import")
        foot.addWidget(self.restore)
        foot.addStretch(1)
        self._lines.addSpacing(theme.px(12))
        self._lines.addLayout(foot)
        self._lines.addStretch(3)
        body.addWidget(scrolled(inner, name=t("Who uses Dalil now?")), 1)
        self.tiles = self._make_tiles(people, running, empty=empty)
        self._group = QButtonGroup(self)
        for tile in self.tiles:
            tile.installEventFilter(self)
            self._group.addButton(tile)
        self._group.buttonClicked.connect(self._on_group_button_clicked)
        self._across = 0
        self._arrange()

    def take_keyboard(self, name: str = "") -> None:
        """Light the tile of `name`; without it, the first person's, or the guest's where there is none."""
        people = [tile for tile in self.tiles if tile.key.startswith("person ")]
        named = [tile for tile in people if tile.key == f"person {name}"]
        (named or people or self.tiles)[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and self._walk(watched, event):
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _make_tiles(self, people: Sequence[Person], running: Collection[str], *, empty: bool) -> list[Tile]:
        guest = Tile("guest", Badge(icon="eye"), t("Without an account"), t("Read what is public. Nothing is kept."))
        tiles = [guest]
        named = sorted(((shown_name(person.name), person) for person in people), key=lambda pair: sort_key(pair[0], language()))
        for name, person in named:
            text = t("Open and locked") if person.name in running else "" if person.lock == "phrase" else t("Opens without a phrase")
            tiles.append(Tile(f"person {person.name}", Badge(initials(name)), name, text, mark="lock" if person.lock == "phrase" else ""))
        tiles.append(Tile("add", Badge(icon="add"), t("Add me"), t("A name and a phrase; no network needed."), dashed=True))
        if empty:
            tiles.append(Tile("stick", Badge(icon="usb"), t("Read a stick"), t("A first copy for this PC, without a network."), dashed=True))
        return tiles

    def _arrange(self) -> None:
        room = self.width() - 2 * theme.px(24) + theme.px(_GAP)
        across = max(1, min(_fitting(len(self.tiles)), room // theme.px(WIDE + _GAP)))
        if across != self._across:
            self._across = across
            for place, tile in enumerate(self.tiles):
                self._grid.addWidget(tile, place // across, place % across)

    def _walk(self, tile: QObject, event: QKeyEvent) -> bool:
        here = self.tiles.index(tile)
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            wanted = fold(event.text())
            after = [*self.tiles[here + 1 :], *self.tiles[: here + 1]]
            found = [one for one in after if wanted and fold(one.text()).startswith(wanted)]
            if found:
                found[0].setFocus(Qt.FocusReason.TabFocusReason)
            return bool(found)
        ahead = "left" if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else "right"
        move = {"up": -self._across, "down": self._across}.get(step, 1 if step == ahead else -1)
        there = here + move
        if 0 <= there < len(self.tiles):
            self.tiles[there].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _restore(self) -> None:
        self.restore_chosen.emit()

    @Slot(QAbstractButton)
    def _on_group_button_clicked(self, tile: Tile) -> None:
        what, _, name = tile.key.partition(" ")
        if what == "person":
            self.person_chosen.emit(name)
        else:
            {"guest": self.guest_chosen, "add": self.add_chosen, "stick": self.stick_chosen}[what].emit()


def _fitting(count: int) -> int:
    """How many tiles stand in a line so that the lines are about equally long."""
    lines = -(-count // _MOST) if count > 4 else 1
    return -(-count // lines)
