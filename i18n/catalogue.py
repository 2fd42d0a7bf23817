"""Compiled catalogues and their fall-back chains; knows nothing of which language is spoken now."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "dalil"

# A reader of Somali or Afar in Djibouti reads French at school; so does a reader of Arabic.
# English is the source and needs no catalogue.
FALLBACK = {"en": "", "fr": "en", "ar": "fr", "so": "fr", "aa": "fr"}


def compiled_file(language: str, locale: Path = LOCALE) -> Path:
    """Where the compiled catalogue of a language stands (English has none)."""
    return locale / language / "LC_MESSAGES" / f"{DOMAIN}.mo"


def load(language: str, locale: Path = LOCALE) -> NullTranslations:
    """The catalogue of a language with its fall-backs attached.

    A language without a compiled file speaks through its fall-back.
    Raises KeyError for a language that the product does not have.
    """
    after = FALLBACK[language]
    path = compiled_file(language, locale)
    if not path.is_file():
        return load(after, locale) if after else NullTranslations()
    with path.open("rb") as stream:
        catalogue = GNUTranslations(stream)
    if after:
        catalogue.add_fallback(load(after, locale))
    return catalogue


@cache
def catalogue_of(language: str) -> NullTranslations:
    """The shipped catalogue of a language, read once a process."""
    return load(language)
