"""From the words typed to an exit code: finds the command, opens the workspace, says what went wrong."""

from __future__ import annotations

import importlib
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from desktop.terminal import opening
from desktop.terminal.answer import DONE, FAILED, Misuse, write, write_failure, write_misuse
from desktop.terminal.arguments import asks_help, command_in, early, form_of, parser_for, usage
from desktop.terminal.words import COMMANDS
from i18n import Text, t
from sync.errors import Failure

if TYPE_CHECKING:
    from desktop.terminal.words import Command

STOPPED = 130


class StopAsked(SystemExit):
    """Somebody asked the command to end. Not a KeyboardInterrupt: one that passes through `exec` while a module
    is being imported makes Python 3.11 kill itself at the end, although it was handled."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What opens windows; handed in, because this room imports no Qt."""

    app: Callable[[Path, str | None], int]
    self_test: Callable[[], int]


def main(argv: Sequence[str] | None, doors: Doors) -> int:
    """Run one command. Answers 0 done, 1 refused or failed, 2 not written as expected, 130 stopped by the person."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    as_json = "--json" in words
    opening.speak(early(words, "--language"), opening.data_folder(early(words, "--data")))
    name, rest = command_in(words)
    try:
        _refuse_torn(words)
        if name is not None and name not in COMMANDS:
            raise Misuse(Text("There is no command “{name}”. “dalil --help” lists them all.", name=name[:40]))
        if asks_help(rest):
            print(usage(name))
            return DONE
        given = parser_for(name).parse_intermixed_args(rest) if name in ("outbox", "people", "undo") else parser_for(name).parse_args(rest)
        return _app(given, doors) if name is None else _command(COMMANDS[name], given)
    except Misuse as misuse:
        return write_misuse(str(misuse), form_of(name), as_json=as_json)
    except Failure as failure:
        return write_failure(failure, as_json=as_json)
    except (StopAsked, KeyboardInterrupt):
        print(t("Stopped. What was saved is safe."), file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # whoever read the answer had enough of it; nothing more can be printed, not even by the interpreter's end
        sys.stdout = None  # type: ignore[assignment]
        return FAILED


def _app(given: Namespace, doors: Doors) -> int:
    if given.self_test:
        return doors.self_test()
    folder = opening.data_folder(given.data)
    return doors.app(folder, None if given.person is None else opening.person_of(folder, given.person))


def _command(command: Command, given: Namespace) -> int:
    with _stoppable():
        module = importlib.import_module(command.module)
        if not command.opens:
            return int(module.main(given))
        folder = opening.data_folder(given.data)
        if opening.needs_nobody(folder, command.name, given):
            ws = opening.guest(folder)
        else:
            person = opening.person_of(folder, given.person)
            ws = opening.workspace(folder, person, opening.secret_for(folder, person))
        for each in ws.repaired:
            print(each, file=sys.stderr)  # something of the folder was damaged, and made anew
        for each in opening.recoveries_to_tell(ws):
            print(each, file=sys.stderr)
        try:
            answer = module.RUN[command.name](ws, given)
            return write(answer, as_json=given.as_json)
        finally:
            ws.close()


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl+C and SIGTERM end the block politely and once: what is cleaned up afterwards is not interrupted again."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals; whoever runs a command elsewhere decides
        return

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise StopAsked(STOPPED)

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _refuse_torn(words: Sequence[str]) -> None:
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError as error:
            raise Misuse(Text("A word of this command is not readable text (UTF-8).")) from error
