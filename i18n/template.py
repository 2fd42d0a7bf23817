"""Filling {fields} of a message; knows neither catalogues nor which language is spoken now."""

import os
import re
import sys
from collections.abc import Mapping

from i18n.bidi import isolated

_FIELD = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")

# A forgotten field is a bug that a test must see; a person sees an ellipsis, never raw braces.
# pytest announces itself to child processes too, so end-to-end tests are strict as well.
_missing = "raise" if "PYTEST_VERSION" in os.environ or sys.flags.dev_mode else "ellipsis"


def set_missing(choice: str) -> None:
    """What a missing field does: `"raise"` KeyError (tests, python -X dev) or show an `"ellipsis"`."""
    global _missing  # noqa: PLW0603 - one policy a process, set by whoever composes it
    _missing = choice


def fields_of(template: str) -> frozenset[str]:
    """Names of the {fields} in a message; `{{` and `}}` are literal braces."""
    return frozenset(match[1] for match in _FIELD.finditer(template) if match[1])


def fill(template: str, args: Mapping[str, object], language: str) -> str:
    """The message with its fields filled, each value said in the given language.

    Values may be text (isolated when its script runs against the sentence), another Text,
    numbers (digits policy), dates. Raises KeyError for a missing field in tests.
    """
    if "{" not in template and "}" not in template:
        return template

    def one(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return match[0][0]
        if name in args:
            return spoken(args[name], language)
        if _missing == "raise":
            raise KeyError(f"no value for {{{name}}} in {template!r}")
        # Imported here: it doubles the cost of importing this room, and should never be needed.
        import logging

        logging.getLogger(__name__).error("no value for field %s in %r", name, template)
        return "…"

    return _FIELD.sub(one, template)


def spoken(value: object, language: str) -> str:
    """One value as it stands inside a sentence of the given language."""
    if isinstance(value, str):
        return isolated(value, language)
    say = getattr(value, "say", None)
    if say is not None:
        return say(language)
    # Only now: dates and decimals cost milliseconds that a plain text need not pay.
    from i18n.values import plain

    return plain(value, language)
