"""What the engine asks of libsodium is what PyNaCl's own classes make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import CryptoError
from nacl.public import Box, SealedBox
from nacl.signing import SigningKey, VerifyKey

from sync import sodium

seeds = st.binary(min_size=32, max_size=32)


@given(seeds, st.binary(max_size=200))
def test_keys_and_signatures_are_those_of_pynacl(seed: bytes, statement: bytes) -> None:
    known = SigningKey(seed)
    public, secret = sodium.pair(seed)
    signature = sodium.signature(secret, statement)
    assert public == bytes(known.verify_key)
    assert signature == known.sign(statement).signature
    assert sodium.verifies(public, statement, signature)


@given(seeds, st.binary(max_size=40), st.integers(min_value=0, max_value=511))
def test_one_bent_bit_fails(seed: bytes, statement: bytes, bit: int) -> None:
    public, secret = sodium.pair(seed)
    signature = bytearray(sodium.signature(secret, statement))
    signature[bit // 8] ^= 1 << bit % 8
    assert not sodium.verifies(public, statement, bytes(signature))
    assert not sodium.verifies(public, statement + b"x", sodium.signature(secret, statement))


@given(seeds, seeds, st.binary(max_size=100))
def test_what_two_keys_share_and_what_is_sealed_are_those_of_pynacl(one: bytes, other: bytes, message: bytes) -> None:
    first, second = SigningKey(one), SigningKey(other)
    (public, secret), (theirs, _) = sodium.pair(one), sodium.pair(other)
    box = Box(second.to_curve25519_private_key(), first.verify_key.to_curve25519_public_key())
    assert sodium.shared(secret, theirs) == box.shared_key()
    mine = SealedBox(first.to_curve25519_private_key())
    assert mine.decrypt(sodium.sealed(public, message)) == message
    assert sodium.unsealed(public, secret, SealedBox(first.verify_key.to_curve25519_public_key()).encrypt(message)) == message


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(32), b"\xff" * 32, bytes(33)])
def test_what_is_no_key_is_refused_as_pynacl_refuses_it(key: bytes) -> None:
    with pytest.raises((CryptoError, ValueError, TypeError)):
        VerifyKey(key).to_curve25519_public_key()
    _, secret = sodium.pair(bytes(32))
    with pytest.raises(ValueError):
        sodium.shared(secret, key)
    with pytest.raises(ValueError):
        sodium.sealed(key, b"message")
    assert not sodium.verifies(key, b"", bytes(64))


@pytest.mark.parametrize("box", [b"", bytes(47), bytes(48), bytes(90)])
def test_what_was_not_sealed_to_a_key_does_not_open(box: bytes) -> None:
    with pytest.raises(ValueError):
        sodium.unsealed(*sodium.pair(bytes(32)), box)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_seed_has_32_bytes(size: int) -> None:
    with pytest.raises(ValueError):
        sodium.pair(bytes(size))
