"""From the words typed to an exit code: finds the command, opens the workspace, says what went wrong."""

from __future__ import annotations

import importlib
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from desktop.terminal import opening
from desktop.terminal.answer import DONE, FAILED, Misuse, write, write_failure, write_misuse
from desktop.terminal.arguments import asks_help, command_in, early, parser_for, usage
from desktop.terminal.words import COMMANDS
from i18n import Text, t
from sync.errors import Failure

if TYPE_CHECKING:
    from desktop.terminal.words import Command

STOPPED = 130


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
        given = parser_for(name).parse_intermixed_args(rest) if name == "outbox" else parser_for(name).parse_args(rest)
        return _app(given, doors) if name is None else _command(COMMANDS[name], given)
    except Misuse as misuse:
        form = t("Usage: {form}", form=f"dalil {name} {COMMANDS[name].form}".rstrip()) if name in COMMANDS else ""
        return write_misuse(str(misuse.message), form, as_json=as_json)
    except Failure as failure:
        return write_failure(failure, as_json=as_json)
    except KeyboardInterrupt:
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
    signal_before = _stop_on_sigterm()
    try:
        module = importlib.import_module(command.module)
        if not command.opens:
            return int(module.main(given))
        folder = opening.data_folder(given.data)
        ws = opening.workspace(folder, opening.person_of(folder, given.person))
        try:
            answer = module.RUN[command.name](ws, given)
            return write(answer, as_json=given.as_json)
        finally:
            ws.close()
    finally:
        if signal_before is not None:
            signal.signal(signal.SIGTERM, signal_before)


def _stop_on_sigterm() -> signal.Handlers | None:
    """A polite request to end is like Ctrl+C: transactions roll back, files are given back."""
    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    try:
        return signal.signal(signal.SIGTERM, stop)  # type: ignore[return-value]
    except ValueError:  # not in the main thread (a test): whoever runs it decides
        return None


def _refuse_torn(words: Sequence[str]) -> None:
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError as error:
            raise Misuse(Text("A word of this command is not readable text (UTF-8).")) from error
