"""The line over the cards: words, language, subject and type with their counts, what is kept, and chips of what holds; knows no record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QWidget

from desktop.kit import icons, theme
from desktop.kit.buttons import button
from desktop.kit.cards import column
from desktop.kit.chips import CheckChip, ChipRow
from desktop.kit.flow import FlowLayout
from i18n import Text, t
from i18n.values import number
from resources import codes
from resources.library import Counts, Filter

__all__ = ["FilterBar"]

WAIT_MS = 160
_GROUPS: dict[str, tuple[Text, str, Mapping[str, Text]]] = {
    "language": (Text("Language"), "languages", codes.LANGUAGES),
    "subject": (Text("Subject"), "domain", codes.SUBJECTS),
    "type": (Text("Kind"), "file", codes.ITEM_TYPES),
}


class FilterBar(QWidget):
    """Signals: `narrowed(Filter)` when a person changes the filter."""

    narrowed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._now, self._left = Filter(), Counts(0, {}, {})
        body = column(self, gap=8)
        line = QWidget()
        flow = FlowLayout(line)
        self.text = QLineEdit()
        self.text.setPlaceholderText(t("Title, subject, author…"))
        self.text.setAccessibleName(t("Filter the library by words"))
        self.text.setClearButtonEnabled(True)
        self.text.setFixedWidth(theme.px(240))
        self.text.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.text.addAction(icons.icon("filter", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._on_wait_timeout)
        self.text.textChanged.connect(self._on_text_changed)
        flow.addWidget(self.text)
        self.buttons = {}
        for group, (words, icon, _) in _GROUPS.items():
            self.buttons[group] = button(words, None, icon=icon)
            self.buttons[group].clicked.connect(self._on_button_clicked)
            flow.addWidget(self.buttons[group])
        self.kept = CheckChip(t("On this PC only"), "kept")
        self.kept.setFixedHeight(theme.px(40))
        self.kept.clicked.connect(self._on_kept_clicked)
        flow.addWidget(self.kept)
        body.addWidget(line)
        self.chips = ChipRow()
        self.chips.removed.connect(self._on_chip_removed)
        body.addWidget(self.chips)

    @property
    def now(self) -> Filter:
        """What holds."""
        return self._now

    def put(self, now: Filter) -> None:
        """Let this hold, without a signal."""
        self._now = now
        if self.text.text().strip() != now.text:
            blocked = self.text.blockSignals(True)
            self.text.setText(now.text)
            self.text.blockSignals(blocked)
        self.kept.setChecked(now.kept)
        self._show_chips()

    def show_left(self, left: Counts) -> None:
        """The counts beside each choice."""
        self._left = left
        self._show_chips()

    def clear(self) -> None:
        """Take every filter away."""
        self._apply(Filter())

    def choose(self, group: str, code: str) -> None:
        """Narrow to a code of "language", "subject" or "type"; the same again takes it back."""
        self._apply(replace(self._now, **{group: "" if getattr(self._now, group) == code else code}))

    def menu(self, group: str) -> QMenu:
        """The choices of a group, those that something fits, with their counts."""
        made = QMenu(self)
        counts = {"language": self._left.by_language, "subject": self._left.by_subject, "type": self._left.by_type}[group]
        chosen = getattr(self._now, group)
        for code, label in _GROUPS[group][2].items():
            if counts.get(code) or code == chosen:
                action = made.addAction(f"{str(label).replace('&', '&&')}\t{number(counts.get(code, 0))}")
                action.setData(f"{group}:{code}")
                if code == chosen:
                    action.setIcon(icons.icon("check", "accent"))
        if made.isEmpty():
            made.addAction(t("Nothing recorded yet")).setEnabled(False)
        made.triggered.connect(self._on_menu_triggered)
        return made

    def _apply(self, now: Filter) -> None:
        if now != self._now:
            self.put(now)
            self.narrowed.emit(now)

    def _show_chips(self) -> None:
        counts = {"language": self._left.by_language, "subject": self._left.by_subject, "type": self._left.by_type}
        chips = []
        for group, (_, _, names) in _GROUPS.items():
            code = getattr(self._now, group)
            if code:
                chips.append((f"{group}:{code}", f"{names.get(code, code)} · {number(counts[group].get(code, 0))}"))
        if len(chips) + self._now.kept + bool(self._now.text) > 1:
            chips.append(("all", t("All filters")))
        self.chips.show_chips(chips)

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
        group, _, code = str(action.data()).partition(":")
        self.choose(group, code)

    @Slot(str)
    def _on_chip_removed(self, key: str) -> None:
        if key == "all":
            self.clear()
        else:
            group, _, code = key.partition(":")
            self.choose(group, code)

    @Slot()
    def _on_kept_clicked(self) -> None:
        self._apply(replace(self._now, kept=self.kept.isChecked()))

    @Slot()
    def _on_text_changed(self) -> None:
        self._wait.start()

    @Slot()
    def _on_wait_timeout(self) -> None:
        self._apply(replace(self._now, text=self.text.text().strip()))
