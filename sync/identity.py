"""Keys of people on devices, certificates, and reasons sealed to their author; knows no HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import Text
from sync import codec
from sync.actor import Actor
from sync.errors import Damaged
from sync.fields import Code, Entries, Line, Reference, Switch, Words
from sync.record import Field, Kind
from sync.scopes import CONTROL

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
        Field("organisation", Reference("organisation"), Text("Organisation")),  # the only one, as programs before 0.3.0 wrote it
        Field("organisations", Words(target="organisation"), Text("Organisations")),
        Field("revoked", Switch(), Text("Revoked")),
        Field("keys", Entries(Line(limit=64)), Text("Keys of scopes")),
    ),
    title="key",
)


_SHARED = 5_000  # other keys that one remembers what it has in common with


@dataclass(frozen=True, slots=True)
class Certified:
    """What a certificate says of a signing key: whose it is, on which device, in which role, for which organisations."""

    key: bytes
    person: str
    device: str
    role: str
    revoked: bool
    number: int
    organisations: tuple[str, ...] = ()

    @property
    def actor(self) -> Actor:
        """Whose rights it has."""
        return Actor(self.role, self.person, self.organisations)


class SigningKey:
    """An Ed25519 key pair; `seed` is its 32 secret bytes."""

    def __init__(self, seed: bytes) -> None:
        from nacl.signing import SigningKey as Ed25519

        self.seed = seed
        self._key = Ed25519(seed)
        self._shared: dict[bytes, bytes] = {}
        self.public = bytes(self._key.verify_key)

    def sign(self, statement: bytes) -> bytes:
        """The 64-byte signature of a statement."""
        return self._key.sign(statement).signature

    def shared(self, other: bytes) -> bytes:
        """32 secret bytes that this key and another's holder have in common: X25519 of both, hashed; remembered."""
        found = self._shared.get(other)
        if found is None:
            if len(self._shared) >= _SHARED:
                self._shared.clear()
            found = self._shared[other] = self.agreed(other)
        return found

    def agreed(self, other: bytes) -> bytes:
        """The same, of a key that serves once. Damaged when it is no key."""
        from nacl.exceptions import CryptoError
        from nacl.public import Box
        from nacl.signing import VerifyKey

        try:
            return Box(self._key.to_curve25519_private_key(), VerifyKey(other).to_curve25519_public_key()).shared_key()
        except (CryptoError, ValueError, TypeError) as error:
            raise Damaged(Text("This key cannot be used.")) from error

    def unseal(self, sealed: bytes) -> bytes:
        """What was sealed to this key; Damaged if it was not."""
        from nacl.exceptions import CryptoError
        from nacl.public import SealedBox

        try:
            return SealedBox(self._key.to_curve25519_private_key()).decrypt(sealed)
        except CryptoError as error:
            raise Damaged(Text("A reason that the server sealed for you cannot be opened.")) from error


def verifies(public: bytes, statement: bytes, signature: bytes) -> bool:
    """Whether a signature over a statement is that of a public key."""
    from nacl.exceptions import CryptoError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(public).verify(statement, signature)
    except (CryptoError, ValueError, TypeError):
        return False
    return True


def seal(public: bytes, message: bytes) -> bytes:
    """A message that only the holder of a signing key can read (48 bytes longer)."""
    from nacl.exceptions import CryptoError
    from nacl.public import SealedBox
    from nacl.signing import VerifyKey

    try:
        return SealedBox(VerifyKey(public).to_curve25519_public_key()).encrypt(message)
    except CryptoError as error:
        raise Damaged(Text("This key cannot be used.")) from error


def certificate_id(public: bytes) -> str:
    """The id of the certificate of a key: every server, of every version, gives it this one."""
    return str(uuid.UUID(bytes=codec.digest(b"dalil certificate", public)[:16], version=5))


def key_id(public: bytes) -> bytes:
    """The 8-byte name of a public key."""
    return codec.digest(b"dalil key", public)[:8]


def fingerprint(public: bytes) -> bytes:
    """The 4 bytes of an authority's key that an invitation code carries."""
    return codec.digest(b"dalil authority", public)[:4]
