"""Simplify outlines that share borders, each border once; knows only rings of points."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence

Point = tuple[float, float]
Ring = list[Point]  # closed in thought: the last point is not repeated

_ON_SEGMENT = 1e-6  # degrees, about 10 cm: a neighbour's corner standing on our straight edge


def signed_area(ring: Sequence[Point]) -> float:
    """Area in square degrees, positive when the ring runs counter-clockwise."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


def contains(ring: Sequence[Point], point: Point) -> bool:
    """Whether the point lies inside the ring (even-odd rule)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def distance_to_segment(p: Point, a: Point, b: Point) -> float:
    """Distance in degrees from p to the segment ab."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length2 = dx * dx + dy * dy
    along = 0.0 if length2 == 0 else ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2
    along = max(0.0, min(1.0, along))
    ex, ey = p[0] - a[0] - along * dx, p[1] - a[1] - along * dy
    return (ex * ex + ey * ey) ** 0.5


def thin(line: Sequence[Point], tolerance: float) -> list[Point]:
    """Douglas-Peucker: the line with no kept point farther than `tolerance` (degrees) away."""
    if len(line) < 3:
        return list(line)
    distance, middle = max(
        (distance_to_segment(line[i], line[0], line[-1]), i) for i in range(1, len(line) - 1)
    )
    if distance <= tolerance:
        return [line[0], line[-1]]
    return thin(line[: middle + 1], tolerance)[:-1] + thin(line[middle:], tolerance)


def simplify_together(rings: Mapping[str, Ring], tolerance: Mapping[str, float]) -> dict[str, Ring]:
    """Simplify neighbouring rings so that a common border stays common, point for point.

    A border between two rings is cut at the points where a third thing begins, simplified once,
    with the finer of both tolerances, and used by both.
    """
    rings = _with_neighbours_corners(rings)
    beside: dict[Point, set[Point]] = defaultdict(set)
    owners: dict[frozenset[Point], set[str]] = defaultdict(set)
    for name, ring in rings.items():
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
            beside[a].add(b)
            beside[b].add(a)
            owners[frozenset((a, b))].add(name)
    thinned: dict[tuple[Point, ...], list[Point]] = {}
    result: dict[str, Ring] = {}
    for name, ring in rings.items():
        joints = [i for i, p in enumerate(ring) if len(beside[p]) > 2]
        # A ring that touches nothing is cut at two far points, or it would shrink to one.
        joints = joints or [0, max(range(len(ring)), key=lambda i: _gap2(ring[0], ring[i]))]
        out: Ring = []
        for k, start in enumerate(joints):
            end = joints[(k + 1) % len(joints)]
            end = end if end > start else end + len(ring)
            line = tuple(ring[i % len(ring)] for i in range(start, end + 1))
            key = min(line, line[::-1])
            if key not in thinned:
                users = owners[frozenset(line[:2])]
                thinned[key] = thin(key, min(tolerance[user] for user in users))
            part = thinned[key] if key == line else thinned[key][::-1]
            out += part[:-1]
        result[name] = out
    return result


def _with_neighbours_corners(rings: Mapping[str, Ring]) -> dict[str, Ring]:
    """The same rings, with a point added wherever a neighbour's corner stands on an edge."""
    result: dict[str, Ring] = {}
    for name, ring in rings.items():
        own = set(ring)
        others = sorted({p for other in rings for p in rings[other]} - own)
        out: Ring = []
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
            first = bisect_left(others, (min(a[0], b[0]) - _ON_SEGMENT, -90.0))
            last = bisect_left(others, (max(a[0], b[0]) + _ON_SEGMENT, 90.0))
            near = others[first:last]
            on_edge = [p for p in near if distance_to_segment(p, a, b) < _ON_SEGMENT]
            out += [a, *sorted(on_edge, key=lambda p, a=a: _gap2(a, p))]
        result[name] = out
    return result


def _gap2(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
