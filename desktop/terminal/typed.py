"""`FIELD=VALUE` as typed, turned into whole values of a kind's fields; knows no workspace and no particular kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from desktop.terminal.answer import Misuse
from i18n import Text
from sync.errors import Invalid, Problem
from sync.fields import Codes, Entries, Shape, Switch, Texts, Words, clean
from sync.record import Field, Kind

SET, ADD, REMOVE = "set", "add", "remove"


def values_of(kind: Kind, changes: Iterable[tuple[str, str]], shown: Mapping[str, Any]) -> dict[str, Any]:
    """The whole values of the fields that `changes` touch, from what is shown now; None for one that was emptied.

    `changes` are (set | add | remove, `FIELD=VALUE`) in the order typed.
    Raises NotFound for an unknown field, Invalid for what cannot be read,
    Misuse without `=`.
    """
    parts = kind.split(shown)
    touched: dict[str, None] = {}
    for verb, typed in changes:
        path, equals, text = typed.partition("=")
        path = path.strip()
        if not equals or not path:
            raise Misuse(Text("“{typed}” is not written FIELD=VALUE.", typed=typed[:80]))
        known = kind.field_of(path)
        name = known[0].name if known else path
        if name not in kind.by_name:
            raise kind.no_field(path)
        touched[name] = None
        if verb != SET:
            parts |= _element(kind, kind.by_name[name], path, text, added=verb == ADD)
        elif known:
            parts[path] = part_of(known[0].shape, path, text)
        else:
            own = [each for each in parts if (found := kind.field_of(each)) and found[0].name == name]
            parts |= dict.fromkeys(own)
            parts |= {kind.path(name, key): value for key, value in _whole(kind.by_name[name].shape, path, text).items()}
    whole = kind.join(parts)
    return {name: whole.get(name) for name in touched}


def part_of(shape: Shape, path: str, text: str) -> Any:
    """The value of one part as typed; None when it is empty. Text that begins with `[` or `{` is JSON."""
    if not text.strip():
        return None
    if text.lstrip().startswith(("[", "{")):
        return _json(path, text)
    if isinstance(shape, Codes | Words):
        chosen = Switch().parse(text)
        if not isinstance(chosen, bool):
            raise _invalid(path, Text("This must be yes or no."))
        return chosen
    return shape.parse(text)


def _element(kind: Kind, field: Field, path: str, text: str, *, added: bool) -> dict[str, Any]:
    """What `--add` or `--remove` of one element, or of several as a JSON list, writes."""
    shape = field.shape
    named = path == field.name
    if named and isinstance(shape, Codes | Words):
        return {kind.path(field.name, one): added or None for one in _elements(path, text)}
    if named and isinstance(shape, Entries) and not isinstance(shape, Texts) and not added:
        return {kind.path(field.name, one): None for one in _elements(path, text)}
    raise _invalid(path, Text("Only a set can be added to or removed from. Write it with --set."))


def _elements(path: str, text: str) -> list[str]:
    if not text.lstrip().startswith("["):
        return [clean(text)] if clean(text) else []
    found = _json(path, text)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise _invalid(path, Text("This must be a list of texts."))
    return found


def _whole(shape: Shape, path: str, text: str) -> dict[str, Any]:
    """The parts, by key, of a divided field written as a whole."""
    if not text.strip():
        return {}
    if isinstance(shape, Codes | Words):
        return dict.fromkeys(_elements(path, text), True)
    if not text.lstrip().startswith("{"):
        example = f"{path}.fr" if isinstance(shape, Texts) else f"{path}#…"
        raise _invalid(path, Text("Say which part of this field, for example {example}=…, or give it whole as JSON.", example=example))
    return dict(_json(path, text))


def _json(path: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        at = getattr(error, "pos", 0) + 1
        raise _invalid(path, Text("This begins like JSON and is not: it breaks at character {at}.", at=at)) from error


def _invalid(path: str, message: Text) -> Invalid:
    return Invalid(Text("{field}: {problem}", field=path, problem=message), (Problem(path, message),))
