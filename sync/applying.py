"""A person asks to be let into the network from a PC that reaches no server: what their file keeps of it until they are answered; knows no road."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from i18n import Text
from sync import admission, codec
from sync.admission import Application
from sync.errors import Failure, Refused
from sync.membership import membership
from sync.waiting_room import WaitingRoom, network_here

if TYPE_CHECKING:
    from sync.workspace import Workspace

_KEPT = "application"  # the setting of a person's file
TURNED_AWAY = Text("The secretariat did not accept this request. Ask it why; what is here stays readable.")
MEMBER = Text("You are a member of the network already.")


class Kept(msgspec.Struct, array_like=True, frozen=True):
    """What a person's file keeps: what they asked, and its number, which grows when it is asked anew."""

    asked: Application
    number: int


def apply(ws: Workspace, name: str, organisation: str = "") -> str:
    """Ask to be let in, or ask again with other words; the code for the slip.

    The request leaves with the next stick, visit or sync of anybody who passes
    through this PC. Until it is answered everything can be written here, and
    waits. Raises Refused for a guest and for a member.
    """
    if ws.guest:
        raise Refused(Text("A guest only reads. Choose your name first."), "guest")
    found = membership(ws)
    if found.certified or found.role:
        raise Refused(MEMBER, "member")
    before = _kept(ws)
    name, organisation = " ".join(name.split()), " ".join(organisation.split())
    asked = Application(ws.vault.key().public, ws.vault.own_id("person"), ws.vault.own_id("device"), name, organisation, ws.clock())
    admission.check(asked)
    with ws.together():
        keep(ws, asked, before.number + 1 if before is not None else 1)
        name_person(ws, asked.person, name)
    renew(ws)
    return admission.code_of(asked.key)


def keep(ws: Workspace, asked: Application, number: int) -> None:
    """Keep what was asked until it is answered, inside the caller's transaction."""
    ws.vault.keep(_KEPT, codec.pack(Kept(asked, number)))


def code_waiting(ws: Workspace) -> str:
    """The code of the request that this person wrote, until they are a member; "" when there is none."""
    kept = _kept(ws)
    return "" if kept is None else admission.code_of(kept.asked.key)


def asked(ws: Workspace) -> Application | None:
    """What this person asked, until they are a member."""
    kept = _kept(ws)
    return None if kept is None else kept.asked


def is_sealed(ws: Workspace) -> bool:
    """Whether the request lies ready for whoever carries it; before somebody has brought the network here it cannot be sealed to it."""
    kept = _kept(ws)
    return kept is not None and any(one.key == kept.asked.key.hex() and one.number >= kept.number for one in WaitingRoom(ws.public).all())


def renew(ws: Workspace) -> None:
    """Put the request where carriers find it, once the network is known here; forget it once it is answered with yes."""
    kept = None if ws.guest else _kept(ws)
    if kept is None:
        return
    here = network_here(ws.public)
    if here is not None and ws.vault.setting("authority") is None:
        with ws.store.transaction():
            ws.vault.keep("authority", here.key)
    found = membership(ws)
    if found.certified and not found.withdrawn:
        with ws.store.transaction():
            ws.vault.keep(_KEPT, b"")
            if here is not None and here.server and not ws.vault.word("server"):
                ws.vault.keep("server", here.server)
        return
    authority = ws.vault.setting("authority")
    if authority is not None and not found.certified and not is_sealed(ws):
        with suppress(Failure):  # a full disk: the next opening does it
            WaitingRoom(ws.public).keep(admission.written(ws.vault.key(), authority, kept.asked, kept.number), authority, own=True)
            ws.tell(set(), "elsewhere")  # the page that shows the code says now how it travels


def name_person(ws: Workspace, person: str, name: str) -> None:
    """A person's name is a record of the network scope: guests never see it."""
    if not name or ws.vault.word("name") == name:
        return
    known = ws.vault.word("name") != ""
    with ws.together():
        ws.vault.keep("name", name)
        if known:
            ws.edit("person", person, {"name": name})
        else:
            ws.add("person", {"name": name}, id=person)


def _kept(ws: Workspace) -> Kept | None:
    kept = ws.vault.setting(_KEPT)
    return codec.unpack(kept, Kept) if kept else None
