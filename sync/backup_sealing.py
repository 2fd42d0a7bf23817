"""Files as sealed pieces of a backup, and back; knows no folder and no meaning of a file.

A piece is compressed, then sealed under a key that comes from the vault's. The
same bytes give the same piece, so a second backup copies what has changed alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from sync import codec
from sync.relay.courier_manifest import Piece
from sync.scope_keys import ScopeKey

PIECE = 4 * 1024 * 1024  # bytes before compression: held in memory, and what a pulled stick costs at most
_LEVEL = 3  # of zstd: what is sealed already gets no smaller, and an old PC shall not wait for it
_CONTEXT = b"dalil backup piece 1"


class Sealing:
    """Seals and opens the pieces of one vault's backups. `key` is the vault's."""

    def __init__(self, key: bytes) -> None:
        self._key = ScopeKey("backup", 1, codec.digest(b"dalil backup key", key))

    def seal(self, data: bytes) -> tuple[Piece, bytes]:
        """A piece and its bytes as they lie on the stick."""
        found = self._key.seal(codec.squeeze(data, _LEVEL), _CONTEXT)
        return Piece(sha256(found).hexdigest(), len(found)), found

    def open(self, data: bytes) -> bytes:
        """What was sealed; Damaged when it was not with this key."""
        return codec.unsqueeze(self._key.unseal(data, _CONTEXT), PIECE)


def cut(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Bytes that come in blocks, in pieces of full size and a last one."""
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)
