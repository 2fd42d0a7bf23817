"""The filtered list as a map: six regions with their counts, towns and digital spaces; a click filters; knows no form."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.kit import horn
from desktop.kit.buttons import button
from desktop.kit.cards import column, row
from desktop.kit.map import MapPoint, MapView, Region
from desktop.kit.states import States
from desktop.kit.tasks import Job, Lane
from desktop.kit.text import Label
from desktop.shell.feature import Context
from i18n import t, tn
from resources import codes, directory, starter
from resources.listing import NO_REGION
from sync.record import Record

__all__ = ["MapPane"]


class MapPane(QWidget):
    """Signals: `region_pressed(code)` (`NO_REGION` too); `place_pressed(id)`."""

    region_pressed = Signal(str)
    place_pressed = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._outlines = {region.code: region.outline for region in starter.regions()}
        self._points: list[MapPoint] | None = None
        self._counts: Mapping[str, int] = {}
        content = QWidget()
        body = column(content, margin=16, gap=12)
        self.view = MapView(t("Map of the six regions"))
        self.view.region_chosen.connect(self._on_region_chosen)
        self.view.point_chosen.connect(self.place_pressed)
        body.addWidget(self.view, 1)
        foot = row(gap=8)
        self._hint = Label("", "small", wrap=True, anchor="middle")
        foot.addWidget(self._hint, 1)
        self.without = button("", self._on_without, kind="quiet", icon="place")
        foot.addWidget(self.without)
        body.addLayout(foot)
        self._chosen: tuple[str, ...] = ()
        self._states = States(content)
        column(self).addWidget(self._states)

    def refresh(self) -> None:
        """Read the places (again); called when the map is shown and when places changed."""
        if self._points is None:
            self._states.show_loading()
        self._context.tasks.run(Lane.DATA, self._read, self._on_read, self._on_failed)

    def show_counts(self, counts: Mapping[str, int], chosen: tuple[str, ...]) -> None:
        """How many organisations each region has in the filtered list, and which regions are filtered by."""
        self._counts, self._chosen = counts, chosen
        if self._points is not None:
            self._draw()

    def _read(self, _job: Job) -> list[MapPoint]:
        places = directory.places_in(self._context.workspace)
        return [point for place in places if (point := _point(place)) is not None]

    def _on_read(self, points: list[MapPoint]) -> None:
        self._points = points
        self._states.show_content()
        self._draw()

    def _on_failed(self, error: Exception) -> None:
        self._states.show_failed(str(error), self.refresh)

    def _draw(self) -> None:
        regions = [Region(code, str(name), self._outlines[code], self._counts.get(code, 0)) for code, name in codes.REGIONS.items()]
        self.view.show_map(regions, self._points or [], horn.ABROAD)
        self.view.choose(self._chosen[0] if len(self._chosen) == 1 else "")
        nowhere = self._counts.get(NO_REGION, 0)
        self.without.setVisible(bool(nowhere))
        self.without.setText(tn("{n} without a region", "{n} without a region", nowhere))
        self.without.setAccessibleName(self.without.text())
        self._hint.setText(t("Choose a region to see its organisations in the list."))

    def _on_without(self) -> None:
        self.region_pressed.emit(NO_REGION)

    @Slot(str)
    def _on_region_chosen(self, code: str) -> None:
        self.region_pressed.emit(code or (self._chosen[0] if self._chosen else ""))


def _point(place: Record) -> MapPoint | None:
    try:
        longitude, latitude = float(place["longitude"]), float(place["latitude"])
    except (TypeError, ValueError):
        return None  # a place without a position is in the list of places, not on the map
    if place["type"] == "region":
        return None
    capital = place.text("name", "fr") in _CAPITALS
    town = place["type"] == "locality"
    return MapPoint(place.id, place.title, longitude, latitude, 1 if capital else 3 if town else 2, "town" if town else "thing")


_CAPITALS = frozenset(str(name.msgid) for name in codes.REGIONS.values()) | {"Ali Sabieh", "Djibouti"}
