"""Judges the tree and its catalogues together and says in words what is wrong; changes nothing."""

from dataclasses import dataclass, field
from pathlib import Path

from i18n.strings import shelf
from i18n.strings.extract import ROOMS, extract
from i18n.strings.rules import faults, stray_braces

REQUIRED = ("fr", "ar")


@dataclass
class Problems:
    """What is wrong, by class. Attributes: calls in the source, untranslated texts, rules broken, stale `.mo`."""

    calls: list[str] = field(default_factory=list)
    untranslated: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        return self.calls + self.untranslated + self.rules + self.stale


def problems_of(root: Path, locale: Path, rooms: tuple[str, ...] = ROOMS) -> Problems:
    """Everything that is wrong with the texts of a tree and the catalogues in a folder."""
    found = extract(root, rooms)
    problems = Problems(calls=list(found.problems))
    for message in found.messages:
        if stray_braces(message.msgid) or stray_braces(message.plural or ""):
            problems.calls.append(f"{message.place}: braces do not make a field in {message.msgid!r}")
    for language in shelf.LANGUAGES:
        catalogue = shelf.read(locale, language)
        for msgid, entry in sorted(catalogue.entries.items()):
            problems.rules += faults(language, msgid, entry)
        if language in REQUIRED:
            problems.untranslated += [
                f"{message.place}: {message.msgid!r} has no {language}"
                for message in found.messages
                if not catalogue.translated(message.msgid) or catalogue.entries[message.msgid].plural != message.plural
            ]
        path = shelf.mo_file(locale, language)
        if not path.exists() or path.read_bytes() != shelf.compiled(catalogue):
            problems.stale.append(f"{language}: the .mo is not the .po; run make strings")
    return problems
