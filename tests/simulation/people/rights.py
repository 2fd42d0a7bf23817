"""What must hold where many share PCs and roads: nobody has what they may not read, each work stands under its author, verdicts come by any road."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.errors import Damaged
from sync.keyring import Keyring
from sync.relay.holding import PARCEL, SEALED
from sync.relay.parcels import place_of, read_parcel
from sync.vault import HEARD
from tests.simulation import promises
from tests.simulation.people.pc import Someone
from tests.simulation.picture import Reader

if TYPE_CHECKING:
    from tests.simulation.people.society import Society


def look(here: Society, one: Someone) -> None:
    """At what stands on a PC now: every parcel was made by its author, and this person's file holds rows of no scope that is not theirs."""
    for name, in one.ws.public.rows("SELECT name FROM parcel"):
        if bytes(name) not in one.pc.looked:
            one.pc.looked.add(bytes(name))
            if bytes(name) not in here.parcels:
                here.wrong(f"{one.pc.folder.name} keeps a parcel that its author never made")
    theirs = set(here.readable(one))
    for store, own in ((one.ws.public, {"control", "public"}), (one.ws.private, theirs)):
        found = {scope for scope, in store.rows("SELECT scope FROM ledger WHERE number > 0 UNION SELECT DISTINCT scope FROM entry")}
        for table in () if store is one.ws.private and one.guest else ("house", "door", "tree", "memo"):
            found |= {scope for scope, in store.rows(f"SELECT DISTINCT scope FROM {table}")}
        if found - own:
            here.wrong(f"{one.name} holds {sorted(found - own)}, which is not theirs to read")
    told = {scope for scope, in one.ws.private.rows("SELECT DISTINCT scope FROM pending WHERE state = ?", (HEARD,))} if not one.guest else set()
    if told - theirs:
        here.wrong(f"{one.name} is shown what waits in {sorted(told - theirs)}, which is not theirs to read")


def heard_at_home(here: Society, host: Someone, one: Someone) -> None:
    """At unlocking somebody has what a sync of another on this PC brought: verdicts with their reasons, and the same records as the server."""
    one.enter()
    kept_for = {scope for (key, scope) in one.box.readers() if key == one.key} & set(here.scopes_of(one))
    _heard(here, one, {"public", *kept_for}, f"{host.name} has synced for all")


def heard_abroad(here: Society, hosts: list[Someone], one: Someone) -> None:
    """Whoever met people that synced has what these may read, if it is theirs too."""
    one.enter()
    shared = {scope for host in hosts for scope in here.scopes_of(host)}
    _heard(here, one, shared & set(here.scopes_of(one)), f"they met {' '.join(host.name for host in hosts)}, who synced")


def _heard(here: Society, one: Someone, scopes: set[str], why: str) -> None:
    one.ws.notice()
    one.hear()
    state = {label: held.state for label, held in one.outbox().items()}
    waits = sorted(label for label in one.holding.kept & state.keys()
                   if here.memory.typed[label].scope in scopes and state[label] not in ("accepted", "refused"))
    if waits and not one.revoked:  # what a withdrawn device saved is carried by nobody who has heard
        here.wrong(f"{one.name} has no verdict on {waits}, and {why}")
    mine, server = one.ws.digest(), here.server.digest()
    begun = {scope for scope, in here.server.store.rows("SELECT scope FROM ledger WHERE number > 0")}
    behind = sorted(scope for scope in scopes & begun if mine.get(scope) != server[scope])
    if behind:
        here.wrong(f"{one.name} has another digest of {behind} than the server, and {why}")


def check(here: Society, received: set[int]) -> None:
    """Every promise of the other plan, to each in the scopes that they read; then those of many."""
    promises.check(here, received)
    boxes = set(here.carried)
    for pc in here.pcs:
        pc.people[0].enter()
        store = pc.people[0].ws.public
        boxes |= {(SEALED, bytes(data)) for data, in store.rows("SELECT data FROM sealed_page")}
        boxes |= {(PARCEL, bytes(data)) for data, in store.rows("SELECT data FROM parcel WHERE length(data) > 0")}
    for one in here.replicas:
        one.enter()
        look(here, one)
        if one.guest:
            books = {scope: (book, book.number if scope == "public" else 0) for scope, book in here.memory.books.items()}
            promises._screen(here, one, Reader(here.memory, books))
            continue
        _opens(here, one, boxes)
        for label in sorted(one.holding.given_up):
            if label in here.memory.books[here.memory.typed[label].scope].accepted:
                here.wrong(f"{one.name} took {label} back, and it was accepted")


def _opens(here: Society, one: Someone, boxes: set[tuple[str, bytes]]) -> None:
    """With every key that somebody holds they open only what is theirs to read, and of what came after they were withdrawn nothing."""
    ring = Keyring(one.ws.public, one.ws.vault.key(), here.server.key.public)
    theirs = set(here.readable(one))
    for kind, data in sorted(boxes):
        try:
            sealer, last = (read_parcel(data)[1].sealer, 0) if kind == PARCEL else (place_of(data).sealer, place_of(data).last)
        except Damaged:
            continue
        key = ring.of_name(sealer)
        if key is not None and key.scope not in theirs:
            here.wrong(f"{one.name} opens a {kind} of {key.scope}, which is not theirs to read")
        elif key is not None and last > here.parted_at.get(one.key, {}).get(key.scope, last):
            here.wrong(f"{one.name} was withdrawn from {key.scope}, and opens what was decided there after that, up to {last}")
