"""What must hold once everything is delivered: the promises of the design, held against the oracle's own record; knows no merge."""

from __future__ import annotations

import json
from typing import Any

from sync.verify import problems_of
from tests.simulation import kinds as shared
from tests.simulation.memory import CREATE, EDIT, Typed
from tests.simulation.picture import Reader, same
from tests.simulation.replica import Replica
from tests.simulation.world import World


def check(world: World, received: set[int]) -> None:
    """Every promise, on the server and on each replica. `received` are the saves that some replica had received as accepted before healing."""
    books = {scope: (book, book.number) for scope, book in world.memory.books.items()}
    for label in received:
        if label not in books[world.memory.typed[label].scope][0].accepted:
            world.wrong(f"{label} was accepted, a replica holds it, and it is lost")
    digest = world.server.digest()
    for text in problems_of(world.server.store, shared.STRICT[world.server.version], tuple(digest), world.server.key.public, world.server.store):
        world.wrong(f"the server's verify says {text}")
    whole: set[tuple[str, ...]] = set()
    for replica in world.replicas:
        replica.enter()
        scopes = [scope for scope in world.scopes_of(replica) if scope in digest]
        found = replica.ws.digest()
        if any(found.get(scope) != digest[scope] for scope in scopes):
            world.wrong(f"{replica.name} has another digest than the server")
        if world.seed % 4 == 0 or replica is world.replicas[world.seed % len(world.replicas)]:  # a quarter of the time goes here
            for text in replica.ws.verify():
                world.wrong(f"{replica.name}: verify says {text}")
        read = {scope: (book, number if scope in scopes else 0) for scope, (book, number) in books.items()}
        mine = Reader(world.memory, read, replica.holding)
        if not replica.guest:
            _saves(world, replica, mine, scopes)
        if replica.guest or not world.hears_all(replica):
            continue
        if tuple(scopes) not in whole:
            whole.add(tuple(scopes))
            lines = {line["id"]: line for line in map(json.loads, replica.ws.export_lines()) if line["scope"] != "control"}
            _confirmed(world, Reader(world.memory, read), lines)
        _screen(world, replica, mine)
        _conflicts(world, replica, mine)
        _facts(world, replica, mine)


def _saves(world: World, replica: Replica, reader: Reader, scopes: list[str]) -> None:
    """Each acknowledged save was accepted, or refused with a reason its author reads, with what was typed; nothing else is in the outbox."""
    items = {item.time % 100_000: item for item in replica.ws.outbox()}
    for label in sorted(replica.holding.kept - world.memory.collisions):
        one = world.memory.typed[label]
        book = reader.books[one.scope][0]
        item = items.pop(label, None)
        name = f"{replica.name}'s {label} ({one.operation} {one.kind} {one.record[-4:]})"
        if item is None:
            world.wrong(f"{name} is gone from the outbox")
        elif bytes.fromhex(item.change) in book.dots if world.memory.is_parted(label) else label in book.accepted:
            if item.state != "accepted" and one.scope in scopes:
                world.wrong(f"{name} was accepted, and the outbox says {item.state}")
        elif one.scope not in scopes and item.state == "accepted":
            continue  # its copy of what it reads no more stays as it was, whatever the server lost since
        elif one.scope not in scopes and one.scope not in world.server.heads():
            continue  # nobody who reads there ever began it: each sync sets it aside with a sentence
        elif not reader.is_refused(label) and not world.memory.is_parted(label):
            world.wrong(f"{name} has no verdict: {item.state}")
        elif item.state != "refused" or item.reason is None or not str(item.reason):
            world.wrong(f"{name} was refused, and its author does not hear why: {item.state} {item.reason}")
        elif one.operation in (CREATE, EDIT) and not all(same(item.fields.get(path), value) for path, value in one.writes.items()):
            world.wrong(f"{name} was refused, and what was typed is lost: {item.fields}")
    for label in items:
        if label not in replica.holding.given_up and label not in world.memory.collisions:
            world.wrong(f"{replica.name} holds {label}, which nobody saved there")


def _confirmed(world: World, reader: Reader, found: dict[str, Any]) -> None:
    """The confirmed records hold exactly the live values, byte for byte, shown first first, known to this program or not."""
    typed: dict[int, Typed] = world.memory.typed
    unjudged = world.memory.unjudged()
    expected = {record for record in unjudged if record in found}
    for record in list(world.memory.of_record):
        if record in unjudged:
            continue
        picture = reader.picture(record)
        if not picture.present:
            continue
        expected.add(record)
        fields = found.get(record, {}).get("fields", {})
        for path in sorted({*fields, *picture.live}):
            live = picture.live.get(path, [])
            wanted = [[reader.books[typed[label].scope][0].accepted[label], typed[label].writes[path]] for label in live]
            real = fields.get(path, [])
            if not same(sorted(wanted, key=str), sorted(real, key=str)):
                world.wrong(f"{path} of {record[-4:]} holds {real}; live is {wanted}")
            elif real and picture.kind in ("house", "door", "tree") and path in picture.shown_first:
                first = reader.books[typed[live[0]].scope][0].accepted[picture.shown_first[path]]
                if real[0][0] != first:
                    world.wrong(f"{path} of {record[-4:]} shows number {real[0][0]}; who saw it never replaced {first}")
    if set(found) != expected:
        world.wrong(f"records are {sorted(one[-4:] for one in set(found) ^ expected)} too many or too few")


def _screen(world: World, replica: Replica, reader: Reader) -> None:
    """Lists show what nobody deleted who saw all of it, with the values promised."""
    unjudged = world.memory.unjudged()
    for kind in shared.kinds_of(replica.version):
        shown = {record.id: record for record in replica.ws.records(kind)}
        for record in list(world.memory.of_record):
            if record in unjudged:
                continue
            picture = reader.picture(record)
            if picture.kind != kind or not picture.present or picture.gone:
                if record in shown and picture.kind in (kind, ""):
                    world.wrong(f"{replica.name} lists {kind} {record[-4:]}, which is not there")
                continue
            if record not in shown:
                world.wrong(f"{replica.name} does not list {kind} {record[-4:]}")
                continue
            parts = {path: reader.shown(picture, replica.version, path)[0] for path in picture.live}
            wanted = shared.whole(kind, {path: value for path, value in sorted(parts.items()) if value is not None})
            real = {field: value for field, value in shown[record].items() if value is not None}
            if not same(wanted, real):
                world.wrong(f"{replica.name} lists {record[-4:]} as {real}; promised is {wanted}")


def _conflicts(world: World, replica: Replica, reader: Reader) -> None:
    """A card for each part whose live values differ, with all of them, and no other card."""
    unjudged = world.memory.unjudged()
    wanted = {(record, path): values for record in list(world.memory.of_record) if record not in unjudged
              for path, values in reader.conflicts(reader.picture(record), replica.version).items()
              if reader.picture(record).kind in shared.kinds_of(replica.version)}
    real = {(card.id, card.field): [value.value for value in card.values] for card in replica.ws.conflicts() if card.id not in unjudged}
    for where in sorted({*wanted, *real}):
        asked = {json.dumps(value, sort_keys=True) for value in real.get(where, [])}
        meant = {json.dumps(value, sort_keys=True) for value in wanted.get(where, [])}
        if asked != meant:
            world.wrong(f"{replica.name} asks about {where[1]} of {where[0][-4:]}: {sorted(asked)}; promised is {sorted(meant)}")


def _facts(world: World, replica: Replica, reader: Reader) -> None:
    """The status says what is so."""
    status = replica.ws.status()
    kept = replica.holding.kept - world.memory.collisions
    refused = sum(1 for label in kept if reader.is_refused(label))
    accepted = any(label in reader.books[world.memory.typed[label].scope][0].accepted for label in kept)
    if world.memory.unjudged():
        return
    if (status.waiting, status.refused) != (0, refused):
        world.wrong(f"{replica.name} says {status.waiting} wait and {status.refused} were refused; it is 0 and {refused}")
    if status.last_received is None or (accepted and status.last_accepted is None):
        world.wrong(f"{replica.name} says it received at {status.last_received} and was accepted at {status.last_accepted}")
    cards = sum(len(reader.conflicts(picture, replica.version)) for record in list(world.memory.of_record)
                if (picture := reader.picture(record)).kind in shared.kinds_of(replica.version))
    if status.conflicts != cards:
        world.wrong(f"{replica.name} says {status.conflicts} conflicts; there are {cards}")
