"""What the network says of whoever works at a workspace: role, organisations, withdrawal; knows no kind but the certificate and no road.

The certificate in the control ledger is the word in force, by whichever road
that ledger came, and needs no network. What was answered on joining (settings
of the vault) stands only until the first copy of that ledger is here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import Text
from sync.errors import Invalid, Problem
from sync.scopes import ORG, own, scope_of

if TYPE_CHECKING:
    from sync.workspace import Workspace

WHICH = Text("You speak for several organisations: say to which of them this belongs (org:ID).")
NONE = Text("You speak for no organisation in the network, and this belongs to one. Ask the secretariat.")


@dataclass(frozen=True, slots=True)
class Membership:
    """`role` is "" for a guest and for who has not joined; `organisations` are ids, the first one named first.

    `certified`: whether a certificate is here; `withdrawn`: whether it says that this device was taken out of the network.
    """

    role: str = ""
    person: str = ""
    organisations: tuple[str, ...] = ()
    certified: bool = False
    withdrawn: bool = False


def membership(ws: Workspace) -> Membership:
    """Who the person here is in the network, now. One look at one row."""
    if ws.guest:
        return Membership()
    word = ws.vault.word
    row = None
    if ws.vault.setting("authority"):
        row = ws.store.row("SELECT role, organisation, organisations, revoked FROM pub.certificate WHERE key = ? AND gone = 0",
                           (ws.vault.key().public.hex(),))
    if row is None:
        return Membership(word("role"), word("person"), tuple(word("organisation").split()))
    role, first, others, revoked = row
    return Membership(role or "", word("person"), organisations_of(first, others), certified=True, withdrawn=bool(revoked))


def heard(ws: Workspace, before: Membership) -> None:
    """The control ledger has moved: when the person here is somebody else in the network than `before`, keep that and tell every page.

    It is kept beside the certificate for a copy that has to begin anew.
    """
    now = membership(ws)
    if now != before:
        with ws.store.transaction():
            ws.vault.keep("role", now.role)
            ws.vault.keep("organisation", " ".join(now.organisations))
        ws.tell_all()


def organisations_of(first: str | None, others: str | None) -> tuple[str, ...]:
    """The organisations of a certificate's row: programs before 0.3.0 wrote one, in a field of its own; `others` is a JSON list."""
    return tuple(dict.fromkeys([*([first] if first else []), *(json.loads(others) if others else [])]))


def own_scope(ws: Workspace, scope: str) -> str:
    """A scope; of a family, the one that is the person's own here. Invalid for `org` unless they speak for one organisation and no other."""
    if scope != ORG:
        return own(scope, ws.vault.own_id)
    found = membership(ws).organisations
    if len(found) != 1:
        why = WHICH if found else NONE
        raise Invalid(why, (Problem("scope", why),))
    return scope_of(ORG, found[0])
