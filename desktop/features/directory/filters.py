"""The line over the list: text, choices with their counts, order, and the chips of what holds now; knows no record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

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
from resources import codes
from resources.listing import NO_REGION, Left, Narrowed

__all__ = ["SORT_WORDS", "FilterBar"]

WAIT_MS = 160
VERIFIED = {
    "recent": Text("Verified in the last 12 months"), "old": Text("Verified longer ago"), "never": Text("Never verified"),
}
SORT_WORDS = {
    "name": Text("By name"), "region": Text("By region"),
    "verified_new": Text("Lately verified first"), "verified_old": Text("To verify first"),
}
REGIONS = codes.REGIONS | {NO_REGION: Text("No region recorded")}


class FilterBar(QWidget):
    """Signals: `narrowed(Narrowed)` when a person changes the filter; `sorted_by(str)`."""

    narrowed = Signal(object)
    sorted_by = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._now = Narrowed()
        self._left: Left | None = None  # not counted yet
        self._sort = "name"
        body = column(self, gap=8)
        line = QWidget()
        flow = FlowLayout(line)
        self.text = QLineEdit()
        self.text.setPlaceholderText(t("Name, place, word…"))
        self.text.setAccessibleName(t("Filter the list by words"))
        self.text.setClearButtonEnabled(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.text.setFixedWidth(theme.px(240))
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._on_wait_timeout)
        self.text.textChanged.connect(self._on_text_changed)
        flow.addWidget(self.text)
        self.buttons = {
            "region": self._menu_button(t("Region"), "place"), "domain": self._menu_button(t("Domain"), "domain"),
            "type": self._menu_button(t("Type"), "organisation"), "more": self._menu_button(t("Verification"), "verified"),
            "sort": self._menu_button(str(SORT_WORDS["name"]), "sort"),
        }
        for made in self.buttons.values():
            flow.addWidget(made)
        body.addWidget(line)
        self.chips = ChipRow()
        self.chips.removed.connect(self._on_chip_removed)
        body.addWidget(self.chips)

    @property
    def now(self) -> Narrowed:
        """What holds."""
        return self._now

    @property
    def sort(self) -> str:
        return self._sort

    def put(self, now: Narrowed, sort: str = "") -> None:
        """Let this hold, without a signal."""
        self._now, self._sort = now, sort or self._sort
        if self.text.text() != now.text:
            blocked = self.text.blockSignals(True)
            self.text.setText(now.text)
            self.text.blockSignals(blocked)
        self._say_sort()
        self._show_chips()

    def show_left(self, left: Left) -> None:
        """The counts beside each choice."""
        self._left = left
        self._show_chips()

    def clear(self) -> None:
        """Take every filter away."""
        self._apply(Narrowed())

    def toggle(self, group: str, code: str) -> None:
        """Choose a code of "region", "domain", "type", or take it back."""
        name = f"{group}s"
        had = getattr(self._now, name)
        self._apply(replace(self._now, **{name: tuple(c for c in had if c != code) if code in had else (*had, code)}))

    def menu(self, group: str) -> QMenu:
        """The menu of a group, made anew with the counts of now."""
        made, left = QMenu(self), self._left or Left(0)
        if group == "region":
            self._fill(made, "region", REGIONS, left.regions, self._now.regions, keep_all=True)
        elif group == "domain":
            self._fill(made, "domain", codes.DOMAINS, left.domains, self._now.domains)
        elif group == "type":
            self._fill(made, "type", codes.ORGANISATION_TYPES, left.types, self._now.types)
        elif group == "more":
            chosen = (self._now.verified,)
            self._fill(made, "verified", VERIFIED, left.verified, chosen, keep_all=True)
            made.addSeparator()
            self._add(made, "projects:", t("Has projects"), left.projects, self._now.projects)
        else:
            for key, words in SORT_WORDS.items():
                self._add(made, f"sort:{key}", str(words), None, key == self._sort)
        made.triggered.connect(self._on_menu_triggered)
        return made

    def _fill(
        self, menu: QMenu, group: str, words: Mapping[str, Text], counts: Mapping[str, int], chosen: tuple[str, ...], *, keep_all: bool = False
    ) -> None:
        for code, label in words.items():
            if keep_all or counts.get(code) or code in chosen:
                self._add(menu, f"{group}:{code}", str(label), counts.get(code, 0), code in chosen)
        if menu.isEmpty():
            menu.addAction(t("Nothing recorded yet")).setEnabled(False)

    def _add(self, menu: QMenu, key: str, label: str, count: int | None, chosen: bool) -> QAction:
        words = label.replace("&", "&&")
        # figure spaces, as wide as a digit, put the counts under one another
        action = menu.addAction(words if count is None else f"{words}\t{number(count):\u2007>6}")
        action.setData(key)
        if chosen:
            action.setIcon(icons.icon("check", "accent"))
            action.setIconVisibleInMenu(True)
        action.setEnabled(bool(count) or count is None or chosen)
        return action

    def _menu_button(self, words: str, icon: str) -> QPushButton:
        made = button(words, None, icon=icon)
        made.clicked.connect(self._on_button_clicked)
        return made

    def _apply(self, now: Narrowed) -> None:
        if now != self._now:
            self.put(now)
            self.narrowed.emit(now)

    def _say_sort(self) -> None:
        words = str(SORT_WORDS[self._sort])
        self.buttons["sort"].setText(words)
        self.buttons["sort"].setAccessibleName(t("Order: {how}", how=words))

    def _show_chips(self) -> None:
        now, left = self._now, self._left or Left(0)
        found = [(f"region:{c}", REGIONS[c], left.regions.get(c, 0)) for c in now.regions]
        found += [(f"domain:{c}", codes.DOMAINS[c], left.domains.get(c, 0)) for c in now.domains]
        found += [(f"type:{c}", codes.ORGANISATION_TYPES[c], left.types.get(c, 0)) for c in now.types]
        if now.verified:
            found.append((f"verified:{now.verified}", VERIFIED[now.verified], left.verified.get(now.verified, 0)))
        if now.projects:
            found.append(("projects:", Text("Has projects"), left.projects))
        chips = [(key, f"{words} · {number(count)}" if self._left else str(words)) for key, words, count in found]
        if len(chips) > 1:
            chips.append(("all", t("All filters")))
        self.chips.show_chips(chips)

    def _press(self, key: str) -> None:
        group, _, code = key.partition(":")
        if key == "all":
            self._apply(Narrowed(text=self._now.text))
        elif group in ("region", "domain", "type"):
            self.toggle(group, code)
        elif group == "verified":
            self._apply(replace(self._now, verified="" if self._now.verified == code else code))
        elif group == "projects":
            self._apply(replace(self._now, projects=not self._now.projects))
        elif group == "sort" and code != self._sort:
            self._sort = code
            self._say_sort()
            self.sorted_by.emit(code)

    @Slot()
    def _on_button_clicked(self) -> None:
        pressed = self.sender()
        group = next(name for name, made in self.buttons.items() if made is pressed)
        menu = self.menu(group)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        end = pressed.width() - menu.sizeHint().width() if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 0
        menu.popup(pressed.mapToGlobal(QPoint(end, pressed.height() + theme.px(4))))

    @Slot(QAction)
    def _on_menu_triggered(self, action: QAction) -> None:
        self._press(action.data())

    @Slot(str)
    def _on_chip_removed(self, key: str) -> None:
        self._press(key)

    @Slot()
    def _on_text_changed(self) -> None:
        self._wait.start()

    @Slot()
    def _on_wait_timeout(self) -> None:
        self._apply(replace(self._now, text=self.text.text().strip()))

