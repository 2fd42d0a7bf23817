"""The sentences of the head and of the log: where one's work stands, what a sync moved, why one failed; knows no widget."""

from __future__ import annotations

from typing import Any

from desktop.features.sync_room.snapshot import Room
from desktop.terminal.bringing import brought_said
from i18n import Text, t, tn
from i18n.bidi import left_to_right
from i18n.values import listing, number, size
from sync.exchange import Progress, Report
from sync.reading import Visit

__all__ = ["failure_said", "headline", "moved", "progress_said", "visit_said"]

_FAILURES = {
    "offline": Text("No connection to the server"),
    "certificate": Text("The server’s certificate could not be checked"),
    "busy": Text("The server was busy"),
    "not_a_dalil_server": Text("Another site answered in the server’s place"),
    "cancelled": Text("Stopped by you"),
    "damaged": Text("What arrived was damaged and was not taken"),
    "revoked": Text("This computer was withdrawn from the network"),
    "no_certificate": Text("The server does not know this computer"),
    "server_set_back": Text("The server was set back to an older state"),
    "disk_full": Text("The disk was full"),
}


def failure_said(code: str) -> str:
    """Why a sync in the log did not succeed."""
    return str(_FAILURES.get(code, Text("Did not succeed")))


def headline(room: Room, syncer: Any) -> tuple[str, str]:
    """One calm sentence and what it means: the first thing that matters now."""
    status = room.status
    if status.asked and status.withdrawn:
        return t("The request to join was not accepted"), t("Ask the secretariat why. What is here stays readable.")
    if status.asked and status.vouched:
        return (t("Waiting until the network knows this computer"),
                t("Your other computer vouches for this one: nobody has to admit it. What you save waits here."))
    if status.asked:
        return (t("Waiting to be admitted, code {code}", code=left_to_right(status.asked)),
                t("Give this code to the secretariat. What you save waits here."))
    if not room.joined and status.role:
        return t("You are a member of the network"), t("Go on by stick or with computers nearby, or write the server’s address once you have it.")
    if not room.joined:
        return t("Your work is safe on this computer"), t("Join the network to share it with the others and to receive their work.")
    if status.withdrawn:
        return t("This computer was withdrawn from the network"), t(
            "Nothing more can be written here. What is here stays readable. Ask the secretariat.")
    if syncer is not None and syncer.running:
        return t("Exchanging with the server"), t("You can go on working meanwhile.")
    failure = syncer.failure if syncer is not None else None
    if failure is not None and syncer.offline:
        return t("Offline: your work is safe here"), t(
            "The server cannot be reached now. What you save stays on this computer and leaves by itself at the next connection.")
    if failure is not None:
        return t("The last exchange did not succeed"), str(failure)
    if room.mine_to_settle:
        n = room.mine_to_settle
        return (tn("{n} thing was written in two ways", "{n} things were written in two ways", n),
                t("Nothing is lost: choose what stays, and everybody receives your choice."))
    if room.refused:
        n = len(room.refused)
        return (tn("{n} change was not accepted", "{n} changes were not accepted", n),
                t("What you typed is kept here. Read why, correct it, and send it again."))
    if status.waiting:
        return (tn("{n} change waits to leave", "{n} changes wait to leave", status.waiting),
                t("It is safe on this computer and leaves with the next exchange."))
    report = syncer.report if syncer is not None else None
    return t("Everything you did has reached the server"), moved(report) if report is not None else t("Nothing waits here, and nothing needs you.")


def moved(report: Report) -> str:
    """What one sync moved, in one sentence."""
    bytes_said = t("{up} sent, {down} received", up=size(report.bytes_up), down=size(report.bytes_down))
    counts = _counts(report.accepted, report.refused, report.received)
    said = t("Last exchange: {bytes}. {counts}.", bytes=bytes_said, counts=counts)
    return "\n".join((said, *brought_said(report.brought)))


def progress_said(progress: Progress | None) -> str:
    """How far a sync is: records done of all, or bytes of a file, and bytes both ways."""
    if progress is None:
        return t("Asking the server…")
    if progress.file:
        return t("A file: {done} of {total}", done=size(progress.done), total=size(progress.total))
    way = t("{up} sent, {down} received", up=size(progress.bytes_up), down=size(progress.bytes_down))
    if progress.total:
        way = t("{done} of {total} changes · {way}", done=number(progress.done), total=number(progress.total), way=way)
    left = left_said(progress)
    return t("{way} · {left}", way=way, left=left) if left else way


def left_said(progress: Progress) -> str:
    """How many bytes are still to move, files apart, and about how long they take; empty when nothing is left."""
    if not progress.left and not progress.files:
        return ""
    parts = [t("about {left} to go", left=size(progress.left))] if progress.left else []
    if progress.files:
        parts.append(t("{size} of files", size=size(progress.files)))
    if progress.seconds is not None:
        minutes = round(progress.seconds / 60)
        parts.append(tn("about {n} minute", "about {n} minutes", minutes) if minutes else t("less than a minute"))
    return str(listing(parts))


def visit_said(visit: Visit) -> str:
    """One line of the log: bytes both ways and what moved."""
    bytes_said = t("{up} sent, {down} received", up=size(visit.bytes_up), down=size(visit.bytes_down))
    return t("{bytes} · {counts}", bytes=bytes_said, counts=_counts(visit.accepted, visit.refused, visit.received))


def _counts(accepted: int, refused: int, received: int) -> str:
    found = []
    if accepted:
        found.append(tn("{n} change of yours accepted", "{n} changes of yours accepted", accepted))
    if refused:
        found.append(tn("{n} refused", "{n} refused", refused))
    if received:
        found.append(tn("{n} change from the others", "{n} changes from the others", received))
    return str(listing(found)) if found else t("nothing new on either side")
