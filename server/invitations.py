"""Who may join: invitations kept as digests of their secret, each used by one key; knows no HTTP and no command."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from i18n import Text
from sync import invitation
from sync.authority import Authority
from sync.errors import Damaged, Failure, Invalid, NotFound, Refused
from sync.identity import ROLES, fingerprint, key_id, seal
from sync.scopes import PUBLIC
from sync.store import Store

DAY = 24 * 3600 * 1000  # milliseconds
_SCHEMA = ("CREATE TABLE IF NOT EXISTS invitation (digest BLOB PRIMARY KEY, role TEXT NOT NULL, organisation TEXT,"
           " made BIGINT NOT NULL, expires BIGINT NOT NULL, used_by BLOB, used BIGINT)")


class Asked(msgspec.Struct, frozen=True):
    """What whoever joins sends: the code as typed, their public key in hexadecimal, the ids that they chose."""

    code: str
    key: str
    person: str
    device: str


@dataclass(frozen=True, slots=True)
class Joined:
    """What they get: the id of their certificate, their role, the ids of their organisations."""

    certificate: str
    role: str
    organisations: tuple[str, ...]


def begin(store: Store) -> None:
    """Create the table when it is missing."""
    store.create([_SCHEMA])


def invite(authority: Authority, role: str, organisations: Iterable[str] = (), days: int = 30) -> str:
    """Make a code for one device of one person, good for some days; it is told once and not kept."""
    store, member_of = authority.store, check_place(authority, role, organisations)
    made = invitation.make(authority.random, fingerprint(authority.key.public))
    now = authority.clock()
    with store.transaction():
        store.execute("INSERT INTO invitation (digest, role, organisation, made, expires) VALUES (?, ?, ?, ?, ?)",
                      (made.digest, role, " ".join(member_of) or None, now, now + days * DAY))
    return made.code


def check_place(authority: Authority, role: str | None, organisations: Iterable[str]) -> tuple[str, ...]:
    """The ids of organisations, each once. Invalid for a role that is none, NotFound for an organisation that is not in the directory."""
    if role is not None and role not in ROLES:
        raise Invalid(Text("There is no role “{role}”. Known: {known}.", role=role, known=", ".join(ROLES)))
    found = tuple(dict.fromkeys(organisations))
    for one in found:
        if authority.store.value("SELECT id FROM organisation WHERE id = ? AND scope = ? AND gone = 0", (one, PUBLIC)) is None:
            raise NotFound(Text("There is no organisation with the id {id} here.", id=one))
    return found


def join(authority: Authority, asked: Asked) -> Joined:
    """Certify a key with a code. The same key with the same code gets the same answer again: an answer may be lost.

    Raises Failure `code_unknown`, `code_used` or `code_expired`, Invalid, or
    Refused for a withdrawn key and for a person that another key speaks for.
    """
    code = invitation.parse(asked.code)
    key, person, device = _key(asked.key), _id(asked.person), _id(asked.device)
    store = authority.store
    with store.transaction():
        row = store.row(store.lock_row("SELECT role, organisation, expires, used_by FROM invitation WHERE digest = ?"), (code.digest,))
        if row is None or not code.fits(fingerprint(authority.key.public)):
            raise Failure(Text("This server does not know that code. Check it letter by letter, or ask the secretariat for a new one."),
                          "code_unknown")
        role, member_of, expires, used_by = row
        if used_by is not None and bytes(used_by) != key:
            raise Failure(Text("This code was already used. Ask the secretariat for a new one."), "code_used")
        if used_by is None and expires < authority.clock():
            raise Failure(Text("This code is too old. Ask the secretariat for a new one."), "code_expired")
        others = store.value("SELECT count(*) FROM certificate WHERE person = ? AND key <> ?", (person, key.hex()))
        if others:
            raise Refused(Text("Somebody joined under this identity with another key. Start in a new data folder."), "person_known")
        certificate = authority.certify(key, person, device, role, (member_of or "").split())
        found = authority.trust.certified(key_id(key))
        if found is None or found.revoked:
            raise Refused(Text("This device was withdrawn from the network. Ask the secretariat."), "revoked")
        if used_by is None:
            store.execute("UPDATE invitation SET used_by = ?, used = ? WHERE digest = ?", (key, authority.clock(), code.digest))
    return Joined(certificate, found.role, found.organisations)


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
        if len(key) == 32:
            seal(key, b"")  # what is no point of the curve cannot sign either
            return key
    except (ValueError, Damaged):
        pass
    raise Invalid(Text("This key cannot be used."))


def _id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise Invalid(Text("“{id}” is no id.", id=text[:40])) from error
