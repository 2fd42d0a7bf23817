"""The people of one computer: who has a file here, what opens it, and what keeps others out; knows no record and no screen."""

from __future__ import annotations

import os
import re
import sqlite3
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from i18n import Text
from sync import cipher, keys, open_files, phrases, recovery_code, sealed, tries
from sync.errors import Failure, Invalid, Locked, NotFound, Refused
from sync.files_on_disk import overwrite
from sync.keys import CODE, COMPUTER, PHRASE, Cost, Keys, Lock
from sync.store import Busy

_NAME = re.compile(r"[^\x00-\x1f\\/:*?\"<>|.][^\x00-\x1f\\/:*?\"<>|]{0,62}\Z")
DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))))  # Windows opens no file of these
_OURS = re.compile(r"\.(db|keys|tries)\b")  # or a file of one person would look like what stands beside another's
_PATIENCE = 20  # seconds that another program may take to change what stands here


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a file on this computer; `lock` says what opens it: their phrase, or this computer alone."""

    name: str
    lock: Lock


class People:
    """The files of `<folder>/people` and what opens them.

    A **vault** is `<name>.db`, encrypted under a random key of 32 bytes. The key
    stands in `<name>.keys`, wrapped by the phrase and by the printed recovery
    code, or as it is (lock `computer`). Nothing here needs a network, and no
    date decides anything. `clock` (milliseconds since 1970) labels a recovery;
    `steady` (seconds) only moves forward while the computer is on; `cost` is
    what a try of a phrase takes, measured here when it is not given.
    """

    def __init__(self, folder: Path, random: Callable[[int], bytes], clock: Callable[[], int], *,
                 steady: Callable[[], float] = time.monotonic, cost: Cost | None = None) -> None:
        self.folder = folder / "people"
        self.random = random
        self.clock = clock
        self.steady = steady
        self.cost = cost

    def all(self) -> list[Person]:
        """Everybody who has a file here, by name. A file of an earlier version that is still in clear counts as lock `computer`."""
        try:
            files = os.listdir(self.folder)
        except OSError:
            return []
        names = {file.removesuffix(end) for file in files for end in (keys.ENDING, keys.COPY, ".db") if file.endswith(end)}
        return [Person(name, self._lock(name)) for name in sorted(names)]

    def known(self, name: str) -> bool:
        """Whether this person has keys here."""
        return any((self.folder / (name + end)).exists() for end in (keys.ENDING, keys.COPY))

    def in_clear(self, name: str) -> bool:
        """Whether a person's file is one of an earlier version, which anybody can read."""
        return cipher.in_clear(self._path(name).with_name(name + ".db"))

    def add(self, name: str, phrase: str | None) -> tuple[bytes, str]:
        """A new person: the key of their vault, and the recovery code to print. `phrase` None means lock `computer`.

        Raises Invalid for a name that can be no file's or a phrase that is
        guessed too soon, Refused `exists` when somebody of that name is here.
        """
        name = checked_name(name)
        meant = None if phrase is None else phrases.check(phrase)
        key, code = self.random(32), recovery_code.make(self.random)
        with self.turn():
            if name.casefold() in {one.name.casefold() for one in self.all()}:
                raise Refused(Text("“{name}” has a place on this computer already. Choose another name, or add a word to it.", name=name), "exists")
            self._write(name, Keys(keys.VERSION, keys.id_of(key), [self._daily(key, meant), self._by_code(key, code)]))
        return key, code

    def open(self, name: str, phrase: str | None) -> bytes:
        """The key of a person's vault.

        Raises Locked when the phrase is missing or wrong, or when it is too
        soon after several wrong ones (`wait`); Damaged when the keys cannot be
        read, NotFound when there is no such person.
        """
        self._even_out(name)
        found = self._keys(name)
        if found.lock == COMPUTER:
            return self._opened(found, keys.unwrapped(found, COMPUTER, ""))
        if phrase is None:
            raise Locked(Text("“{name}” has a phrase. Type it to open.", name=name))
        counted = tries.Tries(self._path(name), self.steady)
        counted.begin()
        key = keys.unwrapped(found, PHRASE, phrases.meant(phrase))
        if key is None:
            raise Locked(Text("This is not the phrase of “{name}”. Look at the spelling and the language of the keyboard; capitals, accents and"
                              " spaces do not matter. Who has forgotten it takes the recovery code.", name=name), counted.wait())
        counted.clear()
        return key

    def open_or_add(self, name: str, phrase: str | None) -> bytes:
        """`open`; somebody who is not here yet gets a vault that this computer alone opens, and a code when they lock it."""
        if not self.known(name):
            try:
                return self.add(name, None)[0]
            except Refused as refused:  # another program was faster, or somebody is called almost so
                if refused.code != "exists" or not self.known(name):
                    raise
        return self.open(name, phrase)

    def wait(self, name: str) -> int:
        """For how many seconds no phrase of this person is tried yet; 0 when one may be typed."""
        return tries.Tries(self._path(name), self.steady).wait()

    def recover(self, name: str, code: str, phrase: str | None) -> tuple[bytes, str]:
        """Open with the printed code and set a new phrase: the key, and the new code to print; the old one is worth nothing from then on.

        The vault remembers that it was opened so (`sync.recoveries`). Raises
        Invalid for a mistyped code, Locked when it is another person's, or an
        old one.
        """
        typed = recovery_code.parse(code)
        meant = None if phrase is None else phrases.check(phrase)
        with self.turn():
            found = self._keys(name)
            key = keys.unwrapped(found, CODE, typed)
            if key is None:
                raise Locked(Text("This code does not open the file of “{name}”. It may be another person’s, or an older one: each recovery and"
                                  " each new lock prints a new sheet.", name=name))
            sealed.note_recovery(self._path(name).with_name(name + ".db"), key, self.clock())  # before the phrase: never a recovery without its mark
            code = recovery_code.make(self.random)
            self._write(name, found.with_(self._daily(key, meant), self._by_code(key, code), without=(PHRASE, COMPUTER)))
        tries.Tries(self._path(name), self.steady).clear()
        return key, code

    def change(self, name: str, key: bytes, phrase: str | None) -> str:
        """Lock a vault that is open with another phrase, or with this computer alone (None): the key stays, only its wrap is another.

        Answers the new recovery code when a vault that this computer alone
        opened gets a phrase: nobody needed a sheet until then. Otherwise "":
        the sheet at home stays good.
        """
        meant = None if phrase is None else phrases.check(phrase)
        with self.turn():
            found = self._keys(name)
            self._opened(found, key)
            code = recovery_code.make(self.random) if found.lock == COMPUTER and meant is not None else ""
            new = found.with_(self._daily(key, meant), *([self._by_code(key, code)] if code else []), without=(PHRASE, COMPUTER))
            self._write(name, new)
        return code

    def renew_code(self, name: str, key: bytes) -> str:
        """A new recovery code in the place of the one that was lost or seen; the phrase stays."""
        with self.turn():
            found = self._keys(name)
            self._opened(found, key)
            code = recovery_code.make(self.random)
            self._write(name, found.with_(self._by_code(key, code)))
        return code

    def portable(self, name: str, key: bytes, phrase: str | None = None) -> tuple[Keys, str]:
        """What may lie beside a backup of a vault that is open, and a recovery code to print, or "".

        A vault that this computer alone opens needs a `phrase`, for the backup
        alone, and gets a code for it; Refused `phrase_needed` without one.
        """
        found = self._keys(name)
        self._opened(found, key)
        if found.lock == PHRASE:
            return found.with_(without=(COMPUTER,)), ""
        if phrase is None:
            raise Refused(Text("Your file opens for whoever uses this computer. A backup leaves it, so it needs a phrase: choose one first."),
                          "phrase_needed")
        code = recovery_code.make(self.random)
        return found.with_(self._daily(key, phrases.check(phrase)), self._by_code(key, code), without=(COMPUTER,)), code

    def remove(self, name: str, key: bytes | None = None, *, unsent_too: bool = False) -> None:
        """Destroy the keys of a person, then their file and what was kept of it.

        Refused `unsent` while something that nobody has yet waits in it, or
        when there is no key to look with, unless `unsent_too`.
        """
        path = self._path(name).with_name(name + ".db")
        with self.turn():
            if not self.known(name) and not path.exists():
                raise _nobody(name)
            if not unsent_too:
                waiting = None if key is None else sealed.waiting_in(path, self._opened(self._keys(name), key))
                if waiting is None:
                    raise Refused(Text("Nobody can look whether “{name}” has unsent work while the file is locked. Open it, or say that what waits"
                                       " may be lost.", name=name), "unsent")
                if waiting:
                    raise Refused(Text.counted("{n} change of “{name}” has not been sent yet. Sync first, or say that it may be lost.",
                                               "{n} changes of “{name}” have not been sent yet. Sync first, or say that they may be lost.",
                                               waiting, name=name), "unsent")
            if open_files.is_open(path):
                raise Busy(Text("“{name}” is open in this program. Close it first.", name=name))
            if key is not None:
                from sync import leaving  # the box is no matter of anybody who only comes in

                with suppress(Failure):  # a damaged file of the public is mended when somebody opens it
                    leaving.leave_box(self.folder.parent / "public.db", path, key)
            keys.destroy(self._path(name))
            for one in (path, *sealed.kept_beside(path)):
                overwrite(one)
            tries.Tries(self._path(name), self.steady).clear()

    def turn(self) -> AbstractContextManager[None]:
        """One program at a time changes who is here and what opens their files."""
        return one_at_a_time(self.folder)

    def _daily(self, key: bytes, meant: str | None) -> keys.Wrap:
        return keys.by_computer(key) if meant is None else keys.by_phrase(key, meant, self.cost or keys.calibrated(self.steady), self.random)

    def _by_code(self, key: bytes, code: str) -> keys.Wrap:
        return keys.by_code(key, recovery_code.parse(code), self.random)

    def _path(self, name: str) -> Path:
        return self.folder / name

    def _keys(self, name: str) -> Keys:
        found = keys.read(self._path(name))
        if found is None:
            raise _nobody(name)
        return found

    def _even_out(self, name: str) -> None:
        """Finish what a kill left between the two files of keys; a full or read-only disk leaves it for another time."""
        if keys.is_uneven(self._path(name)):
            with suppress(Failure), self.turn():
                self._write(name, self._keys(name))  # read again: another program may have written meanwhile

    def _write(self, name: str, new: Keys) -> None:
        keys.write(self._path(name), new)

    def _opened(self, found: Keys, key: bytes | None) -> bytes:
        if key is None or keys.id_of(key) != found.id:
            raise Locked(Text("This key does not open that file."))
        return key

    def _lock(self, name: str) -> Lock:
        try:
            found = keys.read(self._path(name))
        except Failure:
            return PHRASE  # opening it says what is wrong
        return COMPUTER if found is None else found.lock


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """One program at a time works in a folder, which is made. SQLite's lock ends with its program, however that ends. Busy when it takes long."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(folder / "turn", timeout=_PATIENCE, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise Busy(Text("Another Dalil on this computer is writing. Try again in a moment.")) from error
        raise _unwritable(folder, str(error)) from error
    except OSError as error:
        raise _unwritable(folder, error.strerror or "") from error


def checked_name(name: str) -> str:
    """A person's name as their files carry it; Invalid when they cannot."""
    found = " ".join(unicodedata.normalize("NFC", name).split())
    if not _NAME.match(found) or found.endswith(".") or found.partition(".")[0].casefold() in DEVICES or _OURS.search(found.casefold()):
        raise Invalid(Text("“{name}” cannot be the name of a person’s file. Use letters, digits, spaces.", name=name[:60]))
    return found


def _nobody(name: str) -> NotFound:
    return NotFound(Text("Nobody called “{name}” has a place on this computer.", name=name))


def _unwritable(folder: Path, why: str) -> Refused:
    return Refused(Text("The folder {folder} cannot be used: {why}.", folder=str(folder), why=why), "read_only")
