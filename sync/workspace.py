"""The front door: open a data folder, edit, read, hear what changed; knows no kind, no screen and no network."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from i18n import Text
from sync import (
    cancelling,
    codec,
    files,
    finishing,
    migrations,
    postbox,
    private_files,
    repairing,
    scopes,
    sealed,
    search_index,
    traffic,
    vault,
    waiting_room,
)
from sync import overlay as overlays
from sync.change import Change, Operation, Write
from sync.conflicts import Conflict
from sync.drafts import Drafting
from sync.errors import Failure, Invalid, NotFound, Problem, Refused
from sync.events import Changed, Events
from sync.facts import CONTROL_KINDS
from sync.form import Form, seen_of_token
from sync.letting_go import let_go
from sync.membership import own_scope
from sync.merge import LIFE, State, is_gone
from sync.reading import Reading
from sync.record import Kinds, refuse_problems, uuid7
from sync.saving import Seen, changed_parts
from sync.schema import LEDGER, REPLICA
from sync.store import SqliteStore
from sync.tables import table_of
from sync.unsent import note as note_unsent
from sync.vault import Vault


@dataclass(frozen=True, slots=True)
class Saved:
    """What one save made: the record's id, and the change's dot as hexadecimal text (empty when nothing differed)."""

    id: str
    change: str


def wall_clock() -> int:
    """Milliseconds since 1970 by this computer's clock: a label, it decides nothing."""
    return time.time_ns() // 1_000_000


class Workspace(Reading, Drafting):
    """One person's view of one data folder.

    `folder` holds `public.db`, `people/<name>.db` and `files/`. A guest reads
    `public.db` only, and leaves no trace: their own file is in memory.
    `store` is the person's file as they see it, through the views; `private`
    and `public` are the bare files, where pages are applied.
    `repaired` says what of the folder was damaged and made anew.
    `clock` (milliseconds) and `random` (n secret bytes) are given, never fetched.
    With a `key` (32 bytes, `sync.people`) the person's file is a vault, with `sealed.IN_CLEAR` it is read beside vaults of others.
    """

    def __init__(self, folder: Path, kinds: Kinds, person: str = "me", *, guest: bool = False, key: bytes | None = None,
                 clock: Callable[[], int] = wall_clock, random: Callable[[int], bytes] = os.urandom) -> None:
        self.folder = folder
        self.kinds = kinds
        self.guest = guest
        self.clock = clock
        self.random = random
        self.events = Events()
        self.check_open: Callable[[], None] = lambda: None  # raises when nothing may be saved here any more (`resources/rights.py`)
        self._told: set[tuple[str, str]] = set()
        try:
            (folder / "people").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(Text("The folder {folder} cannot be used: {why}.", folder=str(folder), why=error.strerror or ""), "read_only") from error
        self.key = key
        self.opens = sealed.opener(key)
        aside = repairing.set_aside(folder, None if guest else person, key)
        self.public = self.opens(folder / "public.db", clear=True)
        self._create(self.public)
        own = ":memory:" if guest else folder / "people" / f"{person}.db"
        self.store = self.opens(own, {"pub": folder / "public.db"})
        self._create(self.store, overlaid=True)
        self.private = self.opens(own)
        if guest:
            self._create(self.private)
        for kind in kinds.values():
            self.store.execute(overlays.view(table_of(kind)))
        self.vault = Vault(self.store, random, clock)
        self.overlay = overlays.Overlay(self.store, self.vault, kinds)
        self.files = files.Files(folder / "files")
        self.repaired = repairing.refill(self, aside, key)
        self.finish()  # a kill may have come before the index was made
        with suppress(Failure):  # a full disk or another program at work: the next opening or sync does it
            let_go(self)
        if not guest:
            self.overlay.wake()
        self._versions = self._data_versions()

    def add(self, kind: str, values: Mapping[str, Any], scope: str | None = None, id: str | None = None) -> Saved:
        """Create a record from whole values by field name; Invalid names every problem."""
        return self.create(kind, self.kinds[kind].split(values), scope, id)

    def create(self, kind: str, parts: Mapping[str, Any], scope: str | None = None, id: str | None = None) -> Saved:
        """Create a record from values by path."""
        known = self.kinds[kind]
        scope = own_scope(self, scope or known.scopes[0])
        parts = {path: value for path, value in parts.items() if value is not None}
        problems = list(known.problems_of_new(parts))
        if not scopes.fits(scope, known.scopes):
            problems.append(Problem("scope", Text("A record of this kind cannot stand in “{scope}”.", scope=scope)))
        refuse_problems(problems)
        with self._writing():
            new = id or uuid7(self.clock(), self.random)
            writes = [Write(path, value, []) for path, value in sorted(parts.items())]
            return self._save(known.name, new, scope, Operation.CREATE, writes)

    def edit(self, kind: str, id: str, values: Mapping[str, Any], form: Form | str | None = None) -> Saved:
        """Change whole values by field name (None empties); only the parts that differ from what was shown are written.

        `form` (or its token) is what the author had before their eyes;
        without it, what is shown now.
        """
        known = self.kinds[kind]
        with self._writing():
            shown = form.parts if isinstance(form, Form) else self.form(kind, id).parts
            return self.write(kind, id, changed_parts(known, shown, values), form)

    def write(self, kind: str, id: str, parts: Mapping[str, Any], form: Form | str | None = None) -> Saved:
        """Change values by path (`name.fr`; an element of a set with True or False); None empties."""
        known = self.kinds[kind]
        for path in parts:
            if known.field_of(path) is None:
                raise known.no_field(path)
        refuse_problems(problem for path, value in parts.items() for problem in known.problems_of(path, value))
        with self._writing():
            state, scope = self._present(kind, id)
            seen = Seen(self.overlay, kind, id, scope)
            if form is None:
                shown = {path: seen.shown(state, path) for path in parts}
            else:
                opened = form.seen if isinstance(form, Form) else seen_of_token(form, id)
                shown = {path: seen.beneath(self.vault.after_moves(opened.get(path, []), path), path) for path in parts}
            writes = [Write(path, value, shown[path]) for path, value in sorted(parts.items())]
            return self._save(kind, id, scope, Operation.EDIT, writes) if writes else Saved(id, "")

    def settle(self, id: str, path: str, *, keep: int | None = None, value: Any = None, card: Conflict | None = None) -> Saved:
        """End a conflict: keep the value of that number (from 1), or write another. Everyone's next sync brings it.

        `card` is the conflict as it was looked at, without it as it is now: a value that came since is nobody's choice, it stays.
        """
        conflict = card or next((one for one in self.conflicts() if one.id == id and one.field == path), None)
        if conflict is None:
            raise NotFound(Text("Nothing waits to be settled there. It may have been settled on another computer."))
        if keep is not None and not 1 <= keep <= len(conflict.values):
            raise NotFound(Text("There are {n} values to choose from.", n=len(conflict.values)))
        chosen = conflict.values[keep - 1].value if keep is not None else value
        if path == LIFE:
            return self.restore(conflict.kind, id) if chosen == "kept" else self.delete(conflict.kind, id)
        refuse_problems(self.kinds[conflict.kind].problems_of(path, chosen))
        with self._writing():
            _, scope = self._present(conflict.kind, id)
            dots = self.vault.after_moves([one.dot for one in conflict.values], path)
            seen = Seen(self.overlay, conflict.kind, id, scope).beneath(dots, path)
            return self._save(conflict.kind, id, scope, Operation.EDIT, [Write(path, chosen, seen)])

    def delete(self, kind: str, id: str) -> Saved:
        """Mark a record as deleted; it says what of each field the author saw, so that unseen edits bring it back."""
        with self._writing():
            state, scope = self._present(kind, id)
            seen = Seen(self.overlay, kind, id, scope)
            writes = [Write(path, None, seen.all(state, path)) for path, live in sorted(state.parts.items()) if live]
            return self._save(kind, id, scope, Operation.DELETE, writes)

    def restore(self, kind: str, id: str) -> Saved:
        """Undo the deletions that are seen here."""
        with self._writing():
            state, scope = self._present(kind, id, hidden=True)
            dots = Seen(self.overlay, kind, id, scope).dots([one.reference for one in state.deletions])
            if not dots:
                return Saved(id, "")
            return self._save(kind, id, scope, Operation.RESTORE, [Write(LIFE, None, dots)])

    def form(self, kind: str, id: str) -> Form:
        """The record as shown now, with what a later `edit` has seen."""
        state, scope = self._present(kind, id)
        table = table_of(self.kinds[kind])
        seen = Seen(self.overlay, kind, id, scope)
        shown = {path: seen.shown(state, path) for path in state.parts}
        return Form(kind, id, self.get(kind, id), table.shown(state), {path: dots for path, dots in shown.items() if dots})

    def attach(self, kind: str, id: str, path: Path, media_type: str = "") -> Saved:
        """Keep a copy of a file on this PC under its hash, encrypted if the record is private, and write it into the record's `file` field."""
        kept = private_files.take(self.files, self.kinds[kind], path, self.random, media_type)
        with self._writing():
            self.offer(kept["sha256"], kept["size"])
            return self.edit(kind, id, {"file": kept})

    def cancel(self, *changes: str) -> None:
        """Take back changes that never left this PC, all or none; later changes of the same log keep their place after them.

        First the post box, then the person's file, each in a transaction of its own: what a cut leaves between them is sealed again.
        """
        dots = [self._dot(one) for one in changes]
        boxed = cancelling.out_of_box(self, dots)
        with self._writing():
            self._told |= cancelling.take_back_all(self.vault, self.overlay, dots, boxed=boxed)

    def resend(self, change: str, values: Mapping[str, Any] | None = None) -> Saved:
        """Send again what was refused, as it was or with other values by path."""
        with self._writing():
            one = self.vault.of_dot(self._dot(change))
            if one is None or one.state != vault.REFUSED:
                raise NotFound(Text("There is no such refused change in the outbox."))
            parts = {w.path: w.value for w in one.change.writes} | dict(values or {})
            if one.change.operation == Operation.CREATE:
                saved = self.create(one.kind, parts, one.scope, uuid7(self.clock(), self.random))
            elif one.change.operation == Operation.DELETE:
                saved = self.delete(one.kind, one.record)
            elif one.change.operation == Operation.RESTORE:
                saved = self.restore(one.kind, one.record)
            else:
                saved = self.write(one.kind, one.record, parts)
            self.vault.put_away(one)
            return saved

    @contextmanager
    def together(self) -> Iterator[None]:
        """Group many writes into one transaction; all or nothing."""
        with self._writing():
            yield

    def notice(self) -> bool:
        """Look whether another program changed this folder, and tell the listeners if so. Cheap: call it every second."""
        found = self._data_versions()
        changed, self._versions = found != self._versions, found
        if changed:
            if not self.guest:
                with self.store.transaction():
                    self.overlay.catch_up()
            self.events.tell(set(), "elsewhere")
        return changed

    def finish(self) -> None:
        """Make what is due of records that read already: their order, and the words by which they are found."""
        kinds = Kinds((*self.kinds.values(), *CONTROL_KINDS))
        for store in (self.public, self.private):
            if finishing.finish(store, kinds, self.overlay.words_left):
                self.recognise()
        self.overlay.settle()

    def recognise(self) -> None:
        """Pages that this very program took are no news from another one."""
        self._versions = self._data_versions()

    def offer(self, sha256: str, size: int) -> None:
        """Hand in a file that is here already at the next sync."""
        note_unsent(self.files, sha256)
        with self._writing():
            self.store.execute("INSERT INTO upload (sha256, size) VALUES (?, ?) ON CONFLICT DO NOTHING", (sha256, size))

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Hear of every change; answers the function that ends it."""
        return self.events.subscribe(listener)

    def tell(self, changed: set[tuple[str, str]], origin: Literal["here", "sync", "elsewhere"]) -> None:
        """Say that records read differently now."""
        self.events.tell(changed, origin)

    def tell_all(self) -> None:
        """Say that every record may read differently: a copy was loaded whole."""
        self.events.tell_all(frozenset(self.kinds))

    def close(self) -> None:
        """Give the files back."""
        for store in (self.store, self.private, self.public):
            store.close()

    def _data_versions(self) -> tuple[int, int]:
        """Counters that move when another connection, of this program or another, commits to a file seen here."""
        return self.store.value("PRAGMA main.data_version"), self.store.value("PRAGMA pub.data_version")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self.guest:
            raise Refused(Text("A guest only reads. Choose your name first."), "guest")
        with self.store.transaction():
            outermost = self.store.depth == 1
            if outermost:
                self._told = self.overlay.catch_up()
            yield
            told = self._told
        if outermost:
            self.events.tell(told, "here")

    def _save(self, kind: str, id: str, scope: str, operation: Operation, writes: list[Write]) -> Saved:
        self.check_open()
        change = Change(uuid.UUID(id).bytes, kind, operation, self.clock(), writes)
        if len(codec.pack(change)) > codec.MAX_CHANGE:
            raise Invalid(Text("This is more than fits into one save ({kb} kB at most). Save it in smaller parts.", kb=codec.MAX_CHANGE // 1024))
        pending = self.vault.append(scope, change)
        self.overlay.refresh([(kind, id, scope)])
        self._told.add((kind, id))
        return Saved(id, pending.dot.hex())

    def _present(self, kind: str, id: str, *, hidden: bool = False) -> tuple[State, str]:
        known = self.kinds[kind]
        state = self.overlay.state(kind, id)
        scope = self.overlay.scope(kind, id)
        if state is None or scope is None or (is_gone(state, final=known.final) and not hidden):
            raise NotFound(Text("There is no {kind} with the id {id} here.", kind=known.label, id=id))
        return state, scope

    def _dot(self, change: str) -> bytes:
        try:
            return bytes.fromhex(change)
        except ValueError as error:
            raise NotFound(Text("There is no such change in the outbox.")) from error

    def _create(self, store: SqliteStore, *, overlaid: bool = False) -> None:
        """Make the tables that this program needs, unless the file says that it has them."""
        kinds = {"": [*self.kinds.values(), *CONTROL_KINDS]}
        statements = [*LEDGER, *REPLICA, *search_index.schema(), *traffic.SCHEMA]
        if store is self.public:
            statements += [*postbox.SCHEMA, *waiting_room.SCHEMA]
        if overlaid:
            kinds[overlays.PREFIX] = list(self.kinds.values())
            statements += [*vault.SCHEMA, *search_index.schema(overlays.PREFIX)]
        migrations.prepare(store, migrations.Shape("person" if overlaid else "public", tuple(statements), kinds, searchable=True))
