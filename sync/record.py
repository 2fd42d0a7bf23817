"""The base of every shared record: fields, kinds, ids, and what a scope is; knows no particular kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from i18n import Text, language
from sync.errors import Invalid, NotFound, Problem
from sync.fields import Line, Shape, Texts
from sync.scopes import CONTROL

Policy = Literal["ask", "latest"]
PATHS = 5_000  # paths of one kind that are remembered


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    `merge` says what happens when two people wrote it without seeing each
    other: `ask` keeps both until a person settles it, `latest` shows the one
    accepted last. Parts of a field (languages, elements, entries) merge apart.
    `right` names what one must be allowed besides, to write a field; one
    that has it has no parts.
    """

    name: str
    shape: Shape
    label: Text
    help: Text | None = None
    required: bool = False
    merge: Policy = "ask"
    indexed: bool = False
    right: str = ""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of record: its fields, the families of scopes it may live in (the first is the default), its rules.

    `check` looks at a whole record (`{field: whole value}`) when it is created
    and yields the problems that single fields cannot see. `search` gives
    (title words, other words) as they were typed; folding is the index's work.
    `final` kinds stay deleted: what withdraws a consent is never undone.
    `place` answers the family of scopes that values ask for, "" for any of them.
    """

    name: str
    label: Text
    plural: Text
    scopes: tuple[str, ...]
    fields: tuple[Field, ...]
    title: str
    check: Callable[[Mapping[str, Any]], Iterable[Problem]] = lambda values: ()
    search: Callable[[Record], tuple[str, str]] | None = None
    final: bool = False
    place: Callable[[Mapping[str, Any]], str] | None = None
    by_name: dict[str, Field] = field(init=False, repr=False, compare=False)
    rights: dict[str, str] = field(init=False, repr=False, compare=False)  # field name -> the right that it takes besides
    _paths: dict[str, tuple[Field, str] | None] = field(init=False, repr=False, compare=False)
    _right: dict[str, tuple[bool, bool, Shape] | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {one.name: one for one in self.fields})
        object.__setattr__(self, "rights", {one.name: one.right for one in self.fields if one.right})
        object.__setattr__(self, "_paths", {})
        object.__setattr__(self, "_right", {})

    def field_of(self, path: str) -> tuple[Field, str] | None:
        """The field a path belongs to and the key of its part (`name.fr` -> name, "fr"); None if unknown."""
        if path not in self._paths:
            if len(self._paths) >= PATHS:  # paths come from everywhere, and a free key makes any number of them
                self._paths.clear()
            self._paths[path] = self._field_of(path)
        return self._paths[path]

    def _field_of(self, path: str) -> tuple[Field, str] | None:
        known = self.by_name.get(path)
        if known is not None:
            return (known, "") if not known.shape.separator else None
        for separator in ".#":
            name, found, key = path.partition(separator)
            if found and name in self.by_name and self.by_name[name].shape.separator == separator:
                return self.by_name[name], key
        return None

    def path(self, name: str, key: str) -> str:
        """The path of one part: `name` + `fr` -> `name.fr`; an undivided field has its own name."""
        separator = self.by_name[name].shape.separator
        return f"{name}{separator}{key}" if separator else name

    def split(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Whole values by field name -> one value a path. Unknown field names raise NotFound."""
        parts: dict[str, Any] = {}
        for name, whole in values.items():
            if name not in self.by_name:
                raise self.no_field(name)
            for key, value in self.by_name[name].shape.split(whole).items():
                parts[self.path(name, key)] = value
        return parts

    def join(self, parts: Mapping[str, Any]) -> dict[str, Any]:
        """One value a path -> whole values by field name; unknown paths are left out, empty fields too."""
        joined: dict[str, Any] = {}
        divided: dict[str, dict[str, Any]] = {}
        for path, value in parts.items():
            known = self.field_of(path)
            if known is not None and value is not None:
                one, key = known
                if one.shape.separator:
                    divided.setdefault(one.name, {})[key] = value
                else:
                    joined[one.name] = value
        for name, keys in divided.items():
            whole = self.by_name[name].shape.join(keys)
            if whole is not None:
                joined[name] = whole
        return joined

    def is_right(self, path: str, value: Any) -> bool:
        """Whether nothing is wrong with one part's value: what `problems_of` says in sentences, for the many that are right."""
        fitting = self._fitting(path)
        return fitting is None or (fitting[0] if value is None else fitting[1] and fitting[2].fits(value))

    def are_right(self, path: str, values: list[Any]) -> bool:
        """The same of many values of one path at once; False may be too careful."""
        fitting = self._fitting(path)
        return fitting is None or (fitting[1] and None not in values and fitting[2].all_fit(values))

    def _fitting(self, path: str) -> tuple[bool, bool, Shape] | None:
        """Whether a part may be emptied, whether its name is right, and its shape; None for an unknown path, where anything is right."""
        if path not in self._right:
            if len(self._right) >= PATHS:
                self._right.clear()
            known = self.field_of(path)
            if known is None:
                self._right[path] = None
            else:
                shape = known[0].shape
                named = not shape.separator or next(iter(shape.key_problems(known[1])), None) is None
                self._right[path] = named and not (known[0].required and not shape.separator), named, shape
        return self._right[path]

    def problems_of(self, path: str, value: Any) -> Iterator[Problem]:
        """What is wrong with one part's value; None (emptied) is right for a field that is not required."""
        known = self.field_of(path)
        if known is None:
            return
        one, key = known
        if one.shape.separator:
            yield from (Problem(path, text) for text in one.shape.key_problems(key))
        if value is None:
            if one.required and not one.shape.separator:
                yield Problem(path, Text("This field cannot be empty."))
            return
        yield from (Problem(path, text) for text in one.shape.problems(value))

    def problems_of_new(self, parts: Mapping[str, Any], right: Collection[str] = ()) -> Iterator[Problem]:
        """What is wrong with a whole new record, part by part (but for those known to be right) and as a whole."""
        for path, value in parts.items():
            if path not in right and not self.is_right(path, value):
                yield from self.problems_of(path, value)
        whole = Whole(self, parts)
        for one in self.fields:
            if one.required and one.name not in whole:
                yield Problem(one.name, Text("This field cannot be empty."))
        yield from self.check(whole)

    def no_field(self, name: str) -> NotFound:
        """The failure that says which field names this kind has."""
        known = ", ".join(self.by_name)
        return NotFound(Text("“{kind}” has no field “{field}”. Its fields: {known}.", kind=self.name, field=name, known=known))


class Whole(Mapping[str, Any]):
    """What `Kind.join` answers, field by field as it is asked for: most checks look at few."""

    __slots__ = ("_found", "_kind", "_parts")

    def __init__(self, kind: Kind, parts: Mapping[str, Any]) -> None:
        self._kind = kind
        self._parts = parts
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._found:
            shape = self._kind.by_name[name].shape
            if shape.separator:
                start = name + shape.separator
                self._found[name] = shape.join({path[len(start):]: value for path, value in self._parts.items()
                                                if value is not None and path.startswith(start)})
            else:
                self._found[name] = self._parts.get(name)
        if self._found[name] is None:
            raise KeyError(name)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kind.join(self._parts))

    def __len__(self) -> int:
        return len(self._kind.join(self._parts))


class Record(Mapping[str, Any]):
    """A record as read: `record["phone"]`, whole values by field name, None when empty.

    `pending` tells that part of what is shown waits for the server, and
    `conflicts` how many of its fields wait for a person.
    """

    __slots__ = ("_values", "conflicts", "gone", "id", "kind", "pending", "scope")

    def __init__(self, kind: Kind, id: str, scope: str, values: Mapping[str, Any], *,
                 conflicts: int = 0, pending: bool = False, gone: bool = False) -> None:
        self.kind = kind
        self.id = id
        self.scope = scope
        self._values = values
        self.conflicts = conflicts
        self.pending = pending
        self.gone = gone

    def __getitem__(self, name: str) -> Any:
        if name not in self.kind.by_name:
            raise KeyError(name)
        return self._values.get(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def text(self, name: str, speak: str | None = None) -> str:
        """A text field in the reader's language, or the nearest one there is; empty when there is none."""
        return best(self[name], speak or language())

    @property
    def title(self) -> str:
        """What the record is called, in the reader's language."""
        value = self[self.kind.title]
        return best(value, language()) if isinstance(value, dict) else str(value or "")


_NEAREST = {"ar": ("ar", "fr", "en", "so", "aa"), "en": ("en", "fr", "ar", "so", "aa"),
            "so": ("so", "fr", "aa", "en", "ar"), "aa": ("aa", "fr", "so", "en", "ar")}


def best(texts: Any, speak: str) -> str:
    """The text of a `{language: text}` nearest to the language asked for; plain text stays as it is."""
    if isinstance(texts, str) or texts is None:
        return texts or ""
    for candidate in _NEAREST.get(speak, ("fr", "en", "ar", "so", "aa")):
        if texts.get(candidate):
            return str(texts[candidate])
    return ""


class Kinds(Mapping[str, Kind]):
    """The kinds that this program knows, by name; an unknown one gets a bare kind that keeps everything."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    def __getitem__(self, name: str) -> Kind:
        if name not in self._kinds:
            known = ", ".join(kind.name for kind in self._kinds.values() if CONTROL not in kind.scopes)
            raise NotFound(Text("There is no kind of record called “{kind}”. Known: {known}.", kind=name, known=known))
        return self._kinds[name]

    def __contains__(self, name: object) -> bool:
        return name in self._kinds

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def known_or_bare(self, name: str) -> Kind:
        """The kind, or for a name that only a newer program knows a kind without fields."""
        return self._kinds.get(name) or Kind(name, Text("Unknown"), Text("Unknown"), (), (), "")


def refuse_problems(problems: Iterable[Problem]) -> None:
    """Raise Invalid that names every problem, if there is one."""
    found = tuple(problems)
    if found:
        first = found[0]
        raise Invalid(Text("{field}: {problem}", field=first.path, problem=first.message), found)


def uuid7(milliseconds: int, random: Callable[[int], bytes]) -> str:
    """A UUIDv7 (RFC 9562) for a moment in milliseconds since 1970 and a source of random bytes."""
    tail = int.from_bytes(random(10), "big")
    number = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | (tail >> 68 & 0xFFF) << 64
    number |= 0b10 << 62 | tail & (1 << 62) - 1
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def text(name: str, label: Text, **options: Any) -> Field:
    """A field of one line of text in one language."""
    limit = options.pop("limit", 300)
    return Field(name, Line(limit=limit, long=options.pop("long", False)), label, **options)


def texts(name: str, label: Text, **options: Any) -> Field:
    """A field of one text in several languages."""
    limit = options.pop("limit", 300)
    return Field(name, Texts(Line(limit=limit, long=options.pop("long", False))), label, **options)
