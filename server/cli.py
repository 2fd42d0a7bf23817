"""The commands of `dalil-server`: options, plain-language failures, exit codes; knows no HTTP."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from i18n import nearest, set_language, t
from server import commands, members
from server.premises import Premises
from sync.errors import Failure
from sync.identity import ROLES

DONE, FAILED = 0, 1  # 2 is argparse's: wrong usage


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit code."""
    set_language(nearest(*(os.environ.get(name, "") for name in ("DALIL_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))))
    asked = _parser().parse_args(words)
    as_json = getattr(asked, "json", False)
    try:
        found = asked.run(_premises(asked), asked)
    except Failure as failure:
        return _failed(failure.code, str(failure), as_json=as_json)
    except KeyboardInterrupt:
        return _failed("cancelled", t("Stopped."), as_json=as_json)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - whoever read us has gone; nothing may be flushed to them at exit
        return FAILED
    if found is not None:
        print(json.dumps(found.answer, ensure_ascii=False) if as_json else "\n".join(found.lines))
        return DONE if found.well else FAILED
    return DONE


def _premises(asked: argparse.Namespace) -> Premises:
    folder = getattr(asked, "data", None) or os.environ.get("DALIL_SERVER_DATA") or Path.home() / "dalil-server"
    return Premises(Path(folder).expanduser(), getattr(asked, "db", ""), getattr(asked, "files", "")).enter()


def _failed(code: str, message: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    print(message, file=sys.stderr)
    return FAILED


def _parser() -> argparse.ArgumentParser:
    everywhere = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    everywhere.add_argument("--data", metavar="DIR", help=t("the server's folder (or DALIL_SERVER_DATA)"))
    everywhere.add_argument("--db", metavar="URL", help=t("a PostgreSQL database (postgresql://…) in place of SQLite in the folder"))
    everywhere.add_argument("--files", metavar="URL", help=t("where attachments stand (a folder)"))
    everywhere.add_argument("--json", action="store_true", help=t("answer with one JSON document"))
    parser = argparse.ArgumentParser("dalil-server", parents=[everywhere], description=t("The central server of a Dalil network."))
    named = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: object, words: str) -> argparse.ArgumentParser:
        one = named.add_parser(name, parents=[everywhere], help=words, description=words)
        one.set_defaults(run=run)
        return one

    serve = command("serve", commands.serve, t("answer over HTTP until told to stop"))
    serve.add_argument("--host", default="127.0.0.1", help=t("the address to listen on"))
    serve.add_argument("--port", type=int, default=8470, help=t("the port to listen on; 0 takes a free one"))
    serve.add_argument("--patience", type=_seconds, default=30.0, metavar="SECONDS", help=t("how long to wait for a client that sends nothing"))
    serve.add_argument("--exchanges", type=_count, default=None, metavar="N", help=t("how many exchanges are worked on at once"))
    serve.add_argument("--processes", type=_count, default=1, metavar="N", help=t("how many processes answer: one for each processor"))
    invite = command("invite", commands.invite, t("print a code by which one device of one person joins"))
    invite.add_argument("--role", choices=tuple(ROLES), default="member", help=t("what they may do"))
    invite.add_argument("--org", metavar="ID", action="append", default=[], help=t("an organisation that they speak for; again for another"))
    invite.add_argument("--days", type=_count, default=30, help=t("for how many days the code is good"))
    grant = command("grant", members.grant, t("change what a member may do, or the organisations that they speak for"))
    grant.add_argument("who", metavar="DEVICE", help=t("one of their devices, or their id; all their devices follow"))
    grant.add_argument("--role", choices=tuple(ROLES), help=t("what they may do"))
    grant.add_argument("--org", metavar="ID", action="append", default=[], help=t("an organisation that they speak for from now on"))
    grant.add_argument("--leave", metavar="ID", action="append", default=[], help=t("an organisation that they leave; its key changes"))
    command("requests", members.requests, t("list who asks to be let in, by the code on their slip"))
    admit = command("admit", members.admit, t("make a member of who stands behind the code of a request"))
    admit.add_argument("code", metavar="CODE")
    admit.add_argument("--role", choices=tuple(ROLES), default="member", help=t("what they may do"))
    admit.add_argument("--org", metavar="ID", action="append", default=[], help=t("an organisation that they speak for; again for another"))
    refuse = command("refuse", members.refuse, t("turn away who stands behind the code of a request"))
    refuse.add_argument("code", metavar="CODE")
    command("devices", commands.devices, t("list the devices that have joined"))
    revoke = command("revoke", commands.revoke, t("withdraw a device: what it sends from now on is refused"))
    revoke.add_argument("device", metavar="DEVICE")
    erase = command("erase", commands.erase, t("erase a record, one field of it, or everything about a person: for everyone and for good"))
    erase.add_argument("kind", metavar="KIND")
    erase.add_argument("id", metavar="ID")
    erase.add_argument("--field", metavar="PATH", default="", help=t("only this field (phone, or name.fr for one language)"))
    command("digest", commands.digest, t("print the digest of the confirmed records, to compare with a computer's"))
    command("verify", commands.verify, t("check every chain, signature, record and file"))
    bring = command("import", commands.import_file, t("take in a file or a folder of files"))
    bring.add_argument("file", metavar="FILE", type=Path)
    bring.add_argument("--as-format", metavar="F", help=t("the format, when it cannot be seen from the file"))
    backup = command("backup", commands.backup, t("copy database, key and files into a new folder while the server runs"))
    backup.add_argument("path", metavar="PATH", type=Path)
    restore = command("restore", commands.restore, t("fill an empty server folder from a backup"))
    restore.add_argument("path", metavar="PATH", type=Path)
    return parser


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 3600:
        raise argparse.ArgumentTypeError(t("between 0 and 3600 seconds"))
    return value


def _count(text: str) -> int:
    value = int(text)
    if not 0 < value <= 3650:
        raise argparse.ArgumentTypeError(t("a number from 1 to 3650"))
    return value
