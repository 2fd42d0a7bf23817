"""What a stick carries and how far reading it is, in sentences; knows no widget and no page."""

from __future__ import annotations

from i18n import t, tn
from i18n.values import size
from sync.relay.courier import Progress, Seen

__all__ = ["progress_said", "seen_said"]


def seen_said(seen: Seen) -> list[str]:
    """What a stick carries, and what of it is here."""
    found = [t("What is on the stick: {size} of records.", size=size(seen.bytes))]
    found.append(tn("About {n} change is new for this computer.", "About {n} changes are new for this computer.", seen.news)
                 if seen.news else t("Nothing in them is new for this computer."))
    if seen.files:
        total = size(seen.files_here + seen.files_lacking)
        found.append(t("Files: {size}, of which {here} are here already.", size=total, here=size(seen.files_here)))
    return found


def progress_said(progress: Progress | None) -> str:
    """How far it is, in bytes."""
    if progress is None:
        return t("Looking at the stick…")
    done, total = size(progress.done), size(progress.total)
    if progress.step == "check":
        return t("Checking every byte: {done} of {total}", done=done, total=total)
    if progress.step == "take":
        return t("Taking the records: {done} of {total}", done=done, total=total)
    if progress.step == "files":
        return t("Taking the files: {done} of {total}", done=done, total=total)
    return t("Writing to the stick: {done} of {total}", done=done, total=total)
