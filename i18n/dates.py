"""Dates, whole or partial, as people write them (Gregorian); never asks what time it is now."""

import datetime as dt
import re
from functools import cache
from typing import Literal

from i18n.bidi import Piece, left_to_right
from i18n.digits import in_policy
from i18n.speech import language as language_now
from i18n.speech import speaking, t

Style = Literal["long", "full", "short"]

_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def date(value: str | dt.date, style: Style = "long", *, language: str | None = None) -> str:
    """A date, or as much of one as is known: `2019`, `mai 2019`, `17 mai 2019`.

    `value` is ISO 8601 text, partial ones allowed, or a date. `"full"` adds the day of the week,
    `"short"` is figures only (17/05/2019). Months in Arabic are those of Djibouti (يناير …).
    Raises ValueError for what is no date.
    """
    code = language or language_now()
    year, month, day = _parts(value)
    if style == "short":
        figures = "/".join(part for part in (day and f"{day:02}", month and f"{month:02}", year) if part)
        # The order of its figures would turn round between Arabic words.
        return left_to_right(in_policy(figures, code)) if code == "ar" and month else in_policy(figures, code)
    if not month:
        return in_policy(year, code)
    names = _names(code)
    said = f"{names[0][month]} {year}"
    if day:
        # French says "premier" for the first only.
        number = "1er" if code == "fr" and day == 1 else str(day)
        said = f"{number} {said}"
        if style == "full":
            between = "، " if code == "ar" else " " if code == "fr" else ", "
            said = names[1][dt.date(int(year), month, day).weekday()] + between + said
    return in_policy(said, code)


def time(value: dt.datetime, *, language: str | None = None) -> str:
    """The time of day as it is given, 24 hours: `14:05`. Conversion of zones is the caller's."""
    return in_policy(f"{value:%H:%M}", language or language_now())


def moment(value: str | dt.datetime, *, language: str | None = None) -> str:
    """A date with its time: `17 mai 2019 à 14:05`."""
    code = language or language_now()
    when = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    with speaking(code):
        return t(
            "{date}, {time}",
            date=Piece(date(when, language=code)),
            time=Piece(time(when, language=code)),
        )


def _parts(value: str | dt.date) -> tuple[str, int, int]:
    """Year as text, month and day (0 when unknown)."""
    if isinstance(value, dt.date):
        return f"{value.year:04}", value.month, value.day
    match = _PARTIAL.fullmatch(value)
    if match is None:
        whole = dt.datetime.fromisoformat(value)
        return f"{whole.year:04}", whole.month, whole.day
    year, month, day = match[1], int(match[2] or 0), int(match[3] or 0)
    dt.date(int(year), 1 if match[2] is None else month, 1 if match[3] is None else day)
    return year, month, day


@cache
def _names(code: str) -> tuple[dict[int, str], dict[int, str]]:
    """Months from 1 and days of the week from Monday 0, in a language (CLDR through Babel)."""
    from babel import Locale  # Late: it costs more than the rest of this room together.

    locale = Locale.parse("en_GB" if code == "en" else f"{code}_DJ")
    return locale.months["format"]["wide"], locale.days["format"]["wide"]
