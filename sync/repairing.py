"""Damaged files of a data folder: set aside, and what they held put back; knows no kind and no network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from i18n import Text
from sync import epochs, ledger, offers, open_files, saved_work
from sync.confirmed import Confirmed
from sync.errors import Damaged, Failure
from sync.facts import CONTROL_KINDS
from sync.going_back import forget_confirmed
from sync.record import Kinds
from sync.salvage import UNREAD, DamagedFile, aside_of, finish_moves, is_damaged, move, unread_of
from sync.scopes import CONTROL, NETWORK, PUBLIC, is_in_clear, is_scope
from sync.sealed import IN_CLEAR, SealedStore, admit
from sync.snapshots.kept import kept_file
from sync.snapshots.loading import load
from sync.store import SUSPECT, SqliteStore
from sync.trust import Trust
from sync.verify import problems_of

if TYPE_CHECKING:
    from sync.workspace import Workspace


_UNREADABLE = (Failure, LookupError, ArithmeticError, ValueError, TypeError, RuntimeError)  # what a damaged row may end in


@dataclass(frozen=True, slots=True)
class Aside:
    """Damaged files under their new names, whose content is still to be saved: public ones, and the person's.

    `missing` means that there was no public file at all.
    """

    public: tuple[Path, ...]
    person: tuple[Path, ...]
    missing: bool


def set_aside(folder: Path, person: str | None, key: bytes | None = None) -> Aside:
    """Look at the files of a folder before they are opened, and give damaged ones another name.

    What opening needs is looked at each time, every page when the file is
    marked as suspect: SQLite could not read something, or somebody asked for a repair.
    Raises Refused or Locked, with nothing touched, for a person's file that is not encrypted and must be, or is and has no key here.
    """
    found = []
    if person is not None:
        admit(folder / "people" / f"{person}.db", key)
    missing = not (folder / "public.db").exists()
    for path in (folder / "public.db", *([] if person is None else [folder / "people" / f"{person}.db"])):
        if key is not None and open_files.is_open(path):  # by another of this program's people, who looked at it
            found.append(())
            continue
        mark = path.with_name(path.name + SUSPECT)
        condemned = mark.exists() and mark.stat().st_size > 0
        finish_moves(path)
        if path.exists() and (condemned or is_damaged(path, key, wholly=mark.exists(), clear=path.parent == folder)):
            move(path, aside_of(path))
        mark.unlink(missing_ok=True)
        found.append(tuple(unread_of(path)))
    return Aside(found[0], found[1] if len(found) > 1 else (), missing)


def refill(ws: Workspace, aside: Aside, key: bytes | None = None) -> list[Text]:
    """Put back what the damaged files held; one sentence for each. The public part needs the key that the person's file pins."""
    said: list[Text] = []
    if aside.missing and not aside.public and ws.store.value("SELECT 1 FROM main.caught WHERE number > 0 LIMIT 1"):
        said.append(Text("The copy of the public records was missing. It comes again with the next sync; your own work is here."))
    saved = {}
    for path in aside.person:
        with closing(DamagedFile(path, key)) as file:
            saved[path] = saved_work.save(ws, file)
    for path in aside.public:
        with closing(DamagedFile(path, key, clear=True)) as file:
            taken = _take_own_pages(ws, file, ws.public, (CONTROL, PUBLIC))
        said.append(Text.counted(
            "The copy of the public records was damaged; it is kept as {file}. {n} entry was read from its own signed pages,"
            " the rest comes with the next sync.",
            "The copy of the public records was damaged; it is kept as {file}. {n} entries were read from its own signed pages,"
            " the rest comes with the next sync.",
            taken, file=_kept(path).name))
    for path in aside.person:  # after the public part, whose certificates they need
        with closing(DamagedFile(path, key)) as file:
            _take_own_pages(ws, file, ws.private, _scopes_in(file))
        said.append(saved_work.sentence(ws, saved[path], _kept(path)))
    if said:
        saved_work.show_again(ws)
        for path in (*aside.public, *aside.person):
            move(path, _kept(path))
    return said


def repair(ws: Workspace) -> bool:
    """Condemn what `verify` finds fault with, so that the next opening makes it anew; whether there was anything."""
    authority = ws.vault.setting("authority")
    if _faulty(ws.public, ws, (CONTROL, PUBLIC), authority):
        _condemn(ws.public)
    elif not _faulty(ws.private, ws, tuple(ledger.heads(ws.private)), authority):
        return False
    if _faulty(ws.private, ws, tuple(ledger.heads(ws.private)), authority):
        if _is_broken(ws.private):
            _condemn(ws.private)
        else:
            for scope in ledger.heads(ws.private):
                forget_confirmed(ws.private, scope)  # the person's own work is not at fault: only the copy of what others see
    return True


def _faulty(store: SqliteStore, ws: Workspace, scopes: tuple[str, ...], authority: bytes | None) -> bool:
    try:
        return _is_broken(store) or bool(problems_of(store, ws.kinds, scopes, authority, ws.public))
    except Damaged:
        return True


def _is_broken(store: SqliteStore) -> bool:
    if isinstance(store, SealedStore):
        return is_damaged(store.paths[0], store.key or IN_CLEAR, wholly=True)
    return is_damaged(store.paths[0], wholly=True)


def _condemn(store: SqliteStore) -> None:
    path = store.paths[0]
    path.with_name(path.name + SUSPECT).write_text("condemned\n", encoding="ascii")


def _kept(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(UNREAD))


def _take_own_pages(ws: Workspace, file: DamagedFile, store: SqliteStore, scopes: tuple[str, ...]) -> int:
    """Take the signed pages that a damaged copy still holds, as if a server had sent them; how many entries."""
    authority = ws.vault.setting("authority")
    if authority is None:
        return 0
    kinds = Kinds((*ws.kinds.values(), *CONTROL_KINDS))
    taken = 0
    for scope in scopes:
        _take_own_snapshot(file, store, kinds, authority, scope)
        for size in _pages_taken(file, store, kinds, authority, Trust(ws.public, authority), scope):
            taken += size
    return taken


def _scopes_in(file: DamagedFile) -> tuple[str, ...]:
    """The scopes of a person's damaged file; the members' one where that cannot be read."""
    try:
        found = tuple(scope for (scope,) in file.connection.execute("SELECT scope FROM ledger") if is_scope(scope) and not is_in_clear(scope))
    except file.errors:
        found = ()
    return found or (NETWORK,)


def _take_own_snapshot(file: DamagedFile, store: SqliteStore, kinds: Kinds, authority: bytes, scope: str) -> None:
    """Begin with the signed snapshot that a damaged copy began with, if it still reads; the server has it otherwise."""
    with suppress(file.errors, *_UNREADABLE), kept_file(file, scope) as source:
        load(store, kinds, source, authority, scope)


def _pages_taken(file: DamagedFile, store: SqliteStore, kinds: Kinds, authority: bytes, trust: Trust, scope: str) -> Iterator[int]:
    """Take one page after the other until one does not read or does not verify."""
    try:
        for page in offers.pages_after(file, scope, ledger.floor(store, scope)):
            with store.transaction():
                epochs.follow_page(store, page)
                at = ledger.head(store, scope)
                if at is None or at.number >= page.last:
                    continue  # an earlier repair, cut by a kill, took it
                rows, chain = ledger.open_page(page, at, authority, trust, {})
                ledger.keep_page(store, page, rows, at, chain)
                confirmed = Confirmed(store, kinds, scope)
                changes = ledger.decided(rows)
                confirmed.prepare([one.change for one in changes])
                for one in changes:
                    confirmed.apply(one)
                confirmed.flush()
            yield len(rows)
    except _UNREADABLE:
        return  # what follows cannot be read or was altered: the server has it
