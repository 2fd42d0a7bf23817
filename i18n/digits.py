"""One policy for digits: 0-9 unless the reader prefers ٠-٩; knows numbers only as characters."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Digits = Literal["latn", "arab"]

_TO_ARAB = {ord("0") + i: 0x0660 + i for i in range(10)}

# Arabic text written in Djibouti uses 0-9; some readers prefer ٠-٩ and say so once.
_everywhere: Digits = "latn"
_here: ContextVar[Digits | None] = ContextVar("digits", default=None)


def digits() -> Digits:
    """The digits in force: of this context (`writing_digits`), otherwise of the process."""
    return _here.get() or _everywhere


def set_digits(choice: Digits) -> None:
    """Choose the digits of the whole process: `"latn"` (0-9) or `"arab"` (٠-٩, in Arabic only)."""
    global _everywhere  # noqa: PLW0603 - one reader sits before one process
    _everywhere = choice


@contextmanager
def writing_digits(choice: Digits) -> Iterator[None]:
    """Write these digits inside the block only (one reader's request or export)."""
    token = _here.set(choice)
    try:
        yield
    finally:
        _here.reset(token)


def arabic_indic(language: str) -> bool:
    """Whether numbers in this language are written ٠-٩ now."""
    return language == "ar" and digits() == "arab"


def in_policy(text: str, language: str) -> str:
    """The text with its 0-9 written as the policy says for this language."""
    return text.translate(_TO_ARAB) if arabic_indic(language) else text
