"""What a stick says to whoever opens it without Dalil: plain texts beside the courier and in it; knows no record."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from i18n import speaking, t
from sync.errors import Damaged
from sync.relay.stick_files import plain, put_whole
from sync.relay.stick_program import FOLDER, Program

FRENCH, ARABIC = "LISEZ-MOI.txt", "اقرأني.txt"
_MARK = FOLDER.encode()  # stands in each of ours
_LONGEST = 16 * 1024  # bytes


def of_courier() -> bytes:
    """What the courier's folder is, in every language that is written here."""
    found = []
    for language in ("fr", "ar", "en"):
        with speaking(language):
            found.append(t("This folder is a courier of Dalil. It carries the records of the network from one computer to another."
                           " Open Dalil, then “Exchanges”, “Read a stick”, and choose this stick. Do not change anything in this folder."))
    return "\r\n\r\n".join(found).encode("utf-8-sig") + b"\r\n"


def of_starter(program: Program, language: str) -> bytes:
    """What to do with a stick that carries the program, in five lines of one language.

    The network's code is not among them: one that stands on the stick itself proves nothing.
    """
    with speaking(language):
        lines = [
            t("Nothing on this stick starts by itself. Open the folder “{folder}” and start “{start}”. On Linux, copy the folder to the computer"
              " first, and allow this file to run.", folder=program.folder, start=program.start),
            t("In Dalil: “Exchanges”, then “Read a stick”, and choose this stick. No Internet is needed."),
            t("Dalil shows the code of the network. Compare it with the one that the secretariat gave you, on paper or by telephone, and go on only"
              " if it is the same."),
            t("Everybody can read. To write, choose “Add me”; the invitation code can come later."),
            t("Do not change anything in the folders of this stick. It can be used again, as often as you like."),
        ]
    return "\r\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1)).encode("utf-8-sig") + b"\r\n"


def put(stick: Path, program: Program) -> None:
    """Write both texts beside the courier's folder, unless they say that already. A file of somebody else's under that name stays as it is."""
    for name, language in ((FRENCH, "fr"), (ARABIC, "ar")):
        data = of_starter(program, language)
        path = stick / name
        there = _there(path)
        if there is not None and _MARK not in there:
            path = stick / f"Dalil - {name}"
            there = _there(path)
        if there != data:
            put_whole(path, [data], hashlib.sha256(data).hexdigest())


def _there(path: Path) -> bytes | None:
    """The beginning of a plain file, longer than any of ours; None where there is none."""
    with suppress(Damaged), plain(path, ()) as file:
        return file.read(_LONGEST)
    return None
