"""What the simulated network shares: three kinds in two versions of the program, a fourth of private scopes, values to type; knows no engine but its declarations."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from i18n import Text
from sync import fields as shapes
from sync.record import Field, Kind, Kinds, text, texts
from sync.scopes import MODERATOR, NETWORK, ORG, PERSON, PUBLIC

_COLOURS = {name: Text("Colour") for name in ("red", "green", "blue")}
BAD = "bad"  # what begins so is refused by the server's rules, which are newer than everybody's

HOUSE = Kind(
    "house", Text("House"), Text("Houses"), (PUBLIC,), title="name",
    search=lambda record: (" ".join((record["name"] or {}).values()), record["phone"] or ""),
    fields=(
        texts("name", Text("Name"), required=True),
        text("phone", Text("Phone")),
        text("street", Text("Street")),
        Field("colour", shapes.Code(lambda: _COLOURS), Text("Colour")),
        Field("tags", shapes.Codes(lambda: _COLOURS), Text("Tags")),
        Field("facts", shapes.Entries(shapes.Line()), Text("Facts")),
        Field("opened", shapes.Line(), Text("Opened"), merge="latest"),
        Field("photo", shapes.file(), Text("Photo")),
    ),
)
DOOR = Kind("door", Text("Door"), Text("Doors"), (NETWORK, PUBLIC), title="name", final=True,
            fields=(text("name", Text("Name"), required=True), text("phone", Text("Phone"))))
TREE = Kind("tree", Text("Tree"), Text("Trees"), (NETWORK,), title="name",
            fields=(texts("name", Text("Name"), required=True), text("phone", Text("Phone")), text("street", Text("Street"))))
MEMO = Kind("memo", Text("Memo"), Text("Memos"), (PERSON, ORG, MODERATOR), title="words",
            search=lambda record: (record["words"] or "", ""), fields=(text("words", Text("Words"), required=True), text("phone", Text("Phone"))))
OLD_HOUSE = replace(HOUSE, fields=HOUSE.fields[:2])
NEW, OLD = Kinds((HOUSE, DOOR, TREE)), Kinds((OLD_HOUSE, DOOR))
PRIVATE = Kinds((HOUSE, DOOR, TREE, MEMO))  # of the plan `people`


def _strict(kind: Kind) -> Kind:
    rule = shapes.Line(pattern=re.compile(f"(?!{BAD})"), example="good")
    return replace(kind, fields=tuple(replace(one, shape=rule) if one.name in ("phone", "street") else one for one in kind.fields))


VERSIONS = {"new": NEW, "old": OLD, "people": PRIVATE}
STRICT = {name: Kinds(map(_strict, known.values())) for name, known in VERSIONS.items()}
FINAL = frozenset({"door"})
REQUIRED = frozenset({("door", "name"), ("memo", "words")})
TEXTS, SETS, MAPS, LATEST = frozenset({"name"}), frozenset({"tags"}), frozenset({"facts"}), frozenset({"opened"})
_FIELDS = {
    ("house", "new"): ("name", "phone", "street", "colour", "tags", "facts", "opened", "photo"),
    ("house", "old"): ("name", "phone"),
    ("door", "new"): ("name", "phone"), ("door", "old"): ("name", "phone"),
    ("tree", "new"): ("name", "phone", "street"),
    ("memo", "people"): ("words", "phone"),
}
_FIELDS |= {(kind, "people"): fields for (kind, version), fields in list(_FIELDS.items()) if version == "new"}


@dataclass(frozen=True, slots=True)
class Part:
    """What a path is, by the design's words: its field, and how two writes that did not see each other meet."""

    field: str
    policy: str  # ask, set or latest


def part_of(kind: str, version: str, path: str) -> Part | None:
    """The part that a version of the program knows under a path; None when it does not."""
    field = re.split("[.#]", path)[0]
    if field not in _FIELDS.get((kind, version), ()):
        return None
    return Part(field, "set" if field in SETS else "latest" if field in LATEST else "ask")


def kinds_of(version: str) -> list[str]:
    """The kinds that a version knows."""
    return [kind for kind, known in _FIELDS if known == version]


def whole(kind: str, shown: dict[str, Any]) -> dict[str, Any]:
    """Whole values by field, as a list shows them, of the values shown by path."""
    found: dict[str, Any] = {}
    for path, value in shown.items():
        field, _, key = path.replace("#", ".").partition(".")
        if field in SETS:
            found[field] = sorted([*found.get(field, ()), key])
        elif key:
            found.setdefault(field, {})[key] = value
        else:
            found[field] = value
    return found


def title(kind: str) -> str:
    """The path without which there is no record."""
    return {"door": "name", "memo": "words"}.get(kind, "name.fr")


class Typing:
    """What people type: mostly words that nobody typed before, sometimes the same as somebody else, sometimes refused ones."""

    def __init__(self, refusals: float) -> None:
        self.refusals = refusals
        self.count = 0

    def word(self, chance: Random) -> str:
        """A word; one in ten is one that others type as well."""
        if chance.random() < 0.1:
            return chance.choice(("same a", "same b"))
        self.count += 1
        return f"v{self.count}" + "x" * int(chance.paretovariate(1.5) * 3 if chance.random() < 0.2 else 0)

    def value(self, chance: Random, kind: str, path: str) -> Any:
        """A new value of a part; None empties it."""
        field = path.replace("#", ".").split(".")[0]
        if field == "tags":
            return chance.random() < 0.6
        if chance.random() < 0.1 and (kind, path) not in REQUIRED:
            return None
        if field == "colour":
            return chance.choice(tuple(_COLOURS))
        if field == "photo":
            self.count += 1
            return {"sha256": f"{self.count:064x}", "size": chance.choice((0, 127, 2**32 + 1)), "type": "é/ع"}
        if field in ("phone", "street") and chance.random() < self.refusals:
            return f"{BAD} {self.word(chance)}"
        return self.word(chance)

    def paths(self, chance: Random, kind: str, version: str) -> list[str]:
        """One to three parts that a version can write."""
        fields = _FIELDS[kind, version]
        found = {self._path(chance, kind, chance.choice(fields)) for _ in range(chance.choice((1, 1, 2, 3)))}
        return sorted(found)

    def new(self, chance: Random, kind: str, version: str) -> dict[str, Any]:
        """The parts of a whole new record."""
        paths = set(self.paths(chance, kind, version)) | {title(kind)}
        values = {path: self.value(chance, kind, path) for path in sorted(paths)}
        for path in ("name", "name.fr"):
            if path in values and values[path] is None:
                values[path] = self.word(chance)
        return {path: True if value is False else value for path, value in values.items() if value is not None}

    @staticmethod
    def _path(chance: Random, kind: str, field: str) -> str:
        if field in TEXTS and kind != "door":
            return f"name.{chance.choice(('fr', 'fr', 'ar'))}"
        if field in SETS:
            return f"tags#{chance.choice(tuple(_COLOURS))}"
        return f"facts#{chance.choice('ab')}" if field in MAPS else field
