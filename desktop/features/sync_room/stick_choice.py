"""What goes along on a stick beside the records, as ticks: files of the library by collection, and the program; knows no format."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.features.sync_room import stick_work
from desktop.features.sync_room.stick_work import Offer
from desktop.kit import theme
from desktop.kit.cards import column, row, scrolled
from desktop.kit.controls import CheckBox
from desktop.kit.text import Label, isolate
from i18n import language, t
from i18n.values import size
from resources.courier_choice import Group
from sync.record import best
from sync.relay.courier_files import Along

__all__ = ["StickChoice"]

MANY = 300  # files that are shown one by one; beyond them one chooses by collection
LOW = 96  # pixels at 100 %: three lines of the list


class StickChoice(QWidget):
    """Ticks. Signal: `changed()`. Attributes: `groups` (a tick for each collection), `boxes` (one for each file shown, by hash), `program`."""

    changed = Signal()

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self._offer = offer
        self._chosen: set[str] = set()
        self._quiet = False
        self.groups: list[tuple[CheckBox, Group]] = []
        self.boxes: dict[str, CheckBox] = {}
        self.program: CheckBox | None = None
        inside = column(self, gap=8)
        said = stick_work.shelf_said(offer)
        if offer.shelf.groups or said:
            inside.addWidget(Label(t("Files of the library to take along"), "label"))
        if offer.shelf.groups:
            area = scrolled(self._list(), name=t("Files of the library to take along"))
            tall = area.widget().sizeHint().height()
            area.setMinimumHeight(min(theme.px(LOW), tall))  # a small screen scrolls the list, not the page
            area.setMaximumHeight(tall)
            inside.addWidget(area)
        if said:
            inside.addWidget(Label(said, "small", wrap=True))
        if offer.program is not None:
            self.program = CheckBox(t("Take this program along, for a computer that has none ({size})", size=size(offer.program.bytes)))
            self.program.toggled.connect(self._on_program_toggled)
            inside.addWidget(self.program)

    def files(self) -> list[Along]:
        """What is ticked."""
        return [one for one in self._offer.shelf.files if one.sha256 in self._chosen]

    def takes_program(self) -> bool:
        """Whether the program goes along."""
        return self.program is not None and self.program.isChecked()

    def _list(self) -> QWidget:
        made = QWidget()
        lines = column(made, gap=2)
        one_by_one = len(self._offer.shelf.files) <= MANY
        for group in self._offer.shelf.groups:
            total = sum(one.size for one in group.files)
            title = best(dict(group.title), language()) or t("In no collection")
            box = _box(title, size(total), there=all(one.sha256 in self._offer.there for one in group.files))
            box.setTristate(True)
            box.clicked.connect(self._on_group_clicked)
            self.groups.append((box, group))
            lines.addWidget(box)
            for one in group.files if one_by_one else ():
                lines.addLayout(self._line(one))
        lines.addStretch(1)
        return made

    def _line(self, one: Along) -> QHBoxLayout:
        box = _box(best(dict(one.title), language()) or one.sha256[:8], size(one.size), there=one.sha256 in self._offer.there)
        box.toggled.connect(self._on_box_toggled)
        self.boxes[one.sha256] = box
        line = row(gap=0)
        line.addSpacing(theme.px(28))
        line.addWidget(box, 1)
        return line

    @Slot()
    def _on_group_clicked(self) -> None:
        _, group = next(pair for pair in self.groups if pair[0] is self.sender())
        names = {one.sha256 for one in group.files}
        self._chosen = self._chosen - names if names <= self._chosen else self._chosen | names
        self._show()

    @Slot()
    def _on_box_toggled(self) -> None:
        if not self._quiet:
            self._chosen = {name for name, box in self.boxes.items() if box.isChecked()}
            self._show()

    @Slot()
    def _on_program_toggled(self) -> None:
        self.changed.emit()

    def _show(self) -> None:
        """Ticks as the choice is."""
        self._quiet = True
        for name, box in self.boxes.items():
            box.setChecked(name in self._chosen)
        for box, group in self.groups:
            count = sum(one.sha256 in self._chosen for one in group.files)
            box.setCheckState(Qt.CheckState.Unchecked if not count else Qt.CheckState.Checked if count == len(group.files)
                              else Qt.CheckState.PartiallyChecked)
        self._quiet = False
        self.changed.emit()


def _box(title: str, weight: str, *, there: bool) -> CheckBox:
    shown = title if len(title) <= 70 else title[:69] + "…"
    words = [shown, weight, *([t("on the stick already")] if there else [])]
    made = CheckBox(" · ".join(map(isolate, words)))  # a French title in an Arabic line keeps its own direction
    made.setToolTip(title)
    return made
