"""Which words and paragraphs of several texts differ; knows text only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["LONG", "Block", "Run", "compared", "marked"]

LONG = 240  # characters from which texts are compared paragraph by paragraph
_WORDS = re.compile(r"\s+|[^\s]+")
_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")  # each paragraph is drawn in its own direction anyway


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that stands in all texts, or differs."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: its runs. `alike` counts the paragraphs that stand here unshown because they are the same on both sides."""

    runs: tuple[Run, ...]
    alike: int = 0


def marked(texts: Sequence[str]) -> list[tuple[Run, ...]]:
    """Each text as runs; a word differs when one of the other texts lacks it at that place.

    Texts that share no word at all come back unmarked: a mark on everything says nothing.
    """
    words = [_WORDS.findall(text.translate(_ISOLATES)) for text in texts]
    different: list[set[int]] = [set() for _ in texts]
    shares = [False] * len(texts)
    for one in range(len(texts)):
        for other in range(len(texts)):
            if one == other:
                continue
            same = _same(words[one], words[other])
            shares[one] |= any(not words[one][at].isspace() for at in same)
            different[one] |= set(range(len(words[one]))) - same
    return [_runs(words[at], different[at] if shares[at] else set()) for at in range(len(texts))]


def compared(one: str, other: str) -> tuple[list[Block], list[Block]]:
    """Two long texts by paragraphs: those alike are counted, those that differ stand side by side with their words marked."""
    lefts, rights = _paragraphs(one), _paragraphs(other)
    left: list[Block] = []
    right: list[Block] = []
    for what, a, b, c, d in SequenceMatcher(None, lefts, rights, autojunk=False).get_opcodes():
        if what == "equal":
            left.append(Block((), b - a))
            right.append(Block((), b - a))
            continue
        for at in range(max(b - a, d - c)):
            pair = [lefts[a + at] if a + at < b else "", rights[c + at] if c + at < d else ""]
            mine, theirs = _pair(pair)
            left += [Block(mine)] if mine else []
            right += [Block(theirs)] if theirs else []
    return left, right


def _pair(pair: list[str]) -> list[tuple[Run, ...]]:
    if not all(pair):  # a paragraph that one side alone has is marked whole
        return [(Run(text, differs=True),) if text else () for text in pair]
    return marked(pair)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.translate(_ISOLATES).split("\n") if line.strip()]


def _same(one: list[str], other: list[str]) -> set[int]:
    found: set[int] = set()
    for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        found |= set(range(block.a, block.a + block.size))
    return found


def _runs(words: list[str], different: set[int]) -> tuple[Run, ...]:
    """Neighbours of one sort joined; a space between two differing words differs with them, otherwise it does not."""
    found: list[Run] = []
    for at, word in enumerate(words):
        differs = at in different
        if word.isspace():
            differs = at - 1 in different and at + 1 in different
        if found and found[-1].differs == differs:
            found[-1] = Run(found[-1].text + word, differs)
        else:
            found.append(Run(word, differs))
    return tuple(found)
