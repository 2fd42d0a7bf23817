"""The code by which a person joins: ten characters of secret, six of the server's key; knows no database and no network."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from i18n import Text
from sync import codec
from sync.errors import Failure

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U to misread on paper
_MISREAD = str.maketrans("OILU", "011V")
_SECRET, _PIN, _GROUP = 10, 6, 4  # characters: 50 bits nobody guesses, 30 bits that name the server's key


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code taken apart: what only the invited know, and which server's key must answer."""

    secret: str
    pin: str

    @property
    def code(self) -> str:
        """The code as it is printed: `XXXX-XXXX-XXXX-XXXX`."""
        code = self.secret + self.pin
        return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))

    @property
    def digest(self) -> bytes:
        """What a server keeps of the secret: 32 bytes that do not give it back."""
        return codec.digest(b"dalil invitation", self.secret.encode())

    def fits(self, fingerprint: bytes) -> bool:
        """Whether this code was made by the server whose key has this fingerprint (4 bytes)."""
        return self.pin == _pin(fingerprint)


def make(random: Callable[[int], bytes], fingerprint: bytes) -> Invitation:
    """A new invitation from a source of secret bytes and the fingerprint of the server's key."""
    return Invitation(letters(int.from_bytes(random(7), "big"), _SECRET), _pin(fingerprint))


def parse(code: str) -> Invitation:
    """A code as somebody typed it: any case, spaces and dashes, O for 0, I for 1, Arabic digits. Failure when it is none."""
    typed = meant(code)
    if len(typed) != _SECRET + _PIN or any(each not in ALPHABET for each in typed):
        raise Failure(Text("This is not a whole invitation code. It has sixteen letters and figures, such as 7K3M-9QXA-R2TB-W6HN."), "code_unknown")
    return Invitation(typed[:_SECRET], typed[_SECRET:])


def meant(code: str) -> str:
    """The letters and figures that somebody meant, read off paper: any case, spaces and dashes, O for 0, I for 1, Arabic digits."""
    return "".join(_meant(each) for each in code.upper()).translate(_MISREAD)


def _meant(letter: str) -> str:
    """The letter or figure that was typed; nothing for what only separates or directs."""
    if unicodedata.category(letter)[0] in "ZPC":
        return ""
    return str(unicodedata.digit(letter, letter))


def _pin(fingerprint: bytes) -> str:
    return letters(int.from_bytes(fingerprint[:4], "big") >> 2, _PIN)


def letters(number: int, length: int) -> str:
    """A number in so many letters of the alphabet."""
    found = ""
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        found = ALPHABET[rest] + found
    return found
