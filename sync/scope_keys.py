"""Keys of scopes: made by the authority, wrapped in the certificate of each holder, renewed when somebody leaves; knows no carrier.

A scope that is not in clear has a key of 32 bytes. The authority computes it
from its own seed, so it keeps none. A certificate carries it for its holder in
`keys#<scope>@<generation>`, masked by what the holder's key and the authority's
have in common: 32 bytes that nobody else can make or read. When a holder is
withdrawn a new generation begins, which the others are given and which wraps
the one before: so a newcomer reads what is old, and whoever left nothing new.
"""

from __future__ import annotations

import uuid
from typing import NamedTuple

from i18n import Text
from sync import codec
from sync.errors import Damaged
from sync.fields import Line, Number
from sync.identity import SigningKey
from sync.record import Field, Kind
from sync.scopes import CONTROL, scope_name
from sync.store import Store

SCOPE_KEY = Kind(
    "scope_key", Text("Scope key"), Text("Scope keys"), (CONTROL,), title="ledger",
    fields=(
        Field("ledger", Line(limit=80), Text("Ledger"), required=True, indexed=True),
        Field("generation", Number(1), Text("Generation"), required=True),
        Field("name", Line(limit=16), Text("Name of the key"), required=True, indexed=True),
        Field("before", Line(limit=200), Text("The key before, sealed")),
    ),
)
NAME = 8  # bytes of a key's name


class ScopeKey(NamedTuple):
    """The key of a scope in one generation; `name` is what sealed bytes say which key opens them."""

    scope: str
    generation: int
    secret: bytes

    @property
    def name(self) -> bytes:
        """The 8-byte name of the key, which tells nothing of it."""
        return codec.digest(b"dalil scope key name", self.secret)[:NAME]

    def seal(self, message: bytes, context: bytes) -> bytes:
        """A message that only holders read. The same one in the same context gives the same bytes, so a copy is known as one."""
        from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

        nonce = codec.digest(b"dalil nonce", self.secret, codec.digest(context), message)[:24]
        return nonce + encrypt(message, context, nonce, self.secret)

    def unseal(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed; Damaged when it was not with this key, or for another context."""
        from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
        from nacl.exceptions import CryptoError

        try:
            return decrypt(sealed[24:], context, sealed[:24], self.secret)
        except (CryptoError, ValueError, TypeError) as error:
            raise Damaged(Text("The data that arrived is damaged or was altered; nothing of it was taken.")) from error


def made(authority: SigningKey, scope: str, generation: int) -> ScopeKey:
    """A scope's key, as its authority computes it."""
    return ScopeKey(scope, generation, codec.digest(b"dalil scope key", authority.seed, generation.to_bytes(4, "big"), scope.encode()))


def path(key: ScopeKey) -> str:
    """Where a certificate carries a key."""
    return f"keys#{key.scope}@{key.generation}"


def wrapped(key: ScopeKey, shared: bytes) -> str:
    """A key as the certificate of its holder carries it; `shared` is what the holder's and the authority's key have in common."""
    return _masked(key.scope, key.generation, key.secret, shared).hex()


def fact(key: ScopeKey, before: ScopeKey | None) -> tuple[str, dict[str, object]]:
    """The id and the values of the fact that begins a generation."""
    values: dict[str, object] = {"ledger": key.scope, "generation": key.generation, "name": key.name.hex()}
    if before is not None:
        values["before"] = key.seal(before.secret, _context(before.scope, before.generation)).hex()
    return str(uuid.UUID(bytes=codec.digest(b"dalil scope key id", key.name)[:16], version=5)), values


def unwrapped(scope: str, generation: int, wrap: bytes, shared: bytes) -> ScopeKey:
    """What a certificate carries, for its holder. ValueError when it has another length; the key's name tells whether it is right."""
    return ScopeKey(scope, generation, _masked(scope, generation, wrap, shared))


def before(key: ScopeKey, sealed: bytes) -> ScopeKey:
    """The key of the generation before, which a generation's fact wraps; Damaged when it does not."""
    return ScopeKey(key.scope, key.generation - 1, key.unseal(sealed, _context(key.scope, key.generation - 1)))


class Known(NamedTuple):
    """What a carrier knows of scopes that it need not read: their names, and those of their keys."""

    scopes: dict[bytes, str]
    keys: frozenset[bytes]


def known_to_carriers(store: Store) -> Known:
    """What the control ledger says of scopes to everybody."""
    rows = store.rows("SELECT ledger, name FROM scope_key WHERE gone = 0")
    return Known({scope_name(scope): scope for scope, _ in rows}, frozenset(bytes.fromhex(name) for _, name in rows))


def newest(store: Store) -> dict[str, int]:
    """The newest generation of each scope that has a key."""
    return dict(store.rows("SELECT ledger, max(generation) FROM scope_key WHERE gone = 0 GROUP BY ledger"))


def _masked(scope: str, generation: int, secret: bytes, shared: bytes) -> bytes:
    mask = codec.digest(b"dalil wrap", shared, generation.to_bytes(4, "big"), scope.encode())
    return bytes(one ^ other for one, other in zip(secret, mask, strict=True))


def _context(scope: str, generation: int) -> bytes:
    return codec.pack(["dalil key before", scope, generation])
