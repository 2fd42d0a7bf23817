"""What the sync pill says, from three dated facts; knows no widget."""

from __future__ import annotations

import datetime as dt

from desktop.shell.feature import PillState
from desktop.shell.syncer import Syncer, waiting_words
from i18n import t, tn
from i18n.values import ago, moment, size
from sync.reading import Status

OLD = 7 * 24 * 3600 * 1000  # ms after which the copy's age is said before anything else


def pill_state(status: Status, syncer: Syncer, now: int) -> PillState:
    """The state of the pill: sending, refused, offline, waiting, old, current."""
    detail = copy_detail(status)
    if syncer.running:
        progress = syncer.progress
        done, total = (progress.done, progress.total) if progress else (0, 0)
        moved = size(progress.bytes_up + progress.bytes_down) if progress else ""
        words = t("Syncing… {moved}", moved=moved) if moved else t("Syncing…")
        left = progress.left + progress.files if progress else 0
        if moved and left:
            words = t("Syncing… {moved}, about {left} to go", moved=moved, left=size(left))
        return PillState("sending", words, detail, done, total, syncer.stop)
    if status.refused:
        return PillState("refused", tn("{n} refusal to read", "{n} refusals to read", status.refused), detail)
    age = _age(status, now)
    if syncer.offline:
        if status.waiting:
            return PillState("offline", t("Offline · {waiting}, safe here", waiting=waiting_words(status.waiting)), detail)
        return PillState("offline", t("Offline: your work is safe here"), detail)
    if (syncer.kept_back is not None and syncer.kept_back.code == "cap") or any(one.why == "cap" for one in syncer.held):
        kept = t("The month’s limit is reached")
        return PillState("waiting", t("{kept} · {waiting}", kept=kept, waiting=waiting_words(status.waiting)) if status.waiting else kept, detail)
    if syncer.held:
        return PillState("waiting", t("{size} wait for your yes", size=size(sum(one.size for one in syncer.held))), detail)
    if status.waiting:
        words = waiting_words(status.waiting)
        return PillState("waiting", t("{waiting} · copy from {age}", waiting=words, age=age) if age else words, detail)
    if not age:
        return PillState("offline", t("On this computer only"), detail)
    if status.last_received is not None and now - status.last_received > OLD:
        return PillState("old", t("Copy from {age}", age=age), detail)
    return PillState("current", t("Up to date · {age}", age=age), detail)


def copy_detail(status: Status) -> str:
    """The exact moment of the last exchange, for those who ask."""
    if status.last_received is None:
        return t("This computer has not joined a network yet.")
    return t("Last compared with the server on {moment}.", moment=moment(_moment(status.last_received)))


def _age(status: Status, now: int) -> str:
    return "" if status.last_received is None else ago(_moment(status.last_received), _moment(now))


def _moment(milliseconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).astimezone()
