"""add, edit, delete, attach; what is right to write is decided by the kinds and the workspace."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.terminal.answer import Answer, Misuse
from desktop.terminal.typed import values_of
from i18n import Text
from sync.errors import NotFound
from sync.record import Kind
from sync.workspace import Saved, Workspace

if TYPE_CHECKING:
    from resources.policy import Operation


def add(ws: Workspace, given: Namespace) -> Answer:
    """Create a record; answers its id."""
    kind = ws.kinds[given.kind]
    values = {name: whole for name, whole in values_of(kind, given.changes, {}).items() if whole is not None}
    scope = given.scope
    if scope is None and kind.name == "contact":
        from resources.contact import scope_for

        scope = scope_for(values.get("consent"))
    saved = ws.add(kind.name, values, scope)
    return _answer(saved, lambda: [saved.id], _foreseen(ws, saved, kind, "create", values))


def edit(ws: Workspace, given: Namespace) -> Answer:
    """Change fields in one save; with `--seen`, as a form that was opened then."""
    if not given.changes:
        raise Misuse(Text("Say what to change with --set, --add or --remove."))
    kind = ws.kinds[given.kind]
    with ws.together():
        shown = ws.get(kind.name, given.id)
        values = values_of(kind, given.changes, shown)
        if kind.name == "contact":
            from resources.consenting import edited

            saved = edited(ws, given.id, values, given.seen)
        else:
            saved = ws.edit(kind.name, given.id, values, given.seen)
    return _saved(saved, _foreseen(ws, saved, kind, "edit", values))


def delete(ws: Workspace, given: Namespace) -> Answer:
    """Delete a record."""
    kind = ws.kinds[given.kind]
    saved = ws.delete(kind.name, given.id)
    return _saved(saved, _foreseen(ws, saved, kind, "delete", {}))


def attach(ws: Workspace, given: Namespace) -> Answer:
    """Attach a file; a copy is kept on this computer and leaves at the next sync."""
    kind = ws.kinds[given.kind]
    if "file" not in kind.by_name:
        raise kind.no_field("file")
    ws.get(kind.name, given.id)  # a big file is not copied for a record that is not here
    path = Path(given.file).expanduser()
    if not path.is_file():
        raise NotFound(Text("“{file}” is not here. Check the name of the file.", file=str(path)))
    saved = ws.attach(kind.name, given.id, path)
    return _saved(saved, _foreseen(ws, saved, kind, "edit", {"file": None}))


def _foreseen(ws: Workspace, saved: Saved, kind: Kind, operation: Operation, values: Mapping[str, Any]) -> Text | None:
    """What to say of a save that the server will refuse by the rights known here: these may be old, so it was saved."""
    from resources.rights import foreseen

    scope = ws.overlay.scope(kind.name, saved.id)
    reason = foreseen(ws, kind, operation, values, saved.id, scope) if saved.change and scope else None
    return None if reason is None else Text(
        "As far as this computer knows, the server will refuse this: {reason} It is kept here; `dalil outbox cancel` takes it back.", reason=reason)


def _saved(saved: Saved, warning: Text | None) -> Answer:
    said = Text("Saved here. It leaves at the next sync.") if saved.change else Text("Nothing was different: nothing was saved.")
    return _answer(saved, lambda: [str(said)], warning)


def _answer(saved: Saved, lines: Callable[[], Iterable[str]], warning: Text | None) -> Answer:
    document = {"id": saved.id, "change": saved.change}
    if warning is not None:
        print(warning, file=sys.stderr)
        document["warning"] = str(warning)
    return Answer(document, lines)


RUN = {"add": add, "edit": edit, "delete": delete, "attach": attach}
