"""The one door to values as people read them, the same on screen, paper and in exports; holds no rule itself."""

import datetime as dt
import decimal

from i18n.amounts import money, size
from i18n.dates import date, moment, time
from i18n.digits import digits, set_digits, writing_digits
from i18n.lists import listing
from i18n.numbers import number
from i18n.phones import dialled, phone
from i18n.spans import ago, duration, months


def plain(value: object, language: str) -> str:
    """A value inside a sentence: numbers by the digits policy, dates in words, the rest as text."""
    if isinstance(value, int | float | decimal.Decimal) and not isinstance(value, bool):
        return number(value, language=language)
    if isinstance(value, dt.datetime):
        return moment(value, language=language)
    if isinstance(value, dt.date):
        return date(value, language=language)
    return str(value)


__all__ = [
    "ago",
    "date",
    "dialled",
    "digits",
    "duration",
    "listing",
    "moment",
    "money",
    "months",
    "number",
    "phone",
    "plain",
    "set_digits",
    "size",
    "time",
    "writing_digits",
]
