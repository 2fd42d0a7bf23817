"""Bytes on the wire: the canonical form, hashes, commitments, compression and limits; knows no kind and no database."""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from typing import Any

import msgspec
import zstandard

from i18n import Text
from sync.errors import Damaged, Invalid

MAGIC = b"DALIL"
PROTOCOL = 1  # the canonical form, everywhere
BRIEF = 2  # its short form, inside one live exchange: sync/exchange/brief
SEALED = 3  # either, under seal on its way: sync/relay/under_seal.py
MAX_CHANGE = 256 * 1024  # bytes of one canonical change: a long text in every language fits many times over
MAX_BATCH = 1024 * 1024  # bytes of one batch, unpacked
MAX_MESSAGE = 8 * 1024 * 1024  # bytes of one request or answer, unpacked
MAX_DEPTH = 6
RUN = 64  # changes of a log that share one seed; erasing one change replaces the seed of its run

_canonical = msgspec.msgpack.Encoder(order="deterministic")
_json = msgspec.json.Encoder(order="deterministic")
_meeting = threading.Lock()  # msgspec 0.22 crashes the program when two threads meet a type for the first time at once
_generic = msgspec.msgpack.Decoder()
_compressors = threading.local()


@cache
def _decoder(type: Any) -> msgspec.msgpack.Decoder[Any]:
    with _meeting:
        return msgspec.msgpack.Decoder(type)


def pack(value: Any) -> bytes:
    """The canonical msgpack of a value: maps sorted by key, shortest integers, no floats."""
    return _canonical.encode(value)


def unpack(data: bytes, type: Any = None) -> Any:
    """The value of msgpack bytes, checked against `type`; Damaged when they are not."""
    try:
        return _generic.decode(data) if type is None else _decoder(type).decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(Text("The data that arrived is damaged or was altered; nothing of it was taken.")) from error


def canonical_json(value: Any) -> bytes:
    """The canonical JSON of a value: keys sorted by code point, no spaces, UTF-8; used by digest and export."""
    return _json.encode(value)


def digest(*pieces: bytes) -> bytes:
    """SHA-256 over pieces of fixed place; every caller's pieces have fixed lengths but the last."""
    return hashlib.sha256(b"".join(pieces)).digest()


def salt_of(seed: bytes, n: int) -> bytes:
    """The 16-byte salt of change `n` from the seed of its run."""
    return digest(seed, n.to_bytes(8, "big"))[:16]


def commitment(salt: bytes, body: bytes) -> bytes:
    """What stands for a change for ever, even after its text was erased: H(salt + canonical change)."""
    return digest(salt, body)


def dot(log: bytes, n: int, commitment: bytes) -> bytes:
    """The identity of a change: its log (8 bytes), its number (4), the first 16 bits of its commitment."""
    return log + n.to_bytes(4, "big") + commitment[:2]


def dot_parts(dot: bytes) -> tuple[bytes, int, bytes]:
    """A dot's log, number and mark."""
    return dot[:8], int.from_bytes(dot[8:12], "big"), dot[12:14]


def plain(value: Any, depth: int = 0) -> bool:
    """Whether a value may be signed: null, booleans, 64-bit integers, text, lists and maps with text keys."""
    if value is None or isinstance(value, bool | str):
        return True
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    if depth >= MAX_DEPTH:
        return False
    if isinstance(value, list):
        return all(plain(one, depth + 1) for one in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and plain(one, depth + 1) for key, one in value.items())
    return False


def squeeze(data: bytes, level: int = 9) -> bytes:
    """zstd-compressed bytes."""
    found = _compressors.__dict__.get(level)
    if found is None:  # one a thread: making one takes longer than most messages
        found = _compressors.__dict__[level] = zstandard.ZstdCompressor(level=level, write_checksum=False)
    return bytes(found.compress(data))


def unsqueeze(data: bytes, limit: int) -> bytes:
    """The bytes before compression; Damaged when torn, Invalid when they would be more than `limit`."""
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=MAX_MESSAGE * 2).stream_reader(data)
        found = reader.read(limit + 1)
        if len(found) <= limit and reader.read(1):
            found += b"\0" * (limit + 1 - len(found))
    except zstandard.ZstdError as error:
        raise Damaged(Text("The data that arrived is damaged or was altered; nothing of it was taken.")) from error
    if len(found) > limit:
        raise Invalid(Text("What was sent is larger than {limit} bytes unpacked; send it in smaller parts.", limit=limit))
    return found


def seal_message(payload: bytes) -> bytes:
    """A whole request or answer as carried: magic, protocol, compressed payload."""
    return MAGIC + bytes([PROTOCOL]) + squeeze(payload)


def open_message(data: bytes, limit: int = MAX_MESSAGE) -> bytes:
    """The payload of a carried message; Damaged if it is no such message."""
    if not data.startswith(MAGIC) or len(data) < len(MAGIC) + 2:
        raise Damaged(Text("The data that arrived is damaged or was altered; nothing of it was taken."))
    if data[len(MAGIC)] > PROTOCOL:
        newer = Text("The other side speaks a newer version of Dalil. Update this program; your work is safe meanwhile.")
        raise Invalid(newer, code="newer_version")
    return unsqueeze(data[len(MAGIC) + 1 :], limit)
