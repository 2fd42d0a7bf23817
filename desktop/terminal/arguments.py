"""The options of each command, and sentences for what is not written as expected; runs nothing."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from desktop.terminal.answer import Misuse
from desktop.terminal.columns import columns
from desktop.terminal.typed import ADD, REMOVE, SET
from desktop.terminal.words import COMMANDS
from i18n import LANGUAGES, Text, t

_MISSING = re.compile(r"the following arguments are required: (.+)\Z")
_STRANGE = re.compile(r"unrecognized arguments: (.+)\Z")
_ALONE = re.compile(r"argument (.+): expected .*argument")
_ONE_OF = re.compile(r"one of the arguments (.+) is required\Z")
_CHOICE = re.compile(r"argument (.+): invalid .*'(.*?)'")
_BOTH = re.compile(r"argument (.+): not allowed with argument (.+)\Z")


class Parser(argparse.ArgumentParser):
    """An argument parser that raises Misuse in the user's language."""

    def error(self, message: str) -> NoReturn:
        raise Misuse(_sentence(message))


class Change(argparse.Action):
    """Keeps `--set`, `--add`, `--remove` in the order typed, as (verb, text)."""

    def __call__(self, _parser: argparse.ArgumentParser, namespace: argparse.Namespace,
                 values: str | Sequence[Any] | None, _option: str | None = None) -> None:
        kept = [*getattr(namespace, "changes", ()), (self.dest.removeprefix("change_"), values)]
        namespace.changes = kept


def parser_for(name: str | None) -> Parser:
    """The parser of one command, without its name; None is `dalil` alone. Only this one is built: a start must be short."""
    parser = Parser(prog=f"dalil {name}" if name else "dalil", add_help=False, allow_abbrev=False)
    common(parser)
    if name is None:
        parser.add_argument("--self-test", action="store_true")
        return parser
    if name in ("add", "edit", "delete", "attach", "list", "show", "history"):
        parser.add_argument("kind", metavar="KIND")
    if name in ("edit", "delete", "attach", "show", "history", "fetch", "settle"):
        parser.add_argument("id", metavar="ID")
    if name in _OPTIONS:
        _OPTIONS[name](parser)
    return parser


def common(parser: argparse.ArgumentParser) -> None:
    """The options that every command has, before or after its name."""
    parser.add_argument("--data", metavar="DIR")
    parser.add_argument("--as", dest="person", metavar="PERSON")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--language", choices=tuple(LANGUAGES), metavar="CODE")


def command_in(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """The first word that is no global option or its value, and the words without it."""
    skip = False
    for at, word in enumerate(argv):
        if skip:
            skip = False
        elif word in ("--data", "--as", "--language"):
            skip = True
        elif not word.startswith("-"):
            return word, [*argv[:at], *argv[at + 1 :]]
    return None, list(argv)


def early(argv: Sequence[str], option: str) -> str | None:
    """The value of a global option before anything is parsed: the language of error messages depends on it."""
    for at, word in enumerate(argv):
        if word == "--":
            return None
        if word == option and at + 1 < len(argv):
            return argv[at + 1]
        if word.startswith(option + "="):
            return word.partition("=")[2]
    return None


def asks_help(words: Sequence[str]) -> bool:
    """Whether the words ask how the command is written; what else is missing does not matter then."""
    options = words[: words.index("--")] if "--" in words else words
    return "--help" in options or "-h" in options


def form_of(name: str | None) -> str:
    """One line: how a command is written; nothing for `dalil` alone."""
    return t("Usage: {form}", form=f"dalil {name} {COMMANDS[name].form}".rstrip()) if name in COMMANDS else ""


def usage(name: str | None) -> str:
    """How a command is written; for `dalil` alone, every command with what it is for."""
    if name in COMMANDS:
        return "\n".join([str(COMMANDS[name].purpose), "", form_of(name), "", *_global_lines()])
    rows = [(f"dalil {one.name}", str(one.purpose)) for one in COMMANDS.values()]
    first = [("dalil", t("Open the app")), ("dalil --self-test", t("Open every page in every language, then leave"))]
    return "\n".join([t("Dalil: the directory and library of the network, also without Internet."), "",
                      *columns([*first, *rows], "  "), "", t("“dalil COMMAND --help” says how one is written. All of them take:"), *_global_lines()])


def _global_lines() -> list[str]:
    rows = [
        ("--data DIR", t("the data folder (or DALIL_DATA)")),
        ("--as PERSON", t("who is asking, when several people use this computer")),
        ("--json", t("one JSON document instead of sentences")),
        ("--language CODE", t("the language of the answer: {codes}", codes=", ".join(LANGUAGES))),
    ]
    return list(columns(rows, "  "))


def _add(parser: argparse.ArgumentParser) -> None:
    _changes(parser, SET)
    parser.add_argument("--scope", metavar="SCOPE")


def _edit(parser: argparse.ArgumentParser) -> None:
    _changes(parser, SET, ADD, REMOVE)
    parser.add_argument("--seen", metavar="TOKEN")


def _changes(parser: argparse.ArgumentParser, *verbs: str) -> None:
    parser.set_defaults(changes=())
    for verb in verbs:
        parser.add_argument(f"--{verb}", dest=f"change_{verb}", action=Change, metavar="FIELD=VALUE")


def _attach(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE")


def _list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--where", action="append", default=[], metavar="FIELD=VALUE")
    _limit(parser, None)


def _search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", nargs="+")
    parser.add_argument("--kind", metavar="KIND")
    _limit(parser, 50)


def _limit(parser: argparse.ArgumentParser, default: int | None) -> None:
    parser.add_argument("--limit", type=_count, default=default, metavar="N")


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def _history(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--field", metavar="FIELD")
    _limit(parser, None)


def _undo(parser: argparse.ArgumentParser) -> None:
    for name in ("kind", "id", "change"):
        parser.add_argument(name, nargs="?", metavar=name.upper())
    for option in ("--field", "--device", "--scope"):
        parser.add_argument(option, metavar=option[2:].upper())
    parser.add_argument("--since", type=_count, metavar="N")
    parser.add_argument("--list", action="store_true", dest="only_list")


def _join(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL")
    parser.add_argument("--code", default="", metavar="CODE")
    parser.add_argument("--name", default="", metavar="PERSON")
    parser.add_argument("--anyway", action="store_true")


def _second(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", default="", metavar="CODE")


def _request(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="", metavar="PERSON")
    parser.add_argument("--org", default="", metavar="NAME")


def _sync(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--via", metavar="URL")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--estimate", action="store_true")
    how.add_argument("--anyway", action="store_true")


def _fetch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", metavar="PATH")
    parser.add_argument("--anyway", action="store_true")


def _traffic(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--month", metavar="YYYY-MM")


def _courier(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("deed", choices=("write", "read", "check"), metavar="write|read|check")
    parser.add_argument("path", nargs="?", metavar="PATH")
    parser.add_argument("--starter", action="store_true")
    parser.add_argument("--installer", metavar="FILE|FOLDER")
    parser.add_argument("--files", nargs="+", metavar="all|none|ID")
    parser.add_argument("--trust", default="", metavar="NETWORK")


def _backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH")
    parser.add_argument("--files", choices=("all", "none"), default="none", metavar="all|none")
    parser.add_argument("--own", action="store_true")
    parser.set_defaults(computer=False)


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH")
    parser.add_argument("--by-code", action="store_true")


def _share(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_count, default=0, metavar="N")
    parser.add_argument("--name", default="", metavar="NAME")
    parser.add_argument("--hidden", action="store_true")


def _settle(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--field", required=True, metavar="FIELD")
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--keep", type=_count, metavar="N")
    choice.add_argument("--value", metavar="VALUE")


def _outbox(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("deed", nargs="?", choices=("cancel", "resend"), metavar="cancel|resend")
    parser.add_argument("change", nargs="?", metavar="CHANGE")


def _people(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("deed", nargs="?", choices=("add", "lock", "recover", "remove"), metavar="add|lock|recover|remove")
    parser.add_argument("name", nargs="?", metavar="NAME")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--own", action="store_true")
    which.add_argument("--computer", action="store_true")
    parser.add_argument("--unsent-too", action="store_true")


def _import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--as-format", metavar="FORMAT")


def _export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("format", metavar="FORMAT")
    parser.add_argument("path", metavar="PATH")
    parser.add_argument("--kind", metavar="KIND")


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true")


def _sentence(message: str) -> Text:
    """What argparse found, in words that can be translated."""
    if found := _MISSING.match(message):
        return Text("Something is missing: {what}.", what=found[1])
    if found := _STRANGE.match(message):
        return Text("This is not understood here: {what}.", what=found[1])
    if found := _ONE_OF.match(message):
        return Text("Give one of {what}.", what=found[1])
    if found := _BOTH.match(message):
        return Text("{one} and {other} exclude each other.", one=found[1], other=found[2])
    if found := _ALONE.match(message):
        return Text("A value is missing after {option}.", option=found[1])
    if found := _CHOICE.match(message):
        return Text("“{value}” does not fit {option}.", value=found[2], option=found[1])
    return Text("The command is not written as expected: {detail}", detail=message)


_OPTIONS = {
    "add": _add, "edit": _edit, "attach": _attach, "list": _list, "search": _search, "join": _join, "sync": _sync, "fetch": _fetch,
    "traffic": _traffic, "settle": _settle, "outbox": _outbox, "people": _people, "import": _import, "export": _export, "verify": _verify,
    "history": _history, "undo": _undo, "courier": _courier, "share": _share,
    "backup": _backup, "restore": _restore, "request": _request,
    "second": _second,
}
