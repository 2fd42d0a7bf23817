"""Another computer of the same person: one that is theirs already vouches for it, and no administrator is asked; knows no road and no screen.

A device makes the key of the next one, a request to join under its own
signature (`sync/admission.py`, `beside`), and a **ticket**: the key and the
person's ids, sealed under a printed code of 100 bits. Both travel like any
request. Whoever types the code on the other computer takes the ticket out of
what lies there, and is the same person; the authority certifies the request by
itself, in the role of the device that vouches, while that one is not withdrawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from i18n import Text
from sync import admission, applying, codec, recovery_code
from sync.admission import Application, Letter
from sync.errors import Damaged, NotFound, Refused
from sync.identity import Certified, SigningKey, fingerprint, key_id, verifies
from sync.membership import membership
from sync.proofs import ALTERED
from sync.record import uuid7
from sync.waiting_room import WaitingRoom

if TYPE_CHECKING:
    from sync.trust import Trust
    from sync.workspace import Workspace

MAX_TICKET = 4096  # bytes
_NAME = 16  # bytes by which a code finds its ticket, and which do not give it back
ONLY_FRESH = Text("Something was written here already under another identity. Add yourself to this PC anew, and type the code there before"
                  " anything else.")


class Ticket(msgspec.Struct, array_like=True, frozen=True):
    """What travels: of which network, the 8-byte name of the key that vouches, its count, what the code opens, and the signature over all."""

    network: bytes
    author: bytes
    number: int
    name: bytes
    sealed: bytes
    signature: bytes


class _Inside(msgspec.Struct, array_like=True, frozen=True):
    seed: bytes
    authority: bytes
    server: str
    asked: Application
    number: int


class Made(NamedTuple):
    """The code to type on the other computer, and the id that this will have."""

    code: str
    device: str


def make(ws: Workspace) -> Made:
    """A ticket for another computer of the person here; the one made before is worth nothing from then on where this one is heard.

    Raises Refused for who is no member, or on a device that was withdrawn.
    """
    found, authority = membership(ws), ws.vault.setting("authority")
    if not found.certified or found.withdrawn or authority is None:
        raise Refused(Text("Only a member can add another computer. Join first, and sync or read a stick once."), "not_joined")
    own, new = ws.vault.key(), SigningKey(ws.random(32))
    number = int(ws.vault.word("tickets") or 0) + 1
    device = uuid7(ws.clock(), ws.random)
    voucher = own.sign(_vouched(fingerprint(authority), new.public, found.person, device))
    asked = Application(new.public, found.person, device, ws.vault.word("name") or "–", "", ws.clock(), (own.public, voucher))
    code = recovery_code.make(ws.random)
    name, secret = _of_code(recovery_code.parse(code))
    inside = _Inside(new.seed, authority, ws.vault.word("server"), asked, 1)
    sealed = _box(secret).encrypt(codec.pack(inside), ws.random(24))
    network = fingerprint(authority)
    ticket = codec.pack(Ticket(network, key_id(own.public), number, name, bytes(sealed), own.sign(_statement(network, number, name, bytes(sealed)))))
    room = WaitingRoom(ws.public)
    with ws.store.transaction():
        ws.vault.keep("tickets", str(number))
    room.keep(admission.written(new, authority, asked, 1), authority, own=True)
    room.keep_ticket(ticket, key_id(own.public), number)
    return Made(code, device)


def take(ws: Workspace, code: str) -> None:
    """Be, on this computer, the person whose other computer made a code. What is read and written from then on is theirs.

    Raises Invalid for a mistyped code, NotFound when its ticket has not come
    here, Refused where something was written or somebody joined already.
    """
    if ws.guest:
        raise Refused(Text("A guest only reads. Choose your name first."), "guest")
    name, secret = _of_code(recovery_code.parse(code))
    if ws.vault.setting("authority") is not None or ws.store.value("SELECT 1 FROM own_log LIMIT 1") is not None:
        raise Refused(ONLY_FRESH, "not_fresh")
    data = WaitingRoom(ws.public).ticket(name)
    if data is None:
        raise NotFound(Text("What your other computer wrote has not come here yet. Read its stick here, or let the two meet nearby, then type the"
                            " code again."), "no_ticket")
    inside = _opened(codec.unpack(data, Ticket), secret)
    with ws.store.transaction():
        for setting, value in (("key", inside.seed), ("person", inside.asked.person), ("device", inside.asked.device), ("name", inside.asked.name),
                               ("authority", inside.authority), ("server", inside.server)):
            ws.vault.keep(setting, value)
        applying.keep(ws, inside.asked, inside.number)
    WaitingRoom(ws.public).drop_ticket(name)
    applying.renew(ws)
    ws.tell_all()


def read(data: bytes, authority: bytes, trust: Trust) -> Ticket:
    """A ticket that a member's device signed; Damaged when it is none, Refused for a withdrawn device's or another network's."""
    if len(data) > MAX_TICKET:
        raise Damaged(ALTERED)
    found: Ticket = codec.unpack(data, Ticket)
    author = trust.certified(found.author)
    whole = len(found.name) == _NAME and 0 < found.number < 2**48
    if not whole or author is None or not verifies(author.key, _statement(found.network, found.number, found.name, found.sealed), found.signature):
        raise Damaged(ALTERED)
    if author.revoked:
        raise Refused(Text("Part of what arrived is from a device that was withdrawn from the network; it was not taken."), "revoked")
    if found.network != fingerprint(authority):
        raise Refused(admission.OTHER, "other_network")
    return found


def voucher_of(letter: Letter, asked: Application, trust: Trust) -> Certified | None:
    """The certified device that vouches for a request, of the same person and not withdrawn; None when there is none."""
    if asked.beside is None:
        return None
    key, signature = asked.beside
    found = trust.certified(key_id(key))
    if found is None or found.key != key or found.revoked or not found.person or found.person != asked.person:
        return None
    return found if verifies(key, _vouched(letter.network, asked.key, asked.person, asked.device), signature) else None


def _opened(ticket: Ticket, secret: bytes) -> _Inside:
    from nacl.exceptions import CryptoError

    try:
        found: _Inside = codec.unpack(_box(secret).decrypt(ticket.sealed), _Inside)
    except (CryptoError, ValueError, TypeError) as error:
        raise Damaged(ALTERED) from error
    if len(found.seed) != 32 or SigningKey(found.seed).public != found.asked.key or fingerprint(found.authority) != ticket.network:
        raise Damaged(ALTERED)
    return found


def _of_code(code: str) -> tuple[bytes, bytes]:
    return codec.digest(b"dalil ticket", code.encode())[:_NAME], codec.digest(b"dalil ticket key", code.encode())


def _box(secret: bytes):  # type: ignore[no-untyped-def]
    from nacl.secret import SecretBox

    return SecretBox(secret)


def _vouched(network: bytes, key: bytes, person: str, device: str) -> bytes:
    return codec.pack(["dalil beside", network, key, person, device])


def _statement(network: bytes, number: int, name: bytes, sealed: bytes) -> bytes:
    return codec.pack(["dalil ticket", network, number, name, codec.digest(sealed)])
