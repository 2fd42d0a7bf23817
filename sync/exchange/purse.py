"""What one sync or one fetch may spend, and what it leaves for later: the rules applied to a road that is counted; knows no page and no HTTP."""

from __future__ import annotations

import datetime as dt

from i18n import Text
from sync import traffic
from sync.errors import Failure
from sync.exchange.metered import Metered
from sync.exchange.remaining import PACKED
from sync.exchange.report import Held
from sync.exchange.words import SMALLEST, TELL, Answer
from sync.relay.carrier import Carrier
from sync.spending import DAY, FREE, Occasion, Rules, copy_waits, file_waits, left_of, not_begun
from sync.workspace import Workspace

_AGREED = "agreed "  # with a file's name: the setting that says that its person wants it to leave, whatever it weighs


class KeptBack(Failure):
    """The rules of this computer let it wait; `code` is `cap` or `hours`. Nothing is lost, and a person can insist."""


class Purse:
    """The rules as they hold for one run.

    Attributes: `held`, what waits and why; `only_own`, whether from here on
    nothing is asked for but what this person hands in.
    """

    def __init__(self, ws: Workspace, rules: Rules = FREE, occasion: Occasion = Occasion.ASKED) -> None:
        self.ws = ws
        self.rules = rules
        self.occasion = occasion
        self.held: list[Held] = []
        self.only_own = False
        self._road: Metered | None = None

    def meter(self, road: Carrier, brought: str = traffic.COPIES) -> Metered:
        """The road with its bytes counted; one that is counted already stays as it is."""
        self._road = road if isinstance(road, Metered) else Metered(self.ws, road, brought)
        return self._road

    def begin(self) -> None:
        """Raise KeptBack when a sync that nobody asked for has to wait."""
        why = not_begun(self.rules, self.occasion, minute_of(self.ws.clock()), self._spent)
        if why == "hours":
            raise KeptBack(Text("Exchanges begin by themselves at the hours chosen for this computer. You can start one at any time."), why)
        if why:
            raise KeptBack(_full(), why)
        if self.empty:
            self._hold_copy("cap", 0)

    @property
    def empty(self) -> bool:
        """Whether nothing is left of the month."""
        return left_of(self.rules, self.occasion, self._spent) == 0

    @property
    def why(self) -> str:
        """`cap` when the month's limit held something back, for the log of syncs."""
        return next((one.why for one in self.held if one.why == "cap"), "")

    def budget(self, wanted: int) -> int:
        """The bytes of bodies to ask for at once: no more than what is left pays for, and none when only one's own goes on."""
        left = left_of(self.rules, self.occasion, self._spent)
        if self.only_own:
            return TELL
        return wanted if left is None else max(SMALLEST, min(wanted, left * PACKED))

    def hear(self, found: Answer) -> None:
        """An answer said what is still to come: where that is too much, only this person's own goes on."""
        offers = [*found.snapshots.values(), *(one for some in found.segments.values() for one in some)]
        paged = max(0, found.remaining - sum(one.size for one in offers))
        why = copy_waits(self.rules, self.occasion, found.remaining, self._spent) if self.rules.metered and found.remaining else ""
        if not why and paged and self.empty:
            why = "cap"
        if why:
            self._hold_copy(why, found.remaining)

    def lets_come(self, size: int) -> bool:
        """Whether a file of other people's records may be fetched now."""
        why = "" if self.only_own else copy_waits(self.rules, self.occasion, size, self._spent)
        if why:
            self._hold_copy(why, size)
        return not self.only_own

    def lets_leave(self, sha256: str, size: int) -> bool:
        """Whether a file may be handed in now."""
        why = file_waits(self.rules, self.occasion, size, self._spent, agreed=agreed(self.ws, sha256))
        if why:
            self.held.append(Held("file", why, size, sha256))
        return not why

    def cut(self, sha256: str, left: int) -> None:
        """The month ended in the middle of a file: so many bytes of it wait."""
        self.held.append(Held("file", "cap", left, sha256))

    def check_fetch(self, size: int) -> None:
        """Raise KeptBack when a person asks for a file of which so many bytes lack and the month does not hold them."""
        left = left_of(self.rules, self.occasion, self._spent)
        if left is not None and size > left:
            raise KeptBack(_full(), "cap")

    def _hold_copy(self, why: str, size: int) -> None:
        """Nobody knows the `size` (0) until an answer has said it."""
        self.only_own = True
        known = next((one for one in self.held if one.what == "records"), None)
        if known is None or not known.size:
            self.held[:] = [Held("records", why, size), *(one for one in self.held if one is not known)]

    @property
    def _spent(self) -> int:
        return traffic.spent(self.ws) if self._road is None else self._road.spent


def agree(ws: Workspace, sha256: str) -> None:
    """A person wants this file to leave at the next sync, large as it is."""
    with ws.store.transaction():
        ws.vault.keep(_AGREED + sha256, b"1")


def agreed(ws: Workspace, sha256: str) -> bool:
    """Whether a person said so."""
    return ws.vault.setting(_AGREED + sha256) is not None


def forget_agreed(ws: Workspace, sha256: str) -> None:
    """It has left; in the caller's transaction."""
    ws.store.execute("DELETE FROM setting WHERE name = ?", (_AGREED + sha256,))


def minute_of(moment: int) -> int:
    """The minute of the day on this computer's clock; milliseconds since 1970."""
    try:
        here = dt.datetime.fromtimestamp(moment / 1000, dt.UTC).astimezone()
    except (OverflowError, ValueError, OSError):
        return moment // 60_000 % DAY
    return here.hour * 60 + here.minute


def _full() -> Text:
    return Text("The limit of the month is reached. What you save is safe here and can leave when you ask for it; the rest waits for the next month,"
                " or for you to go on this once.")
