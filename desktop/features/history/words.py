"""A record's past in sentences: who, when, by which road, from what to what; knows no widget and no database."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from desktop.features.history.dossier import Line, Save
from i18n import t, tn
from i18n.bidi import Piece
from i18n.values import ago, date, listing, moment
from resources.wording import label_of, worded
from sync import fields as shapes
from sync.change import Operation
from sync.history import Event
from sync.record import Kind

__all__ = ["came", "deed", "exact", "icon", "line_words", "put_back_words", "when", "who"]

_ICONS = {Operation.CREATE: "add", Operation.DELETE: "delete", Operation.RESTORE: "undo", Operation.EDIT: "edit"}
_NUMBER = re.compile(r"\+\d[\d ]+\d")  # a telephone number stays on one line
_DAY = 24 * 3600 * 1000  # ms
LONGEST = 44  # characters of a value on a button; a longer one stands in the sentence beside it


def who(event: Event) -> str:
    """Who wrote it, as far as it is known here."""
    if event.author.mine:
        return t("You")
    return event.author.name or t("A member of the network")


def when(event: Event, now: int) -> str:
    """How long ago; a date that cannot be right is said to be doubtful."""
    try:
        then, present = _local(event.time), _local(now)
    except (OverflowError, OSError, ValueError):
        return t("at a doubtful date")
    if event.doubtful or event.time > now + _DAY:
        return t("{date} (doubtful date)", date=Piece(moment(then)))
    return ago(then, present) if then <= present else moment(then)


def exact(event: Event) -> str:
    """The date and hour, for whoever asks."""
    try:
        return moment(_local(event.time))
    except (OverflowError, OSError, ValueError):
        return t("at a doubtful date")


def came(event: Event) -> str:
    """By which road it came here and when, and its number; that it waits, or was refused and why."""
    if event.refused:
        return t("Refused: {reason}", reason=event.reason) if event.reason is not None else t("Refused by the server")
    if event.number is None:
        return t("Saved on this PC, waits for the server")
    said = t("saved on this PC, accepted by the server") if event.author.mine else _by_road(event)
    return t("{road} · no. {number}", road=said[:1].upper() + said[1:], number=str(event.number))


def _by_road(event: Event) -> str:
    """How it came, and when if that was kept; a road that only a newer program knows has no name."""
    if event.taken is None:
        return {"lan": t("received over the local network"), "usb": t("received from a stick"), "server": t("received from the server")}.get(
            event.road, t("received"))
    taken = Piece(date(_local(event.taken).date()))
    return {"lan": t("received over the local network on {when}", when=taken), "usb": t("received from a stick on {when}", when=taken),
            "server": t("received from the server on {when}", when=taken)}.get(event.road, t("received on {when}", when=taken))


def icon(save: Save) -> str:
    """The icon of what a save did."""
    return "settle" if any(event.settled for line in save.lines for event in line.events) else _ICONS[Operation(save.about.operation)]


def deed(save: Save) -> str:
    """What a save did to the record as a whole; "" for an edit."""
    if save.about.operation == Operation.CREATE:
        return tn("Created the record with {n} value", "Created the record with {n} values", sum(len(line.events) for line in save.lines))
    if save.about.operation == Operation.DELETE:
        return t("Deleted the record")
    if save.about.operation == Operation.RESTORE:
        return t("Brought the record back")
    return ""


def line_words(kind: Kind, line: Line, names: Mapping[str, str]) -> str:
    """`Phone: from 77 34 12 56 to 77 81 22 33`; elements of a set that were added and removed; what a choice settled."""
    return _NUMBER.sub(lambda found: found[0].replace(" ", "\u00a0"), _line_words(kind, line, names))


def _line_words(kind: Kind, line: Line, names: Mapping[str, str]) -> str:
    label = label_of(kind, line.field)
    if len(line.events) > 1 or _is_set(kind, line):
        added = listing([worded(kind, one.field, one.new, names=names) for one in line.events if one.new])
        removed = listing([worded(kind, one.field, one.old or True, names=names) for one in line.events if not one.new])
        if added and removed:
            return t("{field}: {after} added, {before} removed", field=label, after=Piece(added), before=Piece(removed))
        return (t("{field}: {after} added", field=label, after=Piece(added)) if added
                else t("{field}: {before} removed", field=label, before=Piece(removed)))
    event = line.events[0]
    before, after = worded(kind, event.field, event.old, names=names), worded(kind, event.field, event.new, names=names)
    if event.erased:
        return t("{field}: erased for everyone", field=label)
    if event.settled:
        values = listing([worded(kind, event.field, one, names=names) for one in event.settled])
        return t("{field}: chose {after} among {values}", field=label, after=Piece(after or t("nothing")), values=Piece(values))
    if event.unknown:
        return t("{field}: {after}; what stood there before is not on this PC", field=label, after=Piece(after or t("nothing")))
    if event.beside and before and after:
        return t("{field}: {after} written beside {before}, without having seen it", field=label, before=Piece(before), after=Piece(after))
    if before and after:
        return t("{field}: from {before} to {after}", field=label, before=Piece(before), after=Piece(after))
    if after:
        return t("{field}: {after} entered", field=label, after=Piece(after))
    return t("{field}: {before} removed", field=label, before=Piece(before))


def put_back_words(kind: Kind, line: Line, names: Mapping[str, str]) -> str:
    """What the button says that undoes one line."""
    if len(line.events) > 1 or _is_set(kind, line):
        return t("Put back as it was")
    if line.contested:
        return t("Take this value out")
    before = worded(kind, line.events[0].field, line.events[0].old, names=names)
    if not before:
        return t("Empty it again")
    return t("Put back {value}", value=Piece(before)) if len(before) <= LONGEST and "\n" not in before else t("Put this value back")


def _is_set(kind: Kind, line: Line) -> bool:
    known = kind.by_name.get(line.field)
    return known is not None and isinstance(known.shape, shapes.Elements)


def _local(milliseconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(milliseconds / 1000)
