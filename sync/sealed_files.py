"""Snapshots and frozen pages as they are offered to those who hold their scope's key; public ones stay as they are. Knows no HTTP.

    DALILSEAL 1 | name of the key, 8 bytes | salt, 16 bytes | chunks of 64 KiB, each sealed as those of a private file

The salt comes from what is inside, so no key ever serves two contents.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from sync import codec, private_files, scope_keys
from sync.errors import Damaged
from sync.files import CHUNK
from sync.identity import SigningKey
from sync.proofs import ALTERED
from sync.scope_keys import NAME, ScopeKey
from sync.scopes import is_in_clear
from sync.store import Store

MAGIC = b"DALILSEAL\x01"
_SALT = 16

KeyOf = Callable[[bytes], ScopeKey | None]


def key_for(store: Store, scope: str, authority: SigningKey) -> ScopeKey | None:
    """What the offered files of a scope are sealed with; None for what everybody reads, and where nobody holds a key yet."""
    generation = None if is_in_clear(scope) else scope_keys.newest(store).get(scope)
    return scope_keys.made(authority, scope, generation) if generation is not None else None


def key_of(authority: SigningKey, store: Store, scope: str) -> KeyOf:
    """What finds the authority's own key of a scope by its name, of whichever generation."""
    def find(name: bytes) -> ScopeKey | None:
        last = scope_keys.newest(store).get(scope, 0)
        made = (scope_keys.made(authority, scope, generation) for generation in range(last, 0, -1))
        return next((key for key in made if key.name == name), None)

    return find


def seal(source: BinaryIO, out: BinaryIO, key: ScopeKey) -> None:
    """Write what is in `source`, from its beginning, sealed."""
    source.seek(0)
    state = hashlib.sha256()
    while piece := source.read(CHUNK):
        state.update(piece)
    salt = state.digest()[:_SALT]
    source.seek(0)
    out.write(MAGIC + key.name + salt)
    for sealed in private_files.sealed(source, _key(key, salt)):
        out.write(sealed)


def beside(path: Path, key: ScopeKey | None) -> Path:
    """A file that was just made, or beside it the same one sealed, if there is a key for it."""
    if key is None:
        return path
    found = path.with_name(path.name + ".sealed")
    with path.open("rb") as source, found.open("wb") as out:
        seal(source, out, key)
    return found


def opened(source: BinaryIO, find: KeyOf) -> BinaryIO:
    """What was sealed, in memory; a file that is in clear as it is. Damaged for whoever does not hold its key, and when it was altered."""
    if source.read(len(MAGIC)) != MAGIC:
        source.seek(0)
        return source
    key, salt = find(source.read(NAME)), source.read(_SALT)
    if key is None or len(salt) != _SALT:
        raise Damaged(ALTERED)
    return io.BytesIO(b"".join(private_files.unsealed(source, _key(key, salt))))


def _key(key: ScopeKey, salt: bytes) -> bytes:
    return codec.digest(b"dalil offered file", key.secret, salt)
