"""The one door to values as people read them, the same on screen, paper and in exports."""

from i18n.numbers import number


def plain(value: object, language: str) -> str:
    """A value inside a sentence: numbers by the digits policy, anything else as text."""
    from decimal import Decimal

    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return number(value, language=language)
    return str(value)


__all__ = ["number", "plain"]
