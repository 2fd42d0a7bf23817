"""conflicts, settle, outbox: what waits for this person, and what they decide."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from desktop.terminal import saying
from desktop.terminal.answer import Answer, Misuse, iso
from desktop.terminal.columns import cell, columns
from desktop.terminal.typed import part_of
from i18n import Text, t
from resources.wording import label_of
from sync.change import Operation
from sync.workspace import Workspace


def conflicts(ws: Workspace, _given: Namespace) -> Answer:
    """Every open conflict with its values, numbered from 1 as `--keep` counts them."""
    found = ws.conflicts()
    items = [{
        "id": one.id, "kind": one.kind, "field": one.field, "title": one.title, "old": one.old,
        "values": [{"value": each.value, "person": each.author.person, "name": each.author.name, "device": each.author.device,
                    "mine": each.author.mine, "time": iso(each.time), "number": each.number} for each in one.values],
    } for one in found]

    def lines() -> Iterator[str]:
        now = ws.clock()
        for one in found:
            kind = ws.kinds[one.kind]
            yield f"{cell(one.title or t('(without a name)'))} · {label_of(kind, one.field)}"
            rows = [("", t("before"), cell(saying.said_part(kind, one.field, one.old)), "", "")]
            rows += [(f"{at}.", t("you") if each.author.mine else cell(each.author.name or t("somebody")),
                      cell(saying.said_part(kind, one.field, each.value)), saying.moment(each.time, now),
                      t("waiting") if each.number is None else "") for at, each in enumerate(one.values, 1)]
            yield from columns(rows, "  ")
            yield "  dalil settle " + one.id + " --field " + one.field + " --keep N"
        if not found:
            yield t("Nothing waits for you to choose.")

    return Answer({"items": items}, lines)


def settle(ws: Workspace, given: Namespace) -> Answer:
    """Keep one of the values, or write another."""
    if given.keep is not None:
        saved = ws.settle(given.id, given.field, keep=given.keep)
    else:
        kind = next((ws.kinds[one.kind] for one in ws.conflicts() if one.id == given.id), None)
        known = kind.field_of(given.field) if kind else None
        value = part_of(known[0].shape, given.field, given.value) if known else given.value
        saved = ws.settle(given.id, given.field, value=value)
    return Answer({"id": saved.id, "change": saved.change}, lambda: [t("Settled. Everyone’s next sync brings it.")])


def outbox(ws: Workspace, given: Namespace) -> Answer:
    """What was saved here and what became of it; or take one back, or send a refused one again."""
    if given.deed is None:
        return _outbox(ws)
    if given.change is None:
        raise Misuse(Text("Say which change, as “dalil outbox” names it."))
    if given.deed == "cancel":
        ws.cancel(given.change)
        return Answer({"change": given.change}, lambda: [t("Taken back.")])
    saved = ws.resend(given.change)
    return Answer({"id": saved.id, "change": saved.change}, lambda: [t("Saved here. It leaves at the next sync.")])


def _outbox(ws: Workspace) -> Answer:
    found = ws.outbox()
    items = [{
        "change": one.change, "id": one.id, "kind": one.kind, "title": one.title, "operation": Operation(one.operation).name.lower(),
        "fields": one.fields, "state": one.state, "reason": None if one.reason is None else str(one.reason), "time": iso(one.time),
        "number": one.number,
    } for one in found]

    def lines() -> Iterator[str]:
        now = ws.clock()
        yield from columns((
            one.change, _state(one.state), cell(one.title or t("(without a name)")),
            _deed(ws, one.kind, one.operation, list(one.fields)), saying.moment(one.time, now), str(one.reason or "")) for one in found)
        if not found:
            yield t("Nothing waits.")

    return Answer({"items": items}, lines)


def _state(state: str) -> str:
    return {"waiting": t("waiting"), "carried": t("on its way"), "accepted": t("accepted"), "refused": t("refused")}.get(state, state)


def _deed(ws: Workspace, kind: str, operation: int, paths: list[str]) -> str:
    if operation == Operation.CREATE:
        return t("new")
    if operation == Operation.DELETE:
        return t("deleted")
    if operation == Operation.RESTORE:
        return t("kept")
    return cell(", ".join(dict.fromkeys(label_of(ws.kinds[kind], path) for path in paths)) if kind in ws.kinds else ", ".join(paths))


RUN = {"conflicts": conflicts, "settle": settle, "outbox": outbox}
