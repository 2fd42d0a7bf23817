"""What one PC can give to another, whatever the road: signed pages, snapshots, sealed pages and parcels; knows no carrier and no screen.

Both sides say what they have (`Have`); whoever gives sends only what the other
lacks, in the order in which it can be taken. Nothing is believed because of
who carries it: pages and snapshots are the authority's, parcels their author's,
and both are checked before anything is written. So what comes twice, late or
in another order does no harm.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from i18n import Text
from sync import applying, codec, epochs, ledger, offers, roads, second_device
from sync.admission import OTHER
from sync.change import Page, Verdict, log_link
from sync.confirmed import Confirmed
from sync.errors import Damaged, Failure, Refused
from sync.exchange.brought import note_known
from sync.facts import CONTROL_KINDS
from sync.identity import fingerprint
from sync.letting_go import let_go
from sync.membership import heard, membership
from sync.postbox import PostBox
from sync.posting import Posting
from sync.proofs import ALTERED
from sync.record import Kinds
from sync.relay.parcels import Label, is_signed, name_of, place_of, read_page, read_parcel
from sync.roads import Came
from sync.scope_keys import known_to_carriers
from sync.scopes import CONTROL, IN_CLEAR
from sync.snapshots import loading
from sync.snapshots.kept import kept_file
from sync.trust import Trust
from sync.waiting_room import WaitingRoom, note_network
from sync.workspace import Workspace

PAGE, SNAPSHOT, SEALED, PARCEL, LETTER, TICKET = "page", "snapshot", "sealed", "parcel", "letter", "ticket"
MANY = 500  # changes from which listeners hear that anything may read differently
MAX_ITEM = 512 * 1024 * 1024  # bytes: a snapshot of a few million records


class Have(msgspec.Struct, array_like=True, frozen=True):
    """What a PC has. `authority` is the fingerprint of the network's key; `heads` are (epoch, number, first 8 bytes of the chain) by scope.

    `sealed` are the numbers up to which sealed pages are held, by name of
    scope, and `parcels` the names of those in the box,
    `letters` those of requests to join and of tickets.
    """

    authority: bytes
    heads: dict[str, tuple[bytes, int, bytes]]
    sealed: dict[bytes, int] = msgspec.field(default_factory=dict)
    parcels: list[bytes] = msgspec.field(default_factory=list)
    letters: list[bytes] = msgspec.field(default_factory=list)


class Item(msgspec.Struct, array_like=True, frozen=True):
    """One piece that can be checked and taken by itself, once those before it were."""

    kind: str
    data: bytes


@dataclass(slots=True)
class Taken:
    """What came over a road: other people's changes in clear, sealed pages, parcels, requests to join that were news, and why not all.

    `changes` are those in parcels that nobody has decided as far as one knows here, `changes_known` those that stand in a ledger already.
    """

    received: int = 0
    sealed: int = 0
    parcels: int = 0
    letters: int = 0
    known: int = 0
    changes: int = 0
    changes_known: int = 0
    set_aside: list[Text] = field(default_factory=list)


class Holding:
    """What stands in one data folder that may be given on. `ws` may be a guest's: nothing here needs a key. `road` is what history calls the way."""

    def __init__(self, ws: Workspace, authority: bytes = b"", road: str = roads.USB) -> None:
        self.ws = ws
        self.road = road
        self.kinds = Kinds((*ws.kinds.values(), *CONTROL_KINDS))
        self.box = PostBox(ws.public)
        self.room = WaitingRoom(ws.public)
        self.authority = authority or ws.vault.setting("authority") or b""
        if not self.authority:
            raise Refused(Text("This computer has not joined a network yet. Join with the code that the secretariat gave you."), "not_joined")
        self._known: list[tuple[bytes, bytes, int]] = []  # name, author and number of changes of the parcels that were decided already
        self.posting = None if ws.guest or not ws.vault.setting("authority") else Posting(ws)

    def have(self) -> Have:
        """What is here."""
        heads = {scope: (at.epoch, at.number, at.chain[:8]) for scope in IN_CLEAR if (at := ledger.head(self.ws.public, scope)) is not None}
        sealed: dict[bytes, int] = {}
        for name, scope in sorted(known_to_carriers(self.ws.public).scopes.items()):
            lacked = [number for (_, read), number in self.box.readers().items() if read == scope]
            if number := self.box.reached(name, min(lacked, default=0)):
                sealed[name] = number
        return Have(fingerprint(self.authority), heads, sealed, [one.name for one in self.box.parcels()],
                    [*(one.name for one in self.room.all()), *(name for name, _ in self.room.tickets())])

    def seal(self) -> None:
        """Put into the box what whoever is here has to send, and note up to where they have read."""
        if self.posting is not None:
            self.posting.look_again()
            self.posting.seal()
            self.posting.keep_for_others()

    def give(self, other: Have | None = None) -> Iterator[Item]:
        """What another PC lacks, or all of it for one that nobody knows; in the order in which it is taken. Parcels are marked before they leave."""
        if other is not None and other.authority != fingerprint(self.authority):
            raise Refused(OTHER, "other_network")
        for scope in IN_CLEAR:
            yield from self._pages(scope, other.heads.get(scope) if other is not None else None)
        for name, scope in sorted(known_to_carriers(self.ws.public).scopes.items()):
            after = other.sealed.get(name, 0) if other is not None else 0
            own = self.posting.sealed_after(scope, after) if self.posting is not None else iter(())
            # what follows on what the other has, from the box or sealed anew; then what somebody further on may lack
            for pages, any_place in ((self._boxed(name, after), False), (own, False), (self._boxed(name, after), True)):
                for data in pages:
                    place = place_of(data)
                    if place.last > after and (any_place or place.first <= after + 1):
                        after = place.last
                        yield Item(SEALED, data)
        there = set(other.parcels) if other is not None else set()
        for one in self.box.parcels():
            if one.size and one.name not in there and (data := self.box.parcel(one.name)) is not None:
                self.box.leave([one.name])
                yield Item(PARCEL, data)
        known = set(other.letters) if other is not None else set()
        for letter in self.room.all():
            if letter.name not in known:
                yield Item(LETTER, letter.data)
        for name, data in self.room.tickets():
            if name not in known:
                yield Item(TICKET, data)

    def take(self, items: Iterable[Item]) -> Taken:
        """Check and take what came, all of it in one transaction of the public file; what is not as signed is set aside and blocks nothing.

        Damaged and the like from `items` itself (a torn stick) leaves everything as it was.
        """
        found, before = Taken(), membership(self.ws)
        known: set[tuple[str, str]] = set()
        self._known = []
        with self.ws.public.unhurried(), self.ws.public.transaction():
            trust = Trust(self.ws.public, self.authority)
            for item in items:
                try:
                    known |= self._take(item, trust, found)
                except Failure as failure:
                    found.set_aside.append(failure.message)
            self.box.drop_entered()
            self.room.drop_answered()
            note_network(self.ws.public, self.authority, self.ws.vault.word("server"))
        for each in self._known:  # after the public file is written: no transaction needs both
            note_known(self.ws, *each)
        self._catch_up(known, found)
        heard(self.ws, before)
        return found

    def _take(self, item: Item, trust: Trust, found: Taken) -> set[tuple[str, str]]:
        if item.kind == PAGE:
            return self._take_page(codec.unpack(codec.unsqueeze(item.data, codec.MAX_MESSAGE), Page), trust, found)
        if item.kind == SNAPSHOT:
            self._take_snapshot(item.data, found)
        elif item.kind == SEALED:
            place = read_page(item.data, known_to_carriers(self.ws.public), self.authority)
            new = self.box.keep_page(item.data, place, Came(self.road, self.ws.clock()))
            found.sealed, found.known = found.sealed + new, found.known + (not new)
        elif item.kind == PARCEL:
            parcel, label = read_parcel(item.data)
            author = trust.certified(label.author)
            if author is None or not is_signed(parcel, author.key):
                raise Damaged(Text("Part of what arrived is signed by someone whom the server does not vouch for; it was not taken."))
            if author.revoked:
                raise Refused(Text("Part of what arrived is from a device that was withdrawn from the network; it was not taken."), "revoked")
            new = self.box.keep(item.data, label, copied=True)
            self._count(name_of(item.data), label, found)
            found.parcels, found.known = found.parcels + new, found.known + (not new)
        elif item.kind == LETTER:
            new = self.room.keep(item.data, self.authority)
            found.letters, found.known = found.letters + new, found.known + (not new)
        elif item.kind == TICKET:
            ticket = second_device.read(item.data, self.authority, trust)
            new = self.room.keep_ticket(item.data, ticket.author, ticket.number)
            found.letters, found.known = found.letters + new, found.known + (not new)
        return set()  # of a kind that only a newer program knows

    def _count(self, name: bytes, label: Label, found: Taken) -> None:
        """Count the changes in a parcel, and remember for the next sync's report those that the server has decided."""
        if self.posting is not None and label.author == self.posting.name:
            return  # one's own work that comes home
        count = label.last - label.first + 1
        stores = (self.ws.public,) if self.ws.guest else (self.ws.public, self.ws.private)
        rows = [store.row("SELECT before, commitment FROM entry WHERE log = ? AND n = ?", (label.log, label.last)) for store in stores]
        if any(row is not None and log_link(bytes(row[0]), bytes(row[1])) == label.end for row in rows):
            found.changes_known += count
            self._known.append((name, label.author, count))
        else:
            found.changes += count

    def _take_page(self, page: Page, trust: Trust, found: Taken) -> set[tuple[str, str]]:
        store = self.ws.public
        if page.scope not in IN_CLEAR:
            raise Damaged(ALTERED)
        at = ledger.head(store, page.scope)
        if at is None or (not at.number and at.epoch != page.epoch):
            epochs.follow_empty(store, page.scope, page.epoch)
            at = ledger.head(store, page.scope)
        if at is None or page.epoch != at.epoch:
            raise Refused(Text("The server was set back since this was copied: sync with it once, then this can be read."), "other_epoch")
        if page.last <= at.number:
            found.known += len(page.entries)
            return set()
        if page.first > at.number + 1:
            raise Refused(Text("What was brought goes on from a newer copy than this one. Bring a whole copy, or sync with the server."), "gap")
        rows, chain = ledger.open_page(page, at, self.authority, trust, {})
        ledger.keep_page(store, page, rows, at, chain)
        roads.note(store, page.scope, at.number + 1, page.last, self.road, self.ws.clock())
        confirmed = Confirmed(store, self.kinds, page.scope)
        changes = ledger.decided(rows)
        confirmed.prepare([one.change for one in changes])
        for one in changes:
            confirmed.apply(one)
        if page.scope != CONTROL:
            found.received += sum(row.verdict == Verdict.ACCEPTED for row in rows)
        return confirmed.flush()

    def _take_snapshot(self, data: bytes, found: Taken) -> None:
        scope, file = codec.unpack(data, tuple[str, bytes])
        if scope not in IN_CLEAR:
            raise Damaged(ALTERED)
        at = ledger.head(self.ws.public, scope)
        header = loading.load(self.ws.public, self.kinds, io.BytesIO(file), self.authority, scope)
        roads.note_up_to(self.ws.public, scope, header.number, self.road, self.ws.clock())
        found.received += max(0, header.number - (at.number if at is not None else 0)) * (scope != CONTROL)

    def _catch_up(self, known: set[tuple[str, str]], found: Taken) -> None:
        """What is applied is heard by whoever is here: verdicts, erasures, sealed pages of theirs."""
        if not self.ws.guest:
            with self.ws.store.transaction():
                known |= self.ws.overlay.catch_up()
        known |= let_go(self.ws)
        applying.renew(self.ws)
        if self.posting is not None:
            self.posting.look_again()
            report = self.posting.open()
            found.received += report.received
        self.ws.finish()
        self.ws.recognise()
        if found.received > MANY:
            self.ws.tell_all()
        else:
            self.ws.tell({(kind, id) for kind, id in known if kind in self.ws.kinds}, "sync")

    def _boxed(self, name: bytes, after: int) -> Iterator[bytes]:
        for _, _, data in self.box.pages(name, after):
            yield data

    def _pages(self, scope: str, there: tuple[bytes, int, bytes] | None) -> Iterator[Item]:
        store, at = self.ws.public, ledger.head(self.ws.public, scope)
        if at is None:
            return
        number, mark = (there[1], there[2]) if there is not None and there[0] == at.epoch else (0, b"")
        chain = epochs.known_chain(store, scope, number) if 0 < number <= at.number else None
        if number > at.number or (chain is not None and chain[:8] != mark):
            return  # the other is further, or was led astray: only the server can tell
        if number < ledger.floor(store, scope):
            with kept_file(store, scope) as source:
                yield Item(SNAPSHOT, codec.pack([scope, source.read()]))
            number = ledger.floor(store, scope)
        for page in offers.pages_after(store, scope, number):
            yield Item(PAGE, codec.squeeze(codec.pack(page)))
