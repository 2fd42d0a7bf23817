"""How a person is called on the screen before anything of theirs is open; knows the names of files, nothing in them."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.terminal import opening
from i18n import Text, t
from i18n.fold import fold
from sync.errors import Failure
from sync.people import checked_name

__all__ = ["refusal_of", "said_name", "shown_name"]


def shown_name(name: str) -> str:
    """A person's name; the one of a private computer, who was never asked for one, is its owner."""
    return t("Owner of this PC") if name == opening.ONLY_PERSON else name


def said_name(name: str) -> str:
    """The same for the rail, where nothing is said of whoever never said their name."""
    return "" if name in ("", opening.ONLY_PERSON) else name


def refusal_of(name: str, taken: Iterable[str]) -> Text | None:
    """Why somebody new cannot be called so on this PC, or None. Names that read alike are one name."""
    if not name:
        return Text("Write your name, as people know you.")
    if fold(name) in {fold(one) for one in (*taken, opening.ONLY_PERSON)}:
        return Text("Somebody on this PC has this name already. Add the name of your father, or of your association.")
    try:
        checked_name(name)
    except Failure as failure:
        return failure.message
    return None
