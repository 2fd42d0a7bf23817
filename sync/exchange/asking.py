"""A replica's half of an exchange: hand in what waits, take pages one transaction each, then files; knows no HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator

from i18n import Text
from sync import ledger, stale, unsent
from sync.change import Batch, Page
from sync.errors import Cancelled, Damaged, Failure, Invalid, NotFound, Offline, Refused
from sync.exchange import bootstrap, handing, verdicts
from sync.exchange.carriage import Carriage
from sync.exchange.fetching import carrier_of, fetch_into
from sync.exchange.healing import Healer
from sync.exchange.metered import Metered
from sync.exchange.outgoing import Handed, Outgoing
from sync.exchange.pace import Pace
from sync.exchange.passing import Passing
from sync.exchange.purse import Purse, forget_agreed
from sync.exchange.remaining import PACKED
from sync.exchange.report import Progress, Report, Stop, Watch, watched
from sync.exchange.sent import Sent
from sync.exchange.taking import Taker
from sync.exchange.tongue import Tongue
from sync.exchange.words import ANSWER, LARGEST_PUSH, PUSH, SMALLEST, Answer, Request, file_statement
from sync.facts import CONTROL_KINDS
from sync.files import Files
from sync.identity import fingerprint, key_id
from sync.letting_go import let_go
from sync.proofs import ALTERED
from sync.reasons import reason_text
from sync.record import Kinds
from sync.relay.carrier import Carrier
from sync.scopes import in_order, is_in_clear, is_scope
from sync.vault import WAITING
from sync.workspace import Workspace

SLOW = 6.0  # seconds that one turn should not exceed
SHORT = Text("The connection was cut: the server does not have the whole file yet. The next sync goes on from there.")
TELLING = 4096  # bytes from which a fast turn says that the link is fast


def sync(ws: Workspace, carrier: Carrier | None = None, progress: Watch | None = None, stop: Stop | None = None,
         purse: Purse | None = None) -> Report:
    """Exchange with the authority until neither side lacks anything of the other, then hand in files; `purse` says what may be spent on it.

    Everything taken is on disk page by page: a cut, a kill or `stop` costs one
    page at most. Raises Offline, NotADalilServer, Refused, Damaged, Cancelled, KeptBack.
    """
    purse = purse or Purse(ws)
    carrier = purse.meter(carrier or carrier_of(ws))
    purse.begin()
    run = _Run(ws, carrier, progress or (lambda _: None), stop or (lambda: False), purse)
    failure = ""
    try:
        run.records()
        run.files()
        if handing.hand_in(ws, carrier):
            run.records()
    except Failure as error:
        failure = error.code
        raise
    finally:
        run.note(failure or purse.why)
    let_go(ws)  # what this sync brought, and what an earlier one could not sweep
    handing.settle(ws)
    return run.report


class _Run:
    """One sync, with what it has sent and counted."""

    def __init__(self, ws: Workspace, carrier: Metered, watch: Watch, stop: Stop, purse: Purse) -> None:
        self.ws = ws
        self.carrier = carrier
        self.purse = purse
        self.watch = watch
        self.stop = stop
        self.report = Report(held=purse.held)
        self._before = (carrier.bytes_up, carrier.bytes_down, carrier.turns)
        self.authority = ws.vault.setting("authority") or b""
        self.kinds = Kinds((*ws.kinds.values(), *CONTROL_KINDS))
        self.taker = Taker(ws, self.kinds, self.authority, self.report, carrier.road)
        self.budget = int(ws.vault.word("budget") or ANSWER)
        self.push = PUSH
        self.outgoing = Outgoing(ws.vault)
        self.carriage = Carriage(ws, self.report)
        self.waiting = 0  # bytes of bodies that had left or waited when this was looked at
        self.tongue = Tongue(ws, carrier, self.kinds, self.taker.store, self._exchange)
        self.pace = Pace(time.monotonic)
        self.total = 0
        self.attached = sum(size for _, size in unsent.leaving(ws))
        self.snapshots = self.segments = True
        self.renewing = self.renewed = False  # this turn asks for another snapshot in place of one that says what was erased
        self.fault: Text | None = None  # what the server said of entries that it does not serve
        self.level = False  # whether a turn has shown that no page is lacking
        self.healer = Healer(ws, self.kinds, self.authority, self.stop, lambda reason: self.report.set_aside.append(reason_text(reason)))

    def records(self) -> None:
        """Turns until nothing is left to hand in or to take."""
        with self.ws.public.unhurried(), self.ws.private.unhurried(), self.ws.store.unhurried():
            try:
                self._turns()
            except Failure:
                self.taker.catch_up()
                raise
            self.taker.catch_up()
            self.carriage.settle()

    def _turns(self) -> None:
        more = not self.purse.only_own or self.outgoing.is_left() or self.carriage.is_left()
        while more:
            if self.stop():
                raise Cancelled
            try:
                more = self._turn()
            except Refused as failure:
                self.healer.heal_as_stranger(self.tongue.show_as_guest, failure)
                self.report.sent -= len(self.outgoing.sent)
                self.outgoing.start_over()

    def files(self) -> None:
        """Hand in the attachments that the server lacks, from where an earlier attempt was cut."""
        for sha256, size in unsent.leaving(self.ws):
            if self.stop():
                raise Cancelled
            try:
                if not self.purse.lets_leave(sha256, size) or not self._hand_in(sha256, size):
                    continue
            except (Damaged, Invalid, NotFound) as failure:
                self.report.set_aside.append(failure.message)  # one bad file never blocks the others
                continue
            with self.ws.store.transaction():
                self.ws.store.execute("DELETE FROM upload WHERE sha256 = ?", (sha256,))
                forget_agreed(self.ws, sha256)
            unsent.forget(self.ws.files, sha256)
            self.report.files += 1

    def _hand_in(self, sha256: str, size: int) -> bool:
        """Hand in what the server lacks of one file; False when the month ends before the file, else raises unless all of it is there at the end."""
        offset = self.carrier.held(sha256)
        if offset < size:
            pieces = watched(self.ws.files.read(sha256, offset), offset, size, self.watch, lambda: self.stop() or self.purse.empty, sha256)
            key = self.ws.vault.key()
            self.carrier.send_file(sha256, size, offset, pieces, key_id(key.public), key.sign(file_statement(sha256, size)))
            left = size - self.carrier.held(sha256)
            if left > 0 and self.purse.empty and not self.stop():
                self.purse.cut(sha256, left)
                return False
            if left > 0:
                raise Cancelled if self.stop() else Offline(SHORT)
        return True

    def note(self, failure: str) -> None:
        """Keep what this sync moved, for the person to read."""
        one = self.report
        one.bytes_up = self.carrier.bytes_up - self._before[0]
        one.bytes_down = self.carrier.bytes_down - self._before[1]
        one.turns = self.carrier.turns - self._before[2]
        with self.ws.store.transaction():
            self.carrier.settle()
            self.ws.vault.keep("budget", str(self.budget))
            self.ws.vault.drop_seeds()
            self.ws.store.execute("INSERT INTO visit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (
                self.ws.clock(), one.bytes_up, one.bytes_down, one.sent, one.accepted, one.refused, one.received, failure or None))

    def _turn(self) -> bool:
        heads = self.healer.join(self.tongue.show, self._heads())
        left = self.outgoing.bytes
        batches = self._batches(heads)
        leaving = self._leaving(left)
        later = max(0, leaving - (self.outgoing.bytes - left) // PACKED)
        self._tell_progress(leaving)
        found, pages = self._ask([batch for batch, _ in batches], heads)
        if self.tongue.misheard(found):
            self.outgoing.again(batches)
            self.report.sent -= sum(len(run) for _, run in batches)
            return True
        self.purse.hear(found)
        self._receipts(found)
        self.carriage.heard(found)
        self.report.refused += verdicts.hear(self.ws, found.refused, self.authority)
        self.fault = reason_text(found.healed.set_aside[0]) if found.healed is not None and found.healed.set_aside else None
        if found.astray:
            self.healer.heal(self.tongue.show, found.heads)
            return True
        for scope in in_order(found.heads):
            if is_scope(scope) and (scope not in heads or (not heads[scope].number and heads[scope].epoch != found.epoch)):
                self.taker.begin(scope, found.epoch)
        self.total = max(self.total, sum(found.heads.get(scope, 0) - (heads[scope].number if scope in heads else 0) for scope in found.heads))
        sent = Sent(batches)
        try:
            for page in pages:
                self.taker.take(page, sent)
                self._tell_progress(found.remaining + later)
                if self.stop():
                    raise Cancelled
        except Damaged:
            if self.tongue.fall_back():
                return True
            raise
        if found.snapshots:
            self.taker.put_down()
        for scope, offer in found.snapshots.items():
            if not self.purse.lets_come(offer.size):
                break
            if not is_scope(scope) or not bootstrap.take(self.ws, scope, offer, self.authority, self._bring(scope), self.carrier.road):
                self.snapshots = False  # pages say the same
        for scope, offer in ((scope, one) for scope, offers in found.segments.items() for one in offers):
            if not self.purse.lets_come(offer.size):
                break
            if not bootstrap.take_pages(self.ws, offer, self._bring(scope), self._take_frozen):
                self.segments = False
                break
        self._moments(found)
        if not (self.level and self.outgoing.is_left()):  # no turn follows during which it could be put down
            self.taker.put_down()
        if self.purse.only_own:
            return bool(batches) and self.outgoing.is_left()
        now = self._heads()
        behind = any(at.number < found.heads.get(scope, 0) for scope, at in now.items())
        self.level = not behind and self.healer.settled(self.tongue.show)
        if not behind and not self.level:
            return True
        if behind and not batches and not found.snapshots and not found.segments and now == heads and not self.renewing:
            raise Damaged(self.fault or ALTERED)
        again = behind or self.outgoing.is_left() or self.carriage.is_left()
        self.renewing = not again and not self.renewed and any(stale.noted(self.taker.store(scope), scope) for scope in heads)
        self.renewed = self.renewed or self.renewing
        return again or self.renewing

    def _heads(self) -> dict[str, ledger.Head]:
        return self.taker.heads(self.healer.heads())

    def _exchange(self, body: bytes) -> bytes:
        if self.taker.in_hand is None:
            return self.carrier.exchange(body)
        return self.carrier.exchange_while(body, self.taker.put_down)

    def _batches(self, heads: dict[str, ledger.Head]) -> Handed:
        """Signed batches of what was not sent in this sync, marked on disk before they leave."""
        with self.ws.store.transaction():
            if not self.taker.behind:
                self.ws.overlay.catch_up()
            found = self.outgoing.batches(self.push, heads, level=self.level)
        self.report.sent += sum(len(run) for _, run in found)
        return found

    def _ask(self, batches: list[Batch], heads: dict[str, ledger.Head]) -> tuple[Answer, Iterator[Page]]:
        known = [at for scope, at in heads.items() if not (self.renewing and stale.noted(self.taker.store(scope), scope))]
        cursors = {at.scope: (at.number, at.chain[:8]) for at in known}
        epoch = next((at.epoch for at in sorted(heads.values(), key=lambda at: not at.number)), b"")  # an empty ledger may be in an older one
        if self.renewing:  # the brief form takes it that the other end knows what is here
            self.tongue.fall_back()
        budget = SMALLEST if self.renewing else self.purse.budget(self.budget)
        request = Request(fingerprint(self.authority), epoch, cursors, [], budget, self.snapshots, segments=self.segments,
                          parcels=self.carriage.parcels(self.push), sealed={} if self.purse.only_own else self.carriage.wanted())
        start, before = time.monotonic(), self.carrier.bytes_up + self.carrier.bytes_down
        try:
            found = self.tongue.ask(request, batches, heads)
        except Offline:
            if time.monotonic() - start > SLOW / 4:  # a server that is not there says nothing about the link
                self._fit(SLOW, 0)
            raise
        self._fit(time.monotonic() - start, self.carrier.bytes_up + self.carrier.bytes_down - before)
        return found

    def _leaving(self, left: int) -> int:
        """Bytes that what waits will take on the way, about; `left` bytes of bodies left before this turn."""
        if not self.taker.behind:  # while it is, what came back still counts as waiting
            self.waiting = left + (self.ws.store.value("SELECT sum(length(body)) FROM pending WHERE state = ?", (WAITING,)) or 0)
        return max(0, self.waiting - left) // PACKED

    def _fit(self, took: float, moved: int) -> None:
        """Ask for less at a time on a slow link, since a cut costs one answer at most, and for more on one that carried much at once."""
        if took >= SLOW:
            fits = round(2 * SLOW * moved / took) if moved else self.budget  # of bodies, which weigh about half on the way
            self.budget = max(SMALLEST, min(self.budget // 2, fits))
            self.push = max(PUSH, self.push // 2)
        elif took < SLOW / 4 and moved >= TELLING:
            self.budget = min(ANSWER, self.budget * 2)
            self.push = min(LARGEST_PUSH, self.push * 2)

    def _receipts(self, found: Answer) -> None:
        for receipt in found.receipts:
            if receipt.reason is not None:
                self.report.set_aside.append(reason_text(receipt.reason))
            if receipt.forked:
                with self.ws.store.transaction():
                    self.ws.vault.fork(receipt.log)

    def _take_frozen(self, page: Page) -> None:
        self.taker.take(page)
        if self.stop():
            raise Cancelled

    def _bring(self, scope: str) -> bootstrap.Bring:
        """What brings the offered files of a scope, from where an earlier attempt was cut; answers where they are then."""
        place = self.ws.files if is_in_clear(scope) else Passing(self.ws.private)

        def bring(name: str, size: int) -> Files | Passing:
            fetch_into(place, self.ws, name, size, self.watch, self.stop, self.carrier)
            return place

        return bring

    def _moments(self, found: Answer) -> None:
        now = str(self.ws.clock())
        with self.ws.store.transaction():
            self.ws.vault.keep("last_received", now)
            self.ws.vault.keep("server_time", str(found.time))
            self.ws.vault.keep("server_time_here", now)

    def _tell_progress(self, left: int) -> None:
        done = self.report.received + self.report.accepted + self.report.refused
        up, down = self.carrier.bytes_up, self.carrier.bytes_down
        seconds = self.pace.seconds(up + down - self._before[0] - self._before[1], left + self.attached)
        self.watch(Progress(done, max(done, self.total), up, down, "", left, self.attached, seconds))
