"""A place that nothing opens any more: its files are set aside under other names, so that its owner can begin anew; knows no key."""

from __future__ import annotations

from pathlib import Path

from i18n import Text
from sync import keys
from sync.errors import Damaged
from sync.people import People

_LOST = ".lost-"


def trouble(people: People, name: str) -> Text | None:
    """Why no phrase can open a place, or None: its keys are damaged or gone."""
    try:
        found = keys.read(people.folder / name)
    except Damaged as damaged:
        return damaged.message
    path = people.folder / f"{name}.db"
    if found is None and path.exists() and not people.in_clear(name):
        return Text("The keys of “{name}” are gone. Without them nobody can open the file “{file}”.", name=name, file=path.name)
    return None


def give_up(people: People, name: str) -> Path | None:
    """Set aside the files of a place that nothing opens; where its vault is now, None where there was none.

    Nothing is deleted: with the keys out of a backup the vault opens again.
    """
    path = people.folder / f"{name}.db"
    with people.turn():
        number = 1
        while any(path.with_name(f"{name}{end}{_LOST}{number}").exists() for end in (".db", keys.ENDING, keys.COPY)):
            number += 1
        kept = path.with_name(f"{path.name}{_LOST}{number}")
        moved = path.exists()
        for end in (".db", ".db-wal", ".db-shm", keys.ENDING, keys.COPY):
            source = path.with_name(name + end)
            if source.exists():
                source.replace(path.with_name(f"{name}{end}{_LOST}{number}"))
    return kept if moved else None
