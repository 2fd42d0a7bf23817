"""What a person's file is locked with: its key, wrapped once for each thing that opens it, and the small file of that; knows no database.

`<name>.keys` is one line that says what it is, the canonical msgpack of
`Keys`, and the SHA-256 of both. It stands twice, beside `<name>.keys.copy`:
one bad place on a disk must not cost everything that the key opens.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec

from i18n import Text
from sync import codec, phrases, recovery_code
from sync.errors import Damaged, Failure, Refused
from sync.files_on_disk import overwrite, sweep_parts, write_whole

Lock = Literal["phrase", "computer"]
PHRASE, CODE, COMPUTER = "phrase", "code", "computer"
VERSION = 1
ENDING, COPY = ".keys", ".keys.copy"
_HEAD = b"DALIL KEYS\n"
_MIB = 1024  # KiB
LEAST_MEMORY, MOST_MEMORY = 64 * _MIB, 128 * _MIB  # KiB: a PC with 2 GB opens what a fast one made
LEAST_PASSES, MOST_PASSES = 3, 8
_LARGEST = 16 * 1024  # bytes of a file of keys that we believe in


class Cost(msgspec.Struct, frozen=True):
    """What one try of a phrase costs: passes of argon2id over so many KiB of memory."""

    passes: int
    memory: int


FLOOR = Cost(LEAST_PASSES, LEAST_MEMORY)


class Wrap(msgspec.Struct, frozen=True, array_like=True):
    """The key as one thing opens it: a phrase, the printed code, or this computer (then it is not wrapped at all)."""

    by: str
    salt: bytes
    passes: int
    memory: int
    form: int
    sealed: bytes


class Keys(msgspec.Struct, frozen=True, array_like=True):
    """All wraps of one key. `id` tells the right key from another one and says nothing of it."""

    version: int
    id: bytes
    wraps: list[Wrap]

    @property
    def lock(self) -> Lock:
        """What opens the file every day."""
        return PHRASE if self.of(PHRASE) else COMPUTER

    def of(self, by: str) -> Wrap | None:
        """The wrap that this thing opens, or None."""
        return next((one for one in self.wraps if one.by == by), None)

    def with_(self, *new: Wrap, without: tuple[str, ...] = ()) -> Keys:
        """The same key with other wraps in the place of those by the same things, and without some."""
        gone = {*(one.by for one in new), *without}
        return msgspec.structs.replace(self, wraps=[*(one for one in self.wraps if one.by not in gone), *new])


def id_of(key: bytes) -> bytes:
    """Eight bytes that name a key."""
    return codec.digest(b"dalil vault id\0", key)[:8]


def by_phrase(key: bytes, phrase: str, cost: Cost, random: Callable[[int], bytes]) -> Wrap:
    """The key, wrapped by what a phrase means."""
    return _wrapped(key, Wrap(PHRASE, random(16), cost.passes, cost.memory, phrases.FORM, b""), phrase, random)


def by_code(key: bytes, code: str, random: Callable[[int], bytes]) -> Wrap:
    """The key, wrapped by a recovery code."""
    return _wrapped(key, Wrap(CODE, random(16), 0, 0, phrases.FORM, b""), code, random)


def by_computer(key: bytes) -> Wrap:
    """The key as it is: whoever uses this computer has it."""
    return Wrap(COMPUTER, b"", 0, 0, phrases.FORM, key)


def unwrapped(keys: Keys, by: str, secret: str) -> bytes | None:
    """The key, or None when the secret is another one. Failure when this computer lacks the memory to try it."""
    wrap = keys.of(by)
    if wrap is None:
        return None
    key = wrap.sealed if by == COMPUTER else _unsealed(wrap, secret)
    return key if key is not None and id_of(key) == keys.id and len(key) == 32 else None


def calibrated(steady: Callable[[], float]) -> Cost:
    """What takes about a second on this computer, within fixed bounds; `steady` answers seconds."""
    begun = steady()
    try:
        _argon("calibrate", bytes(16), Cost(1, MOST_MEMORY))
    except Failure:
        return FLOOR
    once = steady() - begun
    memory = MOST_MEMORY if once * LEAST_PASSES <= 1 else LEAST_MEMORY
    passes = 1 / max(once * memory / MOST_MEMORY, 1e-3)
    return Cost(min(max(round(passes), LEAST_PASSES), MOST_PASSES), memory)


def read(stem: Path) -> Keys | None:
    """The keys of the file `<stem>.db`; None when there are none.

    Damaged when neither of the two files reads, Refused when a newer program
    wrote them.
    """
    files = [stem.with_name(stem.name + end) for end in (ENDING, COPY)]
    data = [one for one in map(_bytes, files) if one is not None]
    if not data:
        return None
    for one in data:
        keys = parsed(one)
        if keys is not None:
            return keys
    raise Damaged(Text("The file of the keys of “{name}” is damaged, and its copy too. Put back “{file}” from a backup of this folder."
                       " Nothing was changed.", name=stem.name, file=files[0].name))


def is_uneven(stem: Path) -> bool:
    """Whether the two files differ: a kill came between them, or one is damaged. `write` what was read, in a turn of one's own."""
    return _bytes(stem.with_name(stem.name + ENDING)) != _bytes(stem.with_name(stem.name + COPY))


def write(stem: Path, keys: Keys) -> None:
    """Put new wraps in the place of the old ones; killed at any point, the old or the new ones open the file."""
    for end in (ENDING, COPY):
        write_to(stem.with_name(stem.name + end), keys)


def write_to(path: Path, keys: Keys) -> None:
    """One file of keys, whole."""
    try:
        sweep_parts(path)
        write_whole(path, packed(keys))
    except OSError as error:
        why = error.strerror or ""
        raise Failure(Text("The keys could not be written: {why}. What opened this file before still does.", why=why), "disk") from error


def packed(keys: Keys) -> bytes:
    """The bytes of a file of keys."""
    data = _HEAD + codec.pack(keys)
    return data + sha256(data).digest()


def read_from(path: Path) -> Keys | None:
    """The keys in one file; None when it is not there or not whole."""
    data = _bytes(path)
    return None if data is None else parsed(data)


def destroy(stem: Path) -> None:
    """Overwrite and remove the keys: nobody opens the file again."""
    for end in (ENDING, COPY):
        sweep_parts(stem.with_name(stem.name + end))
        overwrite(stem.with_name(stem.name + end))


def _wrapped(key: bytes, wrap: Wrap, secret: str, random: Callable[[int], bytes]) -> Wrap:
    from nacl.secret import Aead

    return msgspec.structs.replace(wrap, sealed=bytes(Aead(_derived(wrap, secret)).encrypt(key, _said(wrap), random(Aead.NONCE_SIZE))))


def _unsealed(wrap: Wrap, secret: str) -> bytes | None:
    from nacl.exceptions import CryptoError
    from nacl.secret import Aead

    try:
        return bytes(Aead(_derived(wrap, secret)).decrypt(wrap.sealed, _said(wrap)))
    except CryptoError:
        return None


def _said(wrap: Wrap) -> bytes:
    """What the seal covers besides the key."""
    return codec.pack(["dalil wrap", wrap.by, wrap.salt, wrap.passes, wrap.memory, wrap.form])


def _derived(wrap: Wrap, secret: str) -> bytes:
    if wrap.by == CODE:
        return recovery_code.key_of(secret, wrap.salt)
    return _argon(secret, wrap.salt, Cost(wrap.passes, wrap.memory))


def _argon(secret: str, salt: bytes, cost: Cost) -> bytes:
    from nacl.exceptions import RuntimeError as OutOfMemory
    from nacl.pwhash import argon2id

    try:
        return bytes(argon2id.kdf(32, secret.encode(), salt, opslimit=cost.passes, memlimit=cost.memory * 1024))
    except (OutOfMemory, MemoryError) as error:
        raise Failure(Text("This computer has too little free memory to try the phrase ({mb} MB are needed). Close other programs, then try again.",
                           mb=cost.memory // _MIB), "memory") from error


def _bytes(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Failure(Text("The file {file} cannot be read: {why}.", file=path.name, why=error.strerror or ""), "disk") from error


def parsed(data: bytes) -> Keys | None:
    """The keys of whole bytes; None for torn ones, or for what no program of ours writes; Refused for those of a newer program."""
    body, sum_ = data[:-32], data[-32:]
    if not body.startswith(_HEAD) or sha256(body).digest() != sum_:
        return None
    try:
        version = codec.unpack(body[len(_HEAD) :])[0]
        if isinstance(version, int) and version > VERSION:
            raise Refused(Text("A newer version of Dalil has written in this folder. Update this program to open it."), "newer_folder")
        keys: Keys = codec.unpack(body[len(_HEAD) :], Keys)
    except (Damaged, LookupError, TypeError):
        return None
    return keys if all(map(_sane, keys.wraps)) else None


def _sane(wrap: Wrap) -> bool:
    """Whether a wrap asks for no more than we would: a file from elsewhere must not eat this computer."""
    if wrap.by != PHRASE:
        return True
    return LEAST_PASSES <= wrap.passes <= MOST_PASSES and LEAST_MEMORY <= wrap.memory <= MOST_MEMORY and len(wrap.salt) == 16
