"""How many bytes are still to come, before they move: told by whoever sends; knows no HTTP."""

from __future__ import annotations

from collections.abc import Mapping

from sync import codec
from sync.change import Page
from sync.snapshots.publishing import Offer

PACKED = 3  # canonical bytes of a page that become one on the wire
ENTRY = 160  # bytes on the wire of an entry of which nothing was seen yet


def remaining(cursors: Mapping[str, tuple[int, bytes]], heads: Mapping[str, int], pages: list[bytes],
              snapshots: Mapping[str, Offer], segments: Mapping[str, list[Offer]]) -> int:
    """About how many bytes on the wire what is offered and the entries after these pages will take, judged by the pages themselves."""
    reached = {scope: max(0, cursors.get(scope, (0, b""))[0]) for scope in heads} | {scope: one.number for scope, one in snapshots.items()}
    reached |= {scope: offers[-1].number for scope, offers in segments.items()}
    bodies = entries = 0
    for data in pages:
        page = codec.unpack(data, Page)
        reached[page.scope] = page.last
        bodies, entries = bodies + len(data), entries + len(page.entries)
    left = sum(max(0, heads[scope] - reached[scope]) for scope in heads)
    offered = sum(one.size for one in snapshots.values()) + sum(one.size for offers in segments.values() for one in offers)
    return offered + left * (bodies // entries // PACKED if entries else ENTRY)
