"""undo: one change of a record, or, for moderators, everything that a device did since a number."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from desktop.terminal import saying
from desktop.terminal.answer import Answer, Misuse
from desktop.terminal.columns import cell, columns
from i18n import Text, language, t, tn
from resources import undoing
from resources.wording import label_of
from sync.merge import LIFE
from sync.undoing_since import Plan, Step
from sync.workspace import Workspace


def undo(ws: Workspace, given: Namespace) -> Answer:
    """Undo what the words name; `--list` only says what would be undone."""
    if given.device is not None:
        if given.kind is not None or given.field is not None:
            raise Misuse(Text("Give a change of a record, or a device and a number, not both."))
        if given.since is None:
            raise Misuse(Text("Say from which number on, with --since. 1 is the beginning."))
        return _device(ws, given)
    if given.change is None:
        raise Misuse(Text("Say which change: KIND ID CHANGE, as “dalil history” names it."))
    if given.since is not None or given.scope is not None or given.only_list:
        raise Misuse(Text("--since, --scope and --list go with --device."))
    kind = ws.kinds[given.kind]
    done = undoing.undo(ws, kind.name, given.id, given.change, given.field)

    def lines() -> Iterator[str]:
        yield t("Undone. It leaves at the next sync.") if done.saved.change else t("Nothing was different: nothing was saved.")
        for path in done.left:
            yield t("{field}: left as it is, it was replaced since or cannot be put back.", field=label_of(kind, path))

    return Answer({"id": done.saved.id, "change": done.saved.change, "left": list(done.left)}, lines)


def _device(ws: Workspace, given: Namespace) -> Answer:
    listed = undoing.plan(ws, given.device, given.since, given.scope)
    saved = [] if given.only_list else undoing.carry_out(ws, listed)
    document = {
        "items": [{"kind": one.kind, "id": one.id, "field": one.field, "now": one.now, "back": one.back,
                   "left": None if one.left is None else str(one.left)} for one in listed.steps],
        "changes": [{"kind": kind, "id": one.id, "change": one.change} for kind, one in saved], "older": listed.older,
    }
    return Answer(document, lambda: _lines(ws, listed, None if given.only_list else len(saved)))


def _lines(ws: Workspace, listed: Plan, saved: int | None) -> Iterator[str]:
    yield from columns(_row(ws, one) for one in listed.steps)
    if not listed.steps:
        yield t("Nothing that this device did since then still stands here.")
    if listed.older:
        yield tn("{n} value of this device is from before this copy began: what it replaced is not here.",
                 "{n} values of this device are from before this copy began: what they replaced is not here.", listed.older)
    if saved is None:
        yield tn("{n} value would be put back.", "{n} values would be put back.", len(listed.due))
    elif listed.steps:
        yield tn("{n} record was put back. It leaves at the next sync.", "{n} records were put back. They leave at the next sync.", saved)


def _row(ws: Workspace, one: Step) -> tuple[str, ...]:
    kind = ws.kinds[one.kind]
    to = "←" if language() == "ar" else "→"
    label = str(kind.label) if one.field == LIFE else label_of(kind, one.field)
    row = cell(undoing.title_of(ws, one) or t("(without a name)"), 32), cell(label), cell(saying.said_part(kind, one.field, one.now), 28)
    return (*row, to, cell(saying.said_part(kind, one.field, one.back), 28)) if one.left is None else (*row, "=", str(one.left))


RUN = {"undo": undo}
