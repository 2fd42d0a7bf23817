"""Rows out of the pages of a SQLite file that SQLite itself gives up on: leaf by leaf, whatever leads to it; knows no table.

The layout is that of sqlite.org/fileformat2.html. A page that was freed may
still hold rows of long ago: whoever asks must be able to tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

_LEAF = 0x0D  # the kind of page that holds rows of a table
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # bytes by serial type
_MOST = 16 * 1024 * 1024  # bytes of a row that we believe in


def carved(path: Path) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(row number, values) of every row in every leaf page, in the order of pages; texts that are no UTF-8 are None."""
    pages, size = _pages(path)
    for number in sorted(pages):
        page = pages[number]
        start = 100 if number == 1 else 0
        if len(page) < size or page[start] != _LEAF:
            continue
        count = int.from_bytes(page[start + 3 : start + 5], "big")
        for at in range(start + 8, min(start + 8 + 2 * count, size - 1), 2):
            with suppress(IndexError, ValueError, OverflowError):
                yield _cell(pages, size, page, int.from_bytes(page[at : at + 2], "big"))


def _pages(path: Path) -> tuple[dict[int, bytes], int]:
    """The pages by number, and their size, which the file says of itself."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(18)[16:], "big")
    if size not in (512, 1024, 2048, 4096, 8192, 16384, 32768):
        size = 4096
    return pages_of(path, size), size


def pages_of(path: Path, size: int) -> dict[int, bytes]:
    """The pages by number, those of the log of last writes over those of the file."""
    data = path.read_bytes()
    pages = {at // size + 1: data[at : at + size] for at in range(0, len(data), size)}
    log = path.with_name(path.name + "-wal")
    if log.exists():
        pages |= _logged(log.read_bytes(), size)
    return pages


def _logged(log: bytes, size: int) -> dict[int, bytes]:
    """The pages of the transactions that were committed to a log."""
    found: dict[int, bytes] = {}
    open_: dict[int, bytes] = {}
    salts = log[16:24]
    for at in range(32, len(log) - size - 23, size + 24):
        head = log[at : at + 24]
        if head[8:16] != salts:
            break
        open_[int.from_bytes(head[:4], "big")] = log[at + 24 : at + 24 + size]
        if int.from_bytes(head[4:8], "big"):
            found |= open_
            open_ = {}
    return found


def _cell(pages: dict[int, bytes], size: int, page: bytes, at: int) -> tuple[int, tuple[Any, ...]]:
    length, at = _varint(page, at)
    row, at = _varint(page, at)
    if not 0 < length <= _MOST:
        raise ValueError(length)
    local = length
    if length > size - 35:
        least = (size - 12) * 32 // 255 - 23
        local = least + (length - least) % (size - 4)
        local = least if local > size - 35 else local
    payload = bytearray(page[at : at + local])
    following = int.from_bytes(page[at + local : at + local + 4], "big") if local < length else 0
    while len(payload) < length:
        more = pages.get(following, b"")
        if not more:
            raise ValueError(following)
        payload += more[4 : 4 + length - len(payload)]
        following = int.from_bytes(more[:4], "big")
    return row, tuple(_values(bytes(payload)))


def _values(payload: bytes) -> Iterator[Any]:
    end, at = _varint(payload, 0)
    place = end
    while at < end:
        kind, at = _varint(payload, at)
        length = _INTEGERS.get(kind, 0) if kind < 12 else (kind - 12) // 2
        piece = payload[place : place + length]
        if len(piece) < length or kind in (7, 10, 11):
            raise ValueError(kind)
        place += length
        if kind == 0:
            yield None
        elif kind in (8, 9):
            yield kind - 8
        elif kind < 12:
            yield int.from_bytes(piece, "big", signed=True)
        elif kind % 2:
            yield _text(piece)
        else:
            yield piece


def _text(piece: bytes) -> str | None:
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for _ in range(8):
        byte = data[at]
        at += 1
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at
    return (value << 8) | data[at], at + 1
