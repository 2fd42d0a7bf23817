"""Which data folder, which person, which language: found from options, surroundings and preferences; knows no command."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from i18n import LANGUAGES, Text, nearest, set_language
from sync.errors import Failure

if TYPE_CHECKING:
    from sync.workspace import Workspace

ONLY_PERSON = "me"
_PERSON = re.compile(r"[^\x00-\x1f\\/:*?\"<>|.][^\x00-\x1f\\/:*?\"<>|]{0,62}\Z")


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


def person_of(folder: Path, given: str | None) -> str:
    """Whose file to open: `--as`, else the only person there is, else the one of a private computer."""
    if given is not None:
        if not _PERSON.match(given):
            raise Failure(Text("“{name}” cannot be the name of a person’s file. Use letters, digits, spaces.", name=given[:60]), "invalid")
        return given
    people = sorted(file.stem for file in (folder / "people").glob("*.db"))
    if not people or ONLY_PERSON in people:
        return ONLY_PERSON
    if len(people) > 1:
        raise WhoIsIt(Text("Several people use this folder. Say who you are with --as: {people}.", people=", ".join(people)))
    return people[0]


def workspace(folder: Path, person: str) -> Workspace:
    """The workspace of a person, its files made when they are missing."""
    from resources import KINDS
    from sync.workspace import Workspace

    return Workspace(folder, KINDS, person)
