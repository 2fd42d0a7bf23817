"""Languages: every text a person reads is spoken through this room, which knows no record, no Qt and no HTTP."""

from i18n.speech import (
    LANGUAGES,
    direction,
    language,
    nearest,
    set_language,
    speaking,
    t,
    tn,
)
from i18n.text import Text

__all__ = [
    "LANGUAGES",
    "Text",
    "direction",
    "language",
    "nearest",
    "set_language",
    "speaking",
    "t",
    "tn",
]
