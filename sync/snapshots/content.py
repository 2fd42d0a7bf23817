"""The words of a snapshot and its bytes in a file: a signed header, then one compressed stream of chunks; knows no database."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO

import msgspec
import zstandard

from sync import codec
from sync.change import head_statement
from sync.errors import Damaged
from sync.identity import SigningKey, verifies
from sync.proofs import ALTERED
from sync.snapshots.ahead import ahead
from sync.snapshots.provenance import BEGINNING, Held, Provenance, Reading, held

MAGIC = b"DALILSNAP\x01"
ROWS = 250  # records of a chunk: what a reader holds in memory at once; four times as many made files 4 % smaller
LARGEST = 64 * 1024 * 1024  # bytes of one chunk, unpacked
_HEADER = 2**20  # bytes of the largest header: 60,000 chunks
_WINDOW = 2**27  # bytes that unpacking may look back over
_LOOK_BACK = 21  # 2 MiB, by its logarithm: what a reader has to hold; four times as much made files 1 % smaller (10,000 records)


class Header(msgspec.Struct, array_like=True, frozen=True):
    """What the authority signs: which ledger, up to which number, and the first half of the SHA-256 of each chunk unpacked.

    `head` is its signature over the ledger's chain there, as a page's end carries it.
    """

    scope: str
    epoch: bytes
    number: int
    chain: bytes
    digest: bytes
    chunks: list[bytes]
    head: bytes
    signature: bytes


class Rows(msgspec.Struct, array_like=True, frozen=True, tag="rows"):
    """Records of one kind by column, as their table holds them; `states`, `gone`, `conflicts` are empty when all are plain.

    `fields` are all that the authority's program knows; a column without any value
    is empty. `forms` says how each column stands for parts, so that a program that does
    not know the field can keep it: see `sync.tables.form_of`.
    """

    kind: str
    ids: bytes
    numbers: bytes
    states: list[bytes | None]
    gone: list[int]
    conflicts: list[int]
    fields: list[str]
    forms: list[str]
    columns: list[list[str | int | None]]


class Bare(msgspec.Struct, array_like=True, frozen=True, tag="bare"):
    """Records of a kind that the authority's program does not know: everything stands in the state."""

    kind: str
    ids: bytes
    numbers: bytes
    states: list[bytes]
    gone: list[int]


Chunk = Provenance | Rows | Bare
_records = msgspec.msgpack.Decoder(Rows | Bare)


def statement(header: Header) -> bytes:
    """The bytes that the authority's key signs."""
    return codec.pack(["dalil snapshot", header.scope, header.epoch, header.number, header.chain, header.digest, header.chunks])


def write(chunks: Iterator[Chunk], out: BinaryIO, unsigned: Header, key: SigningKey, level: int) -> Header:
    """Write a snapshot and answer its signed header. What is signed stands before the chunks, so these wait in a temporary file."""
    names: list[bytes] = []
    with tempfile.TemporaryFile() as spool:
        for one in chunks:
            body = codec.pack(one)
            spool.write(len(body).to_bytes(4, "big") + body)
            names.append(_name(body))
        header = msgspec.structs.replace(unsigned, chunks=names)
        header = msgspec.structs.replace(header, signature=key.sign(statement(header)))
        packed = codec.pack(header)
        out.write(MAGIC + len(packed).to_bytes(4, "big") + packed)
        spool.seek(0)
        zstandard.ZstdCompressor(level=level, write_content_size=False).copy_stream(spool, out)
    return header


def squeeze_again(source: BinaryIO, out: BinaryIO, level: int) -> None:
    """The same snapshot, compressed harder: what is signed is what it holds unpacked."""
    prefix = source.read(len(MAGIC) + 4)
    out.write(prefix + source.read(int.from_bytes(prefix[-4:], "big")))
    with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(source, closefd=False) as plain:
        held = zstandard.ZstdCompressionParameters.from_level(level, window_log=_LOOK_BACK, write_content_size=0)
        zstandard.ZstdCompressor(compression_params=held).copy_stream(plain, out)


def read_header(source: BinaryIO, authority: bytes) -> Header:
    """The header of a snapshot, once its signature held; leaves `source` where the chunks begin. Damaged otherwise."""
    header = unchecked_header(source)
    if len(header.chain) != 32 or len(header.digest) != 32 or not verifies(authority, statement(header), header.signature):
        raise Damaged(ALTERED)
    if not verifies(authority, head_statement(header.scope, header.epoch, header.number, header.chain), header.head):
        raise Damaged(ALTERED)
    return header


def unchecked_header(source: BinaryIO) -> Header:
    """The header as written, by whoever wrote it."""
    if source.read(len(MAGIC)) != MAGIC:
        raise Damaged(ALTERED)
    size = int.from_bytes(source.read(4), "big")
    if not 0 < size <= _HEADER:
        raise Damaged(ALTERED)
    return codec.unpack(source.read(size), Header)


def read_chunks(source: BinaryIO, header: Header) -> Iterator[Rows | Bare | Held]:
    """The chunks of a snapshot one by one, each read only once it is what the authority signed; Damaged where one is not or is missing.

    Whoever applies them does so in one transaction, so that a wrong last byte undoes the first row. Another thread
    unpacks and checks a little ahead; what needs the interpreter's lock stays in this one.
    """
    with closing(ahead(lambda: _bodies(source, header))) as bodies:
        for body in bodies:
            try:
                yield body if isinstance(body, Held) else _records.decode(body)
            except msgspec.DecodeError as error:
                raise Damaged(ALTERED) from error


def read_provenance(source: BinaryIO, header: Header) -> Held:
    """What a snapshot says of where its values came from, without its records; Damaged where it is not what the authority signed."""
    found = None
    for body in _bodies(source, header):
        if isinstance(body, Held):
            found = body
    if found is None:
        raise Damaged(ALTERED)
    return found


def _bodies(source: BinaryIO, header: Header) -> Iterator[bytes | Held]:
    try:
        with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(source, closefd=False) as stream:
            for name in header.chunks:
                reading = Reading(stream, min(int.from_bytes(Reading(stream, 4).take(4), "big"), LARGEST))
                body: bytes | Held = reading.take(min(reading.left, len(BEGINNING)))
                body = held(reading) if body == BEGINNING else body + reading.take(reading.left)
                reading.end(name)
                yield body
            if stream.read(1) or source.read(1):
                raise Damaged(ALTERED)
    except zstandard.ZstdError as error:
        raise Damaged(ALTERED) from error


def _name(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()[:16]
