"""What request and answer of the brief form share: their head, names of scopes, the fixed point, the proof of who asks; knows no database."""

from __future__ import annotations

import functools
import hashlib
from typing import Any

import msgspec

from sync import codec
from sync.errors import Damaged
from sync.exchange.brief.streams import Reader, Writer, packed
from sync.identity import SigningKey
from sync.proofs import ALTERED
from sync.scopes import CONTROL, NETWORK, PUBLIC

HEAD = codec.MAGIC + bytes([codec.BRIEF])
SCOPES = (CONTROL, PUBLIC, NETWORK)
MISFIT, ANSWER = range(2)  # the two things that an answer can be
AS_IS, BRIEF = range(2)  # the two forms of a batch or page inside a message
MAC = 16
NOBODY = b""


def is_brief(data: bytes) -> bool:
    """Whether a message is in the brief form."""
    return data.startswith(HEAD)


def fixed_point(authority: bytes, epoch: bytes, cursors: list[tuple[str, int, bytes]]) -> bytes:
    """Eight bytes over what both ends must hold alike: the authority's fingerprint, the epoch, the chain at each cursor."""
    return codec.digest(b"dalil fixed point", codec.pack([authority, epoch, cursors]))[:8]


def authenticator(own: SigningKey, other: bytes, data: bytes) -> bytes:
    """Sixteen bytes that only the two holders of these keys can make for a request."""
    shared = own.shared(other)
    return hashlib.blake2b(data, digest_size=MAC, key=shared, person=b"dalil request").digest()


def whole_request(key: bytes, proof: bytes, payload: bytes) -> bytes:
    """A request as carried; `key` and `proof` are empty for a guest."""
    return HEAD + bytes([len(key)]) + key + proof + payload


def parts_of_request(data: bytes) -> tuple[bytes, bytes, bytes]:
    """The name of the key, the proof and the payload of a request."""
    length = data[len(HEAD)] if len(data) > len(HEAD) else 1
    key, rest = data[len(HEAD) + 1 : len(HEAD) + 1 + length], data[len(HEAD) + 1 + length :]
    if length not in (0, 8) or len(rest) < MAC * (length > 0):
        raise Damaged(ALTERED)
    return (key, rest[:MAC], rest[MAC:]) if length else (NOBODY, NOBODY, rest)


def write_scope(out: Writer, scope: str) -> None:
    """The name of a scope."""
    if scope in SCOPES:
        out.number(SCOPES.index(scope) + 1)
    else:
        out.number(0)
        out.text(scope)


def read_scope(source: Reader) -> str:
    """The name of a scope."""
    at = source.count(len(SCOPES))
    return SCOPES[at - 1] if at else source.text()


def write_rest(out: Writer, words: msgspec.Struct, known: int) -> None:
    """The fields of a request or an answer after the first `known`, up to the last that says anything."""
    plain = _defaults(type(words))[known:]
    values = [getattr(words, name) for name in words.__struct_fields__[known:]]
    while values and values[-1] == plain[len(values) - 1]:
        values.pop()
    out.words(codec.pack(values) if values else b"")


@functools.cache
def _defaults(words: type[msgspec.Struct]) -> list[Any]:
    return [one.default if one.default_factory is msgspec.NODEFAULT else one.default_factory() for one in msgspec.structs.fields(words)]


def read_rest(source: Reader) -> list[Any]:
    """The fields that `write_rest` wrote."""
    data = source.words()
    found = codec.unpack(data) if data else []
    if not isinstance(found, list):
        raise Damaged(ALTERED)
    return found


def made(type: Any, values: list[Any]) -> Any:
    """A request or an answer from its fields, checked as if it had come in the plain form."""
    return codec.unpack(packed(values), type)
