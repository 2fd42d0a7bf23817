"""A visit to another PC: take what it has, then give what it lacks, records before files; knows no socket and no screen.

Each question is whole by itself. Whatever is cut is asked again with what is
here by then, so a cut costs one answer, and of a file nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from i18n import Text
from sync import unsent
from sync.errors import Cancelled, Damaged, Failure, Offline, Refused
from sync.identity import fingerprint
from sync.relay.holding import OTHER, Have, Holding, Item
from sync.relay.lan_words import ANSWER, LARGEST, MANY_NAMES, ODD, Ask, Wish, mark, name_said
from sync.relay.shared_files import SharedFiles
from sync.workspace import Workspace

if TYPE_CHECKING:
    from sync.relay.lan_client import LanCarrier

FRUITLESS = 20  # answers in a row of which nothing could be used, before they are left
MARKS = 100_000  # items of one visit that are remembered

_NOT_TAKEN = Text("The other computer did not take a part of what was brought. It may know more than this one: sync with the server.")


@dataclass(frozen=True, slots=True)
class Step:
    """How far a visit is: entries of pages that arrived of how many, files and their bytes of how many, bytes both ways."""

    done: int = 0
    total: int = 0
    files: int = 0
    file_bytes: int = 0
    file_bytes_total: int = 0
    bytes_up: int = 0
    bytes_down: int = 0


@dataclass(slots=True)
class Visited:
    """What a visit did. `given` counts what the other one took; `set_aside` says why something was not taken."""

    name: str = ""
    received: int = 0
    sealed: int = 0
    parcels: int = 0
    given: int = 0
    files: int = 0
    files_given: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    turns: int = 0
    set_aside: list[Text] = field(default_factory=list)


Watch = Callable[[Step], None]
Stop = Callable[[], bool]


def visit(ws: Workspace, carrier: LanCarrier, authority: bytes = b"", *, network: str = "", watch: Watch = lambda _: None,
          stop: Stop = lambda: False) -> Visited:
    """Take and give until neither side lacks anything. Raises Refused for another network's PC, Offline for a cut, Cancelled when stopped.

    `network` is the fingerprint that an announcement or a code named: another one than ours is not even asked.
    """
    visiting = _Visit(Holding(ws, authority), carrier, watch, stop)
    if network and fingerprint(visiting.holding.authority).hex() != network:
        raise Refused(OTHER, "other_network")
    try:
        visiting.whole()
    finally:
        carrier.close()
        found = visiting.found
        found.bytes_up, found.bytes_down, found.turns = carrier.bytes_up, carrier.bytes_down, carrier.turns
    return found


class _Visit:
    """One visit, with what it has done so far."""

    def __init__(self, holding: Holding, carrier: LanCarrier, watch: Watch, stop: Stop) -> None:
        self.holding = holding
        self.carrier = carrier
        self.found = Visited()
        self.shared = SharedFiles(holding.ws)
        self._watch = watch
        self._stop = stop
        self._step = Step()
        self._unsent: set[str] = set()  # files that the server may lack, as the other one says

    def whole(self) -> None:
        """Records both ways, then files both ways."""
        self.holding.seal()
        here = self.carrier.have()
        if here.have.authority != fingerprint(self.holding.authority):
            raise Refused(OTHER, "other_network")
        self.found.name = name_said(here.name)
        self._take(here.have)
        self._give(here.have)
        self._files()

    # records

    def _take(self, there: Have) -> None:
        marks: dict[bytes, None] = {}
        had = self.holding.have()
        began, fruitless = had, 0
        total = sum(max(0, number - (had.heads[scope][1] if scope in had.heads else 0)) for scope, (_, number, _) in there.heads.items())
        while True:
            self._tell(done=_entries(self.holding.have(), began), total=total)
            items, more, cut = self._one_answer(Ask(had, list(marks)))
            before = len(marks)
            marks.update((mark(one), None) for one in items)
            taken = self.holding.take(items)
            self.found.received += taken.received
            self.found.sealed += taken.sealed
            self.found.parcels += taken.parcels
            self._set_aside(taken.set_aside)
            now = self.holding.have()
            fruitless = 0 if now != had else fruitless + 1
            had = now
            if cut is not None:
                raise cut
            if not more:
                break
            if fruitless >= FRUITLESS or len(marks) == before or len(marks) > MARKS:
                raise Damaged(ODD)
        self._tell(done=_entries(had, began), total=total)

    def _one_answer(self, ask: Ask) -> tuple[list[Item], bool, Failure | None]:
        """The items of one answer, whether there are more, and what cut it: those that came whole are good."""
        items: list[Item] = []
        giving = self.carrier.given(ask)
        while True:
            self._check()
            try:
                items.append(next(giving))
            except StopIteration as end:
                return items, bool(end.value), None
            except Offline as failure:
                return items, False, failure
            self._tell()

    def _give(self, there: Have) -> None:
        load: list[Item] = []
        size = 0
        for item in self.holding.give(there):
            if len(item.data) > LARGEST - ANSWER:
                self._set_aside([Text("One piece is too large for the local network; the other computer gets it from the server or a stick.")])
                continue
            if load and size + len(item.data) > ANSWER:
                self._bring(load)
                load, size = [], 0
            load.append(item)
            size += len(item.data)
        if load:
            self._bring(load)

    def _bring(self, load: list[Item]) -> None:
        self._check()
        answer = self.carrier.bring(load)
        self.found.given += answer.received + answer.sealed + answer.parcels
        if answer.refused:
            self._set_aside([_NOT_TAKEN])
        self._tell()

    # files

    def _files(self) -> None:
        wanted = {one.sha256: one for one in self.shared.lacking()}
        names = list(wanted)
        there: list[str] = []
        told = self.carrier.files(names[:MANY_NAMES])
        there += told.there
        self._unsent = set(told.unsent)
        for start in range(MANY_NAMES, len(names), MANY_NAMES):
            more = self.carrier.files(names[start : start + MANY_NAMES])
            there += more.there
            self._unsent.update(more.unsent)
        coming = [wanted[name] for name in dict.fromkeys(there) if name in wanted]
        going = [one for one in told.lacking if self.shared.here(one.sha256) == one.size and 0 <= one.held <= one.size]
        self._tell(file_bytes_total=sum(one.size - one.held for one in (*coming, *going)))
        for one in coming:
            self._fetch(one)
        for one in going:
            self._send(one)

    def _fetch(self, wish: Wish) -> None:
        offset = self.holding.ws.files.held(wish.sha256)
        try:
            held = self.holding.ws.files.append(wish.sha256, offset, self._watched(self.carrier.fetch_file(wish.sha256, offset)), wish.size)
        except (Damaged, Refused) as failure:
            self._set_aside([failure.message])  # one wrong file keeps none of the others
            return
        self._check()
        if held < wish.size:
            raise Offline(Text("The file is not whole yet: the connection was cut. Fetch it again, it goes on from there."), "cut")
        if wish.sha256 in self._unsent:
            unsent.note(self.holding.ws.files, wish.sha256)
        self.found.files += 1
        self._tell(files=self.found.files + self.found.files_given)

    def _send(self, wish: Wish) -> None:
        self._check()
        try:
            files = self.holding.ws.files
            self.carrier.send_file(wish.sha256, wish.held, wish.size, self._watched(files.read(wish.sha256, wish.held)),
                                   unsent=unsent.noted(files, wish.sha256))
        except Refused as failure:
            if failure.code != "not_wanted":
                self._set_aside([failure.message])
            return
        self._check()
        self.found.files_given += 1
        self._tell(files=self.found.files + self.found.files_given)

    def _watched(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Piece by piece; a stop or a cut ends them, what came before counts."""
        try:
            for piece in pieces:
                yield piece
                self._tell(file_bytes=self._step.file_bytes + len(piece))
                if self._stop():
                    return
        except Offline:
            return

    # what all of them need

    def _check(self) -> None:
        if self._stop():
            raise Cancelled

    def _set_aside(self, reasons: list[Text]) -> None:
        self.found.set_aside += [one for one in dict.fromkeys(reasons) if one not in self.found.set_aside]

    def _tell(self, **more: int) -> None:
        self._step = replace(self._step, bytes_up=self.carrier.bytes_up, bytes_down=self.carrier.bytes_down, **more)
        self._watch(self._step)


def _entries(now: Have, before: Have) -> int:
    return sum(at[1] - (before.heads[scope][1] if scope in before.heads else 0) for scope, at in now.heads.items())
