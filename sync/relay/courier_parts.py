"""What one PC gives another, in parts of a courier and back; knows no folder and no stick.

Items of one kind and ledger stand together until a part is large enough: a
stick is slow with many small files. They come in the same order each time, so
the next courier has the same parts but the last of each ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from i18n import Text
from sync import codec
from sync.change import Page
from sync.errors import Damaged, Failure
from sync.relay.courier_manifest import MAX_PART, TORN, Part
from sync.relay.holding import LETTER, PAGE, PARCEL, SEALED, SNAPSHOT, TICKET, Have, Item
from sync.relay.parcels import name_of, place_of

MAX_ITEMS = 100_000  # of a whole courier
FULL = 256 * 1024  # bytes after which a part takes no more


class Packed(NamedTuple):
    """A part and its bytes."""

    part: Part
    data: bytes


class _Said(NamedTuple):
    """What stands on an item for people's eyes."""

    scope: str
    first: int = 0
    last: int = 0
    name: str = ""


def packed(items: Iterable[Item]) -> Iterator[Packed]:
    """Items as parts, in their order."""
    run: list[tuple[Item, _Said]] = []
    size = 0
    for item in items:
        said = _said(item)
        if run and (size >= FULL or (run[0][0].kind, run[0][1].scope) != (item.kind, said.scope) or item.kind == SNAPSHOT):
            yield _part(run)
            run, size = [], 0
        run.append((item, said))
        size += len(item.data)
    if run:
        yield _part(run)


def opened(parts: Iterable[Part], bytes_of: Callable[[Part], bytes]) -> Iterator[Item]:
    """The items in these parts; Damaged when a part holds something else, or all of them more than any courier does."""
    count = 0
    for part in parts:
        found = codec.unpack(bytes_of(part), list[bytes])
        count += len(found)
        if count > MAX_ITEMS:
            raise Damaged(TORN)
        for data in found:
            yield Item(part.kind, data)


def is_known(part: Part, have: Have) -> bool:
    """Whether all of a part is here already, if what is said of it is true; for sums that are shown before anything is taken."""
    if part.kind in (PAGE, SNAPSHOT):
        at = have.heads.get(part.scope)
        return at is not None and part.last <= at[1]
    if part.kind == SEALED:
        return any(part.scope == scope.hex() and part.last <= number for scope, number in have.sealed.items())
    held = have.parcels if part.kind == PARCEL else have.letters if part.kind in (LETTER, TICKET) else None
    return held is not None and set(part.names) <= {name.hex() for name in held}


def news_in(part: Part, have: Have) -> int:
    """How many changes a part brings, as far as can be told before it is opened."""
    if part.kind in (PAGE, SNAPSHOT) and part.scope in have.heads:
        return max(0, part.last - max(have.heads[part.scope][1], part.first - 1))
    return 0 if is_known(part, have) else max(part.items, part.last + 1 - part.first if part.last else 0)


def _part(run: list[tuple[Item, _Said]]) -> Packed:
    data = codec.pack([item.data for item, _ in run])
    if len(data) > MAX_PART:
        raise Failure(Text("The copy of the network is too large for a courier. Bring it from the server or over the local network."), "too_much")
    numbers = [said for _, said in run if said.last]
    names = [said.name for _, said in run if said.name]
    return Packed(Part(sha256(data).hexdigest(), len(data), run[0][0].kind, len(run), run[0][1].scope,
                       min((one.first for one in numbers), default=0), max((one.last for one in numbers), default=0), names), data)


def _said(item: Item) -> _Said:
    if item.kind == PAGE:
        page = codec.unpack(codec.unsqueeze(item.data, codec.MAX_MESSAGE), Page)
        return _Said(page.scope, page.first, page.last)
    if item.kind == SEALED:
        place = place_of(item.data)
        return _Said(place.scope.hex(), place.first, place.last)
    if item.kind in (PARCEL, LETTER, TICKET):
        return _Said("", name=name_of(item.data).hex())
    scope, _ = codec.unpack(item.data, tuple[str, memoryview])
    return _Said(scope)
