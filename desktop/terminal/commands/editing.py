"""add, edit, delete, attach; what is right to write is decided by the kinds and the workspace."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from desktop.terminal.answer import Answer, Misuse
from desktop.terminal.typed import values_of
from i18n import Text
from sync.errors import NotFound
from sync.workspace import Saved, Workspace


def add(ws: Workspace, given: Namespace) -> Answer:
    """Create a record; answers its id."""
    kind = ws.kinds[given.kind]
    values = {name: whole for name, whole in values_of(kind, given.changes, {}).items() if whole is not None}
    scope = given.scope
    if scope is None and kind.name == "contact":
        from resources.contact import scope_for

        scope = scope_for(values.get("consent"))
    saved = ws.add(kind.name, values, scope)
    return Answer(_document(saved), lambda: [saved.id])


def edit(ws: Workspace, given: Namespace) -> Answer:
    """Change fields in one save; with `--seen`, as a form that was opened then."""
    if not given.changes:
        raise Misuse(Text("Say what to change with --set, --add or --remove."))
    kind = ws.kinds[given.kind]
    with ws.together():
        shown = ws.get(kind.name, given.id)
        saved = ws.edit(kind.name, given.id, values_of(kind, given.changes, shown), given.seen)
    return _saved(saved)


def delete(ws: Workspace, given: Namespace) -> Answer:
    """Delete a record."""
    return _saved(ws.delete(ws.kinds[given.kind].name, given.id))


def attach(ws: Workspace, given: Namespace) -> Answer:
    """Attach a file; a copy is kept on this computer and leaves at the next sync."""
    kind = ws.kinds[given.kind]
    if "file" not in kind.by_name:
        raise kind.no_field("file")
    ws.get(kind.name, given.id)  # a big file is not copied for a record that is not here
    path = Path(given.file).expanduser()
    if not path.is_file():
        raise NotFound(Text("“{file}” is not here. Check the name of the file.", file=str(path)))
    return _saved(ws.attach(kind.name, given.id, path))


def _saved(saved: Saved) -> Answer:
    said = Text("Saved here. It leaves at the next sync.") if saved.change else Text("Nothing was different: nothing was saved.")
    return Answer(_document(saved), lambda: [str(said)])


def _document(saved: Saved) -> dict[str, str]:
    return {"id": saved.id, "change": saved.change}


RUN = {"add": add, "edit": edit, "delete": delete, "attach": attach}
