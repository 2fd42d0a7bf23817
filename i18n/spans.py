"""How long ago, in how long and how long: spans of time in words; the clock is always the caller's."""

import datetime as dt

from i18n.bidi import Piece
from i18n.speech import language as language_now
from i18n.speech import speaking, t, tn

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def ago(when: dt.date, now: dt.date, *, language: str | None = None) -> str:
    """How long before `now` (or after) something is: `il y a 18 jours`, `dans 3 heures`.

    Two dates, or two datetimes that both have a zone or both have none. Days are counted up to
    59, then months up to 23, then years.
    """
    if not isinstance(when, dt.datetime) or not isinstance(now, dt.datetime):
        when, now = _day(when), _day(now)
        if when == now:
            with speaking(language or language_now()):
                return t("today")
    seconds = int((now - when).total_seconds())
    with speaking(language or language_now()):
        return _past(seconds) if seconds >= 0 else _future(-seconds)


def _past(seconds: int) -> str:
    if seconds < _MINUTE:
        return t("just now")
    if seconds < _HOUR:
        return tn("{n} minute ago", "{n} minutes ago", seconds // _MINUTE)
    if seconds < _DAY:
        return tn("{n} hour ago", "{n} hours ago", seconds // _HOUR)
    days, months, years = _calendar(seconds)
    if days < 60:
        return tn("{n} day ago", "{n} days ago", days)
    if months < 24:
        return tn("{n} month ago", "{n} months ago", months)
    return tn("{n} year ago", "{n} years ago", years)


def _future(seconds: int) -> str:
    if seconds < _MINUTE:
        return t("in a moment")
    if seconds < _HOUR:
        return tn("in {n} minute", "in {n} minutes", seconds // _MINUTE)
    if seconds < _DAY:
        return tn("in {n} hour", "in {n} hours", seconds // _HOUR)
    days, months, years = _calendar(seconds)
    if days < 60:
        return tn("in {n} day", "in {n} days", days)
    if months < 24:
        return tn("in {n} month", "in {n} months", months)
    return tn("in {n} year", "in {n} years", years)


def duration(seconds: float, *, language: str | None = None) -> str:
    """A span in its two largest units: `45 s`, `3 min`, `2 h 15 min`, `3 jours 4 h`."""
    with speaking(language or language_now()):
        whole = round(seconds)
        if whole < _MINUTE:
            return tn("{n} second", "{n} seconds", whole)
        # Rounded to what is shown before it is cut, so that 59 min 40 s is an hour.
        minutes = round(seconds / _MINUTE)
        if minutes < 60:
            return _minutes(minutes)
        if minutes < 24 * 60:
            return _joined(_hours(minutes // 60), _minutes(minutes % 60) if minutes % 60 else "")
        hours = round(seconds / _HOUR)
        days = tn("{n} day", "{n} days", hours // 24)
        return _joined(days, _hours(hours % 24) if hours % 24 else "")


def months(count: int, *, language: str | None = None) -> str:
    """A number of months, as the length of a project: `12 mois`, `12 شهرًا`."""
    with speaking(language or language_now()):
        return tn("{n} month", "{n} months", count)


def _minutes(n: int) -> str:
    return tn("{n} minute", "{n} minutes", n)


def _hours(n: int) -> str:
    return tn("{n} hour", "{n} hours", n)


def _joined(larger: str, smaller: str) -> str:
    if not smaller:
        return larger
    return t("{larger} {smaller}", larger=Piece(larger), smaller=Piece(smaller))


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _calendar(seconds: int) -> tuple[int, int, int]:
    """Whole days, months and years in a span, by their mean length."""
    days = seconds // _DAY
    return days, int(days / 30.436875), int(days / 365.2425)
