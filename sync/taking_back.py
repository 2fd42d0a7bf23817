"""Taking a saved change out of its log before it leaves; knows no kind, no screen and no network."""

from __future__ import annotations

from sync.change import Change, Operation, Write
from sync.merge import LIFE, State
from sync.vault import Pending, Vault

Gone = dict[bytes, dict[str, list[bytes]]]  # by dot and part, the dots that stand in its place


def going_along(vault: Vault, one: Pending, confirmed: State | None) -> list[Pending]:
    """What was saved of a record that stands here by this creation alone, which is taken back; `confirmed` is the record as the ledger has it.

    Nothing for other changes. Nothing either when the record is here without
    it: confirmed, or by another creation that waits (the same list was
    imported twice). What was saved before a creation never stood on it.
    """
    if one.change.operation != Operation.CREATE or confirmed is not None:
        return []
    others = [each for each in vault.of_record(one.record) if each.position != one.position]
    if any(each.change.operation == Operation.CREATE for each in others):
        return []
    return [each for each in others if each.position > one.position]


def bound_to(vault: Vault, one: Pending, along: list[Pending]) -> list[Pending]:
    """What goes with a change that is taken back, or gets another place, and the change itself."""
    first = first_of_logs([one, *along])
    return [each for log, n in first.items() for each in vault.waiting(log=log) if each.n >= n]


def first_of_logs(changes: list[Pending]) -> dict[bytes, int]:
    """The first number of each log among changes."""
    first: dict[bytes, int] = {}
    for one in changes:
        first[one.log] = min(one.n, first.get(one.log, one.n))
    return first


def take_back(vault: Vault, one: Pending, along: list[Pending]) -> set[tuple[str, str, str]]:
    """Take a change that never left out of its log, inside the caller's transaction; answers the (kind, id, scope) that read otherwise.

    The later changes of the log move up and get other dots; they stay where
    they are among all that was saved here. Whoever saw the old ones, in a later
    change or on a form that is still open, has seen what stands in their place.
    The change itself stays named in those that replaced it: another copy of
    this folder may hand it in. `along` goes too, in whichever log it stands.
    """
    gone: Gone = {one.dot: {LIFE: [one.dot], **{write.path: [one.dot, *write.seen] for write in one.change.writes}}}
    pairs = {(one.kind, one.record, one.scope)}
    with_it = {each.position for each in along}
    for later in vault.rewind(one):
        if later.position in with_it:
            continue
        writes = [Write(write.path, write.value, _without(write.seen, write.path, gone)) for write in later.change.writes]
        change = Change(later.change.record, later.kind, later.change.operation, later.change.time, writes)
        again = vault.append(later.scope, change, later.position)
        gone[later.dot] = {LIFE: [again.dot], **{write.path: [again.dot, *write.seen] for write in writes}}
        pairs.add((later.kind, later.record, later.scope))
    vault.move(gone)
    while rest := [each for each in vault.of_record(one.record) if each.position in with_it]:
        pairs |= take_back(vault, rest[0], rest[1:])  # in a later log: the one of the creation ended when a copy of this folder went on with it
    return pairs


def _without(seen: list[bytes], path: str, gone: Gone) -> list[bytes]:
    """What was seen, now that some changes of the log were taken back or got another place."""
    found: dict[bytes, None] = {}
    for dot in seen:
        found.update(dict.fromkeys(gone[dot].get(path, []) if dot in gone else [dot]))
    return list(found)
