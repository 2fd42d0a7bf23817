"""Keeping pieces of one writing direction whole inside text of the other; knows characters only."""

import re

LTR_ISOLATE, FIRST_STRONG_ISOLATE, END_ISOLATE = "\u2066", "\u2068", "\u2069"
RIGHT_TO_LEFT = frozenset({"ar"})

_LEFT = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]|[0-9+][^\u0600-\u06ff]*[0-9]")
_ALREADY = re.compile(r"[\u2066-\u2068][^\u2066-\u2069]*\u2069")
_RIGHT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


class Piece(str):
    """Text that a value function has already set in its direction: sentences take it as it is."""

    __slots__ = ()


def isolated(text: str, language: str) -> str:
    """The text, wrapped in a bidi isolate when part of it runs against the language's direction.

    Without it `+253 77 34 12 56` in an Arabic sentence is drawn as `56 12 34 77 253+`.
    Text that runs with the sentence, plain digits, and text already isolated come back unchanged.
    """
    if isinstance(text, Piece) or _ALREADY.fullmatch(text):
        return text
    if language in RIGHT_TO_LEFT:
        against = not text.isdecimal() and _LEFT.search(text)
    else:
        against = _RIGHT.search(text)
    return f"{FIRST_STRONG_ISOLATE}{text}{END_ISOLATE}" if against else text


def left_to_right(text: str) -> str:
    """The text isolated as left-to-right whatever stands around it (phone numbers, amounts)."""
    return f"{LTR_ISOLATE}{text}{END_ISOLATE}"
