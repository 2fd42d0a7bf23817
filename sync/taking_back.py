"""Taking a saved change out of its log before it leaves; knows no kind, no screen and no network."""

from __future__ import annotations

from sync.change import Change, Operation, Write
from sync.merge import LIFE
from sync.vault import Pending, Vault

Gone = dict[bytes, dict[str, list[bytes]]]  # by dot and part, the dots that stand in its place


def bound_to(vault: Vault, one: Pending) -> list[Pending]:
    """What goes with a change that is taken back, or gets another place, and the change itself."""
    first = first_of_logs([one, *(vault.of_record(one.record) if one.change.operation == Operation.CREATE else [])])
    return [each for log, n in first.items() for each in vault.waiting(log=log) if each.n >= n]


def first_of_logs(changes: list[Pending]) -> dict[bytes, int]:
    """The first number of each log among changes."""
    first: dict[bytes, int] = {}
    for one in changes:
        first[one.log] = min(one.n, first.get(one.log, one.n))
    return first


def take_back(vault: Vault, one: Pending) -> set[tuple[str, str, str]]:
    """Take a change that never left out of its log, inside the caller's transaction; answers the (kind, id, scope) that read otherwise.

    The later changes of the log move up and get other dots. Whoever saw the
    old ones, in a later change or on a form that is still open, has seen what
    stands in their place. The change itself stays named in those that replaced
    it: another copy of this folder may hand it in. What was saved of a record
    that this change created goes with it, in whichever log it stands.
    """
    gone: Gone = {one.dot: {LIFE: [one.dot], **{write.path: [one.dot, *write.seen] for write in one.change.writes}}}
    pairs = {(one.kind, one.record, one.scope)}
    for later in vault.rewind(one):
        if later.record == one.record and one.change.operation == Operation.CREATE:
            continue
        writes = [Write(write.path, write.value, _without(write.seen, write.path, gone)) for write in later.change.writes]
        again = vault.append(later.scope, Change(later.change.record, later.kind, later.change.operation, later.change.time, writes))
        gone[later.dot] = {LIFE: [again.dot], **{write.path: [again.dot, *write.seen] for write in writes}}
        pairs.add((later.kind, later.record, later.scope))
    vault.move(gone)
    while one.change.operation == Operation.CREATE and (rest := vault.of_record(one.record)):
        pairs |= take_back(vault, rest[0])  # in a later log: the one of the creation ended when a copy of this folder went on with it
    return pairs


def _without(seen: list[bytes], path: str, gone: Gone) -> list[bytes]:
    """What was seen, now that some changes of the log were taken back or got another place."""
    found: dict[bytes, None] = {}
    for dot in seen:
        found.update(dict.fromkeys(gone[dot].get(path, []) if dot in gone else [dot]))
    return list(found)
