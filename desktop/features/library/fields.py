"""What the forms of the library ask, in which order; knows no page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from desktop.kit.forms import Choice, Codes, Field, Line, Option, References, Section, Texts
from desktop.kit.forms.kinds import Deliver
from desktop.kit.text import is_rtl
from i18n import Text, language
from sync import fields as shapes
from sync.fields import clean
from sync.record import Field as RecordField
from sync.record import Kind

__all__ = ["asked", "guessed", "problems", "record_values"]

_ORDER: dict[str, tuple[tuple[Text, tuple[str, ...]], ...]] = {
    "item": (
        (Text("The document"), ("title", "language", "type", "licence", "subjects")),
        (Text("More, so that others find it"), ("description", "author", "source", "level", "audience", "pages")),
    ),
    "collection": (
        (Text("The collection"), ("title", "description", "items", "audience")),
    ),
}
_BY_ENDING = {".png": "image", ".jpg": "image", ".jpeg": "image", ".webp": "image", ".mp3": "audio", ".ogg": "audio", ".mp4": "video",
              ".csv": "dataset", ".xlsx": "dataset"}


def asked(kind: Kind, find: Callable[[str, Deliver], None], names: Mapping[str, str]) -> list[Field | Section]:
    """The fields of the form of a kind. `find` looks for items, `names` are titles by id that are known."""
    found: list[Field | Section] = []
    for title, fields in _ORDER[kind.name]:
        found.append(Section(title))
        for name in fields:
            one = kind.by_name[name]
            found.append(Field(one.name, one.label, _editor(one, find, names), one.help or "", one.required))
    return found


def _editor(field: RecordField, find: Callable[[str, Deliver], None], names: Mapping[str, str]) -> Any:
    shape = field.shape
    if isinstance(shape, shapes.Texts):
        return Texts(4 if shape.entry.long else 1)
    if isinstance(shape, shapes.Code):
        options = [Option(code, label) for code, label in shape.codes().items()]
        return Choice(options, Text("Not said"))
    if isinstance(shape, shapes.Codes):
        return Codes([Option(code, label) for code, label in shape.codes().items()])
    if isinstance(shape, shapes.Words):
        return References(find, _Named(names), Text("Type part of a title"))
    return Line()


class _Named:
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def __call__(self, id: str) -> str:
        return self._names.get(id, id)


def guessed(path: Path) -> dict[str, Any]:
    """What a file's name tells: a title to begin with, its language, its kind. The person corrects it."""
    title = " ".join(clean(path.stem).replace("_", " ").split())
    speak = "ar" if is_rtl(title) else language() if language() in ("fr", "ar") else "fr"
    if speak == "ar" and not is_rtl(title):
        speak = "fr"
    values: dict[str, Any] = {"title": {speak: title[:300]} if title else {}, "language": speak}
    if path.suffix.lower() in _BY_ENDING:
        values["type"] = _BY_ENDING[path.suffix.lower()]
    return values


def record_values(kind: Kind, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the form -> whole values by field name, cleaned; None where nothing was typed."""
    found = {}
    for name, value in typed.items():
        value = _clean(value)
        if isinstance(kind.by_name[name].shape, shapes.Number) and value:
            value = int(value) if str(value).isdecimal() else value
        found[name] = value or None
    return found


def problems(kind: Kind, whole: Mapping[str, Any]) -> dict[str, Text]:
    """What is wrong, by path of the form."""
    found: dict[str, Text] = {}
    for problem in kind.problems_of_new(kind.split({name: value for name, value in whole.items() if value is not None})):
        path = problem.path.partition("#")[0]
        found.setdefault(path, problem.message)
    return found


def _clean(value: Any) -> Any:
    """Text without the invisible characters that pasting brings along."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    return value
