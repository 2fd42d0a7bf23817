"""Who may change what: one table and one pure question; knows no certificate and no screen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal

from i18n import Text

Operation = Literal["read", "create", "edit", "delete"]

GUEST: Final = "guest"
WRITING_ROLES: Final = ("member", "editor", "trainer", "moderator", "partner", "administrator")
ROLES: Final = (GUEST, *WRITING_ROLES)

REASONS: Final = {
    "guest": Text("A guest can read but not write. Join the network to take part."),
    "unknown_role": Text("This device has no role in the network. Ask for a new invitation."),
    "partner": Text("A partner publishes its own calls; the directory is written by the organisations."),
    "members_only": Text("Only members of the network can see this."),
    "own_name": Text("Only the person concerned can change this."),
}

_ALLOWED: Final = ""
_OWN: Final = "own"

# (role, operation, kind) -> allowed, "own" (only one's own record), or a reason.
# "*" stands for any; the first line that fits decides.
_TABLE: Final = (
    (GUEST, "read", "contact", _ALLOWED),  # those in the public scope; the others never reach a guest
    (GUEST, "read", "person", "members_only"),
    (GUEST, "read", "*", _ALLOWED),
    (GUEST, "*", "*", "guest"),
    ("*", "read", "*", _ALLOWED),
    ("*", "*", "person", _OWN),
    ("partner", "*", "*", "partner"),
    ("*", "*", "*", _ALLOWED),
)


def may(role: str, operation: Operation, kind: str, values: Mapping[str, Any] | None, person: str) -> Text | None:
    """None when allowed, else the reason.

    `person` is the id of whoever asks; `values` the record as it is or would
    be, with its `id` among them; a person's own record has the person's id.
    """
    if role not in ROLES:
        return REASONS["unknown_role"]
    verdict = _verdict(role, operation, kind)
    if verdict == _OWN:
        verdict = _ALLOWED if values is not None and values.get("id") == person else "own_name"
    return REASONS[verdict] if verdict else None


@lru_cache(maxsize=1000)
def _verdict(role: str, operation: Operation, kind: str) -> str:
    """What the first line of the table says that fits."""
    asked = (role, operation, kind)
    return next(line[3] for line in _TABLE if all(cell in ("*", want) for cell, want in zip(line, asked, strict=False)))
