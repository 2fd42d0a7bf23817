"""Erases a record or a field of it at the authority, with the fact that tells every replica; knows no screen and no HTTP."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from i18n import Text
from sync import codec, forgetting, ledger
from sync.change import Change, Operation, Verdict
from sync.erased import ERASURE, MOST, Fact, belongs, left_of, mark_of
from sync.errors import NotFound, Refused
from sync.forgetting import Forgotten
from sync.scopes import CONTROL, in_order_of_locks
from sync.store import Store
from sync.tables import table_of

if TYPE_CHECKING:
    from sync.authority import Authority


def erase(authority: Authority, kind: str, id: str, path: str = "") -> Forgotten:
    """Erase a record, or one field of it (`phone`, `name.fr`), for everyone; in one transaction, or in the caller's.

    Raises NotFound when there is no such record, field or value, and Refused
    `erased` when it was erased before.
    """
    store, known = authority.store, authority.kinds[kind]
    fields = (_field(authority, kind, path),) if path else ()
    with store.transaction():
        scope = store.value(f"SELECT scope FROM {table_of(known).name} WHERE id = ?", (id,))
        if scope is None:
            if forgetting.was_erased(store, id):
                raise _before()
            raise NotFound(Text("There is no {kind} with the id {id} here.", kind=known.label, id=id[:60]))
        ledger.head(store, scope, "lock")  # nothing is accepted meanwhile
        return _declare(authority, scope, _named(authority, scope, id, fields), fields)


def complete(authority: Authority, scope: str, records: Collection[str | None]) -> None:
    """Erase what else was accepted of records that had been erased whole: their facts were lost, and came back after other changes.

    Nobody who wrote these could know of the erasure; left alone, they would
    make half a record again.
    """
    if not any(not fact.fields for fact in authority.trust.erasures.since(0, scope)):
        return
    store = authority.store
    with store.transaction():
        ledger.head(store, scope, "lock")
        for id in sorted({one for one in records if one is not None and forgetting.was_erased(store, one)}):
            if left := _texts(store, scope, id):
                _declare(authority, scope, [(dot, None) for dot, _, _ in left], ())


def again(authority: Authority) -> None:
    """Forget what this database still says and the facts name as erased: they came back from a replica, and a kill may have come between."""
    store = authority.store
    for scope in in_order_of_locks(set(ledger.heads(store)) - {CONTROL}):
        if forgetting.done(store, scope) < authority.trust.erasures.newest:
            with store.transaction():
                ledger.head(store, scope, "lock")  # nothing is accepted meanwhile
                found = forgetting.catch_up(store, authority.kinds, authority.trust.erasures, scope, searchable=False)
                complete(authority, scope, {id for _, id in found.records})


def _declare(authority: Authority, scope: str, named: list[tuple[bytes, bytes | None]], fields: tuple[str, ...]) -> Forgotten:
    for start in range(0, len(named), MOST):
        some = named[start : start + MOST]
        fact = Fact(0, scope, tuple(dot for dot, _ in some), fields, tuple(mark_of(left) for _, left in some if left is not None))
        authority.declare(Operation.CREATE, authority.new_id(), fact.values(), ERASURE.name)
    return forgetting.catch_up(authority.store, authority.kinds, authority.trust.erasures, scope, searchable=False)


def _field(authority: Authority, kind: str, path: str) -> str:
    known = authority.kinds[kind]
    if path in known.by_name or ("#" not in path and known.field_of(path) is not None):
        return path
    if "#" in path and known.field_of(path) is not None:  # the fact is public, and so would be the element's name
        raise Refused(Text("One element cannot be erased alone. Erase the whole field “{field}”, then write the others again.",
                           field=path.partition("#")[0]))
    raise known.no_field(path)


def _named(authority: Authority, scope: str, id: str, fields: tuple[str, ...]) -> list[tuple[bytes, bytes | None]]:
    """The changes that hold what is to be erased, each by its dot with what remains of it, in order."""
    texts = _texts(authority.store, scope, id)
    if fields and not any(belongs(write.path, fields[0]) for _, _, change in texts for write in change.writes):
        raise NotFound(Text("Nothing was ever written in “{field}” of this record.", field=fields[0]))
    found = [(dot, left) for dot, text, change in texts if (left := left_of(change, fields)) != text]
    if not found:
        raise _before()
    return found


def _texts(store: Store, scope: str, id: str) -> list[tuple[bytes, bytes, Change]]:
    """The accepted changes of a record of which something is left, in order: dot, bytes, change."""
    rows = store.rows("SELECT log, n, commitment, coalesce(body, remains) FROM entry WHERE scope = ? AND record = ? AND verdict = ?"
                      " AND (body IS NOT NULL OR remains IS NOT NULL) ORDER BY number", (scope, id, int(Verdict.ACCEPTED)))
    return [(codec.dot(bytes(log), n, bytes(commitment)), bytes(text), codec.unpack(bytes(text), Change)) for log, n, commitment, text in rows]


def _before() -> Refused:
    return Refused(Text("This was erased before."), "erased")
