"""What may move, by the rules that this computer's people set: metered, a month's limit, large files, hours; pure, knows no road and no clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

DAY = 24 * 60  # minutes
METERED_LARGE = 2_000_000  # bytes above which a metered connection asks, where nobody set a limit


class Occasion(Enum):
    """Why something would move: by itself, because a person asked, or because they insisted knowing what holds it back."""

    BY_ITSELF = "by_itself"
    ASKED = "asked"
    ANYWAY = "anyway"


@dataclass(frozen=True, slots=True)
class Rules:
    """`metered`; `cap` bytes a month, 0 for none; `large` bytes above which a file waits for a yes, 0 for none;
    `hours` minutes of the day between which syncs begin by themselves, over midnight where the first is later; None for any."""

    metered: bool = False
    cap: int = 0
    large: int = 0
    hours: tuple[int, int] | None = None

    @property
    def limit(self) -> int | None:
        """The bytes above which something is large; None where nothing is."""
        return self.large or (METERED_LARGE if self.metered else None)


FREE = Rules()


def is_open(hours: tuple[int, int] | None, minute: int) -> bool:
    """Whether a minute of the day is within the hours; the same minute twice means the whole day."""
    if hours is None or hours[0] == hours[1]:
        return True
    first, last = hours
    return first <= minute < last if first < last else minute >= first or minute < last


def left_of(rules: Rules, occasion: Occasion, spent: int) -> int | None:
    """The bytes that may still move this month; None where nothing limits them."""
    return None if not rules.cap or occasion is Occasion.ANYWAY else max(0, rules.cap - spent)


def not_begun(rules: Rules, occasion: Occasion, minute: int, spent: int) -> str:
    """Why a sync does not begin: `hours`, `cap`, or nothing.

    Whoever asks is never stopped: the hours are by a clock that may be wrong,
    and at the limit one's own records still leave.
    """
    if occasion is not Occasion.BY_ITSELF:
        return ""
    if not is_open(rules.hours, minute):
        return "hours"
    return "cap" if left_of(rules, occasion, spent) == 0 else ""


def copy_waits(rules: Rules, occasion: Occasion, size: int, spent: int) -> str:
    """Why `size` bytes of other people's records do not come now: `cap`, `large`, or nothing."""
    if occasion is Occasion.ANYWAY:
        return ""
    left = left_of(rules, occasion, spent)
    if left is not None and (not left or size > left):
        return "cap"
    return "large" if rules.metered and rules.limit is not None and size > rules.limit else ""


def file_waits(rules: Rules, occasion: Occasion, size: int, spent: int, *, agreed: bool) -> str:
    """Why a file of `size` bytes does not leave now: `cap`, `metered`, `large`, or nothing. A yes (`agreed`) ends all but the limit.

    A file that is larger than what is left of the month leaves in part: it goes on where it stopped.
    """
    if occasion is Occasion.ANYWAY:
        return ""
    if left_of(rules, occasion, spent) == 0:
        return "cap"
    if agreed:
        return ""
    if rules.metered and occasion is Occasion.BY_ITSELF:
        return "metered"
    return "large" if rules.limit is not None and size > rules.limit else ""
