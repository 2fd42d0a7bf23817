"""Draws sea, land, regions, places, names and the scale of a map; knows no mouse and no keys."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QTransform

from desktop.kit import theme
from desktop.kit.map_labels import Placed, Wish, place
from desktop.kit.map_shapes import MapPoint, Region, project, scale_bar
from desktop.kit.tokens import mix
from i18n import t

__all__ = ["Scene", "paint_map"]


@dataclass
class Scene:
    """What is drawn: shapes in map units by id, and which of them is pointed at or chosen."""

    abroad: QPainterPath = field(default_factory=QPainterPath)
    regions: dict[str, tuple[Region, QPainterPath, QPointF]] = field(default_factory=dict)
    points: list[MapPoint] = field(default_factory=list)
    hovered: str = ""
    chosen: str = ""
    ringed: str = ""  # where the keyboard is
    finest: int = 2  # points of a higher rank wait until one is nearer


def paint_map(painter: QPainter, scene: Scene, view: QRectF, move: QTransform, taken: list[QRectF]) -> None:
    """Draw `scene` into `view`; `move` brings map units to pixels; names keep off `taken`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(view, theme.colour("sea"))
    _land(painter, scene, move)
    towns = _towns(painter, scene, view, move)
    _names(painter, scene, view, move, taken, towns)
    _scale(painter, view, move)


def _land(painter: QPainter, scene: Scene, move: QTransform) -> None:
    shore = QPen(QColor(mix(theme.current().tokens.sea, theme.current().tokens.edge, 0.45)), 1)
    painter.setPen(shore)
    painter.setBrush(theme.colour("abroad"))
    painter.drawPath(move.map(scene.abroad))
    most = max((region.count for region, _, _ in scene.regions.values()), default=0)
    last: list[tuple[QPainterPath, QPen, QColor]] = []
    for key, (region, path, _) in scene.regions.items():
        tokens = theme.current().tokens
        fill = mix(tokens.land, tokens.accent, 0.05 + 0.22 * region.count / most if most else 0.0)
        if key == scene.hovered:
            fill = mix(fill, tokens.accent, 0.14)
        pen = QPen(QColor(mix(tokens.land, tokens.edge, 0.8)), 1)
        drawn = move.map(path)
        if key in (scene.chosen, scene.ringed):
            fill = mix(fill, tokens.accent, 0.2) if key == scene.chosen else fill
            pen = QPen(theme.colour("accent"), 2.5 if key == scene.chosen else 2)
            if key == scene.ringed and key != scene.chosen:
                pen.setStyle(Qt.PenStyle.DashLine)
            last.append((drawn, pen, QColor(fill)))
            continue
        painter.setPen(pen)
        painter.setBrush(QColor(fill))
        painter.drawPath(drawn)
    for drawn, pen, fill in last:  # over the borders of their neighbours
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawPath(drawn)


def _towns(painter: QPainter, scene: Scene, view: QRectF, move: QTransform) -> list[tuple[MapPoint, QPointF]]:
    seen = [(point, move.map(project(point.longitude, point.latitude))) for point in scene.points if point.rank <= scene.finest]
    seen = [(point, at) for point, at in seen if view.contains(at)]
    for point, at in seen:
        size = theme.px(3.5 if point.rank == 1 else 2.5)
        painter.setPen(QPen(theme.colour("raised"), 1.5))
        painter.setBrush(theme.colour("accent" if point.kind == "thing" or point.id == scene.chosen else "text"))
        painter.drawEllipse(at, size, size)
    return seen


def _names(
    painter: QPainter, scene: Scene, view: QRectF, move: QTransform, taken: list[QRectF],
    towns: list[tuple[MapPoint, QPointF]],
) -> None:
    bold, plain = theme.font("small", weight=600), theme.font("small")
    strong, light = QFontMetricsF(bold), QFontMetricsF(plain)
    wishes: list[Wish] = []
    by_count = sorted(scene.regions.items(), key=lambda item: (item[0] != scene.chosen, -item[1][0].count))
    for key, (region, path, centre) in by_count:
        wide = max(strong.horizontalAdvance(region.name), _bubble(region, light).width()) + 6
        high = strong.height() + _bubble(region, light).height() + 2
        wishes.append(Wish(key, move.map(centre), QSizeF(wide, high), move.mapRect(path.boundingRect()), must=True))
    for point, at in sorted(towns, key=lambda town: town[0].rank):
        size = QSizeF(light.horizontalAdvance(point.name) + 4, light.height())
        wishes.append(Wish(f"point:{point.id}", at, size, QRectF(at.x() - 3, at.y() - 3, 6, 6)))
    dots = [QRectF(at.x() - 4, at.y() - 4, 8, 8) for _, at in towns]
    names = {f"point:{point.id}": point.name for point, _ in towns}
    for label in place(wishes, view.adjusted(6, 6, -6, -6), taken + dots):
        if label.id in names:
            _halo(painter, label.box, names[label.id], plain, "text")
        else:
            _region_label(painter, scene, label, move, bold, plain)


def _region_label(
    painter: QPainter, scene: Scene, label: Placed, move: QTransform, bold: QFont, plain: QFont
) -> None:
    region, path, _ = scene.regions[label.id]
    if label.beside:
        painter.setPen(QPen(theme.colour("edge"), 1))
        painter.drawLine(move.mapRect(path.boundingRect()).center(), QPointF(label.box.left() + 2, label.box.center().y()))
    bubble = _bubble(region, QFontMetricsF(plain))
    upper = QRectF(label.box.x(), label.box.y(), label.box.width(), label.box.height() - bubble.height() - 2)
    _halo(painter, upper, region.name, bold, "text")
    if bubble.height():
        box = QRectF(label.box.center().x() - bubble.width() / 2, upper.bottom() + 1, bubble.width(), bubble.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setFont(plain)
        painter.setPen(theme.colour("on_accent"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(region.count))


def _bubble(region: Region, metrics: QFontMetricsF) -> QSizeF:
    if not region.count:
        return QSizeF(0, 0)
    return QSizeF(max(metrics.horizontalAdvance(str(region.count)) + 16, metrics.height() + 4), metrics.height())


def _halo(painter: QPainter, box: QRectF, words: str, font: QFont, token: str) -> None:
    """Words with a rim in the colour of the land, readable over borders and shores."""
    picture = _written(words, font.key(), font, theme.colour(token).rgb(), theme.colour("raised").rgb(), painter.device().devicePixelRatio())
    size = picture.deviceIndependentSize()
    at = QPointF(round(box.center().x() - size.width() / 2), round(box.center().y() - size.height() / 2))
    painter.drawPixmap(at, picture)


_PICTURES: dict[tuple[object, ...], QPixmap] = {}


def _written(words: str, key: str, font: QFont, ink: int, rim: int, ratio: float) -> QPixmap:
    """The picture of one name, kept: drawing rims takes a millisecond each, and names move often."""
    known = _PICTURES.get((words, key, ink, rim, ratio))
    if known is not None:
        return known
    metrics, edge = QFontMetricsF(font), theme.px(3)
    width, height = metrics.horizontalAdvance(words) + 2 * edge, metrics.height() + 2 * edge
    picture = QPixmap(round(width * ratio), round(height * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(QColor(rim))
    base = QPointF(edge, edge + metrics.ascent())
    for dx, dy in ((-1, -1), (-1, 1), (1, -1), (1, 1), (-1.5, 0), (1.5, 0), (0, -1.5), (0, 1.5)):
        painter.drawText(base + QPointF(dx, dy), words)
    painter.setPen(QColor(ink))
    painter.drawText(base, words)
    painter.end()
    if len(_PICTURES) > 2000:
        _PICTURES.clear()
    _PICTURES[words, key, ink, rim, ratio] = picture
    return picture


def _scale(painter: QPainter, view: QRectF, move: QTransform) -> None:
    kilometres, length = scale_bar(move.m11(), theme.px(120))
    font = theme.font("small")
    y, x = view.bottom() - theme.px(18), view.left() + theme.px(16)
    painter.setPen(QPen(theme.colour("text"), 1.5))
    painter.drawPolyline([QPointF(x, y - 5), QPointF(x, y), QPointF(x + length, y), QPointF(x + length, y - 5)])
    words = t("{n} km", n=kilometres)
    width = QFontMetricsF(font).horizontalAdvance(words)
    _halo(painter, QRectF(x + length + 8, y - 14, width, 16), words, font, "text")
