"""Placing names on a map so that none covers another; knows boxes only."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

__all__ = ["Placed", "Wish", "place"]


@dataclass(frozen=True)
class Wish:
    """A label that wants to stand at or near `at` (pixels). `room` is the box of the thing it names:
    when the label does not fit into it, it stands beside it. `must` labels are placed in any case."""

    id: str
    at: QPointF
    size: QSizeF
    room: QRectF
    must: bool = False


@dataclass(frozen=True)
class Placed:
    """Where a label stands; `beside` when it needs a line to the thing it names."""

    id: str
    box: QRectF
    beside: bool


def place(wishes: list[Wish], view: QRectF, taken: list[QRectF]) -> list[Placed]:
    """Boxes for the wishes in their order of importance; those that find no room are left out."""
    used = list(taken)
    placed: list[Placed] = []
    for wish in wishes:
        fits = wish.room.width() >= wish.size.width() * 0.9 and wish.room.height() >= wish.size.height()
        options = _over(wish) + _beside(wish) if fits else _beside(wish)
        free = (o for o in options if view.contains(o.box) and not any(o.box.intersects(u) for u in used))
        choice = next(free, options[0] if wish.must and view.intersects(wish.room) else None)
        if choice is not None:
            placed.append(choice)
            used.append(choice.box.adjusted(-3, -2, 3, 2))
    return placed


def _over(wish: Wish) -> list[Placed]:
    """Places over the thing itself: its middle first, then ever farther from it, within its box."""
    width, height = wish.size.width(), wish.size.height()
    room = wish.room.adjusted(width * 0.4, height * 0.5, -width * 0.4, -height * 0.5)
    spots = [wish.at]
    for step in (0.5, 1.0, 1.5, 2.0, 2.6):
        for dx, dy in ((0, -1), (0, 1), (-1, 0), (1, 0), (-1, -1), (1, -1), (-1, 1), (1, 1)):
            spot = wish.at + QPointF(dx * width * 0.5 * step, dy * height * step)
            if room.contains(spot):
                spots.append(spot)
    return [
        Placed(wish.id, QRectF(at.x() - width / 2, at.y() - height / 2, width, height), beside=False) for at in spots
    ]


def _beside(wish: Wish) -> list[Placed]:
    width, height, room, gap = wish.size.width(), wish.size.height(), wish.room, 8.0
    middle = room.center()
    corners = (
        QPointF(room.right() + gap, middle.y() - height / 2),
        QPointF(room.right() + gap, room.top() - height),
        QPointF(room.left() - gap - width, middle.y() - height / 2),
        QPointF(middle.x() - width / 2, room.top() - gap / 2 - height),
        QPointF(middle.x() - width / 2, room.bottom() + gap / 2),
        QPointF(room.right() + gap * 3, room.bottom()),
    )
    return [Placed(wish.id, QRectF(corner, wish.size), beside=True) for corner in corners]
