"""Who may read and change what: two tables and two pure questions; knows no certificate and no screen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from i18n import Text
from sync.actor import Actor

Operation = Literal["read", "create", "edit", "delete", "restore", "verify"]
OPERATIONS: Final = ("read", "create", "edit", "delete", "restore", "verify")

GUEST: Final = "guest"
WRITING_ROLES: Final = ("member", "editor", "trainer", "moderator", "partner", "administrator")
ROLES: Final = (GUEST, *WRITING_ROLES)
WITHDRAWN: Final = "withdrawn"  # no role: the server gives such a device what guests read, and takes nothing
SECRETARIAT: Final = ("moderator", "administrator")

REASONS: Final = {
    "guest": Text("A guest can read but not write. Join the network to take part."),
    "unknown_role": Text("This device has no role in the network. Ask for a new invitation."),
    "partner": Text("A partner publishes its own calls; the directory and the library are written by the organisations."),
    "members_only": Text("Only members of the network can see this."),
    "moderators_only": Text("Only the secretariat of the network can see this and write here."),
    "other_organisation": Text("Only the members of this organisation can see this and write here."),
    "other_person": Text("Only the person whose place this is can see this and write here."),
    "no_place": Text("There is no such place in the network."),
    "own_name": Text("Only the person concerned can change this."),
    "verify": Text("Only the secretariat marks a record as verified. Tell it what you saw; the rest of the record you can change."),
    "withdrawn_device": Text("This device was withdrawn from the network: nothing more can be written here. What is here stays readable."
                             " Ask the secretariat."),
    "withdrawn": Text("A contact that was withdrawn cannot be brought back. If the person agrees again, enter it as a new contact."),
}

_ALLOWED: Final = ""
_OWN: Final = "own"


class Readers(NamedTuple):
    """Who reads the scopes of a class: these roles, and where `whose` names an id of the actor, only its owner."""

    roles: tuple[str, ...]
    whose: Literal["", "person", "organisation"]
    otherwise: str


# By the class of a scope: what stands before its colon.
READERS: Final[Mapping[str, Readers]] = {
    "public": Readers(ROLES, "", ""),
    "network": Readers(WRITING_ROLES, "", "members_only"),
    "moderator": Readers(SECRETARIAT, "", "moderators_only"),
    # What an association writes for itself is its own. The secretariat verifies, merges and publishes
    # the directory; nothing in that needs an association's internal notes, and if it could read them
    # nobody would write any. The same holds for whoever runs the server.
    "org": Readers(WRITING_ROLES, "organisation", "other_organisation"),
    "person": Readers(WRITING_ROLES, "person", "other_person"),
}


class Line(NamedTuple):
    """One line of the table of writing. "*" stands for any; `verdict` is allowed, "own" (only one's own record) or a reason."""

    roles: tuple[str, ...] | str
    operation: str
    kind: str
    scope: str
    verdict: str


# The first line that fits decides; nobody writes where they may not read.
# Whoever works in an association may correct the directory, the entries of others too: volunteers change a
# phone, an agent of a digital space drafts a newcomer's record, and most certificates name no organisation.
# What goes wrong that way is seen in the history, undone, or settled as a conflict.
TABLE: Final = (
    Line((GUEST,), "*", "*", "*", "guest"),
    Line("*", "restore", "contact", "*", "withdrawn"),
    Line("*", "*", "*", "person", _ALLOWED),
    Line("*", "*", "*", "org", _ALLOWED),
    Line("*", "*", "person", "*", _OWN),
    Line(("partner",), "*", "*", "*", "partner"),
    Line(SECRETARIAT, "verify", "*", "*", _ALLOWED),
    Line("*", "verify", "*", "*", "verify"),
    Line("*", "*", "*", "*", _ALLOWED),
)


def reads(actor: Actor, scope: str) -> bool:
    """Whether somebody may read what stands in a scope. `control` is in clear for everybody."""
    return scope == "control" or (actor.role in ROLES and _closed(actor, scope) is None)


def may(actor: Actor, operation: Operation, kind: str, values: Mapping[str, Any] | None, scope: str) -> Text | None:
    """None when somebody may do something to a record of a kind in a scope, else the reason.

    `values` is the record as it is or would be, with its `id` among them; a
    person's own record has the person's id. `verify` is asked besides `edit`
    or `create` when fields that only some may write are among those written.
    """
    if actor.role == WITHDRAWN:
        return REASONS["withdrawn_device"]
    if actor.role not in ROLES:
        return REASONS["unknown_role"]
    closed = _closed(actor, scope)
    if operation == "read":
        return closed
    verdict = verdict_of(actor.role, operation, kind, _class(scope))
    if closed is not None:
        return REASONS[verdict] if verdict == "guest" else closed
    if verdict == _OWN:
        verdict = _ALLOWED if actor.person and values is not None and values.get("id") == actor.person else "own_name"
    return REASONS[verdict] if verdict else None


def _closed(actor: Actor, scope: str) -> Text | None:
    """Why somebody in a known role may not read a scope; None when they may."""
    name, _, owner = scope.partition(":")
    readers = READERS.get(name)
    if readers is None or bool(owner) != bool(readers.whose):
        return REASONS["no_place"]
    if actor.role in readers.roles and (not readers.whose or actor.owns(readers.whose, owner)):
        return None
    return REASONS[readers.otherwise]


def _class(scope: str) -> str:
    return scope.partition(":")[0]


@lru_cache(maxsize=2000)
def verdict_of(role: str, operation: str, kind: str, place: str) -> str:
    """What the first line of the table says that fits."""
    return next(line.verdict for line in TABLE
                if (line.roles == "*" or role in line.roles) and line.operation in ("*", operation)
                and line.kind in ("*", kind) and line.scope in ("*", place))
