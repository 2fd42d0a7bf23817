"""`dalil people`: who has a place on this computer, and what opens it; opens no workspace and holds no rule of its own."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from desktop.terminal import opening
from desktop.terminal.answer import Answer, Misuse, write
from desktop.terminal.columns import cell, columns
from i18n import Text, language, t
from sync import phrases
from sync.errors import Locked
from sync.keys import COMPUTER, PHRASE

NEW_SECRET, CODE = "DALIL_NEW_SECRET", "DALIL_CODE"


def main(given: Namespace) -> int:
    """Run `dalil people …`; answers the exit code."""
    if given.deed in (None, "lock") and given.name is not None:
        raise Misuse(Text("Say who with --as PERSON."))
    if given.deed not in (None, "lock") and given.name is None:
        raise Misuse(Text("Something is missing: {what}.", what="NAME"))
    folder = opening.data_folder(given.data)
    return write(_DEEDS[given.deed](folder, given), as_json=given.as_json)


def _all(folder: Path, _given: Namespace) -> Answer:
    here = opening.people(folder).all()

    def lines() -> Iterable[str]:
        if not here:
            return [t("Nobody has a place on this computer yet.")]
        words = {PHRASE: t("opens with a phrase"), COMPUTER: t("opens for whoever uses this computer")}
        return columns((cell(one.name), words[one.lock]) for one in here)

    return Answer({"items": [{"name": one.name, "lock": one.lock} for one in here]}, lines)


def _add(folder: Path, given: Namespace) -> Answer:
    shown, phrase = new_phrase(given, folder, "DALIL_SECRET")
    _, code = opening.people(folder).add(given.name, phrase)
    return _sheet(given.name, shown, code)


def _lock(folder: Path, given: Namespace) -> Answer:
    name = opening.person_of(folder, given.person)
    key = opening.key_of(folder, name, opening.secret_for(folder, name))
    shown, phrase = new_phrase(given, folder, NEW_SECRET)
    return _sheet(name, shown, opening.people(folder).change(name, key, phrase))


def _recover(folder: Path, given: Namespace) -> Answer:
    code = opening.asked(Text("Recovery code of {name}: ", name=given.name), CODE)
    if code is None:
        raise Locked(Text("The recovery code is needed: it stands on the sheet of “{name}”. Type it at a terminal, or give it in {variable}.",
                          name=given.name, variable=CODE))
    shown, phrase = new_phrase(given, folder, NEW_SECRET)
    _, new = opening.people(folder).recover(given.name, code, phrase)
    return _sheet(given.name, shown, new)


def _remove(folder: Path, given: Namespace) -> Answer:
    here = opening.people(folder)
    key = None
    if not given.unsent_too:
        key = opening.key_of(folder, given.name, opening.secret_for(folder, given.name)) if here.known(given.name) else None
    here.remove(given.name, key, unsent_too=given.unsent_too)
    said = Text("The place of {name} on this computer is gone, and nobody can open what was in it.", name=given.name)
    return Answer({"removed": given.name}, lambda: [str(said)])


def new_phrase(given: Namespace, folder: Path, variable: str) -> tuple[str | None, str | None]:
    """The new phrase as it must be shown (None when the person made it), and as it locks (None for lock `computer`)."""
    if given.computer:
        return None, None
    people = opening.people(folder)
    if not given.own:
        proposed = opening.from_surroundings(variable)
        if proposed is not None:
            return None, proposed
        proposed = phrases.propose(language(), people.random)
        return proposed, proposed
    own = opening.asked(Text("New phrase: "), variable)
    if own is None:
        raise Locked(Text("A phrase of your own is typed at a terminal, or given in {variable}.", variable=variable))
    if opening.from_surroundings(variable) is None and opening.asked(Text("The same phrase once more: "), variable) != own:
        raise Locked(Text("The two phrases differ. Nothing was changed; try again."))
    return None, own


def _sheet(name: str, phrase: str | None, code: str) -> Answer:
    """What must be written down now: it is shown once."""

    def lines() -> Iterable[str]:
        rows = [(t("Name"), cell(name))]
        rows += [(t("Phrase"), cell(phrase))] if phrase else []
        rows += [(t("Recovery code"), code)] if code else []
        yield from columns(rows)
        if phrase:
            yield t("Learn the four words, or keep them where only you look.")
        if code:
            yield t("Print the code or write it down, and keep it at home: it opens your file when the phrase is forgotten. It is not shown again.")
        elif not phrase:
            yield t("Done. The recovery code that you have stays good.")

    return Answer({"name": name, "phrase": phrase, "code": code or None}, lines)


_DEEDS = {None: _all, "add": _add, "lock": _lock, "recover": _recover, "remove": _remove}
