"""One person and the post box of their PC: seals what waits, opens what arrived, keeps for others what they may read; knows no road."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from sync import heard, ledger, offers, roads
from sync.applying import code_waiting
from sync.change import log_link
from sync.errors import Damaged, Failure
from sync.events import Changed
from sync.exchange.report import Report
from sync.exchange.taking import Taker
from sync.facts import CONTROL_KINDS
from sync.handed import handed
from sync.identity import key_id
from sync.keyring import Keyring
from sync.membership import membership
from sync.postbox import Kept, PostBox
from sync.record import Kinds
from sync.relay.parcels import opened_batch, opened_page, opened_snapshot, read_page, read_parcel, sealed_batch, sealed_page, sealed_snapshot
from sync.scope_keys import Known, ScopeKey, known_to_carriers
from sync.scopes import NETWORK, PUBLIC, is_in_clear, schema_of, scope_name
from sync.snapshots import loading
from sync.snapshots.content import read_header
from sync.snapshots.kept import kept_file
from sync.trust import Trust
from sync.vault import WAITING

if TYPE_CHECKING:
    from sync.change import Batch
    from sync.vault import Pending
    from sync.workspace import Workspace


class Posting:
    """What one unlocked workspace does with the box. Nothing of it needs a network, and repeating it does no harm."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.box = PostBox(ws.public)
        self.authority = ws.vault.setting("authority") or b""
        self.own = ws.vault.key()
        self.name = key_id(self.own.public)
        self.keyring = Keyring(ws.public, self.own, self.authority)
        self._past: dict[str, int] | None = None  # the position in each scope up to which all is in the box, once that was looked at
        self._in_box: dict[str, int] = {}  # the same of what was in it when that was looked at
        self._count = 0

    def seal(self) -> int:
        """Seal into the box what waits and is not in it; let go of what was decided or saved otherwise. How many parcels are new.

        Before this person has joined nobody could open them: there is nothing to seal to. While they wait to be
        let in, nobody would take them.
        """
        if not self.authority or (code_waiting(self.ws) and not membership(self.ws).certified):
            return 0
        if self._count != self.box.count(self.name):  # something was cancelled, or decided
            self.look_again()
        covered = self._covered() if self._past is None else set()
        found = self.ws.vault.batches(2**62, covered, self._past or {})
        past = dict(self._past if self._past is not None else self._in_box)
        for batch, run in found:
            data = sealed_batch(batch, self._key_for(batch), self.own, self.authority, self._read(batch.scope))
            self.box.keep(data, read_parcel(data)[1], copied=False)
            past[batch.scope] = max(past.get(batch.scope, 0), run[-1].position)
        if found and self.name not in {key for key, _ in self.box.readers()}:
            self.box.read_up_to(self.name, NETWORK, 0)  # who is here and has heard nothing yet: the box keeps for them that it left, and what follows
        self._past, self._count = past, self.box.count(self.name)
        return len(found)

    def look_again(self) -> None:
        """What waits is not what it was: a sync decided some of it, or something was taken back."""
        self._past = None

    def _covered(self) -> set[int]:
        """The positions of what waits and is in the box as it was saved; what is in it otherwise goes."""
        covered: set[int] = set()
        self._in_box = {}
        gone = []
        waiting = {(one.log, one.n): one for one in self.ws.vault.waiting()}
        for kept in self.box.parcels(self.name):
            held = _held(kept, waiting)
            covered.update(held)
            if not held:
                gone.append(kept.name)
                continue
            scope = waiting[kept.log, kept.last].scope
            self._in_box[scope] = max(self._in_box.get(scope, 0), *held)
        self.box.drop(gone)
        return covered

    def open(self) -> Report:
        """Take the sealed pages that follow on what this person has; what is not as signed is dropped. What came, counted."""
        report = Report()
        taker = Taker(self.ws, Kinds((*self.ws.kinds.values(), *CONTROL_KINDS)), self.authority, report)
        known = known_to_carriers(self.ws.public)
        for scope in self.keyring.scopes():
            while not is_in_clear(scope) and self._open(taker, scope, known):
                pass  # what was taken leads on to what came before it
        taker.catch_up()
        self._let_go()
        self._hear()
        return report

    def keep_for_others(self) -> int:
        """Seal the pages that others on this PC may read and have not; note how far this person is, and drop what nobody lacks. How many are new."""
        heads = ledger.heads(self.ws.private)
        mine = {scope: heads[scope].number if scope in heads else 0 for scope in self.keyring.scopes() if not is_in_clear(scope)}
        readers = self.box.readers()
        for scope, number in mine.items():
            if readers.get((self.name, scope)) != number:
                self.box.read_up_to(self.name, scope, number)
        made = 0
        for scope, number in mine.items():
            others = [at for (key, name), at in readers.items() if name == scope and key != self.name]
            made += self._keep(scope, min(others)) if others and min(others) < number else 0
        for scope in {name for _, name in self.box.readers()}:
            self.box.drop_pages(scope_name(scope), min(at for (_, name), at in self.box.readers().items() if name == scope))
        return made

    def lacked_by_others(self) -> dict[str, int]:
        """The scopes that others on this PC read and this person does not, each with the number up to which the box holds it for them."""
        found: dict[str, int] = {}
        for (key, scope), number in self.box.readers().items():
            if key != self.name and self.keyring.of_scope(scope) is None:
                at = self.box.reached(scope_name(scope), number)
                found[scope] = min(at, found.get(scope, at))
        return found

    def _open(self, taker: Taker, scope: str, known: Known) -> bool:
        """Take what follows in one scope; whether anything did."""
        began = at = ledger.head(self.ws.private, scope)
        pages = self.box.pages(scope_name(scope), at.number if at is not None else 0)
        pages.sort(key=lambda one: (not one[0], one[0]))  # a snapshot only where no page follows
        for first, last, data in pages:
            number = at.number if at is not None else 0
            if not first <= number + 1 <= last:
                continue
            try:
                place = read_page(data, known, self.authority)
                if number and at is not None and place.epoch != at.epoch:
                    continue
                came = roads.of_sealed(self.ws.public, scope_name(scope), last)
                if first:
                    taker.comes_by(came)
                    self._take(taker, data, place.epoch, new=not number)
                else:
                    self._load(data, scope, came)
            except Damaged:
                self.box.drop_page(data)
                continue
            at = ledger.head(self.ws.private, scope)
        return (at.number if at is not None else 0) > (began.number if began is not None else 0)

    def _let_go(self) -> None:
        """Let go of parcels of others whose last change stands in a ledger that this person reads: its pages were checked."""
        decided = []
        for one in self.box.parcels():
            row = self.ws.private.row("SELECT before, commitment FROM entry WHERE log = ? AND n = ?", (one.log, one.last)) if one.size else None
            if row is not None and one.author != self.name and log_link(bytes(row[0]), bytes(row[1])) == one.end:
                decided.append((one.log, one.last, one.last))
        if decided:
            self.box.let_go(decided)

    def _hear(self) -> None:
        """Show what others saved elsewhere and nobody decided yet. What is saved on this very PC stays its author's until it is accepted."""
        here = {key for key, _ in self.box.readers()}
        trust = Trust(self.ws.public, self.authority)
        pairs: heard.Pairs = set()
        for one in self.box.parcels():
            author = trust.certified(one.author)
            if one.author in here or not one.size or one.author == self.name or author is None or author.revoked:
                continue
            with suppress(Damaged):
                batch = opened_batch(self.box.parcel(one.name) or b"", self.keyring.of_name)
                read = handed(batch) if batch is not None else None
                if read is not None and heard.is_from(read, author):
                    with self.ws.store.transaction():
                        new = heard.keep(self.ws.store, self.ws.kinds, read, schema_of(read.batch.scope))
                        self.ws.overlay.refresh(new)
                    pairs |= new
        self.ws.tell({(kind, id) for kind, id, _ in pairs}, "sync")

    def _take(self, taker: Taker, data: bytes, epoch: bytes, *, new: bool) -> None:
        page = opened_page(data, self.keyring.of_name)
        if page is not None:
            if new:
                taker.begin(page.scope, epoch)
            taker.take(page)

    def _load(self, data: bytes, scope: str, came: roads.Came) -> None:
        file = opened_snapshot(data, self.keyring.of_name)
        if file is not None:
            kinds = Kinds((*self.ws.kinds.values(), *CONTROL_KINDS))
            header = loading.load(self.ws.private, kinds, io.BytesIO(file), self.authority, scope)
            roads.note_up_to(self.ws.private, scope, header.number, came.road, came.taken or 0)
            with self.ws.store.transaction():
                self.ws.overlay.catch_up()
            self.ws.recognise()
            self.ws.tell_all()

    def _keep(self, scope: str, after: int) -> int:
        known = known_to_carriers(self.ws.public)
        pages = ((data, read_page(data, known, self.authority)) for data in self.sealed_after(scope, self.box.reached(scope_name(scope), after)))
        ways = roads.Roads(self.ws.private, scope, "")
        return sum(self.box.keep_page(data, place, ways.of(place.last)) for data, place in pages)

    def sealed_after(self, scope: str, after: int) -> Iterator[bytes]:
        """What this person holds of a scope after a number, sealed to those who may read it: the snapshot where no page can say it, then pages."""
        key = self.keyring.of_scope(scope)
        if key is None or is_in_clear(scope):
            return
        lowest = ledger.floor(self.ws.private, scope)
        if after < lowest:
            with kept_file(self.ws.private, scope) as source:
                header = read_header(source, self.authority)
                source.seek(0)
                yield sealed_snapshot(source.read(), (scope, header.epoch, header.number, header.chain, header.head), key)
            after = header.number
        for page in offers.pages_after(self.ws.private, scope, after):
            yield sealed_page(page, key)

    def _read(self, scope: str) -> int:
        """Up to which number this person has a scope of theirs; what is in clear says that by itself."""
        at = None if is_in_clear(scope) else ledger.head(self.ws.private, scope)
        return at.number if at is not None else 0

    def _key_for(self, batch: Batch) -> ScopeKey | None:
        """What is for everybody is sealed to the members until it is accepted: a lost stick shows nothing before."""
        return self.keyring.of_scope(NETWORK if batch.scope == PUBLIC else batch.scope)


def _held(kept: Kept, waiting: dict[tuple[bytes, int], Pending]) -> set[int]:
    """The positions of the waiting changes that a parcel holds; none when they are others than it was made of."""
    first, last = waiting.get((kept.log, kept.first)), waiting.get((kept.log, kept.last))
    if last is None or log_link(last.before, last.commitment) != kept.end or (first is not None and first.before != kept.before):
        return set()
    return {one.position for (log, n), one in waiting.items() if log == kept.log and kept.first <= n <= kept.last and one.state == WAITING}


def attend(ws: Workspace) -> None:
    """On a PC that several people use: take what arrived for this person, and from now on seal what they save as they save it.

    What a full disk or another program prevents is made up for at the next save, sync or opening: the change itself is in their file.
    """
    if ws.guest:
        return
    posting: Posting | None = None

    def seal(changed: Changed) -> None:
        nonlocal posting
        if changed.origin == "here" and ws.vault.setting("authority"):
            posting = posting or Posting(ws)
            with suppress(Failure):
                posting.seal()

    if ws.vault.setting("authority"):
        posting = Posting(ws)
        with suppress(Failure):
            posting.open()
            posting.seal()
    ws.subscribe(seal)
