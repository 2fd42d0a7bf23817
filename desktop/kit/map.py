"""A map one can move, zoom and choose on, by mouse, keyboard and buttons; knows shapes, not records.

Geography is never mirrored: east stays on the right in Arabic too.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop.kit import theme
from desktop.kit.buttons import icon_button
from desktop.kit.cards import column
from desktop.kit.map_paint import Scene, paint_map
from desktop.kit.map_shapes import MapPoint, Region, Ring, centre_of, fit, outline, project
from i18n import Text, t

__all__ = ["MapPoint", "MapView", "Region"]

_CLOSEST = 40.0  # times the scale that shows everything


class MapView(QWidget):
    """Regions with counts and points with names.

    Signals: `region_chosen(str)` ("" when the choice is taken back), `region_hovered(str)`,
    `point_chosen(str)`.
    Keys: arrows go to the neighbouring region, Enter chooses it, + and - zoom, 0 shows everything,
    Shift with arrows moves the map.
    """

    region_chosen = Signal(str)
    region_hovered = Signal(str)
    point_chosen = Signal(str)

    def __init__(self, name: str | Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = str(name)
        self.setAccessibleName(self._name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._scene = Scene()
        self._zoom, self._pan = 1.0, QPointF(0, 0)
        self._grip: QPointF | None = None
        self._moved = False
        self._tools = QFrame(self)
        self._tools.setProperty("part", "popup")
        tools = column(self._tools, margin=2, gap=0)
        for icon, words, act in (
            ("zoom_in", t("Zoom in"), self._closer), ("zoom_out", t("Zoom out"), self._farther),
            ("fit", t("Show everything"), self.show_all),
        ):
            tools.addWidget(icon_button(icon, words, act))

    def show_map(
        self, regions: Sequence[Region], points: Sequence[MapPoint] = (), abroad: Sequence[Ring] = ()
    ) -> None:
        """Draw these; what was chosen stays chosen if it is still there."""
        shapes = self._scene.regions
        made = {}
        for region in regions:
            old = shapes.get(region.id)
            path = old[1] if old and old[0].rings is region.rings else outline(region.rings)
            made[region.id] = (region, path, old[2] if old and path is old[1] else centre_of(path))
        self._scene.regions = made
        self._scene.points = list(points)
        self._scene.abroad = outline(abroad)
        if self._scene.chosen not in made:
            self._scene.chosen = ""
        self._tell()
        self.update()

    def chosen(self) -> str:
        """Id of the chosen region, or ""."""
        return self._scene.chosen

    def choose(self, region_id: str) -> None:
        """Choose a region ("" for none), without a signal."""
        self._scene.chosen = region_id if region_id in self._scene.regions else ""
        self._tell()
        self.update()

    def show_all(self) -> None:
        """Back to where everything is in sight."""
        self._zoom, self._pan = 1.0, QPointF(0, 0)
        self.update()

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Zoom, keeping the point `around` (pixels; the middle if none) where it is."""
        at = around or QPointF(self.rect().center())
        fresh = min(max(self._zoom * factor, 1.0), _CLOSEST)
        factor = fresh / self._zoom
        middle = QPointF(self.rect().center())
        self._pan = (self._pan + middle - at) * factor + at - middle
        self._zoom = fresh
        self._keep_in_sight()

    def transform(self) -> QTransform:
        """Map units to pixels."""
        box = QRectF()
        for _, path, _ in self._scene.regions.values():
            box = box.united(path.boundingRect())
        if box.isEmpty():
            box = QRectF(project(41.7, 12.8), project(43.5, 10.9))
        edge = theme.px(28)
        view = QRectF(self.rect()).adjusted(edge, edge, -edge - theme.px(44), -edge)
        scale, offset = fit(box, view)
        middle = QPointF(self.rect().center())
        offset = (offset - middle) * self._zoom + middle + self._pan
        return QTransform(scale * self._zoom, 0, 0, scale * self._zoom, offset.x(), offset.y())

    def region_at(self, pixel: QPointF) -> str:
        """Id of the region under a pixel, or ""."""
        back, _ = self.transform().inverted()
        point = back.map(pixel)
        return next((key for key, (_, path, _) in self._scene.regions.items() if path.contains(point)), "")

    def sizeHint(self) -> QSize:
        return QSize(theme.px(520), theme.px(420))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(220))

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        clip = QPainterPath()
        clip.addRoundedRect(frame, theme.px(10), theme.px(10))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(clip)
        scale_box = QRectF(0, self.height() - theme.px(40), theme.px(200), theme.px(40))
        taken = [QRectF(self._tools.geometry()).adjusted(-6, -6, 6, 6), scale_box]
        self._scene.ringed = self._scene.ringed if self.hasFocus() else ""
        self._scene.finest = 2 if self._zoom < 1.6 else 3 if self._zoom < 3 else 9
        paint_map(painter, self._scene, frame, self.transform(), taken)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent" if self.hasFocus() else "line"), 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(frame, theme.px(10), theme.px(10))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tools.adjustSize()
        gap = theme.px(12)
        self._tools.move(self.width() - self._tools.width() - gap, self.height() - self._tools.height() - gap)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(1.0015 ** event.angleDelta().y(), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip, self._moved = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None and event.buttons() & Qt.MouseButton.LeftButton:
            step = event.position() - self._grip
            if self._moved or step.manhattanLength() > 4:
                self._moved = True
                self._grip = event.position()
                self._pan += step
                self._keep_in_sight()
            return
        self._hover(self.region_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        if self._moved or event.button() != Qt.MouseButton.LeftButton:
            return
        point = self._point_at(event.position())
        if point:
            self.point_chosen.emit(point)
        else:
            self._choose_by_hand(self.region_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover("")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._scene.ringed = self._scene.chosen or next(iter(self._scene.regions), "")
            self._tell()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }
        key = event.key()
        if key in steps and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pan -= QPointF(*steps[key]) * theme.px(60)
            self._keep_in_sight()
        elif key in steps:
            self._walk(*steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose_by_hand(self._scene.ringed)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._closer()
        elif key == Qt.Key.Key_Minus:
            self._farther()
        elif key == Qt.Key.Key_0:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def _walk(self, dx: int, dy: int) -> None:
        """Let the keyboard go to the nearest region in a direction."""
        regions = self._scene.regions
        here = regions.get(self._scene.ringed or self._scene.chosen)
        if here is None:
            self._scene.ringed = next(iter(regions), "")
        else:
            def cost(centre: QPointF) -> float:
                gap = centre - here[2]
                ahead, aside = gap.x() * dx + gap.y() * dy, abs(gap.x() * dy) + abs(gap.y() * dx)
                return ahead + 2 * aside if ahead > 0.02 else float("inf")

            key, (_, _, centre) = min(regions.items(), key=lambda item: cost(item[1][2]))
            if cost(centre) < float("inf"):
                self._scene.ringed = key
        self._tell()
        self.update()

    def _hover(self, key: str) -> None:
        if key != self._scene.hovered:
            self._scene.hovered = key
            self.setCursor(Qt.CursorShape.PointingHandCursor if key else Qt.CursorShape.OpenHandCursor)
            self.region_hovered.emit(key)
            self.update()

    def _choose_by_hand(self, key: str) -> None:
        self._scene.chosen = "" if key == self._scene.chosen else key
        self._tell()
        self.update()
        self.region_chosen.emit(self._scene.chosen)

    def _point_at(self, pixel: QPointF) -> str:
        move, reach = self.transform(), theme.px(10)
        for point in self._scene.points:
            if (move.map(project(point.longitude, point.latitude)) - pixel).manhattanLength() < reach:
                return point.id
        return ""

    def _keep_in_sight(self) -> None:
        limit = QPointF(self.width() * self._zoom / 2, self.height() * self._zoom / 2)
        self._pan = QPointF(
            min(max(self._pan.x(), -limit.x()), limit.x()), min(max(self._pan.y(), -limit.y()), limit.y())
        )
        self.update()

    def _closer(self) -> None:
        self.zoom_by(1.5)

    def _farther(self) -> None:
        self.zoom_by(1 / 1.5)

    def _tell(self) -> None:
        """Say to screen readers where the keyboard is and what is chosen."""
        parts = []
        for key in dict.fromkeys((self._scene.ringed, self._scene.chosen)):
            if key in self._scene.regions:
                region = self._scene.regions[key][0]
                words = t("{name}: {n}", name=region.name, n=region.count)
                parts.append(t("{what}, chosen", what=words) if key == self._scene.chosen else words)
        self.setAccessibleDescription(". ".join(parts))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
