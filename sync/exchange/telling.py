"""The answer to who only asks how much is lacking: the pages are made and measured, and stay here; knows no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from sync.change import Page
from sync.exchange.remaining import ENTRY, offered, reached
from sync.exchange.words import Answer


def told(cursors: Mapping[str, tuple[int, bytes]], found: Answer, pages: list[Page], size: Callable[[Answer, list[Page]], int]) -> Answer:
    """The answer without its pages; `remaining` is what they and all that follows take on the wire.

    `size` makes an answer as it would be carried and says its bytes. What did
    not fit into one answer is judged by what did.
    """
    empty = msgspec.structs.replace(found, pages=[])
    entries = sum(len(page.entries) for page in pages)
    wire = size(found, pages) - size(empty, []) if pages else 0
    at = reached(cursors, found.heads, found.snapshots, found.segments)
    for page in pages:
        at[page.scope] = page.last
    left = sum(max(0, number - at[scope]) for scope, number in found.heads.items() if scope not in found.astray)
    return msgspec.structs.replace(empty, remaining=offered(found.snapshots, found.segments) + wire + left * (wire // entries if entries else ENTRY))
