"""`dalil backup` and `dalil restore`: one's place on this PC to a stick, and back; holds no rule of its own."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.terminal import opening
from desktop.terminal.answer import Answer, iso, write
from desktop.terminal.commands.exchanging import Meter
from desktop.terminal.commands.people import CODE, NEW_SECRET, new_phrase
from i18n import Text, t, tn
from sync.errors import Locked
from sync.workspace import Workspace

if TYPE_CHECKING:
    from sync.relay.courier import Progress
    from sync.restoring import Opened, Restored


def backup(ws: Workspace, given: Namespace) -> Answer:
    """Write a backup of whoever asks."""
    from i18n.values import size
    from sync import backup as road

    folder = opening.data_folder(given.data)
    name = opening.person_of(folder, given.person)
    people = opening.people(folder)
    shown = phrase = None
    if any(one.name == name and one.lock == "computer" for one in people.all()):
        shown, phrase = new_phrase(given, folder, NEW_SECRET)
    locks, code = people.portable(name, ws.key or b"", phrase)
    with Meter(as_json=given.as_json) as meter:
        done = road.write(ws, _place(given), name, locks, lambda progress: _tell(meter, progress), files=given.files == "all")

    def lines() -> Iterator[str]:
        yield t("The backup is whole: {bytes} on it, {copied} copied now.", bytes=size(done.bytes), copied=size(done.copied)) + (
            " " + tn("{n} file is in it.", "{n} files are in it.", done.files) if done.files else "")
        if shown:
            yield t("Phrase of this backup: {phrase}", phrase=shown)
        if code:
            yield t("Recovery code of this backup: {code}", code=code)
            yield t("Keep them apart from the stick: nothing else opens it.")
        yield from map(str, done.set_aside)

    return Answer({"made": iso(done.made), "bytes": done.bytes, "bytes_copied": done.copied, "files": done.files, "phrase": shown,
                   "code": code or None, "set_aside": [str(one) for one in done.set_aside]}, lines)


def main(given: Namespace) -> int:
    """Run `dalil restore PATH`; answers the exit code."""
    from sync import restoring

    folder = opening.data_folder(given.data)
    if _place(given).is_file():
        return write(_of_copy(folder, _place(given), given), as_json=given.as_json)
    found = _opened(_place(given), given)
    with Meter(as_json=given.as_json) as meter:
        done = restoring.restore(folder, opening.people(folder), found, lambda name, key: opening.workspace(folder, name, key=key),
                                 given.person or "", lambda progress: _tell(meter, progress))
    return write(_answer(done, found), as_json=given.as_json)


def _of_copy(folder: Path, copy: Path, given: Namespace) -> Answer:
    """A copy that stayed from before an upgrade: the phrase of today opens it."""
    from sync import restoring

    name = given.person or copy.name.partition(".db.")[0]
    key = opening.key_of(folder, name, opening.secret_for(folder, name))
    done = restoring.take_copy(folder, opening.people(folder), copy, name, key, lambda name, key: opening.workspace(folder, name, key=key))
    came = done.lacked.waiting + done.lacked.refused + done.lacked.drafts
    words = Text("The place of {name} is here again as it was when the copy was made.", name=name) if done.how == "placed" else _lacked(name, came)
    return Answer({"name": name, "how": done.how, "waiting": done.lacked.waiting, "drafts": done.lacked.drafts}, lambda: [str(words)])


def _opened(place: Path, given: Namespace) -> Opened:
    from sync import restoring

    code = opening.from_surroundings(CODE) if opening.from_surroundings("DALIL_SECRET") is None else None
    if code is None and not given.by_code:
        phrase = opening.asked(Text("Phrase of the backup: "), "DALIL_SECRET")
        if phrase is None:
            raise Locked(Text("The phrase that was in force when the backup was made is needed: type it at a terminal, or give it in {variable}."
                              " The recovery code does too, in {code}.", variable="DALIL_SECRET", code=CODE))
        return restoring.unlock(place, phrase)
    code = code or opening.asked(Text("Recovery code of the backup: "), CODE)
    if code is None:
        raise Locked(Text("The recovery code of the backup is needed: type it at a terminal, or give it in {variable}.", variable=CODE))
    return restoring.unlock(place, code, code=True)


def _answer(done: Restored, found: Opened) -> Answer:
    lacked = done.lacked
    document = {"name": done.name, "how": done.how, "made": iso(found.manifest.made), "waiting": found.about.waiting if done.how == "placed" else
                lacked.waiting, "drafts": lacked.drafts, "files": done.files, "set_aside": [str(one) for one in done.set_aside]}

    def lines() -> Iterator[str]:
        yield str(said(done, found))
        yield from map(str, done.set_aside)

    return Answer(document, lines)


def said(done: Restored, found: Opened) -> Text:
    """What became of a backup, in a sentence."""
    if done.how == "placed":
        return Text.counted("The place of {name} is here again as it was; {n} change waits in it. The next sync brings what is new.",
                            "The place of {name} is here again as it was; {n} changes wait in it. The next sync brings what is new.",
                            found.about.waiting, name=done.name)
    came = done.lacked.waiting + done.lacked.refused + done.lacked.drafts
    if done.how == "keys":
        return Text("The keys of {name} were lost and are here again. The work of {name} was here all the time.", name=done.name)
    return _lacked(done.name, came)


def _lacked(name: str, came: int) -> Text:
    if not came:
        return Text("Everything in this backup is in the place of {name} already. Nothing was changed.", name=name)
    return Text.counted("{n} thing that the place of {name} lacked was taken from the backup. Nothing that was here is gone.",
                        "{n} things that the place of {name} lacked were taken from the backup. Nothing that was here is gone.", came, name=name)


def _place(given: Namespace) -> Path:
    return Path(given.path).expanduser().absolute()


def _tell(meter: Meter, progress: Progress) -> None:
    from i18n.values import size

    meter.say(lambda: t("{done} of {total}", done=size(progress.done), total=size(progress.total)))


RUN = {"backup": backup}
