"""A request and its answer under seal: only the authority and whoever asks read them, whatever carries them; knows no HTTP.

Transport encryption ends where it is opened on the way: at a proxy that looks
into what passes, at the machine in front of a server, and nowhere on a plain
address. So what members' scopes say is sealed to the pinned key of the
authority before it leaves. Each request has a key of its own that is thrown
away; what it and the authority's key have in common opens both directions.
Nothing is believed because it came so: what is inside is signed as ever.
It costs 54 bytes up and 22 down.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from i18n import Text
from sync import codec
from sync.errors import Damaged
from sync.identity import SigningKey

HEAD = codec.MAGIC + bytes([codec.SEALED])
_KEY = 32  # bytes of the public half of a request's own key
_NONCE = bytes(24)  # a key serves once


class Sealing:
    """One request, and the answer to it."""

    def __init__(self, authority: bytes, random: Callable[[int], bytes] = os.urandom) -> None:
        own = SigningKey(random(_KEY))
        self._public, self._shared = own.public, own.agreed(authority)

    def request(self, body: bytes) -> bytes:
        """A request as it leaves."""
        return HEAD + self._public + _seal(_key(b"asked", self._shared), body)

    def answer(self, data: bytes) -> bytes:
        """What was answered; Damaged when it was altered. Of another program than ours it stays what it is, for others to say so."""
        return _open(_key(b"answered", self._shared), data[len(HEAD):]) if data.startswith(HEAD) else data


def opened(body: bytes, authority: SigningKey) -> tuple[bytes, Callable[[bytes], bytes]]:
    """A request as it was asked, and what seals the answer. One without a seal is what it is, and so is its answer: guests ask for what is public."""
    if not body.startswith(HEAD):
        return body, bytes
    start = len(HEAD) + _KEY
    shared = authority.agreed(body[len(HEAD):start])
    inside = _open(_key(b"asked", shared), body[start:])
    return inside, lambda answer: HEAD + _seal(_key(b"answered", shared), answer)


def _key(way: bytes, shared: bytes) -> bytes:
    return codec.digest(b"dalil ", way, b" ", shared)


def _seal(key: bytes, data: bytes) -> bytes:
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    return encrypt(data, HEAD, _NONCE, key)


def _open(key: bytes, data: bytes) -> bytes:
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
    from nacl.exceptions import CryptoError

    try:
        return decrypt(data, HEAD, _NONCE, key)
    except (CryptoError, ValueError, TypeError) as error:
        raise Damaged(Text("The data that arrived is damaged or was altered; nothing of it was taken.")) from error
