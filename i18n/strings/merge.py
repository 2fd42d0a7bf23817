"""Takes translations written by hand as JSON into the catalogues; judges them by the rules, never by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from i18n.strings import shelf
from i18n.strings.rules import faults

PLURAL_MARK = "|||"


@dataclass
class Outcome:
    """What a merge did. Attributes: counts of translations added, changed, already so; notes; what was refused."""

    added: int = 0
    changed: int = 0
    same: int = 0
    notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def merge(locale: Path, document: Mapping[str, Mapping[str, str | list[str]]]) -> Outcome:
    """Take `{"msgid": {"fr": "…"}, "one|||many": {"fr": [2 forms], "ar": [6 forms]}}` into the catalogues.

    A translation that breaks a rule is refused with its reason, the others go in.
    A text that was there otherwise is replaced, and a note says so.
    """
    outcome = Outcome()
    catalogues = {language: shelf.read(locale, language) for language in shelf.LANGUAGES}
    for key, translations in document.items():
        msgid, _, plural = key.partition(PLURAL_MARK)
        if not msgid:
            outcome.refused.append("a message without English text")
            continue
        for language in translations.keys() - set(shelf.LANGUAGES):
            outcome.refused.append(f"{msgid!r}: {language} is no catalogue")
        for catalogue in catalogues.values():
            catalogue.add(msgid, plural or None)
        for language in shelf.LANGUAGES:
            if language in translations:
                _take(outcome, catalogues[language], msgid, plural or None, translations[language])
    for language, catalogue in catalogues.items():
        shelf.write(locale, language, catalogue)
    return outcome


def _take(
    outcome: Outcome,
    catalogue: shelf.Catalogue,
    msgid: str,
    plural: str | None,
    given: str | list[str],
) -> None:
    forms = [given] if isinstance(given, str) else list(given)
    entry = catalogue.entries[msgid]
    wrong = faults(catalogue.language, msgid, shelf.Entry(plural, forms))
    if plural != entry.plural:
        wrong.append(f"{catalogue.language} {msgid!r}: is a plural message, write one{PLURAL_MARK}many")
    if wrong:
        outcome.refused += wrong
    elif entry.forms == forms:
        outcome.same += 1
    else:
        if any(entry.forms):
            outcome.changed += 1
            outcome.notes.append(f"{catalogue.language} {msgid!r}: was {entry.forms}, is {forms}")
        else:
            outcome.added += 1
        entry.forms = forms
