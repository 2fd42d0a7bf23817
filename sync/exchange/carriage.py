"""What one sync does for others on this PC: hands in their parcels, brings them sealed pages; knows no carrier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync import roads
from sync.errors import Damaged
from sync.exchange.awaited import Awaited
from sync.exchange.brought import Tally
from sync.exchange.report import Report
from sync.exchange.words import Answer
from sync.postbox import Kept
from sync.reasons import reason_text
from sync.relay.parcels import read_page, read_parcel
from sync.roads import Came
from sync.scope_keys import known_to_carriers
from sync.workspace import Workspace

if TYPE_CHECKING:
    from sync.posting import Posting


class Carriage:
    """The post box as one sync sees it. A guest carries nothing: nobody vouches for them."""

    def __init__(self, ws: Workspace, report: Report) -> None:
        self.ws = ws
        self.report = report
        self._posting: Posting | None = None
        self._left: list[bytes] = []
        self._asked: list[Kept] = []
        self._tally = Tally()
        self._tried: set[bytes] = set()
        self._wanted: dict[str, int] | None = None  # what was asked for last, if anything was
        self._awaited: Awaited | None = None

    @property
    def posting(self) -> Posting | None:
        """The box, once this person has joined."""
        if self._posting is None and not self.ws.guest and self.ws.vault.setting("authority"):
            from sync.posting import Posting  # it reports in this room's words, so either may be imported first

            self._posting = Posting(self.ws)
            self._awaited = Awaited(self._posting)
        return self._posting

    @property
    def weight(self) -> int:
        """The bytes of parcels of others that wait here."""
        if self.posting is None:
            return 0
        return sum(one.size for one in self.posting.box.parcels() if one.author != self.posting.name)

    def parcels(self, budget: int) -> list[bytes]:
        """The next parcels of others, marked before they leave, about `budget` bytes of them."""
        self._asked = []
        if self.posting is None or self._awaited is None:
            return []
        found: list[bytes] = []
        for one in self.posting.box.parcels():
            if one.size and one.author != self.posting.name and one.name not in self._tried and (not found or budget >= one.size):
                data = self.posting.box.parcel(one.name)
                if data is not None:
                    self._awaited.carries(read_parcel(data)[1])
                    found.append(data)
                    self._asked.append(one)
                    budget -= one.size
        self.posting.box.leave([one.name for one in self._asked])
        return found

    def wanted(self) -> dict[str, int]:
        """The scopes of others, here or where a parcel came from, with the numbers up to which the box holds them."""
        self._wanted = found = self._lacked()
        return found

    def _lacked(self) -> dict[str, int]:
        if self.posting is None or self._awaited is None:
            return {}
        return self._awaited.wanted() | self.posting.lacked_by_others()

    def heard(self, found: Answer) -> None:
        """Take what the answer says of both."""
        if self.posting is None:
            return
        answered = {receipt.parcel: receipt for receipt in found.carried}
        for one in self._asked:
            self._tried.add(one.name)
            receipt = answered.get(one.name)
            if receipt is None:
                continue  # an old answer, or another's: the next sync carries it again
            if receipt.reason is None:
                self.report.carried += 1
                self._tally.count(one, receipt)
            else:
                self.report.set_aside.append(reason_text(receipt.reason))
            self.posting.box.empty([one.name])
        known = known_to_carriers(self.ws.public)
        for data in found.sealed:
            try:
                self.posting.box.keep_page(data, read_page(data, known, self.posting.authority), Came(roads.SERVER, self.ws.clock()))
            except Damaged as failure:
                self.report.set_aside.append(failure.message)

    def is_left(self) -> bool:
        """Whether another turn would carry more: parcels that did not fit, or pages that go on."""
        if self.posting is None:
            return False
        more = any(one.size and one.author != self.posting.name and one.name not in self._tried for one in self.posting.box.parcels())
        before, now = self._wanted, self._lacked()
        return more or (before is not None and any(number > before.get(scope, -1) for scope, number in now.items()))

    def settle(self) -> None:
        """Once all is taken: let go of what was decided, keep for others here what they lack, seal anew what waits still."""
        if self.posting is not None and self._awaited is not None:
            self.posting.box.drop_entered()
            self.report.brought = self._tally.told(self.ws)
            self._awaited.settle()
            self.posting.keep_for_others()
            if self.posting.box.parcels(self.posting.name):
                self.posting.seal()
