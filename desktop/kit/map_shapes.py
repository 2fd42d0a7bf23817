"""What a map is made of, and the sums behind it: projection, centres, scale; knows no widget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

__all__ = ["MapPoint", "Region", "Ring", "centre_of", "outline", "project", "scale_bar", "unproject"]

Ring = Sequence[tuple[float, float]]  # (longitude, latitude) in degrees
KM_A_DEGREE = 111.32


@dataclass(frozen=True)
class Region:
    """An area: rings in degrees (holes as further rings), its name as read now, how many are in it."""

    id: str
    name: str
    rings: Sequence[Ring]
    count: int = 0


@dataclass(frozen=True)
class MapPoint:
    """A place. `rank` 1 is named first, 3 and more only when one has come nearer; `kind` "town" or "thing"."""

    id: str
    name: str
    longitude: float
    latitude: float
    rank: int = 2
    kind: str = "town"


# Plate carrée, squeezed by the cosine of the latitude: true enough within one small country.
_MIDDLE = math.cos(math.radians(11.7))


def project(longitude: float, latitude: float) -> QPointF:
    """Degrees to map units (degrees of latitude, y downward)."""
    return QPointF(longitude * _MIDDLE, -latitude)


def unproject(point: QPointF) -> tuple[float, float]:
    """Map units back to (longitude, latitude)."""
    return point.x() / _MIDDLE, -point.y()


def outline(rings: Sequence[Ring]) -> QPainterPath:
    """Rings as one path in map units; inner rings become holes."""
    path = QPainterPath()
    for ring in rings:
        path.addPolygon(QPolygonF([project(x, y) for x, y in ring]))
        path.closeSubpath()
    return path


def centre_of(path: QPainterPath) -> QPointF:
    """A point well inside the shape, where its name can stand: the middle of its widest stretch
    among horizontal cuts near the middle of its height."""
    box = path.boundingRect()
    best, best_width = box.center(), 0.0
    for share in (0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72):
        y = box.top() + box.height() * share
        run_start, steps = None, 60
        for step in range(steps + 1):
            x = box.left() + box.width() * step / steps
            inside = step < steps and path.contains(QPointF(x, y))
            if inside and run_start is None:
                run_start = x
            elif not inside and run_start is not None:
                weight = (x - run_start) * (1 - abs(share - 0.5))
                if weight > best_width:
                    best, best_width = QPointF((run_start + x) / 2, y), weight
                run_start = None
    return best


def scale_bar(pixels_a_unit: float, widest: float) -> tuple[int, float]:
    """The longest round distance (km) that is drawn in at most `widest` pixels, and its length in pixels."""
    most = widest / pixels_a_unit * KM_A_DEGREE
    power = 10 ** math.floor(math.log10(max(most, 1)))
    kilometres = max(step * power for step in (1, 2, 5) if step * power <= max(most, 1))
    return int(kilometres), kilometres / KM_A_DEGREE * pixels_a_unit


def fit(shape: QRectF, view: QRectF) -> tuple[float, QPointF]:
    """Scale and offset that put `shape` (map units) in the middle of `view` (pixels)."""
    scale = min(view.width() / max(shape.width(), 1e-6), view.height() / max(shape.height(), 1e-6))
    offset = view.center() - shape.center() * scale
    return scale, offset
