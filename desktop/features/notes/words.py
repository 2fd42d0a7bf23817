"""Notes in sentences: what a row says, how a note stands, who can read it; knows no widget."""

from __future__ import annotations

import datetime

from desktop.features.notes.shelf import Entry
from desktop.features.notes.work import Paper
from desktop.kit.lists import Mark, Row
from desktop.kit.text import isolate
from i18n import Text, t
from i18n.values import ago, moment

__all__ = ["privacy", "row_of", "standing", "when"]

_DAY = 24 * 3600 * 1000  # ms
_MARKS = {
    "draft": (Text("Draft"), "accent", "edit"),
    "conflict": (Text("Two versions"), "attention", "settle"),
    "waiting": (Text("To send"), "muted", "waiting"),
}


def when(entry: Entry, now: int) -> str:
    """How long ago it was written; what cannot be right is said as the date that it claims."""
    if entry.time is None:
        return ""
    try:
        then, present = (datetime.datetime.fromtimestamp(one / 1000) for one in (entry.time, now))
    except (OverflowError, OSError, ValueError):
        return t("at a doubtful date")
    if entry.doubtful or entry.time > now + _DAY:
        return t("at a doubtful date")
    return ago(then, present) if then <= present else moment(then)


def row_of(entry: Entry, now: int) -> Row:
    """The row of a note: what it is called, when it was written, how it goes on."""
    written = when(entry, now)
    meta = " · ".join(isolate(part) for part in (written, entry.start) if part)
    words, tone, icon = _MARKS.get(entry.state, ("", "", ""))
    return Row(entry.id, entry.title or t("Empty note"), "", meta or t("Nothing more"), Mark(str(words), tone, icon) if words else None)


def standing(paper: Paper, *, touched: bool) -> tuple[str, str, str]:
    """(icon, tone, sentence) on how the open note stands."""
    if touched:
        return "edit", "accent", t("Kept on this PC as you write; saved when you leave it")
    if paper.fresh:
        return "", "muted", ""
    if not paper.joined:
        return "check", "muted", t("Saved on this PC")
    if paper.pending:
        return "waiting", "muted", t("Saved on this PC, leaves at the next exchange")
    return "verified", "good", t("Saved here and for your other computers")


def privacy(lock: str) -> str:
    """Who can read the notes. `lock`: what keeps this person's file closed on this PC."""
    if lock == "computer":
        return t("Nobody else in the network can read this. On this PC anyone who opens Dalil can, until you choose a phrase in the preferences.")
    return t("Only you can read this. It follows you to your other computers.")
