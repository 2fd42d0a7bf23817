"""How many bytes are still to come, before they move: told by whoever sends; knows no HTTP."""

from __future__ import annotations

from collections.abc import Mapping

from sync import codec
from sync.change import Page
from sync.snapshots.publishing import Offer

PACKED = 3  # canonical bytes of a page that become one on the wire
ENTRY = 160  # bytes on the wire of an entry of which nothing was seen yet


def reached(cursors: Mapping[str, tuple[int, bytes]], heads: Mapping[str, int],
            snapshots: Mapping[str, Offer], segments: Mapping[str, list[Offer]]) -> dict[str, int]:
    """Up to which number of each scope the offered files lead, from where a replica stands."""
    found = {scope: max(0, cursors.get(scope, (0, b""))[0]) for scope in heads} | {scope: one.number for scope, one in snapshots.items()}
    return found | {scope: offers[-1].number for scope, offers in segments.items()}


def offered(snapshots: Mapping[str, Offer], segments: Mapping[str, list[Offer]]) -> int:
    """The bytes of the offered files."""
    return sum(one.size for one in snapshots.values()) + sum(one.size for offers in segments.values() for one in offers)


def remaining(cursors: Mapping[str, tuple[int, bytes]], heads: Mapping[str, int], pages: list[bytes],
              snapshots: Mapping[str, Offer], segments: Mapping[str, list[Offer]]) -> int:
    """About how many bytes on the wire what is offered and the entries after these pages will take, judged by the pages themselves."""
    at = reached(cursors, heads, snapshots, segments)
    bodies = entries = 0
    for data in pages:
        page = codec.unpack(data, Page)
        at[page.scope] = page.last
        bodies, entries = bodies + len(data), entries + len(page.entries)
    left = sum(max(0, heads[scope] - at[scope]) for scope in heads)
    return offered(snapshots, segments) + left * (bodies // entries // PACKED if entries else ENTRY)
