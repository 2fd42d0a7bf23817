"""Keys of people on devices, certificates, and reasons sealed to their author; knows no HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import Text
from sync import codec
from sync.errors import Damaged
from sync.fields import Code, Line, Reference, Switch
from sync.record import CONTROL, Field, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

ROLES: dict[str, Text] = {
    "member": Text("Member"),
    "editor": Text("Editor"),
    "trainer": Text("Trainer"),
    "moderator": Text("Moderator"),
    "partner": Text("Partner"),
    "administrator": Text("Administrator"),
}


def _roles() -> Mapping[str, Text]:
    return ROLES


CERTIFICATE = Kind(
    "certificate",
    Text("Certificate"),
    Text("Certificates"),
    (CONTROL,),
    (
        Field("key", Line(limit=64), Text("Public key"), required=True, indexed=True),
        Field("person", Reference("person"), Text("Person"), required=True),
        Field("device", Reference("device"), Text("Device"), required=True, indexed=True),
        Field("role", Code(_roles), Text("Role"), required=True),
        Field("organisation", Reference("organisation"), Text("Organisation")),
        Field("revoked", Switch(), Text("Revoked")),
    ),
    title="key",
)


@dataclass(frozen=True, slots=True)
class Certified:
    """What a certificate says of a signing key: whose it is, on which device, in which role."""

    key: bytes
    person: str
    device: str
    role: str
    revoked: bool
    number: int


class SigningKey:
    """An Ed25519 key pair; `seed` is its 32 secret bytes."""

    def __init__(self, seed: bytes) -> None:
        from sync import sodium  # only who signs or verifies loads the library: a window opens without

        self.seed = seed
        self.public, self._secret = sodium.pair(seed)

    def sign(self, statement: bytes) -> bytes:
        """The 64-byte signature of a statement."""
        from sync import sodium

        return sodium.signature(self._secret, statement)

    def shared(self, other: bytes) -> bytes:
        """32 secret bytes that this key and another's holder have in common: X25519 of both, hashed."""
        from sync import sodium

        try:
            return sodium.shared(self._secret, other)
        except ValueError as error:
            raise Damaged(Text("This key cannot be used.")) from error

    def unseal(self, sealed: bytes) -> bytes:
        """What was sealed to this key; Damaged if it was not."""
        from sync import sodium

        try:
            return sodium.unsealed(self.public, self._secret, sealed)
        except ValueError as error:
            raise Damaged(Text("A reason that the server sealed for you cannot be opened.")) from error


def verifies(public: bytes, statement: bytes, signature: bytes) -> bool:
    """Whether a signature over a statement is that of a public key."""
    from sync import sodium

    return sodium.verifies(public, statement, signature)


def seal(public: bytes, message: bytes) -> bytes:
    """A message that only the holder of a signing key can read (48 bytes longer)."""
    from sync import sodium

    try:
        return sodium.sealed(public, message)
    except ValueError as error:
        raise Damaged(Text("This key cannot be used.")) from error


def key_id(public: bytes) -> bytes:
    """The 8-byte name of a public key."""
    return codec.digest(b"dalil key", public)[:8]


def fingerprint(public: bytes) -> bytes:
    """The 4 bytes of an authority's key that an invitation code carries."""
    return codec.digest(b"dalil authority", public)[:4]
