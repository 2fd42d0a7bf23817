"""`python -m i18n.strings update | merge FILE… | check | report | prune`: the workshop in words, no rule here."""

import argparse
import json
import sys
from pathlib import Path

from i18n.strings import shelf
from i18n.strings.check import problems_of
from i18n.strings.extract import extract
from i18n.strings.merge import merge

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "i18n" / "locale"


def update() -> int:
    """Put every text of the tree into every catalogue and compile them."""
    found = extract(ROOT)
    with shelf.locked(LOCALE):
        for language in shelf.LANGUAGES:
            catalogue = shelf.read(LOCALE, language)
            for message in found.messages:
                catalogue.add(message.msgid, message.plural)
            shelf.write(LOCALE, language, catalogue)
    print(f"{len(found.messages)} texts in {found.files} files")
    return _tell(found.problems)


def merge_files(files: list[str]) -> int:
    """Take translations written by hand in JSON; good ones go in even when others are refused."""
    refused = []
    for name in files:
        document = json.loads(Path(name).read_text(encoding="utf-8"))
        with shelf.locked(LOCALE):
            outcome = merge(LOCALE, document)
        print(f"{name}: {outcome.added} added, {outcome.changed} changed, {outcome.same} already so")
        for note in outcome.notes:
            print(f"  {note}")
        refused += [f"{name}: {problem}" for problem in outcome.refused]
    return _tell(refused)


def check() -> int:
    """Say everything that is wrong with the texts; 1 when something is."""
    return _tell(problems_of(ROOT, LOCALE).all())


def report() -> int:
    """Say per language how much is translated."""
    messages = extract(ROOT).messages
    wanted = {message.msgid for message in messages}
    for language in shelf.LANGUAGES:
        catalogue = shelf.read(LOCALE, language)
        done = sum(catalogue.translated(msgid) for msgid in wanted)
        unused = len(catalogue.entries.keys() - wanted)
        share = 100 * done / len(wanted) if wanted else 100.0
        print(f"{language}  {done:5} of {len(wanted):5}  {share:5.1f} %   {unused} unused")
    return 0


def prune() -> int:
    """Drop from the catalogues what no file of the tree says any more."""
    wanted = {message.msgid for message in extract(ROOT).messages}
    with shelf.locked(LOCALE):
        for language in shelf.LANGUAGES:
            catalogue = shelf.read(LOCALE, language)
            unused = catalogue.entries.keys() - wanted
            for msgid in unused:
                del catalogue.entries[msgid]
            shelf.write(LOCALE, language, catalogue)
            print(f"{language}: {len(unused)} dropped")
    return 0


def _tell(problems: list[str]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problems", file=sys.stderr)
    return 1 if problems else 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m i18n.strings", description=__doc__)
    words = parser.add_subparsers(dest="word", required=True)
    for name, action in (
        ("update", update),
        ("check", check),
        ("report", report),
        ("prune", prune),
    ):
        words.add_parser(name, help=action.__doc__)
    words.add_parser("merge", help=merge_files.__doc__).add_argument("files", nargs="+")
    chosen = parser.parse_args(argv)
    if chosen.word == "merge":
        return merge_files(chosen.files)
    return {"update": update, "check": check, "report": report, "prune": prune}[chosen.word]()


if __name__ == "__main__":
    sys.exit(main())
