"""The shapes a field can have: what it accepts, its parts on the wire, its column; knows no kind of record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as _default
from typing import Any

from i18n import Text

LANGUAGES = ("fr", "ar", "en", "so", "aa")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_BIDI_OR_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\".]+\Z")
_URL = re.compile(r"https?://[^\s<>\"]+\.[^\s<>\"]+\Z")
_PHONE = re.compile(r"\+?[0-9][0-9 ./()-]{4,22}\Z")
_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,9})?\Z")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_HOURS = re.compile(r"(\d\d:\d\d-\d\d:\d\d)(,\d\d:\d\d-\d\d:\d\d)*\Z")


class Shape:
    """What one field holds.

    A whole value is made of parts when concurrent edits of different parts
    should both stand: a text by language (`name.fr`), an element of a set
    (`domains#water`), an entry of a map (`facts#k1`). A shape without parts
    has one part, the value itself, at the field's own name.
    """

    separator = ""
    structured = False
    column = "TEXT"

    def problems(self, value: Any) -> Iterator[Text]:
        """Sentences on what is wrong with one part's value; none when it is right."""
        raise NotImplementedError

    def fits(self, value: Any) -> bool:
        """Whether one part's value is right: nearly every one is, so this is asked first and says no sentence."""
        return next(iter(self.problems(value)), None) is None

    def all_fit(self, values: list[Any]) -> bool:
        """Whether all values of one path fit, in a run of changes: looked at together where that is quicker. False may be too careful."""
        return all(map(self.fits, values))

    def key_problems(self, key: str) -> Iterator[Text]:
        """Sentences on what is wrong with the name of a part."""
        yield from ()

    def parse(self, text: str) -> Any:
        """The part's value that a person typed as text (command line, CSV); unparsable text stays text."""
        return clean(text)

    def split(self, whole: Any) -> dict[str, Any]:
        """The parts of a whole value, by key; a shape without parts answers `{"": value}`."""
        return {} if whole is None else {"": whole}

    def join(self, parts: Mapping[str, Any]) -> Any:
        """The whole value made of parts, or None when there is none."""
        return parts.get("")


def clean(text: str) -> str:
    """NFC, without the control and direction-override characters that hide or disturb a name.

    Spaces at both ends go; line breaks and tabs stay.
    """
    return unicodedata.normalize("NFC", _BIDI_OR_CONTROL.sub("", text)).strip()


@dataclass(frozen=True, slots=True)
class Line(Shape):
    """Text, one line of at most `limit` characters, or several when `long`."""

    limit: int = 300
    long: bool = False
    pattern: re.Pattern[str] | None = None
    example: str = ""

    def fits(self, value: Any) -> bool:
        return self.all_fit([value])

    def all_fit(self, values: list[Any]) -> bool:
        if set(map(type, values)) != {str}:
            return False
        whole = "|".join(values)
        if not whole.isprintable() or "| " in f"|{whole}" or " |" in f"{whole}|":  # it may still be clean: a line break, a no-break space
            return all(next(iter(self.problems(one)), None) is None for one in values)
        return (max(map(len, values)) <= self.limit and (whole.isascii() or unicodedata.is_normalized("NFC", whole))
                and (self.pattern is None or all(map(self.pattern.match, values))))

    def problems(self, value: Any) -> Iterator[Text]:
        if not isinstance(value, str):
            yield Text("This must be text.")
        elif len(value) > self.limit:
            yield Text("This text has {n} characters; {limit} is the most. Shorten it.", n=len(value), limit=self.limit)
        elif value != clean(value):
            yield Text("This text holds invisible control characters. Type it again instead of pasting it.")
        elif not self.long and "\n" in value:
            yield Text("This must be a single line.")
        elif self.pattern is not None and not self.pattern.match(value):
            yield Text("This is not written as expected. Example: {example}", example=self.example)


def phone() -> Line:
    """A telephone number, `+253 77 12 34 56`."""
    return Line(limit=24, pattern=_PHONE, example="+253 77 12 34 56")


def email() -> Line:
    """An e-mail address."""
    return Line(limit=254, pattern=_EMAIL, example="nom@exemple.dj")


def url() -> Line:
    """An address on the web, http or https."""
    return Line(limit=500, pattern=_URL, example="https://exemple.dj")


def decimal() -> Line:
    """A number as decimal text (`11.5883`); never a float, whose digits differ between machines."""
    return Line(limit=30, pattern=_DECIMAL, example="11.5883")


def date() -> Line:
    """An ISO 8601 date, whole or partial: `2019`, `2019-05`, `2019-05-17`."""
    return Line(limit=10, pattern=_PARTIAL_DATE, example="2019-05-17")


@dataclass(frozen=True, slots=True)
class Code(Shape):
    """One of a short list of codes; `codes()` gives them, each with its name."""

    codes: Callable[[], Mapping[str, Text]]

    def fits(self, value: Any) -> bool:
        return isinstance(value, str) and value in self.codes()

    def problems(self, value: Any) -> Iterator[Text]:
        if not self.fits(value):
            yield _not_in_list(value, self.codes())


class Elements(Shape):
    """A set whose elements merge one by one; what adds wins."""

    separator = "#"
    structured = True

    def problems(self, value: Any) -> Iterator[Text]:
        if not isinstance(value, bool):
            yield Text("An element of a set is added or removed, nothing else.")

    def split(self, whole: Any) -> dict[str, Any]:
        return dict.fromkeys(whole or (), True)

    def join(self, parts: Mapping[str, Any]) -> Any:
        return sorted(key for key, value in parts.items() if value is True) or None


@dataclass(frozen=True, slots=True)
class Codes(Elements):
    """A set of codes of a short list; its elements merge one by one, add wins."""

    codes: Callable[[], Mapping[str, Text]]

    def key_problems(self, key: str) -> Iterator[Text]:
        if key not in self.codes():
            yield _not_in_list(key, self.codes())


@dataclass(frozen=True, slots=True)
class Words(Elements):
    """A set of short free texts (aliases), or of ids when `target` names a kind; add wins."""

    limit: int = 200
    target: str = ""

    def key_problems(self, key: str) -> Iterator[Text]:
        if self.target:
            yield from Reference(self.target).problems(key)
        elif not key or key != clean(key):
            yield Text("This text holds invisible control characters. Type it again instead of pasting it.")
        elif len(key) > self.limit:
            yield Text("This text has {n} characters; {limit} is the most. Shorten it.", n=len(key), limit=self.limit)


@dataclass(frozen=True, slots=True)
class Entries(Shape):
    """A map whose entries merge one by one; `keys` bounds the names of entries when they are few."""

    entry: Shape
    keys: tuple[str, ...] = ()
    separator = "#"
    structured = True

    def fits(self, value: Any) -> bool:
        return self.entry.fits(value)

    def all_fit(self, values: list[Any]) -> bool:
        return self.entry.all_fit(values)

    def problems(self, value: Any) -> Iterator[Text]:
        yield from self.entry.problems(value)

    def key_problems(self, key: str) -> Iterator[Text]:
        if (self.keys and key not in self.keys) or not 0 < len(key) <= 64:
            yield Text("“{key}” is not the name of an entry here.", key=key)

    def parse(self, text: str) -> Any:
        return self.entry.parse(text)

    def split(self, whole: Any) -> dict[str, Any]:
        return dict(whole or {})

    def join(self, parts: Mapping[str, Any]) -> Any:
        return {key: parts[key] for key in sorted(parts) if parts[key] is not None} or None


@dataclass(frozen=True, slots=True)
class Texts(Entries):
    """One text in several languages, `{"fr": …, "ar": …}`; the one field type for texts everywhere."""

    entry: Shape = _default(default_factory=Line)
    keys: tuple[str, ...] = LANGUAGES
    separator = "."

    def key_problems(self, key: str) -> Iterator[Text]:
        if key not in self.keys:
            yield Text("“{key}” is not one of the languages fr, ar, en, so, aa.", key=key)


@dataclass(frozen=True, slots=True)
class Number(Shape):
    """A whole number between two bounds."""

    low: int = 0
    high: int = 10**12
    column = "BIGINT"

    def problems(self, value: Any) -> Iterator[Text]:
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            yield Text("This must be a whole number between {low} and {high}.", low=self.low, high=self.high)

    def parse(self, text: str) -> Any:
        try:
            return int(text)
        except ValueError:
            return text


@dataclass(frozen=True, slots=True)
class Switch(Shape):
    """Yes or no."""

    column = "BIGINT"

    def problems(self, value: Any) -> Iterator[Text]:
        if not isinstance(value, bool):
            yield Text("This must be yes or no.")

    def parse(self, text: str) -> Any:
        known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        return known.get(text.strip().lower(), text)


@dataclass(frozen=True, slots=True)
class Reference(Shape):
    """The id of a record of kind `target`; it may point to what has not arrived."""

    target: str

    def problems(self, value: Any) -> Iterator[Text]:
        if not isinstance(value, str) or not _UUID.match(value):
            yield Text("“{value}” is not the id of a record.", value=str(value)[:60])


@dataclass(frozen=True, slots=True)
class Fixed(Shape):
    """A small object with named parts that change together, such as money or a file."""

    parts: Mapping[str, Shape]
    needed: tuple[str, ...] = ()
    structured = True

    def fits(self, value: Any) -> bool:
        return self.all_fit([value])

    def all_fit(self, values: list[Any]) -> bool:
        known = all(isinstance(one, dict) and not one.keys() - self.parts.keys() for one in values)
        if not known or any(one.get(name) in (None, "") for one in values for name in self.needed):
            return False
        columns = {name: [one[name] for one in values if one.get(name) is not None] for name in self.parts}
        return all(self.parts[name].all_fit(column) for name, column in columns.items() if column)

    def problems(self, value: Any) -> Iterator[Text]:
        if not isinstance(value, dict):
            yield Text("This must have the parts {parts}.", parts=", ".join(self.parts))
            return
        for name in self.needed:
            if value.get(name) in (None, ""):
                yield Text("The part “{name}” is missing.", name=name)
        for name, part in value.items():
            shape = self.parts.get(name)
            if shape is None:
                yield Text("“{name}” is not a part of this field.", name=name)
            elif part is not None:
                yield from shape.problems(part)


def money() -> Fixed:
    """`{"amount": "2500000", "currency": "DJF"}`; the amount is decimal text, the currency ISO 4217."""
    currency = Line(limit=3, pattern=_CURRENCY, example="DJF")
    return Fixed({"amount": decimal(), "currency": currency}, needed=("amount", "currency"))


def file() -> Fixed:
    """An attached file: its SHA-256, its size in bytes, its media type, the name it had."""
    digest = Line(limit=64, pattern=_SHA256, example="64 × 0-9a-f")
    parts = {"sha256": digest, "size": Number(high=2**40), "type": Line(limit=100), "name": Line(limit=200)}
    return Fixed(parts, needed=("sha256", "size"))


def private_file() -> Fixed:
    """A file of a private scope: hash and size are those of its encrypted bytes, `key` opens them (32 bytes, hexadecimal)."""
    plain = file()
    return Fixed({**plain.parts, "key": plain.parts["sha256"]}, needed=("sha256", "size", "key"))


def facts() -> Entries:
    """Free dated sourced facts: `{"receipt": {"name": …, "value": …, "date": …, "source": …}}`."""
    parts = {"name": Line(limit=100), "value": Line(limit=500), "date": date(), "source": Line(limit=500)}
    return Entries(Fixed(parts, needed=("name", "value")))


def hours() -> Entries:
    """Opening hours by weekday: `{"mon": "08:00-12:00,15:00-18:00"}`."""
    return Entries(Line(limit=60, pattern=_HOURS, example="08:00-12:00,15:00-18:00"), keys=WEEKDAYS)


def _not_in_list(value: Any, codes: Mapping[str, Text]) -> Text:
    return Text("“{value}” is not in the list: {codes}.", value=str(value)[:60], codes=", ".join(list(codes)[:20]))
