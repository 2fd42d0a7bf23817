"""The printed code that opens a person's file when the phrase is forgotten: 100 bits and a check letter in each group; knows no file."""

from __future__ import annotations

from collections.abc import Callable

from i18n import Text
from sync import codec
from sync.errors import Invalid
from sync.invitation import ALPHABET, letters, meant

_GROUPS, _SECRET = 5, 4  # groups of four secret letters and the letter that checks them
_FIELD = 0b100101  # x^5 + x^2 + 1: the letters are the elements of a field of 32


def make(random: Callable[[int], bytes]) -> str:
    """A new code as it is printed: `XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`."""
    secret = letters(int.from_bytes(random(13), "big") >> 4, _GROUPS * _SECRET)
    groups = (secret[at : at + _SECRET] for at in range(0, len(secret), _SECRET))
    return "-".join(group + _check(group, number) for number, group in enumerate(groups))


def parse(code: str) -> str:
    """The 25 letters of a code as somebody typed it: any case, spaces, O for 0, I for 1, Arabic digits.

    Invalid says which group is mistyped: one wrong letter or two exchanged
    neighbours are always noticed, and so are groups in another order.
    """
    typed = meant(code)
    size = _SECRET + 1
    strange = [one for one in typed if one not in ALPHABET]
    if strange or len(typed) != _GROUPS * size:
        raise Invalid(Text("This is not a whole recovery code: it has five groups of five letters and figures. It stands on the sheet that was"
                           " printed when this person was added."), code="code_mistyped")
    groups = [typed[at : at + size] for at in range(0, len(typed), size)]
    wrong = [number for number, group in enumerate(groups) if _check(group[:_SECRET], number) != group[-1]]
    if wrong:
        raise Invalid(Text("Group {n} of the recovery code is mistyped: {group}. Compare it with the sheet.", n=wrong[0] + 1, group=groups[wrong[0]]),
                      code="code_mistyped")
    return typed


def key_of(typed: str, salt: bytes) -> bytes:
    """The 32 bytes that a code stands for. A hundred bits need no slow derivation: nobody tries them all."""
    return codec.digest(b"dalil recovery\0", salt, typed.encode())


def _check(group: str, number: int) -> str:
    """The letter that checks a group at its place: its letters, each times another element of the field, in one sum."""
    total = number + 1
    for letter in group:
        total = _twice(total) ^ ALPHABET.index(letter)
    return ALPHABET[_twice(total)]


def _twice(element: int) -> int:
    doubled = element << 1
    return doubled ^ _FIELD if doubled & 0b100000 else doubled
