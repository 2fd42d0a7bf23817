"""Looks for words in every byte of folders: as they are, in other encodings, and in what is packed; knows no program."""

from __future__ import annotations

import base64
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import zstandard

_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_ZSTD = b"\x28\xb5\x2f\xfd"
_MOST = 1 << 22  # bytes that one packed piece is opened to


def forms(raw: bytes) -> set[bytes]:
    """Bytes as they may stand on a disk: bare, in hexadecimal, in base64 at each of its three offsets."""
    found = {raw, raw.hex().encode(), raw.hex().upper().encode()}
    for letters in (base64.b64encode, base64.urlsafe_b64encode):
        for lead in range(3):
            said = letters(b"\0" * lead + raw).rstrip(b"=")
            # what depends on the neighbours is left out: the letters that hold a bit of what came before or comes after
            first = -(-8 * lead // 6)
            last = (8 * (lead + len(raw))) // 6
            found.add(said[first:last])
    return found


def wanted(words: Iterable[str | bytes]) -> dict[bytes, str]:
    """Every form to look for, with the word that it is of. Text is looked for in UTF-8 and UTF-16, as it is and in small letters."""
    found = {}
    for word in words:
        raws = [word] if isinstance(word, bytes) else [
            each.encode(coding) for each in {word, word.lower(), word.upper()} for coding in ("utf-8", "utf-16-le", "utf-16-be")]
        name = word.hex()[:16] if isinstance(word, bytes) else word
        found |= {form: name for raw in raws for form in forms(raw)}
    assert min(map(len, found)) >= 6, "a shorter form is found by chance"
    return found


def hits(folders: Iterable[Path], words: Iterable[str | bytes]) -> list[str]:
    """Where a word stands, in file names too; empty when nowhere."""
    looked = wanted(words)
    any_of = re.compile(b"|".join(re.escape(form) for form in sorted(looked, key=len, reverse=True)))
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            for part, data in [("its name", str(path.relative_to(folder)).encode()), *(_parts(path) if path.is_file() else ())]:
                found += [f"{path} ({part}): {looked[hit]}" for hit in set(any_of.findall(data))]
    return found


def _parts(path: Path) -> Iterator[tuple[str, bytes]]:
    """The bytes of a file, and what stands packed in them."""
    data = path.read_bytes()
    yield "its bytes", data
    yield from _packed(data)
    if data.startswith(b"SQLite format 3\0"):
        yield from _cells(path)


def _packed(data: bytes) -> Iterator[tuple[str, bytes]]:
    for place in _ZLIB.finditer(data):
        with suppress(zlib.error):
            yield f"packed at {place.start()}", zlib.decompressobj(47).decompress(data[place.start() :], _MOST)
    at = data.find(_ZSTD)
    while at >= 0:
        with suppress(zstandard.ZstdError):
            yield f"packed at {at}", zstandard.ZstdDecompressor().decompressobj().decompress(data[at : at + _MOST])
        at = data.find(_ZSTD, at + 1)


def _cells(path: Path) -> Iterator[tuple[str, bytes]]:
    """What stands in the tables: a long value is scattered over pages, and packed it is found only whole."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database, suppress(sqlite3.Error):
        database.text_factory = bytes
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            with suppress(sqlite3.Error):  # an index of our own needs what only the program registers
                for row in database.execute(f'SELECT * FROM "{table.decode()}"'):
                    for cell in row:
                        if isinstance(cell, bytes):
                            yield f"table {table.decode()}", cell
                            yield from ((f"table {table.decode()}, {part}", piece) for part, piece in _packed(cell))
