"""Carries out erasures in the files of one person's data folder, and empties these of the bytes; knows no network and no screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync import entries, forgetting, heard, ledger, sweeping, unsent
from sync.erased import Erasures
from sync.facts import CONTROL_KINDS
from sync.forgetting import Forgotten
from sync.postbox import PostBox
from sync.record import Kinds
from sync.scopes import PUBLIC, schema_of, scope_name
from sync.vault import ACCEPTED, FORGOTTEN, WAITING

if TYPE_CHECKING:
    from sync.workspace import Workspace


BOX = "post box"  # how far its post box has forgotten, beside the scopes of the public file


def let_go(ws: Workspace) -> set[tuple[str, str]]:
    """Forget here what the control ledger says was erased; answers the (kind, id) that read differently now.

    A few looks when there is nothing new. A kill leaves each file as it was or
    done; what is left is done at the next opening or sync. Drafts, refused and
    unsent changes of this person stay: they typed them, and nobody has them.
    """
    erasures = Erasures(ws.public)
    places = [(PUBLIC, ws.public), *((scope, ws.private) for scope in ([] if ws.guest else ledger.heads(ws.private)))]
    changed: set[tuple[str, str]] = set()
    for scope, store in places:
        if forgetting.done(store, scope) < erasures.newest:
            kinds = Kinds((*ws.kinds.values(), *CONTROL_KINDS))
            with store.transaction():
                found = forgetting.catch_up(store, kinds, erasures, scope, searchable=True)
                _drop_files(ws, kinds, found.files)
            changed |= found.records
    if not ws.guest and forgetting.done(ws.private, FORGOTTEN) < erasures.newest:
        _forget_own(ws, erasures)
    if not ws.guest and ws.vault.waits():
        changed |= _unhear(ws)
    _empty_box(ws, erasures)
    for store in [ws.public] if ws.guest else [ws.public, ws.private]:
        sweeping.sweep(store)
    return {(kind, id) for kind, id in changed if kind in ws.kinds}


def _unhear(ws: Workspace) -> set[tuple[str, str]]:
    """What was heard of a device is shown no more once its withdrawal is known here."""
    with ws.store.transaction():
        gone = heard.drop_withdrawn(ws.store, ws.vault.setting("authority") or b"", ws.public)
        ws.overlay.refresh(gone)
    return {(kind, id) for kind, id, _ in gone}


def _empty_box(ws: Workspace, erasures: Erasures) -> None:
    """What lies sealed in the post box of this PC says what was erased too."""
    since = forgetting.done(ws.public, BOX)
    if since < erasures.newest:
        with ws.public.transaction():
            for scope in erasures.scopes():
                if facts := erasures.since(since, scope):
                    PostBox(ws.public).forget(scope_name(scope), [dot for fact in facts for dot in fact.dots])
            forgetting.keep_done(ws.public, BOX, erasures.newest, Forgotten())


def _forget_own(ws: Workspace, erasures: Erasures) -> None:
    """In the person's file: their own erased changes, the seeds that would tell the salts, rows shown over what was erased."""
    with ws.store.transaction():
        ws.overlay.catch_up()
        own = {bytes(log) for (log,) in ws.store.rows("SELECT log FROM own_seed UNION SELECT log FROM pending")}
        since = forgetting.done(ws.store, FORGOTTEN)
        records: set[str | None] = set()
        for scope in (PUBLIC, *ledger.heads(ws.private)):
            dots = [dot for fact in erasures.since(since, scope) for dot in fact.dots]
            for row in entries.rows_of(ws.store, scope, dots, schema_of(scope)):
                records.add(row.record)
                if row.log in own:
                    ws.vault.forget(row.log, row.n)
        ws.vault.drop_seeds()
        sql = "SELECT DISTINCT kind, record, scope FROM pending WHERE state = ? AND record IN (?)"
        ws.overlay.refresh(tuple(row) for row in ws.store.among(sql, sorted(records - {None}), (WAITING,)))  # type: ignore[misc]
        forgetting.keep_done(ws.store, FORGOTTEN, erasures.newest, Forgotten())


def _drop_files(ws: Workspace, kinds: Kinds, names: set[str]) -> None:
    """Destroy the attachments of what was erased, but for those that something else speaks of, sent or not."""
    for sha256 in sorted(names):
        if forgetting.still_named(ws.public, kinds, sha256) or (not ws.guest and _still_mine(ws, kinds, sha256)):
            continue
        ws.files.erase(sha256)
        unsent.forget(ws.files, sha256)
        if not ws.guest:
            ws.private.execute("DELETE FROM upload WHERE sha256 = ?", (sha256,))


def _still_mine(ws: Workspace, kinds: Kinds, sha256: str) -> bool:
    word = sha256.encode()
    return (
        forgetting.still_named(ws.private, kinds, sha256)
        or ws.private.value("SELECT 1 FROM pending WHERE state <> ? AND instr(body, ?) > 0", (ACCEPTED, word)) is not None
        or ws.private.value("SELECT 1 FROM draft WHERE instr(content, ?) > 0", (word,)) is not None
    )
