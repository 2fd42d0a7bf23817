"""Two streams of bytes that make one message: what cannot be compressed, and what can; knows nothing of what they mean."""

from __future__ import annotations

from typing import Any

import zstandard

from sync import codec
from sync.errors import Damaged
from sync.proofs import ALTERED

SMALL = 4 * 1024  # bytes up to which the slowest level is worth its milliseconds
CAREFUL = 64 * 1024  # … and one that is three times as fast and loses half a percent
HASTY = 1536 * 1024  # … and the slower one: only a link that has shown to be fast is given more at once
_SIGNED = [-(byte >> 1) - 1 if byte & 1 else byte >> 1 for byte in range(128)]
_MAGICLESS = zstandard.FORMAT_ZSTD1_MAGICLESS


class Writer:
    """`hard` takes signatures, seeds and packed numbers as they are; `soft` takes what repeats, and is compressed at the end."""

    def __init__(self) -> None:
        self.hard = bytearray()
        self.soft = bytearray()

    def number(self, value: int) -> None:
        """A number from 0 on, seven bits a byte."""
        while value > 127:
            self.soft.append(value & 127 | 128)
            value >>= 7
        self.soft.append(value)

    def signed(self, value: int) -> None:
        """A number that may be negative; near zero it is short."""
        self.number(value * 2 if value >= 0 else -value * 2 - 1)

    def bare(self, data: bytes) -> None:
        """Bytes of a length that both ends know, and that no compression shortens."""
        self.hard += data

    def blob(self, data: bytes) -> None:
        """Bytes of any length that no compression shortens."""
        self.number(len(data))
        self.hard += data

    def words(self, data: bytes) -> None:
        """Bytes of any length that compression may shorten."""
        self.number(len(data))
        self.soft += data

    def text(self, text: str) -> None:
        """A text."""
        self.words(text.encode())

    def finished(self) -> bytes:
        """Both streams as one message."""
        head = Writer()
        head.number(len(self.hard))
        small = squeezed(bytes(self.soft))
        if len(small) < len(self.soft):
            return bytes(head.soft + self.hard + b"\x01") + small
        return bytes(head.soft + self.hard + b"\x00" + self.soft)


class Reader:
    """Reads what a Writer wrote; Damaged at the first byte that does not fit."""

    def __init__(self, data: bytes) -> None:
        self.soft, self._soft_at = data, 0
        length = self.number()
        at = self._soft_at + length
        if at >= len(data) or data[at] > 1:
            raise Damaged(ALTERED)
        self._hard, self._hard_at = data[self._soft_at : at], 0
        self.soft, self._soft_at = (unsqueezed(data[at + 1 :]) if data[at] else data[at + 1 :]), 0

    def number(self) -> int:
        value = shift = 0
        while True:
            if self._soft_at >= len(self.soft) or shift > 63:
                raise Damaged(ALTERED)
            byte = self.soft[self._soft_at]
            self._soft_at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def signed(self) -> int:
        value = self.number()
        return -(value >> 1) - 1 if value & 1 else value >> 1

    def numbers(self, count: int) -> list[int]:
        """Several numbers from 0 on; at once where each takes one byte."""
        some = self.soft[self._soft_at : self._soft_at + count]
        if len(some) == count and some.isascii():
            self._soft_at += count
            return list(some)
        return [self.number() for _ in range(count)]

    def several(self, count: int) -> list[int]:
        """Several numbers that may be negative."""
        some = self.soft[self._soft_at : self._soft_at + count]
        if len(some) == count and some.isascii():
            self._soft_at += count
            return [_SIGNED[byte] for byte in some]
        return [self.signed() for _ in range(count)]

    def count(self, most: int) -> int:
        """A number that says how many follow: never more than `most`."""
        found = self.number()
        if found > most:
            raise Damaged(ALTERED)
        return found

    def bare(self, length: int) -> bytes:
        found = self._hard[self._hard_at : self._hard_at + length]
        if len(found) != length:
            raise Damaged(ALTERED)
        self._hard_at += length
        return found

    def blob(self) -> bytes:
        return self.bare(self.number())

    def words(self) -> bytes:
        length = self.number()
        found = self.soft[self._soft_at : self._soft_at + length]
        if len(found) != length:
            raise Damaged(ALTERED)
        self._soft_at += length
        return found

    def text(self) -> str:
        return decoded(self.words())

    def end(self) -> None:
        """Nothing may be left: a message says one thing."""
        if self._soft_at != len(self.soft) or self._hard_at != len(self._hard):
            raise Damaged(ALTERED)


def decoded(data: bytes) -> str:
    """The text of UTF-8 bytes."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Damaged(ALTERED) from error


def packed(value: Any) -> bytes:
    """The canonical bytes of what was read; Damaged for a number that no message in the plain form can hold."""
    try:
        return codec.pack(value)
    except OverflowError as error:
        raise Damaged(ALTERED) from error


def squeezed(data: bytes) -> bytes:
    """zstd without magic, size and checksum: both ends know what follows."""
    level = 19 if len(data) <= SMALL else 12 if len(data) <= CAREFUL else 9 if len(data) <= HASTY else 4
    parameters = zstandard.ZstdCompressionParameters.from_level(
        level, source_size=len(data), format=_MAGICLESS, write_content_size=False, write_checksum=False)
    return zstandard.ZstdCompressor(compression_params=parameters).compress(data)


def unsqueezed(data: bytes) -> bytes:
    """The bytes before compression; Damaged when torn or more than a message may hold."""
    try:
        reader = zstandard.ZstdDecompressor(format=_MAGICLESS, max_window_size=codec.MAX_MESSAGE * 2).stream_reader(data)
        found = reader.read(codec.MAX_MESSAGE + 1)
    except zstandard.ZstdError as error:
        raise Damaged(ALTERED) from error
    if len(found) > codec.MAX_MESSAGE:
        raise Damaged(ALTERED)
    return found
