"""What every reader of a format yields: a record to take in, or a row it cannot take and why; knows no reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from i18n import Text
from resources.starter.derived_id import derived_id
from sync.errors import Damaged
from sync.fields import clean

LARGEST_FILE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file made from what was read: its name with its extension, its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record as a file tells it.

    `key` is what the source calls the thing, `family/name`; the record's id
    derives from it, so that importing twice adds nothing and the facts that
    ship with the app are found again. `id` is given when the file itself
    names the record: then its values replace what is there. `row` counts from
    1 as a spreadsheet does; 0 is the whole file.
    """

    kind: str
    key: str
    values: dict[str, Any]
    file: Path
    row: int
    id: str | None = None
    attachment: Attachment | None = None

    @property
    def record_id(self) -> str:
        """The id of the record: the one the file names, else the one its key leads to."""
        return self.id or stable_id(self.key)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row, or a part of one, that was not taken, and why."""

    file: Path
    row: int
    reason: Text


Read = Iterator[Incoming | Rejected]


def stable_id(key: str) -> str:
    """The id for `family/name`: UUIDv7-shaped, the same on every machine; see `starter.derived_id`."""
    family, _, name = key.partition("/")
    return derived_id(family, name)


def read_json(path: Path) -> Any:
    """The JSON of a file; raises Damaged that says where it breaks."""
    return parse_json(read_bytes(path), path)


def parse_json(content: bytes, path: Path) -> Any:
    """Bytes as JSON; `path` is for the sentence when they are none."""
    try:
        return json.loads(content)
    except UnicodeDecodeError as error:
        raise Damaged(Text("“{file}” is not readable text.", file=path.name)) from error
    except RecursionError as error:
        raise Damaged(Text("“{file}” is nested too deeply.", file=path.name)) from error
    except json.JSONDecodeError as error:
        raise Damaged(Text("“{file}” is not right JSON: it breaks at line {line}. Get the file again.",
                           file=path.name, line=error.lineno)) from error


def read_bytes(path: Path) -> bytes:
    """The content of a file that is not beyond reason; raises Damaged."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Damaged(Text("“{file}” is larger than {n} MB. Split it.", file=path.name, n=LARGEST_FILE // 2**20))
        return path.read_bytes()
    except OSError as error:
        raise Damaged(Text("“{file}” cannot be read: {reason}.", file=path.name, reason=error.strerror or "")) from error


def cut(text: str, limit: int = 300) -> str:
    """Clean text of at most `limit` characters on one line, with … when something was cut."""
    text = " ".join(clean(text).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def guess_language(text: str) -> str:
    """`ar`, `fr` or `en` for a title, by its script and its small words."""
    if any("\u0600" <= letter <= "\u06ff" for letter in text):
        return "ar"
    words = text.lower().replace("'", " ").replace("’", " ").split()
    french = sum(word in _FRENCH for word in words) + any(letter in "éèêàùçôîœ" for letter in text.lower())
    english = sum(word in _ENGLISH for word in words)
    return "fr" if french > english else "en"


_FRENCH = frozenset((
    "le", "la", "les", "l", "de", "des", "du", "d", "et", "pour", "en", "au", "aux", "un", "une", "sur", "dans", "par",
    "projet", "programme", "appui", "avec",
))
_ENGLISH = frozenset((
    "the", "of", "and", "for", "to", "in", "on", "with", "by", "from", "project", "programme", "support", "an", "a", "at",
))
