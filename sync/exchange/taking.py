"""A replica takes pages: each is checked and applied with its cursor in one transaction, then the person's file catches up; knows no wire."""

from __future__ import annotations

from collections.abc import Iterable

from i18n import Text
from sync import epochs, ledger, roads, search_index
from sync.change import Page, Verdict
from sync.confirmed import Confirmed, Decided, record_id
from sync.echoes import Echoes, Run, runs_of
from sync.errors import Damaged
from sync.exchange.report import Report
from sync.exchange.sent import NOTHING, Returned, Sent
from sync.identity import key_id
from sync.letting_go import let_go
from sync.membership import heard, membership
from sync.proofs import ALTERED
from sync.record import Kinds
from sync.scopes import CONTROL, is_in_clear, is_scope
from sync.store import SqliteStore
from sync.trust import Trust
from sync.workspace import Workspace

MANY = 200  # changes of one's own in one turn from which their verdicts are taken at the end, all at once


class Taker:
    """What one sync takes by one road, counted in `report`.

    `behind` says that the person's file need not catch up with pages that
    bring back nothing but what they handed in, accepted: it is shown as
    waiting until another page comes or the sync ends or, after a kill, until
    the next opening.
    """

    def __init__(self, ws: Workspace, kinds: Kinds, authority: bytes, report: Report, road: str = roads.SERVER) -> None:
        self.ws = ws
        self.kinds = kinds
        self.authority = authority
        self.report = report
        self.road = road
        self._began: int | None = None  # when the first page of this sync was written
        self.trust = Trust(ws.public, authority)
        self.behind = False
        self.in_hand: tuple[Page, Returned] | None = None

    def store(self, scope: str) -> SqliteStore:
        """The database that holds a scope here."""
        if not is_scope(scope):
            raise Damaged(ALTERED)
        return self.ws.public if is_in_clear(scope) else self.ws.private

    def comes_by(self, came: roads.Came) -> None:
        """What is taken from here on came to this computer some time ago, sealed."""
        self.road, self._began = came.road, came.taken or 0

    def begin(self, scope: str, epoch: bytes) -> None:
        """Open the ledger of a scope in the server's epoch."""
        store = self.store(scope)
        with store.transaction():
            epochs.follow_empty(store, scope, epoch)
        with self.ws.store.transaction():
            self.ws.overlay.catch_up()  # a copy that begins anew may lack what was accepted once

    def take(self, page: Page, sent: Sent = NOTHING) -> None:
        """Check a page and apply it; Damaged says which entries are not what was signed. `sent` is what was handed in in this very turn.

        What brings back much of one's own is checked and stays in hand: `heads`
        counts it, and `put_down` applies it, while the server is busy with
        what follows. A kill before that costs this page, as any other would.
        """
        self.put_down()
        store = self.store(page.scope)
        before = membership(self.ws) if page.scope == CONTROL else None
        self.ws.notice()
        self.behind = self.behind or len(sent) > MANY
        own = self._returned(page, ledger.head(store, page.scope), sent)
        if own is not None and self.behind:
            self.in_hand = page, own
            self._count(page)
            return
        with store.transaction():
            at = ledger.head(store, page.scope)
            if at is None:
                raise Damaged(ALTERED)
            if page.last <= at.number:
                return  # another program on this folder took it meanwhile; the next turn asks for what follows
            if own is not None and _follows(page, at):
                changed = self._take_own(store, page, at, own)
            else:
                changed = self._take_entries(store, page, at, sent)
        self._count(page)
        self.behind = False  # what a page says that is not merely what left here is heard with it, and with it all that was left
        with self.ws.store.transaction():
            changed |= self.ws.overlay.catch_up()
        if page.scope == CONTROL:
            changed |= let_go(self.ws)
        self.ws.recognise()
        self._tell(changed)
        if before is not None:
            heard(self.ws, before)

    def put_down(self) -> None:
        """Apply the page that is in hand, if there is one. What it says reads as before until the verdicts are taken, so nobody is told."""
        if self.in_hand is not None:
            (page, own), self.in_hand = self.in_hand, None
            store = self.store(page.scope)
            self.ws.notice()
            with store.transaction():
                at = ledger.head(store, page.scope)
                if at is not None and _follows(page, at):  # no other program took it
                    self._take_own(store, page, at, own)
            self.ws.recognise()

    def heads(self, heads: dict[str, ledger.Head]) -> dict[str, ledger.Head]:
        """Where ledgers stand that stand at `heads` on disk, with the page that is in hand."""
        if self.in_hand is None:
            return heads
        page, own = self.in_hand
        return heads | {page.scope: ledger.Head(page.scope, page.epoch, page.last, own.chain, page.signature)}

    def _returned(self, page: Page, at: ledger.Head | None, sent: Sent) -> Returned | None:
        if at is None or not len(sent):
            return None
        return sent.returned(page, at, self.authority, self.trust, self.ws.vault.key().public)

    def _take_entries(self, store: SqliteStore, page: Page, at: ledger.Head, sent: Sent) -> set[tuple[str, str]]:
        """Take a page entry by entry."""
        try:
            rows, chain = ledger.open_page(page, at, self.authority, self.trust, sent.echoes)
            changes = ledger.decided(rows)
        except Damaged as failure:
            raise Damaged(Text("Entries {first} to {last} of “{scope}”: {problem}",
                               first=page.first, last=page.last, scope=page.scope, problem=failure.message)) from failure
        ledger.keep_page(store, page, rows, at, chain)
        self._note(store, page, at.number + 1)
        own = runs_of(row for row in rows if row.body is not None and row.verdict == Verdict.ACCEPTED and row.dot in sent.dots)
        taken = self._echoes(store, page.scope).take_over(own, _alone((row.record, row.number) for row in rows))
        return self._apply(store, page.scope, taken, [one for one in changes if record_id(one.change.record) not in taken])

    def _take_own(self, store: SqliteStore, page: Page, at: ledger.Head, own: Returned) -> set[tuple[str, str]]:
        """Take a page that brings back nothing but what was handed in, accepted."""
        changes = own.changes
        ledger.keep_run(store, page, changes, own.control, at, own.chain)
        self._note(store, page, at.number + 1)
        run = Run(changes[0].log, changes[0].n, changes[-1].n, page.first - changes[0].n)
        taken = self._echoes(store, page.scope).take_over([run], _alone((one.record, number) for number, one in enumerate(changes, page.first)))
        others = [Decided(number, one.dot, one.change) for number, one in enumerate(changes, page.first) if one.record not in taken]
        return self._apply(store, page.scope, taken, others)

    def catch_up(self) -> None:
        """Take the verdicts that were left for the end: when nothing waits any more, that is one stroke. The words come after it."""
        self.put_down()
        if self.behind:
            self.behind = False
            with self.ws.store.transaction():
                changed = self.ws.overlay.catch_up()
            self.ws.recognise()
            self._tell(changed)
        self.ws.finish()

    def _echoes(self, store: SqliteStore, scope: str) -> Echoes:
        return Echoes(store, self.ws.store, self.ws.kinds, scope, search_index.leave if self.behind else search_index.refresh)

    def _apply(self, store: SqliteStore, scope: str, taken: dict[str, str], others: list[Decided]) -> set[tuple[str, str]]:
        """Apply one by one what was not taken over; answers the (kind, id) of all."""
        confirmed = Confirmed(store, self.kinds, scope)
        confirmed.prepare([one.change for one in others])
        for one in others:
            confirmed.apply(one)
        return confirmed.flush() | {(kind, id) for id, kind in taken.items()}

    def _note(self, store: SqliteStore, page: Page, first: int) -> None:
        """Keep by which road what is new of a page came; all of one sync came at one moment."""
        self._began = self.ws.clock() if self._began is None else self._began
        roads.note(store, page.scope, first, page.last, self.road, self._began)

    def _count(self, page: Page) -> None:
        own = key_id(self.ws.vault.key().public)
        logs = {index for index, proof in enumerate(page.logs) if proof.key == own}
        for entry in page.entries:
            if entry.log in logs:
                self.report.accepted += entry.verdict == Verdict.ACCEPTED
                self.report.refused += entry.verdict == Verdict.REFUSED
            elif page.scope != CONTROL:
                self.report.received += entry.verdict == Verdict.ACCEPTED

    def _tell(self, changed: set[tuple[str, str]]) -> None:
        self.ws.tell({(kind, id) for kind, id in changed if kind in self.ws.kinds}, "sync")


def _alone(touched: Iterable[tuple[str | None, int]]) -> dict[str | None, int]:
    """The number of the only entry about each record of a page; 0 for one about which there are several."""
    found: dict[str | None, int] = {}
    for record, number in touched:
        found[record] = 0 if record in found else number
    return found


def _follows(page: Page, at: ledger.Head) -> bool:
    """Whether a page goes on where a ledger stands."""
    return (page.epoch, page.first, page.before) == (at.epoch, at.number + 1, at.chain)
