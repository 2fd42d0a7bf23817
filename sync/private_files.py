"""Attachments of private scopes: encrypted under a key of their own, read from any place without a byte in clear on a disk; knows no network.

A file is cut into chunks of 64 KiB, each sealed with XChaCha20-Poly1305 under
the file's random key. The nonce is the number of the chunk and whether it is
the last one, so no chunk can be moved, left out or added, and any of them is
read without those before it. The key serves one file, so no nonce serves twice.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as _open
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as _seal
from nacl.exceptions import CryptoError

from i18n import Text
from sync.errors import Damaged, NotFound
from sync.fields import Fixed
from sync.files import CHUNK, Files, disk_failure
from sync.record import Kind

TAG = 16  # bytes that each chunk grows by
KEY = 32  # bytes
_SEALED = CHUNK + TAG
_LABEL = b"dalil file 1"


def is_private(kind: Kind) -> bool:
    """Whether the files of this kind are encrypted; NotFound when it has none."""
    if "file" not in kind.by_name:
        raise kind.no_field("file")
    shape = kind.by_name["file"].shape
    return isinstance(shape, Fixed) and "key" in shape.parts


def take(files: Files, kind: Kind, source: Path, random: Callable[[int], bytes], media_type: str = "") -> dict[str, Any]:
    """Copy a file in as its kind asks; answers the value of the `file` field. The source stays where it is.

    Of an encrypted one `sha256` and `size` are those of the encrypted bytes:
    what lies on disks and travels. Taken twice, it has two names and two keys.
    """
    if not is_private(kind):
        return files.take(source, media_type)
    key = random(KEY)
    with files.reading(source, media_type, sealed_size) as (data, told):
        sha256, size = files.write(sealed(data, key), random(8).hex())
    return {"sha256": sha256, "size": size, **told, "key": key.hex()}


def sealed(data: BinaryIO, key: bytes) -> Iterator[bytes]:
    """The encrypted chunks of what can be read."""
    number, piece = 0, data.read(CHUNK)
    while piece:
        following = data.read(CHUNK)
        yield _seal(piece, _LABEL, _nonce(number, not following), key)
        number, piece = number + 1, following


def unsealed(data: BinaryIO, key: bytes) -> Iterator[bytes]:
    """The chunks before they were encrypted; Damaged when one was altered, moved, or is lacking at the end."""
    number, piece = 0, data.read(_SEALED)
    while piece:
        following = data.read(_SEALED)
        try:
            yield _open(piece, _LABEL, _nonce(number, not following), key)
        except (CryptoError, ValueError) as error:  # the latter for less than any chunk has
            raise _damaged() from error
        number, piece = number + 1, following


def sealed_size(clear: int) -> int:
    """How many bytes a file of `clear` bytes has when it is encrypted."""
    return clear + TAG * -(-clear // CHUNK)


def clear_size(value: Mapping[str, Any]) -> int:
    """How many bytes the file of a `file` field has for whoever reads it."""
    size = int(value["size"])
    return size if not value.get("key") else max(0, size - TAG * -(-size // _SEALED))


def open_file(files: Files, value: Mapping[str, Any]) -> BinaryIO:
    """The bytes of a file that is here, as they were attached, from any place on; encrypted ones are opened in memory, a chunk at a time.

    NotFound when it is not here. Damaged when it is not what was attached:
    from the opening, or from the reading of the chunk that was altered.
    """
    if not files.here(value["sha256"]):
        raise NotFound(Text("This file is not on this computer. Fetch it first."))
    path = files.path(value["sha256"])
    if not value.get("key"):
        return path.open("rb")
    return io.BufferedReader(_Opened(path, value), CHUNK)


def save_copy(files: Files, value: Mapping[str, Any], target: Path) -> int:
    """Write a copy in clear where somebody asked for one; answers its bytes. Whoever calls this has said that anybody can read it there.

    Nothing is left of a copy that could not be finished. A file that is there already is replaced once the copy is whole.
    """
    part = target.with_name(f".{target.name}.part")
    done = 0
    try:
        with open_file(files, value) as data, part.open("wb") as out:
            while piece := data.read(CHUNK):
                done += out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    except OSError as error:
        raise disk_failure(target, error) from error
    finally:
        with suppress(OSError):  # a disk that was pulled out has said so
            part.unlink(missing_ok=True)
    return done


class _Opened(io.RawIOBase):
    """An encrypted file as its bytes in clear; holds one chunk."""

    def __init__(self, path: Path, value: Mapping[str, Any]) -> None:
        super().__init__()
        self._key = bytes.fromhex(value["key"])
        self._data = path.open("rb")
        self._end = self._data.seek(0, os.SEEK_END)
        self._size = clear_size({"size": self._end, "key": value["key"]})
        self._at, self._number, self._chunk = 0, -1, b""
        whole = self._end and self._end % _SEALED not in range(1, TAG + 1)  # a chunk holds more than its tag
        if self._end != int(value["size"]) or not whole or len(self._key) != KEY:
            self.close()
            raise _damaged()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, room: Any) -> int:
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, CHUNK)
        if number != self._number:
            self._data.seek(number * _SEALED)
            try:
                self._chunk = _open(self._data.read(_SEALED), _LABEL, _nonce(number, (number + 1) * _SEALED >= self._end), self._key)
            except CryptoError as error:
                raise _damaged() from error
            self._number = number
        view = memoryview(room).cast("B")
        piece = self._chunk[within : within + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._data.close()
        super().close()


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(23, "big") + bytes([last])


def _damaged() -> Damaged:
    return Damaged(Text("The copy of this file on this computer is damaged. Remove it here, then fetch it again."))
