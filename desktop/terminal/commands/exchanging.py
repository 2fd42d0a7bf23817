"""join, sync, fetch: the commands that need a server; they alone import the roads to it."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from desktop.terminal.answer import Answer, Misuse
from desktop.terminal.bringing import brought_said
from desktop.terminal.commands import spending
from i18n import Text, t, tn
from sync.errors import NotFound, Refused
from sync.record import Record
from sync.workspace import Workspace

if TYPE_CHECKING:
    from sync.exchange import Progress, Report


def join(ws: Workspace, given: Namespace) -> Answer:
    """Enrol this person on this computer, and take a first copy."""
    from sync.exchange import join as enrol
    from sync.membership import membership

    if not given.code and not membership(ws).certified:
        raise Misuse(Text("Say the invitation code with --code. Whoever was admitted by paper joins without one."))
    report = enrol(ws, given.url, given.code, given.name, purse=spending.purse(ws, given))
    waits = any(one.what == "records" for one in report.held)
    now = ws.status()
    document = {"device": ws.vault.word("device"), "person": now.person, "name": now.name or None, "role": now.role, "server": now.server,
                "held": [{"what": one.what, "why": one.why, "size": one.size} for one in report.held]}

    def lines() -> list[str]:
        if waits:
            return [t("Joined {server} as {role}. The copy waits, as the rules of this computer say: “dalil sync --anyway” fetches it now.",
                      server=now.server, role=_role(now.role))]
        return [t("Joined {server} as {role}. The first copy is here.", server=now.server, role=_role(now.role))]

    return Answer(document, lines)


def sync(ws: Workspace, given: Namespace) -> Answer:
    """One exchange, both ways, until neither side lacks anything."""
    from sync.exchange import sync as exchange

    carrier = None
    if given.via is not None:
        place = Path(given.via).expanduser()
        if "://" not in given.via and (place.exists() or place.is_absolute()):
            from desktop.terminal.commands.courier import both_ways

            with Meter(as_json=given.as_json) as meter:
                return both_ways(ws, place.absolute(), meter)
        from desktop.terminal.commands import meeting

        if (met := meeting.met(ws, given)) is not None:
            return met
        from sync.relay.http import HttpCarrier

        carrier = HttpCarrier(given.via, ws.vault.setting("authority"))
    if given.estimate:
        return spending.estimate(ws, carrier)
    with Meter(as_json=given.as_json) as meter:
        report = exchange(ws, carrier, meter.exchange, purse=spending.purse(ws, given))
    document = {
        "sent": report.sent, "accepted": report.accepted, "refused": report.refused, "received": report.received,
        "bytes_up": report.bytes_up, "bytes_down": report.bytes_down, "turns": report.turns,
        "files": report.files, "set_aside": [str(one) for one in report.set_aside],
        "brought": [{"name": one.name or None, "device": one.device or None, "accepted": one.accepted, "known": one.known, "refused": one.refused,
                     "waiting": one.waiting} for one in report.brought],
        "held": [{"what": one.what, "why": one.why, "size": one.size, "sha256": one.sha256 or None} for one in report.held],
    }
    return Answer(document, lambda: _said(ws, report))


def fetch(ws: Workspace, given: Namespace) -> Answer:
    """The file of a record, from where an earlier attempt was cut; with `--to` a copy of it, in clear, where somebody wants it."""
    from sync.exchange import fetch as bring

    file = _record_with_file(ws, given.id)["file"]
    if not file:
        raise NotFound(Text("This document has no file."))
    with Meter(as_json=given.as_json) as meter:
        path: Path | None = bring(ws, file["sha256"], int(file["size"]), meter.file, purse=spending.purse(ws, given))
    if given.to is not None:
        path = _copied(ws, file, Path(given.to).expanduser())
    elif file.get("key"):
        path = None  # what lies here opens with no other program
    document = {"id": given.id, "path": path and str(path), "sha256": file["sha256"], "size": file["size"], "name": file.get("name"),
                "type": file.get("type"), "encrypted": bool(file.get("key"))}
    return Answer(document, lambda: [str(path) if path else t("It is on this computer, encrypted. `--to PATH` writes a copy that others can read.")])


def _record_with_file(ws: Workspace, id: str) -> Record:
    for kind in ws.kinds.values():
        if "file" in kind.by_name and (found := ws.records(kind.name, "id = ?", (id,), limit=1)):
            return found[0]
    return ws.get("item", id)  # which says that there is none


def _copied(ws: Workspace, file: Mapping[str, Any], target: Path) -> Path:
    """A copy in clear, under the file's own name where a folder is named; says of a private one what that means."""
    from sync.private_files import save_copy

    if target.is_dir():
        named = re.split(r"[/\\:]", str(file.get("name") or ""))[-1].strip(". ")  # somebody else may have written it
        target /= named or file["sha256"][:8]
    if target.exists():
        raise Refused(Text("“{file}” is there already. Choose another name.", file=str(target)), "exists")
    save_copy(ws.files, file, target)
    if file.get("key"):
        print(t("This copy is not encrypted: whoever uses this computer or this disk can read it."), file=sys.stderr)
    return target


class Meter:
    """Progress on standard error, on a terminal only; programs and files see none."""

    def __init__(self, *, as_json: bool) -> None:
        self._shown = False
        self._on = not as_json and sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._shown:
            print(file=sys.stderr)

    def exchange(self, progress: Progress) -> None:
        """How many entries arrived of how many, the bytes both ways, and what is left."""
        from i18n.values import size

        self.say(lambda: t("{done} of {total}, {up} up, {down} down, about {left} to go", done=progress.done, total=progress.total,
                           up=size(progress.bytes_up), down=size(progress.bytes_down), left=size(progress.left + progress.files))
                 + (" · " + tn("about {n} second", "about {n} seconds", progress.seconds) if progress.seconds else ""))

    def file(self, progress: Progress) -> None:
        """How many bytes of a file are here."""
        from i18n.values import size

        self.say(lambda: t("{done} of {total}", done=size(progress.done), total=size(progress.total)))

    def say(self, line: Callable[[], str]) -> None:
        """Replace the line that is shown."""
        if self._on:
            self._shown = True
            print("\r\x1b[K" + line(), end="", file=sys.stderr, flush=True)


def _said(ws: Workspace, report: Report) -> Iterator[str]:
    from i18n.values import size

    yield tn("{n} change sent", "{n} changes sent", report.sent) + " · " + tn("{n} accepted", "{n} accepted", report.accepted) + (
        " · " + tn("{n} refused", "{n} refused", report.refused) if report.refused else "") + " · " + tn(
        "{n} received from others", "{n} received from others", report.received)
    yield t("{up} up, {down} down", up=size(report.bytes_up), down=size(report.bytes_down))
    yield from brought_said(report.brought)
    if report.refused:
        yield t("“dalil outbox” says why; what you typed is kept.")
    yield from (str(one) for one in report.set_aside)
    yield from spending.held_said(report.held)
    open_conflicts = ws.status().conflicts
    if open_conflicts:
        yield tn("{n} conflict waits for a person: “dalil conflicts”.", "{n} conflicts wait for a person: “dalil conflicts”.", open_conflicts)


def _role(role: str) -> Text | str:
    from sync.identity import ROLES

    return ROLES.get(role, role)


RUN = {"join": join, "sync": sync, "fetch": fetch}
