"""Where the simulation takes the place of the world: disk, clock, sizes and sealing; everything goes back when the run ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from random import Random
from types import SimpleNamespace
from typing import Any

from nacl import bindings
from nacl.public import Box, PrivateKey
from nacl.signing import VerifyKey

from sync import codec, deciding, posting, sealed, segments
from sync.exchange import answering, asking, taking
from sync.relay import parcels
from sync.snapshots import publishing
from tests.simulation.disk import Disk, FailingStore

_opened = lru_cache(maxsize=20_000)(bindings.crypto_sign_open)  # a signature that holds is computed once: server and every replica look at the same ones


class Place:
    """The disk that whatever is opened now stands on."""

    def __init__(self) -> None:
        self.disk = Disk()
        self.sealed: Callable[[bytes], None] = lambda data: None  # who wants to know of each parcel that is made

    def open(self, path: Any, attach: Any = None) -> FailingStore:
        """What the engine gets when it opens a database."""
        return FailingStore(path, attach, disk=self.disk)


    def seal(self, *args: Any) -> bytes:
        """What the engine gets when it seals a batch into a parcel."""
        data = parcels.sealed_batch(*args)
        self.sealed(data)
        return data


@contextmanager
def in_place(place: Place, chance: Random) -> Iterator[None]:
    """Run the engine on simulated disks, with small messages and everything random from `chance`."""
    page = chance.choice((300, 700, 700, 2000, 96 * 1024))
    answer = chance.choice((page, 2500, 2500, 8000, 768 * 1024))
    sizes = {
        (answering, "PAGE"): page, (answering, "ANSWER"): answer, (answering, "SMALLEST"): page,
        (asking, "ANSWER"): answer, (asking, "SMALLEST"): page, (asking, "PUSH"): chance.choice((200, 900, 900, 512 * 1024)),
        (taking, "MANY"): (0, 3, 200)[answer % 3],
        (segments, "SPAN"): 12, (segments, "_PAGE"): 5,
        (publishing, "_PAGED"): chance.choice((0.35, 50.0, 50.0)),  # 50: whenever there is one
        (codec, "RUN"): chance.choice((4, 16, 64)),
        (sealed, "SqliteStore"): place.open,
        (posting, "sealed_batch"): place.seal,
        (deciding, "seal"): lambda public, message: _sealed(public, message, chance),
        (parcels, "seal"): lambda public, message: _sealed(public, message, chance),
        (bindings, "crypto_sign_open"): _opened,
        (asking, "time"): SimpleNamespace(monotonic=_watch(chance)),
    }
    kept = {key: getattr(*key) for key in sizes}
    try:
        for key, value in sizes.items():
            setattr(*key, value)
        yield
    finally:
        for key, value in kept.items():
            setattr(*key, value)


def _sealed(public: bytes, message: bytes, chance: Random) -> bytes:
    """A sealed box whose throw-away key comes from the seed."""
    receiver = VerifyKey(public).to_curve25519_public_key()
    once = PrivateKey(chance.randbytes(32))
    nonce = blake2b(bytes(once.public_key) + bytes(receiver), digest_size=24).digest()
    return bytes(once.public_key) + Box(once, receiver).encrypt(message, nonce).ciphertext


def _watch(chance: Random) -> Any:
    """A stop watch on links of every speed."""
    now = [0.0]

    def look() -> float:
        now[0] += chance.choice((0.1, 0.1, 3.0, 9.0))
        return now[0]

    return look
