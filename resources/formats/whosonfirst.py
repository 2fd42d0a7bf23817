"""Regions and localities from Who's On First GeoJSON, a file or a folder of them; knows no record that is there already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from i18n import Text
from resources.codes import REGIONS
from resources.formats.incoming import Incoming, Read, Rejected, cut, read_json
from resources.starter.outline_arcs import contains
from resources.starter.place_facts import LEFT_OUT, LOCALITY_NAMES, REGION_NAMES
from sync.errors import Damaged

SOURCE = "Who’s On First (whosonfirst.org)"
_REGION_OF_WOF = {85670467: "DJ-AS", 85670473: "DJ-DJ", 85670477: "DJ-AR", 85670483: "DJ-DI", 85670485: "DJ-OB", 85670491: "DJ-TA"}

Ring = list[tuple[float, float]]


def read(path: Path) -> Read:
    """Places of kind `region` and `locality`.

    Names come from our own checked table, else the source's main name alone:
    its translations are machine-made in places. A locality lies where an
    outline of the same folder holds its point, else where the source says.
    """
    files = sorted(path.glob("*.geojson")) if path.is_dir() else [path]
    features: list[tuple[Path, dict[str, Any]]] = []
    for file in files:
        try:
            feature = read_json(file)
        except Damaged as damage:
            yield Rejected(file, 0, damage.message)
            continue
        if isinstance(feature, dict) and isinstance(feature.get("properties"), dict) and "wof:id" in feature["properties"]:
            features.append((file, feature))
        else:
            yield Rejected(file, 0, Text("This is not a place of Who’s On First: “wof:id” is missing."))
    outlines = dict(_outline(feature) for _, feature in features if _region_code(feature["properties"]))
    for file, feature in features:
        yield _place(file, feature["properties"], outlines)


def _place(file: Path, facts: dict[str, Any], outlines: dict[str, list[Ring]]) -> Incoming | Rejected:
    wof, level = facts["wof:id"], facts.get("wof:placetype")
    point = _point(facts)
    if level not in ("region", "locality"):
        return Rejected(file, 0, Text("Only regions and localities are kept; this is “{level}”.", level=str(level)))
    if level == "region" and _region_code(facts) is None:
        return Rejected(file, 0, Text("This is none of the six regions: it has no code of theirs."))
    if wof in LEFT_OUT:
        return Rejected(file, 0, Text("This place is left out: it is a mistake of the source or there twice."))
    name = facts.get("wof:name")
    if point is None or not isinstance(name, str) or not name.strip():
        return Rejected(file, 0, Text("The name or the position is missing."))
    code = _region_code(facts) if level == "region" else _region_of(point, facts, outlines)
    names = REGION_NAMES[code] if level == "region" and code else LOCALITY_NAMES.get(wof, {"fr": cut(name)})
    values = {
        "type": level,
        "name": dict(names),
        "region": code,
        "latitude": f"{point[1]:.5f}",
        "longitude": f"{point[0]:.5f}",
        "identifiers": {"wof": str(wof)},
        "source": SOURCE,
    }
    key = f"region/{code}" if level == "region" else f"locality/{wof}"
    return Incoming("place", key, {name: value for name, value in values.items() if value is not None}, file, 0)


def _region_code(facts: dict[str, Any]) -> str | None:
    code = (facts.get("wof:concordances") or {}).get("iso:code")
    return code if facts.get("wof:placetype") == "region" and code in REGIONS else None


def _point(facts: dict[str, Any]) -> tuple[float, float] | None:
    try:
        return float(facts["geom:longitude"]), float(facts["geom:latitude"])
    except (KeyError, TypeError, ValueError):
        return None


def _region_of(point: tuple[float, float], facts: dict[str, Any], outlines: dict[str, list[Ring]]) -> str | None:
    for code, rings in outlines.items():
        if any(contains(ring, point) for ring in rings):
            return code
    for place in facts.get("wof:hierarchy") or ():
        if place.get("region_id") in _REGION_OF_WOF:
            return _REGION_OF_WOF[place["region_id"]]
    return None


def _outline(feature: dict[str, Any]) -> tuple[str, list[Ring]]:
    """A region's code and its outer rings of (longitude, latitude); none when the geometry is unusable."""
    geometry = feature.get("geometry") or {}
    polygons = geometry.get("coordinates") or []
    if geometry.get("type") == "Polygon":
        polygons = [polygons]
    try:
        rings = [[(float(x), float(y)) for x, y, *_ in polygon[0][:-1]] for polygon in polygons]
    except (TypeError, ValueError, IndexError):
        rings = []
    return _region_code(feature["properties"]) or "", rings
