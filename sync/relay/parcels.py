"""What carriers carry without reading it: a batch or a page, sealed, with a header in clear; knows no database and no road.

A parcel holds one batch of one log. Its header says whose log it is, which
numbers of it and between which chains, and which key opens it; the author's
device signs header and box, so a carrier tells a parcel from rubbish, and two
different ones of the same numbers (a copied device) from one that came twice.
A sealed page says where in its ledger it stands, with the authority's own
signature over its end, and which numbers of each log it decides: so a
carrier knows what follows on what, and which parcels nobody needs any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from sync import codec
from sync.change import Batch, Page, head_statement, log_id
from sync.entries import extend
from sync.errors import Damaged
from sync.handed import handed
from sync.identity import SigningKey, key_id, seal, verifies
from sync.ledger import rows_on
from sync.proofs import ALTERED
from sync.scope_keys import Known, ScopeKey
from sync.scopes import scope_name

TO_AUTHORITY = b""  # in place of a key's name: sealed to the authority, by a newcomer who holds no key yet
NAME = 16  # bytes
MAX_PARCEL = codec.MAX_BATCH + 4096  # bytes
MAX_PAGE = codec.MAX_MESSAGE // 2
MAX_SNAPSHOT = 512 * 1024 * 1024  # of some million records

KeyOf = Callable[[bytes], ScopeKey | None]


class Label(msgspec.Struct, array_like=True, frozen=True):
    """What stands on a parcel: names of the author's key (8 bytes), of the scope (8), of the log (8), its numbers, the chains around them.

    `read` is up to which number of the scope its author had read: whoever carries it brings back what follows.
    """

    author: bytes
    scope: bytes
    log: bytes
    first: int
    last: int
    before: bytes
    end: bytes
    sealer: bytes
    read: int = 0


class Parcel(msgspec.Struct, array_like=True, frozen=True):
    """A sealed batch: its label packed, the box, and the author's signature over both."""

    label: bytes
    box: bytes
    signature: bytes


class Place(msgspec.Struct, array_like=True, frozen=True):
    """What stands on a sealed page: its scope's name, where in which epoch it stands, the authority's signature over its end, whom it decides.

    A carrier cannot see what is decided inside: runs of numbers (log, first, last), since what was brought late may be missing between.
    `vouched` is the authority's signature over that, on the pages that it sealed itself.
    """

    scope: bytes
    epoch: bytes
    first: int
    last: int
    before: bytes
    chain: bytes
    signature: bytes
    sealer: bytes
    decided: list[tuple[bytes, int, int]]
    vouched: bytes = b""


class SealedPage(msgspec.Struct, array_like=True, frozen=True):
    """A page for those who hold its scope's key."""

    place: bytes
    box: bytes


def name_of(data: bytes) -> bytes:
    """The name of a parcel or sealed page: two with the same bytes are one."""
    return codec.digest(b"dalil parcel", data)[:NAME]


def sealed_batch(batch: Batch, key: ScopeKey | None, own: SigningKey, authority: bytes, number: int = 0) -> bytes:
    """A signed batch as it is carried, its author having read its scope up to a number; without a key, sealed to the authority."""
    read = handed(batch)
    sealer = TO_AUTHORITY if key is None else key.name
    label = codec.pack(Label(key_id(own.public), scope_name(batch.scope), read.log, batch.first, read.rows[-1].n, batch.before, read.end, sealer,
                             number))
    data = codec.squeeze(codec.pack(batch))
    box = seal(authority, data) if key is None else key.seal(data, label)
    return codec.pack(Parcel(label, box, own.sign(_statement(label, box))))


def read_parcel(data: bytes) -> tuple[Parcel, Label]:
    """A parcel and what stands on it; Damaged when it is none. Its signature is not looked at."""
    if len(data) > MAX_PARCEL:
        raise Damaged(ALTERED)
    parcel = codec.unpack(data, Parcel)
    label = codec.unpack(parcel.label, Label)
    numbers = 0 < label.first <= label.last < 2**32 and 0 <= label.read < 2**63
    if not numbers or {len(label.author), len(label.scope), len(label.log)} != {8} or len(label.before) != 32:
        raise Damaged(ALTERED)
    return parcel, label


def is_signed(parcel: Parcel, public: bytes) -> bool:
    """Whether the holder of a key made this parcel."""
    return verifies(public, _statement(parcel.label, parcel.box), parcel.signature)


def opened_batch(data: bytes, key_of: KeyOf, authority: SigningKey | None = None) -> Batch | None:
    """The batch in a parcel; None for whoever does not hold its key. Damaged when the box holds something else than the label says."""
    parcel, label = read_parcel(data)
    if label.sealer == TO_AUTHORITY:
        inside = authority.unseal(parcel.box) if authority is not None else None
    else:
        key = key_of(label.sealer)
        inside = key.unseal(parcel.box, parcel.label) if key is not None else None
    if inside is None:
        return None
    batch: Batch = codec.unpack(codec.unsqueeze(inside, codec.MAX_BATCH), Batch)
    read = handed(batch)
    said = Label(batch.key, scope_name(batch.scope), read.log, batch.first, read.rows[-1].n, batch.before, read.end, label.sealer,
                 label.read)
    if said != label:
        raise Damaged(ALTERED)
    return batch


def sealed_page(page: Page, key: ScopeKey, authority: SigningKey | None = None) -> bytes:
    """A signed page as it is carried to those who hold its scope's key. The `authority` that seals it itself signs whom it decides, too."""
    names = [log_id(proof.key, page.scope, proof.nonce) for proof in page.logs]
    chain = extend(page.before, rows_on(page))
    made = Place(scope_name(page.scope), page.epoch, page.first, page.last, page.before, chain, page.signature, key.name,
                 _runs((names[entry.log], entry.n) for entry in page.entries))
    place = codec.pack(made if authority is None else msgspec.structs.replace(made, vouched=authority.sign(_deciding(made))))
    return codec.pack(SealedPage(place, key.seal(codec.squeeze(codec.pack(page)), place)))


def read_page(data: bytes, known: Known, authority: bytes) -> Place:
    """What stands on a sealed page; Damaged unless the authority signed that its ledger ends so there, and a key is named that it made.

    Whom it decides is left out where the authority did not sign that: else a liar could have a carrier let go of what it still has to bring.
    """
    place = place_of(data)
    if len(data) > (MAX_PAGE if place.first else MAX_SNAPSHOT):
        raise Damaged(ALTERED)
    scope = known.scopes.get(place.scope)
    if scope is None or place.sealer not in known.keys or not 0 <= place.first <= place.last or not verifies(
            authority, head_statement(scope, place.epoch, place.last, place.chain), place.signature):
        raise Damaged(ALTERED)
    vouched = place.decided and verifies(authority, _deciding(place), place.vouched)
    return place if vouched else msgspec.structs.replace(place, decided=[])


def place_of(data: bytes) -> Place:
    """What stands on a sealed page that was looked at."""
    found: Place = codec.unpack(codec.unpack(data, SealedPage).place, Place)
    return found


def sealed_snapshot(file: bytes, place: tuple[str, bytes, int, bytes, bytes], key: ScopeKey) -> bytes:
    """A snapshot as it is carried to those who hold its scope's key: a page that begins at 0. `place` is scope, epoch, number, chain, signature."""
    scope, epoch, number, chain, signature = place
    on = codec.pack(Place(scope_name(scope), epoch, 0, number, b"", chain, signature, key.name, []))
    return codec.pack(SealedPage(on, key.seal(file, on)))


def opened_snapshot(data: bytes, key_of: KeyOf) -> bytes | None:
    """The snapshot inside; None for whoever does not hold its key. Whether it is what was signed is seen when it is loaded."""
    found = codec.unpack(data, SealedPage)
    key = key_of(place_of(data).sealer)
    return None if key is None else key.unseal(found.box, found.place)


def opened_page(data: bytes, key_of: KeyOf) -> Page | None:
    """The page inside; None for whoever does not hold its key. Whether it is what was signed is seen when it is taken."""
    found = codec.unpack(data, SealedPage)
    key = key_of(place_of(data).sealer)
    if key is None:
        return None
    page: Page = codec.unpack(codec.unsqueeze(key.unseal(found.box, found.place), codec.MAX_MESSAGE), Page)
    return page


def _runs(decided: Iterable[tuple[bytes, int]]) -> list[tuple[bytes, int, int]]:
    """Runs of numbers that follow each other, by log."""
    found: list[tuple[bytes, int, int]] = []
    for log, n in sorted(decided):
        if found and found[-1][0] == log and n <= found[-1][2] + 1:
            found[-1] = log, found[-1][1], n
        else:
            found.append((log, n, n))
    return found


def _deciding(place: Place) -> bytes:
    return codec.pack(["dalil decided", place.scope, place.epoch, place.first, place.last, place.chain, place.decided])


def _statement(label: bytes, box: bytes) -> bytes:
    return codec.pack(["dalil parcel", label, codec.digest(box)])
