"""Regions and localities read from Who's On First GeoJSON; knows files and names, no record."""

import json
from pathlib import Path
from typing import Any

from resources.starter.derived_id import derived_id
from resources.starter.outline_arcs import (
    Point,
    Ring,
    contains,
    distance_to_segment,
    signed_area,
    simplify_together,
)

SOURCE = {
    "name": "Who's On First",
    "url": "https://github.com/whosonfirst-data/whosonfirst-data-admin-dj",
    "commit": "66825c34b3c91885450cc4e6faf28ba30026e5c1",
    "licence": "https://whosonfirst.org/docs/licenses/",
}

# Names as used in Djibouti. The source's own Arabic for Ali Sabieh is a machine error.
REGION_NAMES = {
    "DJ-AR": {"fr": "Arta", "ar": "عرتا", "en": "Arta"},
    "DJ-AS": {"fr": "Ali Sabieh", "ar": "علي صبيح", "en": "Ali Sabieh"},
    "DJ-DI": {"fr": "Dikhil", "ar": "دخيل", "en": "Dikhil"},
    "DJ-DJ": {"fr": "Djibouti", "ar": "جيبوتي", "en": "Djibouti"},
    "DJ-OB": {"fr": "Obock", "ar": "أوبوك", "en": "Obock"},
    "DJ-TA": {"fr": "Tadjourah", "ar": "تاجورة", "en": "Tadjourah"},
}

# Degrees; 0.001 is about 110 m. Small regions are drawn finer.
TOLERANCE = {
    "DJ-AR": 0.003,
    "DJ-AS": 0.0008,
    "DJ-DI": 0.0026,
    "DJ-DJ": 0.0009,
    "DJ-OB": 0.0032,
    "DJ-TA": 0.003,
}
SMALLEST_ISLAND = 0.3 / 12_100  # 0.3 km2 in square degrees at this latitude: smaller is no map sign

# French and English names where the source's spelling is a transliteration nobody writes here,
# Arabic ones only where they are certain. A locality not named here keeps the source's name.
LOCALITY_NAMES: dict[int, dict[str, str]] = {
    421204195: {"fr": "Djibouti", "ar": "جيبوتي", "en": "Djibouti"},
    421166443: {"fr": "Tadjourah", "ar": "تاجورة", "en": "Tadjourah"},
    421168675: {"fr": "Obock", "ar": "أوبوك", "en": "Obock"},
    421179947: {"fr": "Dikhil", "ar": "دخيل", "en": "Dikhil"},
    890435321: {"fr": "Ali Sabieh", "ar": "علي صبيح", "en": "Ali Sabieh"},
    1125818995: {"fr": "Arta", "ar": "عرتا", "en": "Arta"},
    421170751: {"fr": "Loyada", "ar": "لويادا", "en": "Loyada"},
    421196717: {"fr": "Alaïli Dadda", "ar": "علايلي دادا", "en": "Alaili Dadda"},
    421196723: {"fr": "Galafi", "ar": "غالافي", "en": "Galafi"},
    421203725: {"fr": "Doralé", "en": "Doraleh"},
    1125779809: {"fr": "Holhol", "en": "Holhol"},
    1193136293: {"fr": "Bankoualé"},
    1226336815: {"fr": "Damerjog", "en": "Damerjog"},
    1242601597: {"fr": "Médého"},
    1259380393: {"fr": "Yoboki", "ar": "يوبوكي", "en": "Yoboki"},
    1259676373: {"fr": "Tewo"},
    1276876635: {"fr": "Ali Addé", "en": "Ali Addeh"},
    1277072321: {"fr": "As Eyla", "en": "As Eyla"},
    1326754447: {"fr": "Khor Angar", "en": "Khor Angar"},
    1326929759: {"fr": "Mouddo"},
    1327231977: {"fr": "Dadda’to"},
    1343279793: {"fr": "Assamo", "en": "Assamo"},
    1344179769: {"fr": "Ouéa"},
    1360176223: {"fr": "Oueah", "en": "Wea"},
}

# Not carried over, and why.
LEFT_OUT = {
    1209730727: "Nakhchivan is a region of another country; no place of this name is known here",
    1327047887: "the same point as 1360176223, the same place under another spelling",
}


def read_regions(folder: Path) -> list[dict[str, Any]]:
    """The six regions with outlines (lists of rings of [lon, lat], counter-clockwise, open)."""
    found = {}
    for path in sorted(folder.glob("region_*.geojson")):
        feature = json.loads(path.read_text("utf-8"))
        code = feature["properties"]["wof:concordances"].get("iso:code")
        if code in REGION_NAMES:  # the deprecated "Minor islands" has no ISO code
            found[code] = (feature["properties"]["wof:id"], _rings(feature["geometry"]))
    mainlands = {code: max(rings, key=len) for code, (_, rings) in found.items()}
    drawn = simplify_together(mainlands, TOLERANCE)
    regions = []
    for code, (wof, rings) in sorted(found.items()):
        islands = [
            r for r in rings if r is not mainlands[code] and abs(signed_area(r)) > SMALLEST_ISLAND
        ]
        small = [simplify_together({code: r}, TOLERANCE | {code: 0.0009})[code] for r in islands]
        regions.append(
            {
                "id": derived_id("region", code),
                "code": code,
                "name": REGION_NAMES[code],
                "wof": wof,
                "outline": [_rounded(ring) for ring in (drawn[code], *small)],
            }
        )
    return regions


def read_localities(folder: Path) -> list[dict[str, Any]]:
    """The localities, each with the region whose full outline holds it (or is clearly nearest)."""
    shapes: dict[str, list[Ring]] = {}
    for path in sorted(folder.glob("region_*.geojson")):
        feature = json.loads(path.read_text("utf-8"))
        code = feature["properties"]["wof:concordances"].get("iso:code")
        if code in REGION_NAMES:
            shapes[code] = _rings(feature["geometry"])
    localities = []
    for path in sorted(folder.glob("locality_*.geojson")):
        facts = json.loads(path.read_text("utf-8"))["properties"]
        wof = facts["wof:id"]
        if wof in LEFT_OUT:
            continue
        lat, lon = facts["geom:latitude"], facts["geom:longitude"]
        inside = [c for c, rings in shapes.items() if any(contains(r, (lon, lat)) for r in rings)]
        localities.append(
            {
                "id": derived_id("locality", str(wof)),
                "wof": wof,
                "name": LOCALITY_NAMES.get(wof, {"fr": facts["wof:name"]}),
                "name_in_source": facts["wof:name"],
                "region": inside[0] if inside else _nearest(shapes, lon, lat),
                "inside_outline": bool(inside),
                "lat": f"{lat:.5f}",
                "lon": f"{lon:.5f}",
            }
        )
    return sorted(localities, key=lambda place: place["wof"])


def _nearest(shapes: dict[str, list[Ring]], lon: float, lat: float) -> str | None:
    """The region whose outline is clearly nearest, or None when two come nearly as near."""
    gaps = sorted(
        (
            min(distance_to_segment((lon, lat), a, b) for ring in rings for a, b in _edges(ring)),
            code,
        )
        for code, rings in shapes.items()
    )
    return gaps[0][1] if 2 * gaps[0][0] < gaps[1][0] else None


def _edges(ring: Ring) -> list[tuple[Point, Point]]:
    return list(zip(ring, [*ring[1:], ring[0]], strict=True))


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    rings = []
    for polygon in polygons:  # no polygon of the source has a hole
        ring = [(x, y) for x, y in polygon[0][:-1]]
        rings.append(ring if signed_area(ring) > 0 else ring[::-1])
    return rings


def _rounded(ring: Ring) -> list[list[float]]:
    return [[round(x, 4), round(y, 4)] for x, y in ring]
