"""Which editor writes which part of a record, and back; knows no page and no record's past."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.kit.forms import Choice, Codes, Facts, Field, Line, LongText, Money, Option, PartialDate, Switch, Words
from i18n import Text
from resources.wording import label_of
from sync import fields as shapes
from sync.record import Kind

__all__ = ["Input", "cleaned", "inputs_of"]

_LATIN = (shapes.phone(), shapes.email(), shapes.url(), shapes.decimal())
_FACTS = (("name", Text("What"), 3), ("value", Text("Value"), 4), ("date", Text("Date"), 3), ("source", Text("Source"), 4))


@dataclass(frozen=True)
class Input:
    """One field to fill in: what the kit is asked for, the value it starts with, and the values by path it gives back."""

    field: Field
    value: Any
    back: Callable[[Any], dict[str, Any]]


def inputs_of(kind: Kind, parts: Mapping[str, Any]) -> list[Input]:
    """Editors for these parts, those of one set together. What cannot be typed (a file, a link to a record) has none."""
    found: list[Input] = []
    sets: dict[str, list[str]] = {}
    for path, value in parts.items():
        known = kind.field_of(path)
        if known is None:
            continue
        field, key = known
        if isinstance(field.shape, shapes.Codes | shapes.Words):
            if not (isinstance(field.shape, shapes.Words) and field.shape.target):
                sets.setdefault(field.name, []).append(key)
            continue
        shape = field.shape.entry if isinstance(field.shape, shapes.Entries) else field.shape
        asked = _kind_of(shape)
        if asked is not None:
            found.append(Input(Field(path, label_of(kind, path), asked), _shown(shape, value), _Part(path, shape)))
    for name, keys in sets.items():
        found.append(_set(kind, name, keys, parts))
    order = {one.name: at for at, one in enumerate(kind.fields)}
    return sorted(found, key=_Place(kind, order))


@dataclass(frozen=True)
class _Place:
    """Where an input stands: as the kind declares its fields, then by language."""

    kind: Kind
    order: Mapping[str, int]

    def __call__(self, one: Input) -> tuple[int, int]:
        known = self.kind.field_of(one.field.path)
        if known is None:
            return self.order[one.field.path], 0
        return self.order[known[0].name], shapes.LANGUAGES.index(known[1]) if known[1] in shapes.LANGUAGES else 0


def cleaned(value: Any) -> Any:
    """Text without the invisible characters that pasting brings along, however deep it lies; None for nothing."""
    if isinstance(value, str):
        return shapes.clean(value) or None
    if isinstance(value, Mapping):
        return {key: one for key, each in value.items() if (one := cleaned(each)) is not None} or None
    return value


def _kind_of(shape: shapes.Shape) -> Any:
    if shape == shapes.date():
        return PartialDate()
    if shape == shapes.money():
        return Money()
    if shape == shapes.facts().entry:
        return Facts(_FACTS)
    if isinstance(shape, shapes.Fixed | shapes.Reference):
        return None
    if isinstance(shape, shapes.Code):
        return Choice([Option(code, label) for code, label in shape.codes().items()], Text("Not said"))
    if isinstance(shape, shapes.Switch):
        return Switch(Text("Yes"))
    if isinstance(shape, shapes.Number) or shape in _LATIN:
        return Line(ltr=True)
    return LongText(5) if getattr(shape, "long", False) else Line()


def _shown(shape: shapes.Shape, value: Any) -> Any:
    if shape == shapes.facts().entry:
        return [value] if value else []
    return str(value) if isinstance(shape, shapes.Number) and value is not None else value


@dataclass(frozen=True)
class _Part:
    """What was typed, as the value of one part."""

    path: str
    shape: shapes.Shape

    def __call__(self, typed: Any) -> dict[str, Any]:
        if self.shape == shapes.facts().entry:
            typed = typed[0] if typed else None
        if isinstance(self.shape, shapes.Number) and isinstance(typed, str):
            typed = self.shape.parse(typed)
        return {self.path: cleaned(typed)}


def _set(kind: Kind, name: str, keys: list[str], parts: Mapping[str, Any]) -> Input:
    field = kind.by_name[name]
    paths = {key: kind.path(name, key) for key in keys}
    chosen = sorted(key for key, path in paths.items() if parts[path] is True)
    asked = Codes([Option(code, label) for code, label in field.shape.codes().items()]) if isinstance(field.shape, shapes.Codes) else Words()
    return Input(Field(name, field.label, asked), chosen, _Elements(kind, name, tuple(keys)))


@dataclass(frozen=True)
class _Elements:
    """What was ticked, as elements added; an element that was written before and is no longer ticked is taken out."""

    kind: Kind
    name: str
    before: tuple[str, ...]

    def __call__(self, typed: Any) -> dict[str, Any]:
        chosen = [key for one in typed or () if (key := shapes.clean(one))]
        return {self.kind.path(self.name, key): key in chosen for key in dict.fromkeys((*chosen, *self.before))}
