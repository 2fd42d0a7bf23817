"""The two roads beside the server: what PCs give each other, late, twice, out of order, altered and forged; and a last round that must reach all."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sync import codec
from sync import roads as ways
from sync.change import Change
from sync.errors import Damaged
from sync.handed import handed
from sync.keyring import Keyring
from sync.relay.holding import PARCEL, SEALED, Have, Holding, Item
from sync.relay.parcels import Parcel, opened_batch, read_parcel
from tests.simulation.people import rights
from tests.simulation.people.pc import Someone

if TYPE_CHECKING:
    from tests.simulation.people.society import Society


def have(here: Society, one: Someone) -> Have:
    """What somebody's session says that it has, once it has noted how far this person is."""
    holding = Holding(one.ws, here.server.key.public)
    holding.seal()
    return holding.have()


def given(here: Society, one: Someone, to: Have | None) -> list[Item]:
    """What somebody's session gives, once what waits is sealed."""
    holding = Holding(one.ws, here.server.key.public)
    holding.seal()
    found = list(holding.give(to))
    here.carried |= {(item.kind, item.data) for item in found if item.kind in (SEALED, PARCEL)}
    return found


def taken(here: Society, one: Someone, items: list[Item], road: str) -> str:
    """Take what came, and look at what stands on this PC after it."""
    found = Holding(one.ws, here.server.key.public, road).take(items)
    one.hear()
    rights.look(here, one)
    return f"received {found.received} sealed {found.sealed} parcels {found.parcels} known {found.known} aside {len(found.set_aside)}"


def meet(here: Society, one: Someone, other: Someone) -> str:
    """Two PCs on a good local network give each other what each lacks."""
    there = taken(here, other, given(here, one, have(here, other)), ways.LAN)
    return f"{there} / {taken(here, one, given(here, other, have(here, one)), ways.LAN)}"


def on_the_way(here: Society, items: list[Item], chance: Random) -> list[Item]:
    """What becomes of items on a bad road: lost, doubled, in another order, altered, forged."""
    found: list[Item] = []
    for item in items:
        if chance.random() < here.losing:
            found += [item, item] if chance.random() < 0.5 else []
            continue
        if chance.random() < here.hostile:
            found.append(_altered(here, item, chance))
            if chance.random() < 0.5:
                continue
        found.append(item)
    if chance.random() < here.losing:
        chance.shuffle(found)
    return found


def _altered(here: Society, item: Item, chance: Random) -> Item:
    """A parcel that a member forged, or an item with a bit the other way round."""
    forger = chance.choice(here.replicas)
    if item.kind == PARCEL and forger.ws is not None and not forger.guest and not is_by(item.data, forger) and chance.random() < 0.7:
        return Item(PARCEL, _forged(item.data, forger, here.server.key.public))
    data = bytearray(item.data)
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return Item(item.kind, bytes(data))


def is_by(data: bytes, one: Someone) -> bool:
    """Whether a parcel says that it is somebody's, as far as it can be read."""
    try:
        return read_parcel(data)[1].author == one.key
    except Damaged:
        return False


def _forged(data: bytes, forger: Someone, authority: bytes) -> bytes:
    """What a member can make of another's parcel: other words in it where they hold its key, and in any case a signature that is their own."""
    own = forger.ws.vault.key()
    ring = Keyring(forger.ws.public, own, authority)
    try:
        parcel, label = read_parcel(data)
        batch = opened_batch(data, ring.of_name)
    except Damaged:  # it was altered before
        return data
    key = ring.of_name(label.sealer)
    written, box = parcel.label, parcel.box
    if batch is not None and key is not None:
        change = codec.unpack(batch.bodies[-1], Change)
        batch = replace(batch, bodies=[*batch.bodies[:-1], codec.pack(replace(change, writes=change.writes[:-1]))])
        read = handed(batch)
        written = codec.pack(replace(label, end=read.end))
        box = key.seal(codec.squeeze(codec.pack(batch)), written)
    return codec.pack(Parcel(written, box, own.sign(codec.pack(["dalil parcel", written, codec.digest(box)]))))


def go_round(here: Society) -> None:
    """One PC alone reaches the server: the others bring it what they have, one sync hands all of it in, and verdicts and pages come back."""
    hubs = [pc for pc in here.pcs if any(not one.revoked and not one.guest for one in pc.people)]
    if not hubs:
        return
    hub = here.chance.choice(hubs)
    hosts = [one for one in hub.people if not one.revoked and not one.guest]
    here.chance.shuffle(hosts)
    visitors = [one for pc in here.pcs if pc is not hub for one in pc.people if not one.guest]
    hosts[0].enter()
    here.note(f"{hosts[0].name} hears who is who: {here.exchange(hosts[0], here.chance, [])}")  # else it takes no work of strangers
    for one in visitors:
        one.enter()
        hosts[0].enter()
        here.note(f"{one.name} brings {hosts[0].name}: {meet(here, one, hosts[0])}")
    for one in hub.people:  # whoever was there before seals what they saved
        one.enter()
    hosts[0].enter()
    here.note(f"{hosts[0].name} syncs for all: {here.exchange(hosts[0], here.chance, [])}")
    for one in hosts[1:]:
        rights.heard_at_home(here, hosts[0], one)
    for host in hosts[1:]:
        host.enter()
        here.note(f"{host.name} syncs: {here.exchange(host, here.chance, [])}")
    for one in visitors:
        for host in hosts:
            one.enter()
            host.enter()
            here.note(f"{host.name} gives {one.name}: {meet(here, host, one)}")
        rights.heard_abroad(here, hosts, one)
