"""Compiled catalogues and their fall-back chains; knows nothing of which language is spoken now."""

import os
from functools import cache
from gettext import GNUTranslations, NullTranslations

# Every start imports this room: os.path, because pathlib alone would double what that costs.
LOCALE = os.path.join(os.path.dirname(__file__), "locale")
DOMAIN = "dalil"

# A reader of Somali or Afar in Djibouti reads French at school; so does a reader of Arabic.
# English is the source and needs no catalogue.
FALLBACK = {"en": "", "fr": "en", "ar": "fr", "so": "fr", "aa": "fr"}


def compiled_file(language: str, locale: str | os.PathLike[str] = LOCALE) -> str:
    """Where the compiled catalogue of a language stands (English has none)."""
    return os.path.join(locale, language, "LC_MESSAGES", f"{DOMAIN}.mo")


def load(language: str, locale: str | os.PathLike[str] = LOCALE) -> NullTranslations:
    """The catalogue of a language with its fall-backs attached.

    A language without a compiled file speaks through its fall-back.
    Raises KeyError for a language that the product does not have.
    """
    after = FALLBACK[language]
    path = compiled_file(language, locale)
    if not os.path.isfile(path):
        return load(after, locale) if after else NullTranslations()
    with open(path, "rb") as stream:
        catalogue = GNUTranslations(stream)
    if after:
        catalogue.add_fallback(load(after, locale))
    return catalogue


@cache
def catalogue_of(language: str) -> NullTranslations:
    """The shipped catalogue of a language, read once a process."""
    return load(language)
