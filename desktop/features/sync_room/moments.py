"""Moments as people say them, and whether a clock can be believed; asks no clock itself."""

from __future__ import annotations

import datetime as dt

from i18n import t
from i18n.values import ago, moment

__all__ = ["DAY", "exact", "is_doubtful", "said"]

DAY = 24 * 3600 * 1000  # milliseconds


def said(milliseconds: int, now: int) -> str:
    """`18 days ago`; a moment ahead of now, which only a wrong clock makes, is said as its date."""
    when = _local(milliseconds)
    if when is None:
        return t("on an unknown date")
    return exact(milliseconds) if milliseconds > now + 60_000 else ago(min(when, _now(now)), _now(now))


def exact(milliseconds: int) -> str:
    """The date with its time on this computer's calendar."""
    when = _local(milliseconds)
    return t("on an unknown date") if when is None else moment(when)


def is_doubtful(milliseconds: int, server_now: int) -> bool:
    """Whether a moment lies more than a day after the server's time: the clock that made it was wrong."""
    return milliseconds > server_now + DAY


def _local(milliseconds: int) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).astimezone()
    except (OverflowError, OSError, ValueError):
        return None


def _now(milliseconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).astimezone()
