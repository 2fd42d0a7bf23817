"""What the forms of the directory ask, in which order, and how their values become those of records; knows no page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from desktop.kit.forms import (
    Choice,
    Codes,
    Facts,
    Field,
    Line,
    LongText,
    Money,
    Option,
    PartialDate,
    Reference,
    References,
    Section,
    Texts,
    Words,
)
from desktop.kit.forms.kinds import Deliver
from i18n import Text, t
from resources.rights import Limits
from resources.wording import WEEKDAYS
from sync import fields as shapes
from sync.fields import clean
from sync.record import Field as RecordField
from sync.record import Kind

__all__ = ["Finder", "asked", "form_path", "problems", "record_values", "shown_values"]

# (label of the section, names of the fields) in the order in which people think of them.
_ORDER: dict[str, tuple[tuple[Text, tuple[str, ...]], ...]] = {
    "organisation": (
        (Text("Who"), ("name", "acronym", "aliases", "type", "founded")),
        (Text("What and where"), ("region", "locality", "domains", "publics", "languages", "description")),
        (Text("How to reach it"), ("phone", "email", "website", "address")),
        (Text("What proves it"), ("facts", "verified", "verified_how", "source", "note")),
    ),
    "project": (
        (Text("The project"), ("title", "organisation", "status", "domains", "summary")),
        (Text("Money and time"), ("funder", "amount", "start", "end")),
        (Text("Where and with whom"), ("region", "locality", "partners", "partner_names", "source")),
    ),
    "contact": (
        (Text("The person"), ("organisation", "name", "role", "phone", "email")),
        (Text("What the person agreed to"), ("consent", "consent_date", "consent_how")),
    ),
    "place": (
        (Text("The place"), ("type", "name", "organisation", "region", "locality", "phone")),
        (Text("What one finds there"), ("services", "equipment", "hours")),
        (Text("On the map"), ("latitude", "longitude", "source")),
    ),
}
_EXACT = ((shapes.date(), PartialDate), (shapes.money(), Money))
_LTR = (shapes.phone(), shapes.email(), shapes.url(), shapes.decimal())
Finder = Callable[[str, Deliver], None]


def asked(kind: Kind, find: Finder, names: Mapping[str, str], limits: Limits) -> list[Field | Section]:
    """The fields of the form of a kind. `find` looks for organisations, `names` are titles by id that are known.

    What is closed to whoever writes is left out, and its section says why.
    """
    found: list[Field | Section] = []
    for title, fields in _ORDER[kind.name]:
        found.append(Section(title, next((limits.closed[name] for name in fields if name in limits.closed), "")))
        for name in fields:
            if name not in limits.closed:
                found += _asked(kind.by_name[name], find, names, limits)
    return found


def _asked(field: RecordField, find: Finder, names: Mapping[str, str], limits: Limits) -> list[Field]:
    if field.shape == shapes.hours():
        return [
            Field(f"hours.{day}", t("{field}: {day}", field=field.label, day=label), Line("08:00-12:00,15:00-18:00", ltr=True))
            for day, label in WEEKDAYS.items()
        ]
    return [Field(field.name, field.label, _editor(field, find, names, limits), field.help or "", field.required)]


def _editor(field: RecordField, find: Finder, names: Mapping[str, str], limits: Limits) -> Any:
    shape = field.shape
    exact = next((editor for known, editor in _EXACT if known == shape), None)
    if exact is not None:
        return exact()
    if shape in _LTR:
        return Line(ltr=True)
    if shape == shapes.facts():
        return Facts((("name", Text("What"), 2), ("value", Text("Value"), 3), ("date", Text("Date"), 2), ("source", Text("Source"), 3)))
    if isinstance(shape, shapes.Texts):
        return Texts(4 if shape.entry.long else 1)
    if isinstance(shape, shapes.Code):
        left = limits.left.get(field.name)
        return Choice([one for one in _options(shape) if left is None or one.code in left], Text("Not said"))
    if isinstance(shape, shapes.Codes):
        return Codes(_options(shape))
    if isinstance(shape, shapes.Words):
        return References(find, _Named(names)) if shape.target else Words()
    if isinstance(shape, shapes.Reference):
        return Reference(find, _Named(names))
    return LongText(3) if shape.long else Line()


def _options(shape: shapes.Code | shapes.Codes) -> Sequence[Option]:
    return [Option(code, label) for code, label in shape.codes().items()]


class _Named:
    """Answers the title of a record by its id."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def __call__(self, id: str) -> str:
        return self._names.get(id, id)


def shown_values(kind: Kind, whole: Mapping[str, Any]) -> dict[str, Any]:
    """Whole values of a record -> values by path of its form."""
    found: dict[str, Any] = {}
    for name, value in whole.items():
        shape = kind.by_name[name].shape
        if shape == shapes.hours():
            found |= {f"{name}.{day}": text for day, text in (value or {}).items()}
        elif shape == shapes.facts():
            found[name] = [{"key": key, **fact} for key, fact in (value or {}).items()]
        else:
            found[name] = value
    return found


def record_values(kind: Kind, typed: Mapping[str, Any], new_key: Callable[[], str]) -> dict[str, Any]:
    """Values by path of a form -> whole values by field name, cleaned; None where nothing was typed."""
    found: dict[str, Any] = {}
    for path, value in typed.items():
        name, _, key = path.partition(".")
        shape = kind.by_name[name].shape
        value = _clean(value)
        if shape == shapes.hours():
            found.setdefault(name, {})
            if value:
                found[name][key] = value.replace(" ", "")
        elif shape == shapes.facts():
            found[name] = {fact.get("key") or new_key(): {k: v for k, v in fact.items() if k != "key"} for fact in value or ()}
        else:
            found[name] = value
    return {name: value or None for name, value in found.items()}


def problems(kind: Kind, whole: Mapping[str, Any], touched: set[str] | None) -> dict[str, Text]:
    """What is wrong, by path of the form. With `touched` (field names), rules across fields speak of these alone."""
    found: dict[str, Text] = {}
    for problem in kind.problems_of_new(kind.split({name: value for name, value in whole.items() if value is not None})):
        known = kind.field_of(problem.path)
        name = known[0].name if known else problem.path
        if touched is None or name in touched:
            found.setdefault(form_path(kind, problem.path, whole), problem.message)
    return found


def form_path(kind: Kind, path: str, whole: Mapping[str, Any]) -> str:
    """Where the form shows a problem of a record's path: `facts#k1` is the number of its line, `hours#mon` a field."""
    name, _, key = path.partition("#")
    if not key:
        return path
    shape = kind.by_name[name].shape if name in kind.by_name else None
    if shape == shapes.hours():
        return f"{name}.{key}"
    if shape == shapes.facts():
        return f"{name}.{list(whole.get(name) or ()).index(key)}"
    return name


def _clean(value: Any) -> Any:
    """Text without the invisible characters that pasting brings along, however deep it lies."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return value


