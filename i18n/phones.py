"""Telephone numbers: read, grouped and kept in their direction; knows Djibouti's plan and calls nobody."""

import re

from i18n.bidi import left_to_right

_NOT_DIALLED = re.compile(r"[^0-9+]")
_TO_LATIN = {base + i: str(i) for base in (0x0660, 0x06F0) for i in range(10)}
_DJIBOUTI = re.compile(r"(?:\+253)?([27]\d{7})")  # ITU: eight digits, landlines 2x, mobiles 7x


def phone(text: str) -> str:
    """A number to read: `+253 77 34 12 56`, isolated left-to-right (U+2066 … U+2069).

    Always 0-9, as one dials. Djibouti's numbers get their prefix and pairs; others, and what is
    no number at all, stay as typed.
    """
    match = _DJIBOUTI.fullmatch(dialled(text))
    if match:
        national = match[1]
        pairs = " ".join(national[i : i + 2] for i in range(0, 8, 2))
        return left_to_right(f"+253 {pairs}")
    return left_to_right(" ".join(text.translate(_TO_LATIN).split()))


def dialled(text: str) -> str:
    """What to dial, copy or put in a vCard: `+25377341256`; no spaces, no invisible characters."""
    digits = _NOT_DIALLED.sub("", text.translate(_TO_LATIN))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    match = _DJIBOUTI.fullmatch(digits)
    return f"+253{match[1]}" if match else digits
