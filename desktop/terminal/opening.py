"""Which data folder, which person, which language: found from options, surroundings and preferences; knows no command."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from i18n import LANGUAGES, Text, nearest, set_language
from sync.errors import Failure

if TYPE_CHECKING:
    from sync.people import People
    from sync.workspace import Workspace

ONLY_PERSON = "me"


class WhoIsIt(Failure):
    """Several people work on this computer, and nobody said who is asking."""

    code = "person_needed"


def data_folder(given: str | None, surroundings: Mapping[str, str] = os.environ) -> Path:
    """The data folder: `--data`, else DALIL_DATA, else where this system keeps programs' data."""
    chosen = given or surroundings.get("DALIL_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        return Path(surroundings.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "Dalil"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Dalil"
    return Path(surroundings.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "dalil"


def speak(given: str | None, folder: Path, surroundings: Mapping[str, str] = os.environ) -> None:
    """Speak the language of `--language`, DALIL_LANGUAGE, the folder's preferences, the system; else French."""
    from desktop.shell.preferences import Choices, Preferences
    from i18n.digits import set_digits

    of_system = nearest(*(surroundings.get(name) or "" for name in ("LC_ALL", "LC_MESSAGES", "LANG")))
    choices = Preferences(folder / "preferences.json", Choices(language=of_system)).choices
    asked = next((one for one in (given, surroundings.get("DALIL_LANGUAGE")) if one in LANGUAGES), None)
    set_language(asked or choices.language)
    set_digits(choices.digits)


def people(folder: Path) -> People:
    """The people of a folder: who has a file there, and what opens it."""
    from sync.people import People
    from sync.workspace import wall_clock

    return People(folder, os.urandom, wall_clock)


def person_of(folder: Path, given: str | None) -> str:
    """Whose file to open: `--as`, else the only person there is, else the one of a private computer."""
    if given is not None:
        from sync.people import checked_name

        return checked_name(given)
    here = [one.name for one in people(folder).all()]
    if not here or ONLY_PERSON in here:
        return ONLY_PERSON
    if len(here) > 1:
        raise WhoIsIt(Text("Several people use this folder. Say who you are with --as: {people}.", people=", ".join(here)))
    return here[0]


def workspace(folder: Path, person: str, phrase: str | None = None, *, key: bytes | None = None) -> Workspace:
    """The workspace of a person, its files made when they are missing; the one way from a phrase to an open vault.

    `key` stands for the phrase where the vault was opened already (`People.open`,
    `add`, `recover`). Somebody who is not here yet gets a vault that this
    computer alone opens. Raises Locked when the phrase is missing or wrong.
    """
    from resources import KINDS
    from resources.rights import guard
    from sync.applying import renew
    from sync.workspace import Workspace

    said = _encrypted(folder, person)
    if key is None:
        key = people(folder).open_or_add(person, phrase)
    ws = Workspace(folder, KINDS, person, key=key)
    guard(ws)
    renew(ws)
    ws.repaired[:0] = said
    if len(people(folder).all()) > 1:
        from sync.posting import attend

        attend(ws)
    return ws


def key_of(folder: Path, person: str, phrase: str | None) -> bytes:
    """The key of the vault of somebody who is here; Locked when the phrase is missing or wrong, NotFound when nobody is."""
    _encrypted(folder, person)
    return people(folder).open(person, phrase)


def _encrypted(folder: Path, person: str) -> list[Text]:
    """Make a vault of the file of an earlier version, which is in clear, at its first opening; what was mended in it."""
    from sync import encrypting

    def mend() -> list[Text]:
        from resources import KINDS
        from sync.sealed import IN_CLEAR
        from sync.workspace import Workspace

        ws = Workspace(folder, KINDS, person, key=IN_CLEAR)
        ws.close()
        return ws.repaired

    return encrypting.encrypt(people(folder), person, mend)


def guest(folder: Path) -> Workspace:
    """The workspace of whoever only reads what is public, and leaves no trace."""
    from resources import KINDS
    from sync.sealed import IN_CLEAR
    from sync.workspace import Workspace

    return Workspace(folder, KINDS, guest=True, key=IN_CLEAR)


def needs_nobody(folder: Path, command: str, given: Namespace) -> bool:
    """Whether a command only looks at a stick, or reads one where nobody has a place yet: then no file is made for anybody."""
    if command != "courier" or given.person is not None:
        return False
    return given.deed == "check" or (given.deed == "read" and not people(folder).all())


def has_network(folder: Path) -> bool:
    """Whether a copy of a network is in the folder: somebody joined here, or a stick brought one."""
    if not (folder / "public.db").exists():
        return False
    from sync import ledger
    from sync.scopes import CONTROL
    from sync.sealed import IN_CLEAR, opener

    try:
        with closing(opener(IN_CLEAR)(folder / "public.db", clear=True)) as store:
            at = ledger.head(store, CONTROL)
    except Failure:  # a damaged copy of one: whoever opens it next is told, and it is mended
        return True
    return at is not None and at.number > 0


def recoveries_to_tell(ws: Workspace) -> list[Text]:
    """A sentence for each time that this vault was opened with its printed code, which its owner was not told of yet; it is told once."""
    from desktop.terminal import saying
    from sync import recoveries

    found = recoveries.unseen(ws.vault)
    if found:
        recoveries.seen(ws.vault)
    return [Text("The recovery code was used for this file, and a new phrase was set: {moment}. If it was not you, set another phrase and"
                 " another code.", moment=saying.moment(one, ws.clock())) for one in found]


def secret_for(folder: Path, person: str, surroundings: Mapping[str, str] = os.environ) -> str | None:
    """The phrase of a person who has one, from DALIL_SECRET or the terminal; None for whom this computer alone lets in."""
    if not any(one.name == person and one.lock == "phrase" for one in people(folder).all()):
        return None
    return asked(Text("Phrase of {name}: ", name=person), "DALIL_SECRET", surroundings)


def asked(question: Text, variable: str, surroundings: Mapping[str, str] = os.environ) -> str | None:
    """Something secret, from a variable or typed unseen at the terminal; None when nobody sits there."""
    found = from_surroundings(variable, surroundings)
    if found is not None or not sys.stdin or not sys.stdin.isatty():
        return found
    from getpass import getpass

    return getpass(str(question), stream=sys.stderr)


def from_surroundings(variable: str, surroundings: Mapping[str, str] = os.environ) -> str | None:
    """What a variable says; None for nothing."""
    return surroundings.get(variable) or None
