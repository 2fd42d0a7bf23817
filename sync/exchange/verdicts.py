"""The refusals of a scope that whoever handed the changes in no longer receives, said beside the pages; knows no HTTP."""

from __future__ import annotations

from sync import codec, entries, ledger
from sync.authority import Authority
from sync.change import Verdict
from sync.exchange.words import Refusal, Refusals
from sync.identity import verifies
from sync.workspace import Workspace


def told(authority: Authority, scopes: tuple[str, ...], dots: frozenset[bytes]) -> Refusals | None:
    """What was refused of these changes in scopes that are not among `scopes`, signed; None when nothing was."""
    rows = [row for scope in sorted(set(ledger.heads(authority.store)) - {*scopes}) for row in entries.rows_of(authority.store, scope, dots)]
    found = [Refusal(one.dot, one.number, one.reason or b"") for one in rows if one.verdict == Verdict.REFUSED]
    return Refusals(found, authority.key.sign(_statement(found))) if found else None


def hear(ws: Workspace, said: Refusals | None, authority: bytes) -> int:
    """Keep the refusals that the authority signed; how many were news. What somebody else says is no verdict."""
    if said is None or not verifies(authority, _statement(said.refusals), said.signature):
        return 0
    with ws.store.transaction():
        waiting = {one.dot: one for one in ws.vault.waiting()}
        news = [(waiting[one.dot], one) for one in said.refusals if one.dot in waiting]
        ws.vault.decide((mine.position, one.number, ws.vault.key().unseal(one.reason)) for mine, one in news)
        ws.overlay.refresh((mine.kind, mine.record, mine.scope) for mine, _ in news)
    ws.tell({(mine.kind, mine.record) for mine, _ in news if mine.kind in ws.kinds}, "sync")
    return len(news)


def _statement(refusals: list[Refusal]) -> bytes:
    return codec.pack(["dalil refusals", codec.digest(codec.pack(refusals))])
