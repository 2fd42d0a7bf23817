"""What a form is declared with: fields and their kinds, as data; knows no widget.

The value of each kind, and what stands for empty:
Line, LongText, Choice, PartialDate, Reference: text or None. Texts: {"fr": "…"} or {}.
Codes, Words, References: list of text. Money: {"amount": "2500000", "currency": "DJF"} or None.
Facts: list of {column: text}. Switch: True or False.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from i18n import Text

__all__ = [
    "Choice", "Codes", "Facts", "Field", "Kind", "Line", "LongText", "Money", "Option",
    "PartialDate", "Reference", "References", "Section", "Switch", "Texts", "Words",
]


@dataclass(frozen=True)
class Option:
    """One choice: the code kept and the words shown."""

    code: str
    label: str | Text
    meta: str = ""


@dataclass(frozen=True)
class Line:
    """One line. `ltr` for phone numbers, addresses of mail and web, codes."""

    placeholder: str | Text = ""
    ltr: bool = False


@dataclass(frozen=True)
class LongText:
    """Several lines, of which `lines` are in sight."""

    lines: int = 5


@dataclass(frozen=True)
class Texts:
    """One text in several languages; French and Arabic open, the others folded. `lines` > 1 for long ones."""

    lines: int = 1
    open_languages: Sequence[str] = ("fr", "ar")


@dataclass(frozen=True)
class Choice:
    """One code of a list. `empty` is said where none is chosen; without it one must be chosen."""

    options: Sequence[Option]
    empty: str | Text = ""


@dataclass(frozen=True)
class Codes:
    """Several codes of a short list, as chips to tick."""

    options: Sequence[Option]


@dataclass(frozen=True)
class Words:
    """Free words, each a chip one can take away; Enter or a comma adds one."""

    placeholder: str | Text = ""


@dataclass(frozen=True)
class PartialDate:
    """A year, a month of a year or a day: 2019, 2019-05, 2019-05-31."""


@dataclass(frozen=True)
class Money:
    """An amount and its currency."""

    currencies: Sequence[str] = ("DJF", "EUR", "USD")


@dataclass(frozen=True)
class Facts:
    """A list of small records of text columns, such as a fact, its date and its source.

    `columns`: (name, label, share of the width) each. `add` is the button's words.
    """

    columns: Sequence[tuple[str, str | Text, int]]
    add: str | Text = Text("Add a fact")


Deliver = Callable[[Sequence[Option]], None]


@dataclass(frozen=True)
class Reference:
    """Another record, found by typing. `search(text, deliver)` answers now or later with options;
    `label_of(id)` names the one that is kept already."""

    search: Callable[[str, Deliver], None]
    label_of: Callable[[str], str] = str
    placeholder: str | Text = ""


@dataclass(frozen=True)
class References:
    """Several other records, each a chip; otherwise as Reference."""

    search: Callable[[str, Deliver], None]
    label_of: Callable[[str], str] = str
    placeholder: str | Text = ""


@dataclass(frozen=True)
class Switch:
    """Yes or no; `text` is the sentence beside it."""

    text: str | Text


Kind = (
    Line | LongText | Texts | Choice | Codes | Words | PartialDate | Money | Facts | Reference | References | Switch
)


@dataclass(frozen=True)
class Field:
    """One field of a form. `path` is the record's field name; `help` stands under it all the time."""

    path: str
    label: str | Text
    kind: Kind = field(default_factory=Line)
    help: str | Text = ""
    required: bool = False


@dataclass(frozen=True)
class Section:
    """A heading between fields."""

    title: str | Text
    text: str | Text = ""
