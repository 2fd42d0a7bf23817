"""What `erase` does at a server: the records and all about a person, their files, snapshots and the operator's copy; knows no command line."""

from __future__ import annotations

from dataclasses import dataclass

from resources import KINDS
from server import operator
from server.premises import Premises
from sync import erasure, fields, forgetting, ledger, segments, sweeping
from sync.authority import Authority
from sync.exchange import sync
from sync.files import Files
from sync.relay.direct import Direct
from sync.snapshots import publishing

PERSON = "person"


@dataclass(frozen=True, slots=True)
class Done:
    """Records erased, as (kind, id); how many files were destroyed; whether the bytes have left the database's file."""

    records: list[tuple[str, str]]
    files: int
    swept: bool


def erase(authority: Authority, premises: Premises, kind: str, id: str, field: str = "") -> Done:
    """Erase for everyone; of a person, every record about them too. NotFound or Refused leave everything as it was.

    All of it is one transaction. Files that nothing else speaks of are moved
    aside before it ends and destroyed after: a kill loses none that stays.
    """
    if field and kind == PERSON and field not in KINDS[PERSON].by_name:
        raise KINDS[PERSON].no_field(field)
    files, store = premises.files(), authority.store
    targets = [(kind, id)] + (about(authority, id) if kind == PERSON and not field else [])
    aside: list[str] = []
    try:
        with store.transaction():
            named = {name for each in targets for name in erasure.erase(authority, *each, field).files}
            for name in sorted(named):
                if not forgetting.still_named(store, authority.kinds, name) and files.here(name):
                    aside.append(name)
                    files.forget(name)
    except BaseException:
        for name in aside:
            files.recover(name)
        raise
    for name in aside:
        files.erase(name)
    _renew_copies(authority, premises, files)
    return Done(targets, len(aside), sweeping.sweep(store))


def about(authority: Authority, person: str) -> list[tuple[str, str]]:
    """The records of every kind that point to a person, as (kind, id)."""
    found: list[tuple[str, str]] = []
    for kind in KINDS.values():
        for one in kind.fields:
            if isinstance(one.shape, fields.Reference) and one.shape.target == PERSON:
                rows = authority.store.rows(f'SELECT id FROM {kind.name} WHERE "{one.name}" = ?', (person,))
                found += [(kind.name, id) for (id,) in rows if (kind.name, id) not in found]
    return found


def _renew_copies(authority: Authority, premises: Premises, files: Files) -> None:
    """Frozen pages go, snapshots that said it are made again, and the operator's workspace syncs, which forgets."""
    for scope in ledger.heads(authority.store):
        segments.forget(authority.store, scope, files)
        publishing.renew(authority.store, authority.kinds, scope, authority.key, files)
    if (premises.folder / "operator").exists():
        ws = operator.workspace(authority, premises)
        try:
            sync(ws, Direct(authority, files))
        finally:
            ws.close()
