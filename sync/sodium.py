"""The five things asked of libsodium, by their C names; knows no key's meaning.

PyNaCl's own modules wrap all of libsodium and take 40 ms to import, a tenth of a new
replica's first sync; the library alone takes 5. `tests/sync/test_sodium.py` compares both.
"""

from __future__ import annotations

from typing import Any

from nacl._sodium import ffi, lib

SIGNATURE, KEY, SEED = 64, 32, 32
_SECRET, _SEALED = 64, 48

if lib.sodium_init() < 0:
    raise ImportError("libsodium cannot begin")


def pair(seed: bytes) -> tuple[bytes, bytes]:
    """(public key, secret key) of Ed25519 from 32 secret bytes."""
    _fits(seed, SEED)
    public, secret = _room(KEY), _room(_SECRET)
    _done(lib.crypto_sign_seed_keypair(public, secret, seed))
    return _bytes(public), _bytes(secret)


def signature(secret: bytes, statement: bytes) -> bytes:
    """The 64 bytes of Ed25519."""
    _fits(secret, _SECRET)
    signed = _room(SIGNATURE + len(statement))
    _done(lib.crypto_sign(signed, ffi.NULL, statement, len(statement), secret))
    return _bytes(signed)[:SIGNATURE]


def verifies(public: bytes, statement: bytes, signature: bytes) -> bool:
    """Whether a signature is that of a public key over a statement; False for whatever is no key or no signature."""
    if len(public) != KEY or len(signature) != SIGNATURE:
        return False
    signed = signature + statement
    return bool(lib.crypto_sign_open(ffi.NULL, ffi.NULL, signed, len(signed), public) == 0)


def shared(secret: bytes, public: bytes) -> bytes:
    """What the holders of two Ed25519 keys have in common: X25519 of both, hashed (crypto_box). ValueError for what is no key."""
    found = _room(KEY)
    _done(lib.crypto_box_beforenm(found, _agreeing(public), _agreeing_secret(secret)))
    return _bytes(found)


def sealed(public: bytes, message: bytes) -> bytes:
    """A message that only the holder of an Ed25519 key can read. ValueError for what is no key."""
    box = _room(_SEALED + len(message))
    _done(lib.crypto_box_seal(box, message, len(message), _agreeing(public)))
    return _bytes(box)


def unsealed(public: bytes, secret: bytes, box: bytes) -> bytes:
    """What was sealed to a key; ValueError if it was not."""
    if len(box) < _SEALED:
        raise ValueError(len(box))
    message = _room(max(1, len(box) - _SEALED))
    _done(lib.crypto_box_seal_open(message, box, len(box), _agreeing(public), _agreeing_secret(secret)))
    return _bytes(message)[: len(box) - _SEALED]


def _agreeing(public: bytes) -> bytes:
    """The X25519 key of an Ed25519 key."""
    _fits(public, KEY)
    found = _room(KEY)
    _done(lib.crypto_sign_ed25519_pk_to_curve25519(found, public))
    return _bytes(found)


def _agreeing_secret(secret: bytes) -> bytes:
    _fits(secret, _SECRET)
    found = _room(KEY)
    _done(lib.crypto_sign_ed25519_sk_to_curve25519(found, secret))
    return _bytes(found)


def _room(size: int) -> Any:
    return ffi.new("unsigned char[]", size)


def _bytes(room: Any) -> bytes:
    return bytes(ffi.buffer(room))


def _fits(data: bytes, size: int) -> None:
    if len(data) != size:
        raise ValueError(len(data))


def _done(code: int) -> None:
    if code:
        raise ValueError(code)
