"""What people do: open a form, save it later, create, delete, settle, cancel, send again; each with what they really saw."""

from __future__ import annotations

from random import Random
from typing import Any
from zlib import crc32

from sync.errors import NotFound
from tests.simulation import kinds as shared
from tests.simulation.memory import CREATE, DELETE, EDIT, RESTORE, Typed
from tests.simulation.picture import same
from tests.simulation.replica import OpenCard, OpenForm, Replica
from tests.simulation.world import World


def some_record(world: World, replica: Replica, chance: Random) -> tuple[str, str, str] | None:
    """A record, mostly one of the last; only of a kind that this program knows."""
    known = [one for one in world.records if one[0] in shared.kinds_of(replica.version)]
    return known[-1 - min(int(chance.expovariate(0.4)), len(known) - 1)] if known else None


def open_form(world: World, replica: Replica, chance: Random) -> str:
    """Somebody looks at a record; what they see is held against what the design promises."""
    chosen = some_record(world, replica, chance)
    if chosen is None:
        return "nothing to open"
    form = looked_at(world, replica, chosen, by_token=chance.random() < 0.3)
    if form is None:
        return "not there"
    replica.forms = [*replica.forms[-5:], form]
    return f"{form.record[-4:]} {sorted(form.parts.items())}"


def _waits_twice(world: World, replica: Replica, record: str) -> bool:
    """Whether a save of a record waits here under another number than another disk handed it in: it is two from there on."""
    reader = replica.reader()
    return any(one.state == "waiting" and label in world.memory.moved and world.memory.typed[label].record == record and reader.is_accepted(label)
               for label, one in replica.outbox().items() if label in world.memory.typed)


def looked_at(world: World, replica: Replica, chosen: tuple[str, str, str], *, by_token: bool = False) -> OpenForm | None:
    """A record as displayed now, or None where there is none."""
    kind, record, scope = chosen
    replica.ws.notice()
    reader = replica.reader()
    upto = {scope: number for scope, (_, number) in reader.books.items()}
    if record in world.memory.headless(upto):
        return None
    judged = record not in world.memory.unjudged(upto)
    picture = reader.picture(record)
    try:
        form = replica.ws.form(kind, record)
    except NotFound:
        if judged and picture.present and not picture.gone and not _waits_twice(world, replica, record):
            world.wrong(f"{replica.name} does not show {kind} {record[-4:]}, which nobody who saw all of it deleted")
        return None
    if not picture.present or picture.gone:
        if judged and not _waits_twice(world, replica, record):
            world.wrong(f"{replica.name} shows {kind} {record[-4:]}, which {'was deleted' if picture.present else 'is not known here'}")
        return None
    saw = {}
    for path in {*picture.live, *form.parts}:
        value = form.parts.get(path)
        allowed = reader.shown(picture, replica.version, path)
        if judged and not any(same(value, one) for one in allowed):
            world.wrong(f"{replica.name} shows {value!r} in {path} of {record[-4:]}; promised is {allowed!r}")
        saw[path] = reader.seen(picture, replica.version, path, value)
    return OpenForm(kind, record, scope, form.token if by_token else form, dict(form.parts), saw)


def save_form(world: World, replica: Replica, chance: Random) -> str:
    """A form that was opened a while ago is saved."""
    if not replica.forms:
        return open_form(world, replica, chance)
    form = replica.forms.pop(chance.randrange(len(replica.forms)))
    return saved(world, replica, chance, form)


def quick_edit(world: World, replica: Replica, chance: Random) -> str:
    """A record is opened and saved at once, with the form or without naming it."""
    chosen = some_record(world, replica, chance)
    form = looked_at(world, replica, chosen) if chosen else None
    if form is None:
        return "not there"
    if chance.random() < 0.5:
        form.given = None
    return saved(world, replica, chance, form)


def saved(world: World, replica: Replica, chance: Random, form: OpenForm) -> str:
    """Save a form, part by part or as whole values."""
    paths = world.typing.paths(chance, form.kind, replica.version)
    parts = {path: world.typing.value(chance, form.kind, path) for path in paths}
    if chance.random() < 0.25 and not isinstance(form.given, str):
        fields = {shared.part_of(form.kind, replica.version, path).field for path in parts}
        wanted = {field: shared.whole(form.kind, _after(form, parts, field)).get(field) for field in fields}
        if not any(value is None and (form.kind, field) in shared.REQUIRED for field, value in wanted.items()):
            return _saved_whole(world, replica, form, wanted, parts)
    planned = _edit(form, parts)
    outcome = world.attempt(replica, [planned], lambda: replica.ws.write(form.kind, form.record, parts, form.given))
    return f"{form.record[-4:]} {parts} -> {outcome}"


def _saved_whole(world: World, replica: Replica, form: OpenForm, wanted: dict[str, Any], parts: dict[str, Any]) -> str:
    """Give fields whole values: only what differs from what was displayed is written."""
    expected = {}
    for field in wanted:
        own = {path: one for path, one in form.parts.items() if shared.part_of(form.kind, replica.version, path).field == field}
        after = {path: one for path, one in _after(form, parts, field).items() if one is not None and one is not False}
        expected |= {path: one for path, one in after.items() if not same(own.get(path), one)}
        expected |= {path: False if field in shared.SETS else None for path in own if path not in after}
    planned = [_edit(form, expected)] if expected else []
    outcome = world.attempt(replica, planned, lambda: replica.ws.edit(form.kind, form.record, wanted, form.given))
    return f"{form.record[-4:]} whole {wanted} -> {outcome}"


def _after(form: OpenForm, parts: dict[str, Any], field: str) -> dict[str, Any]:
    """The parts of one field as the form holds them once typed into."""
    both = {**form.parts, **parts}
    return {path: value for path, value in both.items()
            if path.replace("#", ".").split(".")[0] == field and value is not None and value is not False}


def _edit(form: OpenForm, parts: dict[str, Any]) -> Typed:
    return Typed(0, EDIT, form.kind, form.record, form.scope, dict(parts), {path: form.saw.get(path, frozenset()) for path in parts})


def create(world: World, replica: Replica, chance: Random) -> str:
    """A new record; now and then the one that somebody else imports too."""
    kind = chance.choice(shared.kinds_of(replica.version))
    scope = "public" if kind == "house" or (kind == "door" and chance.random() < 0.3) else members(replica, kind, chance)
    parts = world.typing.new(chance, kind, replica.version)
    id = None
    if chance.random() < 0.1:
        number = chance.randint(1, 3)
        id = f"00000000-0000-7000-8000-{crc(kind, scope, number):012x}"
        if chance.random() < 0.5:
            parts = {shared.title(kind): f"imported {number}"}
    planned = Typed(0, CREATE, kind, id or "", scope, parts)

    def call() -> Any:
        made = replica.ws.create(kind, parts, scope, id)
        planned.record = made.id
        return made

    outcome = world.attempt(replica, [planned], call)
    return f"{kind} {planned.record[-4:]} {parts} -> {outcome}"


def crc(kind: str, scope: str, number: int) -> int:
    """A number for an imported record."""
    return {"house": 1, "door": 2, "tree": 3, "memo": 4}[kind] * 100 + (scope == "public") * 10 + number + (crc32(scope.encode()) << 10) * (kind == "memo")


def members(replica: Replica, kind: str, chance: Random) -> str:
    """Where somebody writes what is not for everybody."""
    return chance.choice(replica.scopes) if kind == "memo" else "network"


def together(world: World, replica: Replica, chance: Random) -> str:
    """Several saves in one: all or nothing."""
    chosen = some_record(world, replica, chance)
    form = looked_at(world, replica, chosen) if chosen else None
    if form is None:
        return "not there"
    paths = world.typing.paths(chance, form.kind, replica.version)
    first = {paths[0]: world.typing.value(chance, form.kind, paths[0])}
    kind = chance.choice(shared.kinds_of(replica.version))
    scope = "public" if kind == "house" else members(replica, kind, chance)
    parts = world.typing.new(chance, kind, replica.version)
    planned = [_edit(form, first), Typed(0, CREATE, kind, "", scope, parts)]

    def call() -> list[Any]:
        with replica.ws.together():
            made = [replica.ws.write(form.kind, form.record, first, form.given), replica.ws.create(kind, parts, scope)]
        planned[1].record = made[1].id
        return made

    return f"{form.record[-4:]} {first} and {kind} {parts} -> {world.attempt(replica, planned, call)}"


def delete(world: World, replica: Replica, chance: Random) -> str:
    """A record is deleted by somebody who sees all of it."""
    chosen = some_record(world, replica, chance)
    return deleted(world, replica, chosen) if chosen else "nothing"


def deleted(world: World, replica: Replica, chosen: tuple[str, str, str]) -> str:
    """Delete, having seen every live value."""
    kind, record, scope = chosen
    replica.ws.notice()
    reader = replica.reader()
    picture = reader.picture(record)
    planned = Typed(0, DELETE, kind, record, scope, {}, {path: reader.all_seen(picture, path) for path in picture.live})
    outcome = world.attempt(replica, [planned], lambda: replica.ws.delete(kind, record))
    if outcome == "not_found" and picture.present and not picture.gone and record not in world.memory.headless():
        world.wrong(f"{replica.name} cannot delete {record[-4:]}, which is there")
    return f"{record[-4:]} -> {outcome}"


def restore(world: World, replica: Replica, chance: Random) -> str:
    """A deletion is undone."""
    gone = [one for one in world.records if one[0] in shared.kinds_of(replica.version) and replica.reader().picture(one[1]).deletions]
    return restored(world, replica, chance.choice(gone)) if gone else "nothing"


def restored(world: World, replica: Replica, chosen: tuple[str, str, str]) -> str:
    """Undo the deletions that are seen here."""
    kind, record, scope = chosen
    replica.ws.notice()
    picture = replica.reader().picture(record)
    planned = [Typed(0, RESTORE, kind, record, scope, undoes=frozenset(picture.deletions))] if picture.deletions else []
    return f"{record[-4:]} -> {world.attempt(replica, planned, lambda: replica.ws.restore(kind, record))}"


def open_card(world: World, replica: Replica, chance: Random) -> str:
    """Somebody looks at the conflicts; one card stays on the screen."""
    replica.ws.notice()
    reader = replica.reader()
    scopes = {id: scope for _, id, scope in world.records}
    cards = replica.ws.conflicts()
    if not cards:
        return "no conflict"
    given = chance.choice(sorted(cards, key=lambda one: (one.id, one.field)))
    picture = reader.picture(given.id)
    card = OpenCard(given.kind, given.id, scopes[given.id], given.field, given, [one.value for one in given.values], reader.all_seen(picture, given.field))
    replica.cards = [*replica.cards[-2:], card]
    return f"{given.id[-4:]} {given.field} {card.values}"


def settle(world: World, replica: Replica, chance: Random) -> str:
    """A conflict is settled as soon as it was looked at, or from a card that has been on the screen for a while."""
    if not replica.cards or chance.random() < 0.6:
        opened = open_card(world, replica, chance)
        if opened == "no conflict":
            return opened
        if chance.random() < 0.3:
            return f"looks at {opened}"
    card = replica.cards.pop()
    keep = chance.randint(1, len(card.values)) if card.path == "_life" or chance.random() < 0.7 else None
    value = None if keep else world.typing.value(chance, card.kind, card.path)
    chosen = card.values[keep - 1] if keep else value
    if card.path == "_life":
        where = (card.kind, card.record, card.scope)
        return restored(world, replica, where) if chosen == "kept" else deleted(world, replica, where)
    if chosen is None and (card.kind, card.path) in shared.REQUIRED:
        return "cannot be empty"
    planned = Typed(0, EDIT, card.kind, card.record, card.scope, {card.path: chosen}, {card.path: card.saw})
    outcome = world.attempt(replica, [planned], lambda: replica.ws.settle(card.record, card.path, keep=keep, value=value, card=card.given))
    return f"{card.record[-4:]} {card.path} {chosen!r} -> {outcome}"


def cancel(world: World, replica: Replica, chance: Random) -> str:
    """A save is taken back before it leaves, or a refused one is given up."""
    held = replica.outbox()
    mine = [label for label in sorted(held) if label in replica.holding.kept and held[label].state != "accepted"]
    if not mine:
        return "nothing to cancel"
    label = mine[-1 - min(int(chance.expovariate(0.3)), len(mine) - 1)]
    before = held[label]
    one = world.memory.typed[label]
    reader = replica.reader()
    creations = [each for each in world.memory.of_record[one.record] if world.memory.typed[each].operation == CREATE]
    alone = [label] == [each for each in creations if reader.is_here(each) or each == label]
    replica.issued.clear()
    outcome = world.attempt(replica, [], lambda: [replica.ws.cancel(before.dot.hex())][:0])
    left = replica.outbox()
    gone = {each for each in replica.holding.kept if each not in left}
    with_it = {each for each in mine if each > label and world.memory.typed[each].record == one.record} if alone else set()
    if gone and not {label} <= gone <= {label, *with_it}:
        world.wrong(f"{replica.name} cancelled {label}, and {sorted(gone)} went")
    if outcome == "nothing" and not gone:
        world.wrong(f"{replica.name} cancelled {label}, and it stayed")
    replica.holding.kept -= gone
    replica.holding.given_up |= gone
    return f"{label} {before.state} -> {outcome} {sorted(gone)}"


def resend(world: World, replica: Replica, chance: Random) -> str:
    """What was refused is sent again, as it was or otherwise, by somebody who looks at the record."""
    held = replica.outbox()
    refused = [label for label in sorted(held) if held[label].state == "refused" and label in replica.holding.kept]
    if not refused:
        return "nothing was refused"
    label = chance.choice(refused)
    old = world.memory.typed[label]
    replica.ws.notice()
    reader = replica.reader()
    picture = reader.picture(old.record)
    kind, scope = old.kind, old.scope
    values: dict[str, Any] = {}
    if old.operation == CREATE:
        planned = [Typed(0, CREATE, kind, "", scope, dict(old.writes))]
    elif old.operation == DELETE:
        planned = [Typed(0, DELETE, kind, old.record, scope, {}, {path: reader.all_seen(picture, path) for path in picture.live})]
    elif old.operation == RESTORE:
        planned = [Typed(0, RESTORE, kind, old.record, scope, undoes=frozenset(picture.deletions))] if picture.deletions else []
    else:
        form = looked_at(world, replica, (kind, old.record, scope))
        if form is None:
            return "not there"
        if chance.random() < 0.5:
            values = {path: world.typing.value(chance, kind, path) for path in old.writes}
        planned = [_edit(form, {**old.writes, **values})]

    def call() -> Any:
        made = replica.ws.resend(held[label].dot.hex(), values)
        if planned:
            planned[0].record = made.id
        return made

    outcome = world.attempt(replica, planned, call)
    if label not in replica.outbox():
        replica.holding.kept.discard(label)
        replica.holding.given_up.add(label)
    elif planned and planned[0].label:
        world.wrong(f"{replica.name} sent {label} again, and it is still refused")
    return f"{label} -> {outcome}"


def draft(world: World, replica: Replica, chance: Random) -> str:
    """What is being typed is kept, or thrown away; the drafts on the disk are those that were acknowledged."""
    drafts = replica.holding.drafts
    kind, id = chance.choice((("house", ""), ("door", ""), *((kind, id) for kind, id, _ in world.records[-2:])))
    parts = {"name.fr": world.typing.word(chance)} if chance.random() < 0.7 else None
    found = replica.ws.draft(kind, id)
    if found != drafts.get((kind, id)):
        world.wrong(f"{replica.name} has the draft {found}, kept was {drafts.get((kind, id))}")
    outcome = world.attempt(replica, [], lambda: [
        replica.ws.keep_draft(kind, id, parts) if parts else replica.ws.drop_draft(kind, id)][:0])
    now = replica.ws.draft(kind, id)
    if now not in (found, parts) or (outcome == "nothing" and now != parts):
        world.wrong(f"{replica.name} typed the draft {parts} over {found}, and {now} is there ({outcome})")
    drafts.pop((kind, id), None)
    if now is not None:
        drafts[kind, id] = now
    return f"{kind} {id[-4:]} {parts} -> {outcome}"

