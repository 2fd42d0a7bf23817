"""The tables of the engine and of each kind, and how a record's state stands in a row; knows no particular kind."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from i18n.collate import for_other_readers, sort_all
from sync import codec, merge
from sync.fields import Codes, Reference, Words
from sync.merge import Deletion, Live, State
from sync.record import PATHS, Field, Kind, Record, best
from sync.unread import Unread, loader_of

_UNSORTED = (None, None)
COUNTED = b""  # in `hash`: this row is part of its ledger's digest; NULL while it is not
LEADING = ("id", "scope", "number", "state", "gone", "conflicts", "pending", "hash", "sort_fr", "sort_ar")
_FEW = ("conflicts", "gone")  # columns that are 0 in nearly every row: the others are found, and counted, by an index of theirs
_json_decode = msgspec.json.Decoder().decode


class Table:
    """The table of one kind: its columns and how a State goes in and out of a row.

    A fresh record costs one number: `state` is NULL while every live value was
    written by one change, the one that created it. Otherwise `state` holds references,
    and values only where the columns cannot (conflicts, unknown fields).
    """

    def __init__(self, kind: Kind, name: str | None = None) -> None:
        self.kind = kind
        self.name = name or kind.name
        self.columns = (*LEADING, *(one.name for one in kind.fields))
        named = [f'"{column}"' for column in self.columns]  # a field may be called what SQL keeps for itself, such as `end`
        self.select = ", ".join(named)
        marks = ", ".join("?" * len(named))
        updates = ", ".join(f"{column} = excluded.{column}" for column in named[1:])
        self.insert = f"INSERT INTO {self.name} ({self.select}) VALUES ({marks})"
        self.upsert = f"{self.insert} ON CONFLICT (id) DO UPDATE SET {updates}"
        self._known: dict[str, tuple[Field, str] | None] = {}
        self._places: dict[str, tuple[int, str | None, Field]] = {}
        self.places = {one.name: (at, loader_of(one)) for at, one in enumerate(kind.fields, len(LEADING))}

    def schema(self, *, searchable: bool = True) -> Iterator[str]:
        """Statements that create the table and its indexes. Where nobody searches (at a server), each index less is a faster commit."""
        fields = "".join(f', "{one.name}" {one.shape.column}' for one in self.kind.fields)
        yield (f"CREATE TABLE IF NOT EXISTS {self.name} (id TEXT PRIMARY KEY, scope TEXT NOT NULL, number BIGINT, state BLOB,"
               f" gone BIGINT NOT NULL, conflicts BIGINT NOT NULL, pending BIGINT NOT NULL, hash BLOB,"
               f" sort_fr TEXT, sort_ar TEXT{fields})")
        for column in self._indexed(searchable=searchable):
            yield f'CREATE INDEX IF NOT EXISTS {self.name}_{column} ON {self.name} ("{column}")'
        yield from (f"CREATE INDEX IF NOT EXISTS {self.name}_{few} ON {self.name} ({few}) WHERE {few} > 0" for few in _FEW)

    def indexes(self) -> list[str]:
        """The names of the table's indexes."""
        return [f"{self.name}_{column}" for column in (*self._indexed(searchable=True), *_FEW)]

    def unneeded(self) -> list[str]:
        """Those that only a search or a list on a screen reads."""
        kept = self._indexed(searchable=False)
        return [f"{self.name}_{column}" for column in self._indexed(searchable=True) if column not in kept]

    def _indexed(self, *, searchable: bool) -> tuple[str, ...]:
        fields = [one for one in self.kind.fields if one.indexed and (searchable or isinstance(one.shape, Reference))]
        return ("number", "sort_fr", *(("sort_ar",) if searchable else ()), *(one.name for one in fields))

    def known(self, path: str) -> tuple[Field, str] | None:
        """The field and key of a path, remembered."""
        if path not in self._known:
            self._known[path] = self.kind.field_of(path)
        return self._known[path]

    def shown(self, state: State) -> dict[str, Any]:
        """The value shown of each known part that has one that its column can hold."""
        found: dict[str, Any] = {}
        for path, live in state.parts.items():
            known = self.known(path)
            if known is not None:
                one = known[0]
                value = merge.shown(live, element=_is_set(one), latest=one.merge == "latest")
                if value is not None and _fits(one, value):
                    found[path] = value
        return found

    def conflicts(self, state: State) -> list[str]:
        """The paths where a person must choose; `_life` when a deletion met edits that it had not seen."""
        paths = [
            path for path, live in state.parts.items()
            if len(live) > 1 and (known := self.known(path)) is not None
            and merge.in_conflict(live, element=_is_set(known[0]), latest=known[0].merge == "latest")
        ]
        if state.deletions and not merge.is_gone(state, final=self.kind.final):
            paths.append(merge.LIFE)
        return paths

    def row(self, state: State, scope: str, *, pending: bool = False, hash: bytes | None = None, keyed: bool = True) -> tuple[Any, ...]:
        """The row of a state, in the order of `columns`; `hash` is COUNTED when the digest has it already.

        Without `keyed` the keys to sort it by are left out: they are made when a list is asked for.
        """
        plain = self._plain_cells(state)
        if plain is not None:
            return (state.id, scope, state.number, None, 0, 0, int(pending), hash, *(self._keys(plain) if keyed else _UNSORTED), *plain)
        whole = self.kind.join(self.shown(state))
        stored = tuple(_stored(one, whole.get(one.name)) for one in self.kind.fields)
        gone = int(merge.is_gone(state, final=self.kind.final))
        return (state.id, scope, state.number, _pack_state(state, self.kind.split(whole)), gone, len(self.conflicts(state)), int(pending),
                hash, *(sort_keys(whole.get(self.kind.title)) if keyed else _UNSORTED), *stored)

    def fresh(self, id: str, scope: str, number: int, parts: Iterable[tuple[str, Any]], *, keyed: bool = True) -> tuple[Any, ...] | None:
        """The row of a record as the change `number` just created it, without a state; None where its columns cannot hold all of it."""
        cells = self._cells(parts)
        return None if cells is None else (id, scope, number, None, 0, 0, 0, None, *(self._keys(cells) if keyed else _UNSORTED), *cells)

    def _keys(self, cells: list[Any]) -> tuple[str, str]:
        title = self.kind.by_name[self.kind.title]
        whole = cells[self.kind.fields.index(title)]
        return sort_keys(_loaded(title, whole) if whole is not None else None)

    def _plain_cells(self, state: State) -> list[Any] | None:
        """The cells of a record that stands as it was created, all of it known here; None for any other, which takes the longer way.

        A creation without verdict has no number yet, and one dot.
        """
        if state.deletions or state.early:
            return None
        creation = state.number
        for live in state.parts.values():
            if creation is None:
                creation = live[0].reference if live else None
            if len(live) != 1 or live[0].reference != creation:
                return None
        return self._cells((path, live[0].value) for path, live in state.parts.items())

    def _cells(self, parts: Iterable[tuple[str, Any]]) -> list[Any] | None:
        """The cells that hold one value a path; None when they cannot hold all of them."""
        cells: list[Any] = [None] * len(self.kind.fields)
        divided: dict[int, dict[str, Any]] = {}
        for path, value in parts:
            found = self._places.get(path) or self._place(path)
            if found is None:
                return None
            at, key, one = found
            if key is None and type(value) is str and one.shape.column == "TEXT" and not one.shape.structured:
                cells[at] = value
            elif value is None or not _fits(one, value):
                return None
            elif key is None:
                cells[at] = _stored(one, value)
            else:
                divided.setdefault(at, {})[key] = value
        for at, keys in divided.items():
            one = self.kind.fields[at]
            cells[at] = _stored(one, one.shape.join(keys))
        return cells

    def _place(self, path: str) -> tuple[int, str | None, Field] | None:
        """Which cell a path belongs to, the key of its part (None for an undivided field), its field; remembered."""
        known = self.kind.field_of(path)
        if known is None:
            return None
        if len(self._places) >= PATHS:
            self._places.clear()
        self._places[path] = found = self.kind.fields.index(known[0]), known[1] if known[0].shape.separator else None, known[0]
        return found

    def state(self, row: tuple[Any, ...]) -> State:
        """The state that a row stands for."""
        state = State(row[0], self.kind.name, row[2])
        unpack_state(state, row[3], self.kind.split(self.values(row)))
        return state

    def values(self, row: tuple[Any, ...]) -> dict[str, Any]:
        """The whole values shown of a row, by field name."""
        return {name: load(row[at]) if load else row[at] for name, (at, load) in self.places.items() if row[at] is not None}

    def title(self, row: tuple[Any, ...]) -> Any:
        """The value of the field that a row is called by."""
        return Unread(self.places, row).get(self.kind.title)

    def record(self, row: tuple[Any, ...]) -> Record:
        """The record that a person reads."""
        return Record(self.kind, row[0], row[1], self.values(row), conflicts=row[5], pending=bool(row[6]), gone=bool(row[4]))

    def unread(self, row: tuple[Any, ...]) -> Record:
        """The same, each value read when it is asked for: who indexes ten thousand asks for a few of each."""
        return Record(self.kind, row[0], row[1], Unread(self.places, row))


class UnknownTable(Table):
    """The table of records whose kind only a newer program knows: everything stays in the state."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind, "unknown")
        self.columns = ("id", "kind", "scope", "number", "state", "gone", "conflicts", "pending", "hash")
        self.select = ", ".join(self.columns)
        marks = ", ".join("?" * len(self.columns))
        updates = ", ".join(f"{column} = excluded.{column}" for column in self.columns[1:])
        self.upsert = f"INSERT INTO unknown ({self.select}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {updates}"

    def row(self, state: State, scope: str, *, pending: bool = False, hash: bytes | None = None, keyed: bool = True) -> tuple[Any, ...]:
        gone = int(merge.is_gone(state, final=self.kind.final))
        return state.id, self.kind.name, scope, state.number, _pack_state(state, {}), gone, 0, int(pending), hash

    def fresh(self, id: str, scope: str, number: int, parts: Iterable[tuple[str, Any]], *, keyed: bool = True) -> tuple[Any, ...] | None:
        return None

    def state(self, row: tuple[Any, ...]) -> State:
        state = State(row[0], row[1], row[3])
        unpack_state(state, row[4], {})
        return state


def line(state: State, scope: str) -> dict[str, Any]:
    """The canonical form of a confirmed record, as `docs/sync.md` defines it; live values with their ledger numbers."""
    canonical: dict[str, Any] = {
        "id": state.id, "kind": state.kind, "scope": scope,
        "fields": {path: [[_named(one.reference), one.value] for one in live] for path, live in state.parts.items() if live},
    }
    if state.deletions:
        canonical["deleted"] = [
            [_named(one.reference), {path: sorted((_named(each) for each in seen), key=str) for path, seen in one.covers.items()}]
            for one in state.deletions
        ]
    if state.early:
        canonical["early"] = {path: sorted(each.hex() for each in seen) for path, seen in state.early.items()}
    return canonical


def line_hash(state: State, scope: str) -> bytes | None:
    """SHA-256 of the canonical line; None for a state that nothing confirmed."""
    return codec.digest(codec.canonical_json(line(state, scope))) if state.number is not None else None


def add_hashes(total: bytes, plus: list[bytes], minus: list[bytes]) -> bytes:
    """The digest of a scope after some lines came and some went: sums of SHA-256 modulo 2^256."""
    number = int.from_bytes(total, "big") + sum(int.from_bytes(one, "big") for one in plus)
    number -= sum(int.from_bytes(one, "big") for one in minus)
    return (number % 2**256).to_bytes(32, "big")


@functools.lru_cache(maxsize=256)
def table_of(kind: Kind) -> Table:
    """The table where a kind's confirmed records stand."""
    return Table(kind) if kind.fields else UnknownTable(kind)


def _named(reference: merge.Reference) -> int | str:
    return reference.hex() if isinstance(reference, bytes) else reference


def _is_set(one: Field) -> bool:
    return isinstance(one.shape, Codes | Words)


def _fits(one: Field, value: Any) -> bool:
    shape = one.shape
    if _is_set(one):
        return value is True
    if shape.separator:
        return True
    if shape.structured:
        return isinstance(value, dict)
    return isinstance(value, str) if shape.column == "TEXT" else isinstance(value, int)


def _stored(one: Field, value: Any) -> Any:
    if value is None:
        return None
    return codec.canonical_json(value).decode() if one.shape.structured else int(value) if isinstance(value, bool) else value


def _loaded(one: Field, value: Any) -> Any:
    load = loader_of(one)
    return load(value) if load else value


def _pack_state(state: State, columns: Mapping[str, Any]) -> bytes:
    parts = {
        path: [[live[0].reference]] if len(live) == 1 and path in columns and columns[path] == live[0].value
        else [[one.reference, one.value] for one in live]
        for path, live in state.parts.items() if live
    }
    deletions = [[one.reference, {path: sorted(seen, key=str) for path, seen in one.covers.items()}] for one in state.deletions]
    return codec.pack([parts, deletions, {path: sorted(seen) for path, seen in state.early.items()}])


def unpack_state(state: State, blob: bytes | None, columns: Mapping[str, Any]) -> None:
    """Fill a state from a row: its packed state and the values by path that its columns hold; without the former all are of its creation."""
    if blob is None:
        state.parts = {path: (Live(state.number or 0, value),) for path, value in columns.items()}
        return
    parts, deletions, early = codec.unpack(blob)
    state.parts = {
        path: tuple(Live(one[0], one[1] if len(one) > 1 else columns.get(path)) for one in live) for path, live in parts.items()
    }
    state.deletions = tuple(Deletion(one[0], {path: frozenset(seen) for path, seen in one[1].items()}) for one in deletions)
    state.early = {path: frozenset(seen) for path, seen in early.items()}


def form_of(one: Field) -> str:
    """How a field's column stands for its parts, in words that outlive the field: `.` and `#` maps by key, `set`, `json`, `switch`, or as it is."""
    shape = one.shape
    if _is_set(one):
        return "set"
    if shape.separator:
        return shape.separator
    if shape.structured:
        return "json"
    return "switch" if type(shape).__name__ == "Switch" else ""


def parts_of_columns(names: list[str], forms: list[str], values: list[Any]) -> dict[str, Any]:
    """One value a path from a row's columns, by their forms alone: the fields need not be known."""
    parts: dict[str, Any] = {}
    for name, form, value in zip(names, forms, values, strict=True):
        if value is None:
            continue
        if form == "set":
            parts.update({f"{name}#{element}": True for element in _json_decode(value)})
        elif form in (".", "#"):
            parts.update({f"{name}{form}{key}": each for key, each in _json_decode(value).items()})
        else:
            parts[name] = _json_decode(value) if form == "json" else bool(value) if form == "switch" else value
    return parts


def sort_keys(title: Any) -> tuple[str, str]:
    """The sort keys of a title for a reader of French and one of Arabic."""
    return sort_keys_of([title])[0]


def sort_keys_of(titles: Iterable[Any]) -> list[tuple[str, str]]:
    """The same of many titles at once."""
    named = [(best(title, "fr"), best(title, "ar")) for title in titles]
    others = iter(sort_all([arabic for french, arabic in named if arabic != french], "ar"))
    keys = sort_all([french for french, _ in named], "fr")
    return [(key, for_other_readers(key) if arabic == french else next(others)) for key, (french, arabic) in zip(keys, named, strict=True)]
