"""A replica takes pages: each is checked and applied with its cursor in one transaction, then the person's file catches up; knows no wire."""

from __future__ import annotations

from i18n import Text
from sync import entries, epochs, ledger
from sync.change import Page, Verdict, log_id
from sync.confirmed import Confirmed, Decided
from sync.echoes import Echoes
from sync.errors import Damaged
from sync.exchange.report import Report
from sync.identity import key_id
from sync.letting_go import let_go
from sync.proofs import ALTERED
from sync.record import CONTROL, NETWORK, PUBLIC, Kinds
from sync.store import SqliteStore
from sync.trust import Trust
from sync.workspace import Workspace

MANY = 200  # changes of one's own in one turn from which their verdicts are taken at the end, all at once
Mine = dict[bytes, tuple[bytes, bytes]]  # (log + number) -> body and salt of a change that was sent in this very turn


class Taker:
    """What one sync takes, counted in `report`.

    `behind` says that the person's file has not caught up with the ledgers:
    what they handed in is shown as waiting until it does, at the end of the
    sync or, after a kill, at the next opening.
    """

    def __init__(self, ws: Workspace, kinds: Kinds, authority: bytes, report: Report) -> None:
        self.ws = ws
        self.kinds = kinds
        self.authority = authority
        self.report = report
        self.trust = Trust(ws.public, authority)
        self.behind = False

    def store(self, scope: str) -> SqliteStore:
        """The database that holds a scope here."""
        if scope not in (CONTROL, PUBLIC, NETWORK):
            raise Damaged(ALTERED)
        return self.ws.private if scope == NETWORK else self.ws.public

    def begin(self, scope: str, epoch: bytes) -> None:
        """Open the ledger of a scope in the server's epoch."""
        store = self.store(scope)
        with store.transaction():
            epochs.follow_empty(store, scope, epoch)
        with self.ws.store.transaction():
            self.ws.overlay.catch_up()  # a copy that begins anew may lack what was accepted once

    def take(self, page: Page, mine: Mine) -> None:
        """Check a page and apply it; Damaged says which entries are not what was signed."""
        store = self.store(page.scope)
        self.ws.notice()
        with store.transaction():
            at = ledger.head(store, page.scope)
            if at is None:
                raise Damaged(ALTERED)
            if page.first <= at.number:
                return  # another program on this folder took it meanwhile; the next turn asks for what follows
            try:
                rows, chain = ledger.open_page(page, at, self.authority, self.trust, mine)
                changes = ledger.decided(rows)
            except Damaged as failure:
                raise Damaged(Text("Entries {first} to {last} of “{scope}”: {problem}",
                                   first=page.first, last=page.last, scope=page.scope, problem=failure.message)) from failure
            ledger.keep_page(store, page, rows, at, chain)
            changed = self._apply(store, page.scope, changes)
        self._count(page, rows)
        self.behind = self.behind or len(mine) > MANY
        if not self.behind:
            with self.ws.store.transaction():
                changed |= self.ws.overlay.catch_up()
        if page.scope == CONTROL:
            changed |= let_go(self.ws)
        self._tell(changed)

    def catch_up(self) -> None:
        """Take the verdicts that were left for the end: when nothing waits any more, that is one stroke."""
        if self.behind:
            self.behind = False
            with self.ws.store.transaction():
                changed = self.ws.overlay.catch_up()
            self._tell(changed)

    def _apply(self, store: SqliteStore, scope: str, changes: list[Decided]) -> set[tuple[str, str]]:
        echoes = Echoes(store, self.ws.store, self.ws.kinds, scope)
        saved, others = echoes.among(changes)
        confirmed = Confirmed(store, self.kinds, scope)
        confirmed.prepare([one.change for one in others])
        for one in others:
            confirmed.apply(one)
        return confirmed.flush() | echoes.put(saved)

    def _count(self, page: Page, rows: list[entries.Row]) -> None:
        own = key_id(self.ws.vault.key().public)
        logs = {log_id(proof.key, page.scope, proof.nonce) for proof in page.logs if proof.key == own}
        for row in rows:
            if row.log in logs:
                self.report.accepted += row.verdict == Verdict.ACCEPTED
                self.report.refused += row.verdict == Verdict.REFUSED
            elif page.scope != CONTROL:
                self.report.received += row.verdict == Verdict.ACCEPTED

    def _tell(self, changed: set[tuple[str, str]]) -> None:
        self.ws.recognise()
        self.ws.tell({(kind, id) for kind, id in changed if kind in self.ws.kinds}, "sync")
