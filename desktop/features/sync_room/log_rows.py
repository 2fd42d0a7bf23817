"""Rows of the two logs: what was accepted, and the syncs that took place; knows no page."""

from __future__ import annotations

from desktop.features.sync_room import moments
from desktop.features.sync_room.sentences import failure_said, visit_said
from desktop.features.sync_room.snapshot import Errand
from desktop.kit.lists import Mark, Row
from i18n import t
from i18n.values import listing
from sync.reading import Visit

__all__ = ["accepted_row", "visit_row"]


def accepted_row(errand: Errand, now: int) -> Row:
    """One accepted change: the record, what was done to which fields, when it was saved."""
    fields = list(dict.fromkeys(label for label, _ in errand.lines))
    what = errand.verb if not fields else t("{verb}: {fields}", verb=errand.verb, fields=listing(fields[:3] + (["…"] if len(fields) > 3 else [])))
    when = t("saved {ago} ({date})", ago=moments.said(errand.time, now), date=moments.exact(errand.time))
    return Row(errand.key, errand.title, "", f"{what} · {when}", Mark(t("Accepted"), "good", "accepted"))


def visit_row(visit: Visit, place: int, now: int) -> Row:
    """One sync: when, bytes both ways, what moved, and how it ended."""
    mark = Mark(failure_said(visit.failure), "attention", "offline") if visit.failure else Mark(t("Succeeded"), "good", "verified")
    return Row(str(place), moments.said(visit.time, now), moments.exact(visit.time), visit_said(visit), mark)
