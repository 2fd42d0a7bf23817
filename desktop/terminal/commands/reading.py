"""list, show, search, history, status, digest, verify: what a workspace answers, for programs and for people."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from desktop.terminal import saying
from desktop.terminal.answer import DONE, FAILED, Answer, Misuse, iso
from desktop.terminal.columns import cell, columns
from i18n import Text, language, t, tn
from i18n.numbers import number
from resources.wording import label_of
from sync.attached import damaged
from sync.errors import NotFound
from sync.fields import Codes, Words
from sync.history import Event
from sync.record import Kind, Record
from sync.repairing import repair
from sync.workspace import Workspace


def document_of(record: Record) -> dict[str, Any]:
    """A record for programs: its id, its kind, every field by name (None when empty)."""
    about = {"id": record.id, "kind": record.kind.name, "scope": record.scope, "pending": record.pending, "conflicts": record.conflicts}
    return about | {name: record[name] for name in record.kind.by_name}


def list_(ws: Workspace, given: Namespace) -> Answer:
    """Records of a kind that fit every `--where`, in the order of the language spoken."""
    from resources.queries import Where, order_of, page

    kind = ws.kinds[given.kind]
    where = Where()
    rest: list[tuple[str, Any]] = []
    for typed in given.where:
        path, equals, text = typed.partition("=")
        if not equals:
            raise Misuse(Text("“{typed}” is not written FIELD=VALUE.", typed=typed[:80]))
        known = kind.field_of(path)
        name = known[0].name if known else path
        if name not in kind.by_name:
            raise kind.no_field(path)
        shape = kind.by_name[name].shape
        wanted = shape.parse(text) if text and not shape.structured else text
        if wanted and isinstance(wanted, str) and not shape.separator and not shape.structured:
            where.equal(name, wanted)
        elif wanted and not known and isinstance(shape, Codes):
            where.holds(name, wanted)
        else:
            rest.append((path, wanted))
    found = page(ws, kind.name, where, order=order_of(language()), limit=None if rest else given.limit, offset=0)
    records = [one for one in found.records if all(_fits(kind, one, path, text) for path, text in rest)]
    total = len(records) if rest else found.total
    return _records(records[: given.limit] if given.limit is not None else records, total)


def _fits(kind: Kind, record: Record, path: str, wanted: Any) -> bool:
    """Whether a part of a record, or any part of the field, says this; empty text asks for an empty field."""
    own = []
    for each, value in kind.split(dict(record)).items():
        known = kind.field_of(each)
        if known is not None and path in (each, known[0].name):
            own.append(known[1] if isinstance(known[0].shape, Codes | Words) else value)
    return wanted in own if wanted != "" else not own


def search(ws: Workspace, given: Namespace) -> Answer:
    """Records that hold the words, the best first."""
    from resources.search import search as found_by

    if given.kind is not None:
        given.kind = ws.kinds[given.kind].name
    found = found_by(ws, " ".join(given.text), given.kind, given.limit)
    return _records([hit.record for hit in found.hits], found.total)


def show(ws: Workspace, given: Namespace) -> Answer:
    """One record with the token of what it shows."""
    kind = ws.kinds[given.kind]
    form = ws.form(kind.name, given.id)
    record = form.record

    def lines() -> Iterator[str]:
        yield saying.title_of(record)
        yield from columns([(str(kind.by_name[name].label), saying.said(kind, name, record[name]))
                            for name in kind.by_name if record[name] not in (None, "", [], {})], "  ")
        if record.conflicts:
            yield tn("{n} conflict waits for a person: “dalil conflicts”.", "{n} conflicts wait for a person: “dalil conflicts”.", record.conflicts)
        if record.pending:
            yield t("Part of this has not reached the server yet.")

    return Answer(document_of(record) | {"seen": form.token}, lines)


def history(ws: Workspace, given: Namespace) -> Answer:
    """Every write of a record, or of one field, the oldest first; with `--limit`, the last ones."""
    kind = ws.kinds[given.kind]
    events = ws.history(kind.name, given.id)
    if not events:
        raise NotFound(Text("There is no {kind} with the id {id} here.", kind=kind.label, id=given.id))
    if given.field is not None:
        events = [one for one in events if given.field == one.field or ((known := kind.field_of(one.field)) and known[0].name == given.field)]
    if given.limit is not None:
        events = events[len(events) - min(given.limit, len(events)):]
    items = [{"field": one.field, "old": one.old, "new": one.new, "person": one.author.person, "name": one.author.name,
              "device": one.author.device, "time": iso(one.time), "road": one.road, "number": one.number,
              "state": one.state, "change": one.dot.hex(), "taken": iso(one.taken), **_remarks(one)} for one in events]

    def lines() -> Iterator[str]:
        now = ws.clock()
        yield from columns((
            saying.moment(one.time, now), cell(one.author.name or t("somebody")), cell(label_of(kind, one.field)),
            cell(saying.said_part(kind, one.field, one.old), 28), "→" if language() != "ar" else "←",
            t("erased for everyone") if one.erased else cell(saying.said_part(kind, one.field, one.new), 28), _standing(one), one.dot.hex())
            for one in events)
        if any(one.unknown for one in events):
            yield t("This copy began later than this record: what was replaced before that is not here.")

    return Answer({"items": items}, lines)


def _remarks(one: Event) -> dict[str, Any]:
    """What is seldom true of a write, for programs."""
    marks = {"erased": one.erased, "doubtful": one.doubtful, "unknown": one.unknown, "beside": one.beside}
    told: dict[str, Any] = {name: True for name, holds in marks.items() if holds}
    if one.settled:
        told["settled"] = list(one.settled)
    return told | ({"reason": str(one.reason)} if one.reason is not None else {})


def _standing(one: Event) -> str:
    """The ledger number of a write, or that it has none."""
    return t("refused") if one.refused else t("waiting") if one.number is None else number(one.number)


def status(ws: Workspace, _given: Namespace) -> Answer:
    """Three dated facts and what waits."""
    now = ws.status()
    document = {
        "waiting": now.waiting, "refused": now.refused, "conflicts": now.conflicts, "last_accepted": iso(now.last_accepted),
        "last_received": iso(now.last_received), "person": now.person or None, "name": now.name or None,
        "server": now.server or None, "role": now.role or None, "organisations": list(now.organisations), "withdrawn": now.withdrawn,
        "asked": now.asked or None,
    }

    def lines() -> Iterator[str]:
        clock = ws.clock()
        rows = [
            (t("Changes that wait"), number(now.waiting)),
            (t("Changes refused"), number(now.refused)),
            (t("Conflicts to settle"), number(now.conflicts)),
            (t("The server last accepted your work"), saying.moment(now.last_accepted, clock)),
            (t("This copy was last compared"), saying.moment(now.last_received, clock)),
        ]
        if now.server:
            rows += [(t("Server"), cell(now.server)), (t("You are"), cell(now.name or t("(without a name)")))]
        yield from columns(rows)
        if now.asked:
            yield t("Waiting to be admitted, code {code}", code=now.asked)
        elif now.withdrawn:
            from resources.policy import REASONS

            yield str(REASONS["withdrawn_device"])
        if not now.server and not now.role and not now.asked:
            yield t("This computer has not joined a network yet. Your work is safe here.")

    return Answer(document, lines)


def digest(ws: Workspace, _given: Namespace) -> Answer:
    """The digest of each scope."""
    scopes = ws.digest()
    return Answer({"scopes": scopes}, lambda: columns(sorted(scopes.items())) if scopes else [t("Nothing is confirmed here yet.")])


def verify(ws: Workspace, given: Namespace) -> Answer:
    """Whether every chain, signature and row holds; exit 1 when something does not. `--repair` makes anew what does not."""
    repaired = [str(one) for one in ws.repaired]
    if given.repair:
        repaired += _without_damaged_files(ws)
    if given.repair and repair(ws):
        ws.close()  # a file that is open cannot be given another name everywhere
        with closing(Workspace(ws.folder, ws.kinds, ws.private.paths[0].stem, key=ws.key)) as again:
            repaired += [str(one) for one in again.repaired] or [t("What was altered was forgotten; it comes again with the next sync.")]
            problems = [str(one) for one in again.verify()]
    else:
        problems = [str(one) for one in ws.verify()]
    told = {"ok": not problems, "problems": problems} | ({"repaired": repaired} if repaired else {})
    return Answer(told,
                  lambda: [*repaired, *(problems or [t("Everything holds.")])], FAILED if problems else DONE)


def _without_damaged_files(ws: Workspace) -> list[str]:
    """Remove copies of files that are not what they were, so that the right ones can come; says which."""
    found = damaged(ws)
    for one in found:
        ws.files.forget(one.value["sha256"])
    return [t("The file “{name}” was damaged and was removed. `dalil fetch {id}` brings it again.", name=one.name, id=one.id) for one in found]


def _records(records: list[Record], total: int) -> Answer:
    def lines() -> Iterator[str]:
        yield from columns((one.id, str(one.kind.label), cell(saying.title_of(one)), _where(one)) for one in records)
        yield (tn("{n} record", "{n} records", total) if total == len(records)
               else t("{shown} of {total} records", shown=len(records), total=total))

    return Answer({"total": total, "items": [document_of(one) for one in records]}, lines)


def _where(record: Record) -> str:
    """The region and the town, where a record has them."""
    names = record.kind.by_name
    region = saying.said(record.kind, "region", record["region"]) if "region" in names and record["region"] else ""
    town = cell(record["locality"], 24) if "locality" in names and record["locality"] else ""
    return ", ".join(one for one in (town, region) if one)


RUN = {"list": list_, "search": search, "show": show, "history": history, "status": status, "digest": digest, "verify": verify}
