"""What a place here lacks of a backup of it: unsent changes, drafts, other people's parcels; knows no stick.

The place may have been made anew since, or come from an older backup. A change
is lacking when nothing here knows its dot: one that was cancelled, or refused
and put away since, stays so.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sync import codec, saved_work
from sync.change import log_link
from sync.errors import Failure
from sync.relay.holding import Holding
from sync.salvage import DamagedFile
from sync.sealed import IN_CLEAR, SealedStore
from sync.vault import REFUSED, WAITING, Pending
from sync.workspace import Workspace

_COLUMNS = "position, log, n, scope, dot, before, commitment, body, kind, record, state, tried, reason, number"


@dataclass(slots=True)
class Lacked:
    """What was lacking here and came: changes without verdict, refused ones, drafts."""

    waiting: int = 0
    refused: int = 0
    drafts: int = 0


def take_lacking(ws: Workspace, vault: Path, key: bytes) -> Lacked:
    """Take from a copy of this person's vault what it lacks here, in one transaction; twice brings nothing more."""
    if ws.vault.setting("key") is None:  # made anew under the old key, with nothing in it yet
        with closing(DamagedFile(vault, key)) as file:
            saved = saved_work.save(ws, file)
        saved_work.show_again(ws)
        return Lacked(saved.waiting, saved.doubtful, saved.drafts)
    found = Lacked()
    with closing(SealedStore(vault, key=key)) as store:
        if store.value("SELECT value FROM setting WHERE name = 'key'") != ws.vault.setting("key"):
            return _take_as_new(ws, store)
        rows = [Pending._make(row) for row in store.rows(f"SELECT {_COLUMNS} FROM pending WHERE state IN (?, ?) ORDER BY position",
                                                         (WAITING, REFUSED))]
        with ws.store.transaction():
            lacking = [one for one in rows if _lacks(ws, one)]
            for one in lacking:
                if not _follows(ws, one):  # this vault went its own way from there on: two branches of one log never stand in one
                    found.waiting += _save_again(ws, one)
                    continue
                _insert(ws, store, one)
                found.waiting += one.state == WAITING
                found.refused += one.state == REFUSED
            if lacking:  # the place here is the older one
                found.drafts = _take_drafts(ws, store)
    saved_work.show_again(ws)
    return found


def take_public(ws: Workspace, public: Path) -> None:
    """Take what the public copy of a backup holds and the one here lacks: pages, sealed pages, parcels that others still have to send."""
    if not ws.vault.setting("authority"):
        return
    folder = public.parent
    guest = Workspace(folder, ws.kinds, guest=True, key=IN_CLEAR, clock=ws.clock, random=ws.random)
    try:
        holding = Holding(ws)
        holding.take(Holding(guest, holding.authority).give(holding.have()))
    except Failure:
        return  # the network has it; what is the person's own came already
    finally:
        guest.close()


def _take_as_new(ws: Workspace, store: SealedStore) -> Lacked:
    """The person joined anew here, under another key: what waited is saved again under it."""
    found = Lacked()
    with ws.store.transaction():
        for row in store.rows(f"SELECT {_COLUMNS} FROM pending WHERE state = ? ORDER BY position", (WAITING,)):
            found.waiting += _save_again(ws, Pending._make(row))
        found.drafts = _take_drafts(ws, store)
    saved_work.show_again(ws)
    return found


def _save_again(ws: Workspace, one: Pending) -> bool:
    """Save a change under a new dot, unless the very same was saved, or accepted, already; a refused one was its author's to send again."""
    known = [("main.pending", "record = ?"), ("main.entry", "record = ?"), ("pub.entry", "record = ?")]
    if one.state != WAITING or any(ws.store.value(f"SELECT 1 FROM {table} WHERE {which} AND body = ?", (one.record, one.body)) is not None
                                   for table, which in known):
        return False
    ws.vault.append(one.scope, one.change)
    return True


def _follows(ws: Workspace, one: Pending) -> bool:
    """Whether a change has its place in its log as this vault holds it: the number is free, and the change before is the one here, or none is."""
    rows = {n: (bytes(before), bytes(commitment)) for n, before, commitment in ws.store.rows(
        "SELECT n, before, commitment FROM pending WHERE log = ? AND n BETWEEN ? AND ?", (one.log, one.n - 1, one.n + 1))}
    fore, aft = rows.get(one.n - 1), rows.get(one.n + 1)
    return (one.n not in rows and (fore is None or log_link(*fore) == bytes(one.before))
            and (aft is None or aft[0] == log_link(bytes(one.before), bytes(one.commitment))))


def _insert(ws: Workspace, store: SealedStore, one: Pending) -> None:
    """Keep a change as it is, with what it is handed in with. Its log ends here: it may go on elsewhere."""
    ws.store.many("INSERT INTO own_seed (log, run, seed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                  store.rows("SELECT log, run, seed FROM own_seed WHERE log = ? AND run = ?", (one.log, one.n // codec.RUN)))
    nonce = f"nonce {bytes(one.log).hex()}"
    if ws.vault.setting(nonce) is None:
        ws.vault.keep(nonce, store.value("SELECT value FROM setting WHERE name = ?", (nonce,)) or b"")
    ws.vault.fork(bytes(one.log))
    ws.store.execute("INSERT INTO pending (log, n, scope, dot, before, commitment, body, kind, record, state, tried, reason, number)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)", (*one[1:11], one.reason, one.number))


def _lacks(ws: Workspace, one: Pending) -> bool:
    """Whether nothing here knows a change: it was neither saved, nor taken back, nor decided."""
    if ws.vault.of_dot(one.dot) is not None or ws.store.value("SELECT 1 FROM moved WHERE dot = ?", (one.dot,)) is not None:
        return False
    mark = one.dot[-2:]
    return all(ws.store.value(f"SELECT 1 FROM {schema}.entry WHERE log = ? AND n = ? AND mark = ?", (one.log, one.n, mark)) is None
               for schema in ("main", "pub"))


def _take_drafts(ws: Workspace, store: SealedStore) -> int:
    before = ws.store.value("SELECT count(*) FROM draft")
    ws.store.many("INSERT INTO draft (kind, id, content) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", store.rows("SELECT kind, id, content FROM draft"))
    return int(ws.store.value("SELECT count(*) FROM draft")) - int(before)
