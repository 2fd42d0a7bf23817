"""The values of a row, each read when it is asked for; knows no table and no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from sync.record import Field

Loader = Callable[[Any], Any]
_json_decode = msgspec.json.Decoder().decode


def loader_of(one: Field) -> Loader | None:
    """What makes a field's value of its column; None where the column is the value."""
    if one.shape.structured:
        return _json_decode
    return bool if type(one.shape).__name__ == "Switch" else None


class Unread(Mapping[str, Any]):
    """`places` gives the column of each field and what reads it. A field without a value is not there."""

    __slots__ = ("_places", "_row")

    def __init__(self, places: Mapping[str, tuple[int, Loader | None]], row: tuple[Any, ...]) -> None:
        self._places = places
        self._row = row

    def get(self, name: str, default: Any = None) -> Any:
        at, load = self._places[name]
        value = self._row[at]
        return default if value is None else load(value) if load else value

    def __getitem__(self, name: str) -> Any:
        at, load = self._places[name]
        if self._row[at] is None:
            raise KeyError(name)
        return load(self._row[at]) if load else self._row[at]

    def __iter__(self) -> Iterator[str]:
        return (name for name, (at, _) in self._places.items() if self._row[at] is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)
