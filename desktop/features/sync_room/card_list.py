"""A column of cards that one walks by arrow keys and that renews itself without losing one's place; knows no record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QSizePolicy, QWidget

from desktop.features.sync_room import moments
from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, row, scrolled
from desktop.kit.slices import Slices
from desktop.kit.text import Label
from i18n import Text, tn

__all__ = ["WIDEST", "Ago", "CardList", "WalkedCard"]

AT_ONCE = 2  # cards made before the screen is drawn where some stood already; the others follow one by one
MORE = 20  # cards that stand there before somebody asks for more
WIDEST = 960  # pixels at 100 %; wider cards are tiring to read


class Ago(Label):
    """A moment as people say it, the exact one on hover."""

    def __init__(self, milliseconds: int, now: int, role: str = "small") -> None:
        super().__init__(moments.said(milliseconds, now), role)
        self._at = milliseconds
        self.setToolTip(moments.exact(milliseconds))

    def renew(self, now: int) -> None:
        """Time has passed."""
        self.setText(moments.said(self._at, now))


class WalkedCard(Card):
    """A card that takes the focus as a whole: arrows go to its neighbours, Enter into it, Escape out to it.

    Signals: `walked(int)`: a person wants to go that many cards on. Attributes: `data` is what it shows,
    with a `key`; `typed()` is what a person has begun to write in it, for the card that follows it.
    """

    walked = Signal(int)

    def __init__(self, data: Any) -> None:
        super().__init__(margin=16, gap=12)
        self.data = data
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def typed(self) -> Any:
        """What has been begun, or None."""
        return None

    def restore(self, typed: Any) -> None:
        """Go on with what has been begun."""

    def watch_keys(self) -> None:
        """Let arrows and Escape work on the card's buttons too; call it when they stand."""
        for pressed in self.findChildren(QPushButton):
            pressed.installEventFilter(self)

    def enter(self) -> None:
        """Put the focus on the first thing to press."""
        first = next((one for one in self.findChildren(QPushButton) if one.isVisibleTo(self) and one.isEnabled()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._walks(event):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.hasFocus():
                self.enter()
            elif event.key() == Qt.Key.Key_Escape and not self.hasFocus():
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and self._walks(event):
            return True
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(10), theme.px(10))

    def _walks(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(event.key())
        if steps is not None:
            self.walked.emit(steps)
        return steps is not None


class CardList(QWidget):
    """The cards of one list, in a column that scrolls.

    `intro` says over the cards what they are. Signals: `deserted()`: the last card is gone and had the focus.
    """

    deserted = Signal()

    def __init__(self, name: str | Text, intro: str | Text, make: Callable[[Any], WalkedCard], slices: Slices) -> None:
        """`slices` makes the cards one by one; lists that share it take turns."""
        super().__init__()
        self._make, self._slices = make, slices
        self._is_building = False
        self._wanted: list[Any] = []
        self._limit = MORE
        self._cards: dict[str, WalkedCard] = {}
        self._typed: dict[str, Any] = {}
        inner = QWidget()
        inner.setMaximumWidth(theme.px(WIDEST))
        self._column = column(inner, gap=12)
        self._intro = Label(intro, "muted", wrap=True)
        self._column.addWidget(self._intro)
        self._more = button("", self._show_more, kind="quiet", icon="arrow_down")
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        holder = QWidget()
        around = row(holder, gap=0)
        around.setContentsMargins(0, theme.px(4), 0, theme.px(24))
        around.addSpacing(theme.px(24))
        around.addWidget(inner, 1000)
        around.addStretch(1)
        self._margin = QWidget()
        self._margin.setFixedWidth(theme.px(24))
        around.addWidget(self._margin)
        self._area: QScrollArea = scrolled(holder, name=name)
        self._area.verticalScrollBar().rangeChanged.connect(self._on_scroll_bar_range_changed)
        column(self).addWidget(self._area)

    def cards(self) -> list[WalkedCard]:
        """The cards that stand, in order."""
        return [self._cards[one.key] for one in self._wanted if one.key in self._cards]

    def typed(self) -> dict[str, Any]:
        """What has been begun in cards, by their key."""
        begun = {key: card.typed() for key, card in self._cards.items()}
        return self._typed | {key: typed for key, typed in begun.items() if typed is not None}

    def restore(self, typed: dict[str, Any]) -> None:
        """Go on with what was begun, as soon as those cards stand."""
        self._typed = dict(typed)
        for key in [key for key in typed if key in self._cards]:
            self._cards[key].restore(self._typed.pop(key))

    def show(self, wanted: Sequence[Any]) -> None:  # type: ignore[override]  # a list shows things, a widget shows itself
        """Show cards for exactly these; a card whose matter has not changed stays as it is, typing and focus too."""
        place, inside = self._focused()
        had = bool(self._cards)
        self._typed = self.typed()
        keys = {one.key for one in wanted}
        for key in list(self._cards):
            if key not in keys:
                self._typed.pop(key, None)
        fresh = {one.key: one for one in wanted}
        for key, card in list(self._cards.items()):
            if fresh.get(key) != card.data:
                self._drop(key)
        self._wanted = list(wanted)
        if had:
            for _ in range(AT_ONCE):
                self._build_next()
        self._build_soon()
        if place is not None:
            self._refocus(place, inside=inside)

    def focus_key(self, start: str) -> bool:
        """Put the focus on the first card whose key begins so; False when there is none yet."""
        for card in self.cards():
            if card.data.key.startswith(start):
                self._go(card)
                return True
        return False

    def renew(self, now: int) -> None:
        """Time has passed."""
        for ago in self.findChildren(Ago):
            ago.renew(now)

    def _focused(self) -> tuple[int | None, bool]:
        """The place of the card that has the focus, and whether something inside it has."""
        now = QApplication.focusWidget()
        for place, card in enumerate(self.cards()):
            if now is card or (now is not None and card.isAncestorOf(now)):
                return place, now is not card
        return None, False

    def _refocus(self, place: int, *, inside: bool) -> None:
        if self._focused()[0] is not None:
            return
        cards = self.cards()
        if not cards:
            self.deserted.emit()
            return
        card = cards[min(place, len(cards) - 1)]
        self._go(card)
        if inside and card.typed() is not None:
            card.enter()

    def _go(self, card: WalkedCard) -> None:
        card.setFocus(Qt.FocusReason.OtherFocusReason)
        self._area.ensureWidgetVisible(card, 0, theme.px(16))

    def _build_next(self) -> bool:
        """Make the next card that is missing; False when all stand."""
        for place, one in enumerate(self._wanted[: self._limit]):
            if one.key not in self._cards:
                card = self._make(one)
                card.walked.connect(self._on_card_walked)
                card.watch_keys()
                self._cards[one.key] = card
                self._column.insertWidget(place + 1, card)
                card.show()  # Qt would do it in a later turn, and what is not shown yet cannot take the focus
                if one.key in self._typed:
                    card.restore(self._typed.pop(one.key))
                return True
        rest = len(self._wanted) - self._limit
        self._more.setVisible(rest > 0)
        if rest > 0:
            self._more.setText(tn("Show {n} more", "Show {n} more", min(rest, MORE)))
        return False

    def _drop(self, key: str) -> None:
        card = self._cards.pop(key)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _show_more(self) -> None:
        first = self._wanted[self._limit].key if len(self._wanted) > self._limit else ""
        self._limit += MORE
        self._build_next()
        self.focus_key(first)
        self._build_soon()

    @Slot(int, int)
    def _on_scroll_bar_range_changed(self, _least: int, most: int) -> None:
        """The bar takes its room from the margin, so that cards end where the head of the page ends."""
        taken = self._area.verticalScrollBar().sizeHint().width() if most else 0
        self._margin.setFixedWidth(max(0, theme.px(24) - taken))

    def _build_soon(self) -> None:
        if not self._is_building:
            self._is_building = True
            self._slices.add(self._go_on)

    def _go_on(self) -> None:
        self._is_building = False
        if self._build_next():
            self._build_soon()

    @Slot(int)
    def _on_card_walked(self, steps: int) -> None:
        cards = self.cards()
        place = cards.index(self.sender()) + steps
        if 0 <= place < len(cards):
            self._go(cards[place])
