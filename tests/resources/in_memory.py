"""A small real target of imports: a dictionary that keeps the rules of a workspace."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from i18n import Text
from resources import KINDS
from sync.errors import NotFound
from sync.record import Record, refuse_problems


@dataclass(frozen=True)
class Event:
    field: str


class Memory:
    """Records by (kind, id), their history as names of fields, attached bytes by id."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], dict[str, Any]] = {}
        self.events: dict[str, list[Event]] = {}
        self.attached: dict[str, tuple[str, bytes]] = {}
        self.scopes: dict[str, str] = {}
        self.depth = 0

    def get(self, kind: str, id: str) -> Record:
        if (kind, id) not in self.values:
            raise NotFound(Text("There is no {kind} with the id {id} here.", kind=kind, id=id))
        return Record(KINDS[kind], id, "public", self.values[kind, id])

    def records(self, kind: str) -> list[Record]:
        return [Record(KINDS[kind], id, "public", values) for (one, id), values in self.values.items() if one == kind]

    def history(self, kind: str, id: str) -> list[Event]:
        return self.events.get(id, [])

    def add(self, kind: str, values: dict[str, Any], scope: str | None = None, id: str | None = None) -> None:
        assert self.depth, "an import writes inside together()"
        refuse_problems(KINDS[kind].problems_of_new(KINDS[kind].split(values)))
        assert id is not None
        assert (kind, id) not in self.values
        self.values[kind, id] = KINDS[kind].join(KINDS[kind].split(values))
        self.scopes[id] = scope or KINDS[kind].scopes[0]
        self.events[id] = [Event(path) for path in KINDS[kind].split(values)]

    def edit(self, kind: str, id: str, values: dict[str, Any]) -> None:
        refuse_problems(one for path, value in KINDS[kind].split(values).items() for one in KINDS[kind].problems_of(path, value))
        self.events[id] += [Event(name) for name in values]
        self.values[kind, id] = {name: value for name, value in {**self.values[kind, id], **values}.items() if value is not None}

    def delete(self, kind: str, id: str) -> None:
        del self.values[kind, id]

    def attach(self, kind: str, id: str, path: Path) -> None:
        self.attached[id] = (path.name, path.read_bytes())
        self.edit(kind, id, {"file": {"sha256": "0" * 64, "size": path.stat().st_size, "name": path.name}})

    @contextmanager
    def together(self) -> Iterator[None]:
        self.depth += 1
        yield
        self.depth -= 1
