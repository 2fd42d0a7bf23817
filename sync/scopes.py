"""What a scope is: the unit of log, ledger, cursor, key and right; knows no kind and no database."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from hashlib import sha256

CONTROL = "control"  # the authority's own facts, in clear
PUBLIC = "public"
NETWORK = "network"  # all members
MODERATOR = "moderator"
ORG = "org"  # family of the scopes `org:<id>`: one organisation's own
PERSON = "person"  # family of the scopes `person:<id>`: one person's own, on whichever device
IN_CLEAR = (CONTROL, PUBLIC)  # what stands in the one file that everybody on a PC reads
FOUNDED = (CONTROL, PUBLIC, NETWORK)  # the scopes that every network begins with; the others begin with their first change
_ALONE = {CONTROL, PUBLIC, NETWORK, MODERATOR}
_FAMILIES = {ORG, PERSON}


def scope_of(family: str, id: str) -> str:
    """The scope of one organisation or person."""
    return f"{family}:{id}"


def family(scope: str) -> str:
    """`org` of `org:<id>`; a scope that stands alone is its own family."""
    return scope.partition(":")[0]


def owner(scope: str) -> str:
    """The id of whose scope it is; empty for one that stands alone."""
    return scope.partition(":")[2]


def is_scope(scope: str) -> bool:
    """Whether this is written as a scope."""
    if scope in _ALONE:
        return True
    name, _, id = scope.partition(":")
    if name not in _FAMILIES:
        return False
    try:
        return str(uuid.UUID(id)) == id
    except ValueError:
        return False


def fits(scope: str, allowed: tuple[str, ...]) -> bool:
    """Whether a record may stand in a scope, if `allowed` are the families for its kind."""
    return is_scope(scope) and family(scope) in allowed


def own(scope: str, id_of: Callable[[str], str]) -> str:
    """A scope; of a family, the one that is one's own: `id_of` gives one's id as a person, or of one's organisation."""
    names = {ORG: "organisation", PERSON: "person"}
    return scope_of(scope, id_of(names[scope])) if scope in names else scope


def scope_name(scope: str) -> bytes:
    """What carriers call a scope that they need not know: 8 bytes."""
    return sha256(b"dalil scope name" + scope.encode()).digest()[:8]


def is_in_clear(scope: str) -> bool:
    """Whether a replica keeps a scope in the file that everybody on a PC reads."""
    return scope in IN_CLEAR


def schema_of(scope: str) -> str:
    """Where a person's file, with the public one attached as `pub`, has a scope."""
    return "pub." if scope in IN_CLEAR else "main."


def in_order(scopes: Iterable[str]) -> list[str]:
    """Scopes as they travel: certificates first, then what everybody reads, then the rest by name."""
    return sorted(scopes, key=lambda scope: ((*FOUNDED, scope).index(scope), scope))


def in_order_of_locks(scopes: Iterable[str]) -> list[str]:
    """The same as a commit takes its locks: the certificates last, since every commit holds them."""
    return sorted(scopes, key=lambda scope: (scope == CONTROL, (*FOUNDED, scope).index(scope), scope))


def members_read(_who: object, scope: str) -> bool:
    """The rule of a network that has no other: its members read what is the network's, and nothing that belongs to some of them."""
    return scope == NETWORK
