"""What each command of `dalil-server` does, answered as data and as lines; knows no option's name on the command line."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from i18n import Text, t, tn
from resources import KINDS
from server import backups, erasing, invitations, operator
from server.premises import Premises
from sync import epochs, ledger
from sync.authority import Authority
from sync.digests import settled
from sync.errors import NotFound
from sync.files import Files
from sync.scopes import NETWORK
from sync.verify import problems_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found: for programs, for people, and whether all is well."""

    answer: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    well: bool = True


def serve(premises: Premises, asked: argparse.Namespace) -> None:
    """Answer over HTTP; the only command that needs FastAPI."""
    from server.crew import serve_together
    from server.limits import FEWER, MANY, Bounds
    from server.serving import serve as serve_alone

    bounds = Bounds(patience=asked.patience, exchanges=asked.exchanges or (FEWER if premises.db else MANY))
    if asked.processes > 1:
        serve_together(premises, asked.host, asked.port, bounds, asked.processes)
    else:
        serve_alone(premises, asked.host, asked.port, bounds)


def invite(premises: Premises, asked: argparse.Namespace) -> Answer:
    """A code for one device."""
    with authority_of(premises) as authority:
        code = invitations.invite(authority, asked.role, asked.org, asked.days)
        return Answer({"code": code, "role": asked.role, "days": asked.days}, [code])


def devices(premises: Premises, _: argparse.Namespace) -> Answer:
    """Every certified device, with the name that its person gave."""
    with authority_of(premises) as authority:
        names = dict(authority.store.rows("SELECT id, name FROM person WHERE gone = 0 AND scope = ?", (NETWORK,)))
        found = [{"device": one.device, "person": one.person, "role": one.role, "revoked": one.revoked, "name": names.get(one.person) or "",
                  "organisations": list(one.organisations)} for _, one in authority.trust.everyone()]
    lines = [f"{one['device']}  {one['role']}{'  ' + t('withdrawn') if one['revoked'] else ''}  {one['name']}".rstrip() for one in found]
    return Answer({"items": found}, lines or [t("No device has joined yet.")])


def revoke(premises: Premises, asked: argparse.Namespace) -> Answer:
    """Withdraw a device; NotFound when none of that id ever joined."""
    with authority_of(premises) as authority:
        count = authority.revoke(asked.device)
        if not count and authority.store.value("SELECT id FROM certificate WHERE device = ?", (asked.device,)) is None:
            raise NotFound(Text("No device with the id {id} has joined. “dalil-server devices” lists them.", id=asked.device[:60]))
    return Answer({"revoked": count}, [tn("{n} certificate withdrawn.", "{n} certificates withdrawn.", count)])


def erase(premises: Premises, asked: argparse.Namespace) -> Answer:
    """Erase a record or a field, for a person all that is about them; every replica forgets it at its next sync."""
    with authority_of(premises) as authority:
        done = erasing.erase(authority, premises, asked.kind, asked.id, asked.field)
    lines = [tn("{n} record erased.", "{n} records erased.", len(done.records)) if not asked.field else t("The field is erased.")]
    lines += [tn("{n} file destroyed.", "{n} files destroyed.", done.files)] if done.files else []
    lines += [t("Every computer forgets it at its next sync. What an old stick or backup holds stays there: destroy those yourself.")]
    lines += [] if done.swept else [t("The database was busy: its file still holds the bytes. They go when the server starts next.")]
    return Answer({"records": [{"kind": kind, "id": id} for kind, id in done.records], "files": done.files, "swept": done.swept}, lines)


def digest(premises: Premises, _: argparse.Namespace) -> Answer:
    """The digest of each scope."""
    with authority_of(premises) as authority:
        totals = {scope: settled(authority.store, authority.kinds, scope) for scope in sorted(ledger.heads(authority.store))}
        scopes = {scope: total.hex() for scope, total in totals.items() if total is not None}
    return Answer({"scopes": scopes}, [f"{scope}  {value}" for scope, value in scopes.items()])


def verify(premises: Premises, _: argparse.Namespace) -> Answer:
    """Everything that was signed or named by its hash, checked again."""
    with authority_of(premises) as authority:
        with authority.store.snapshot() as store:
            heads = ledger.heads(store)
            found = problems_of(store, KINDS, tuple(heads), authority.key.public, store)
            entries = sum(head.number for head in heads.values())
        found += _altered_files(premises.files())
    problems = [str(one) for one in found]
    well = tn("All is well: {n} entry checked.", "All is well: {n} entries checked.", entries)
    return Answer({"ok": not problems, "problems": problems}, problems or [well], well=not problems)


def import_file(premises: Premises, asked: argparse.Namespace) -> Answer:
    """Take in a file or a folder as the operator, and commit it at once."""
    def tell(done: int, name: str) -> None:
        print(f"{name}: {done}", file=sys.stderr)

    with authority_of(premises) as authority:
        done = operator.import_file(authority, premises, asked.file, asked.as_format, tell)
    answer = done.imported.to_json() | {"accepted": done.accepted, "refused": done.refused}
    lines = [t("Added {added}, filled in {updated}, unchanged {unchanged}, proposals of duplicates {duplicates}, rejected {rejected}.",
               added=answer["added"], updated=answer["updated"], unchanged=answer["unchanged"], duplicates=answer["duplicates"],
               rejected=len(answer["rejected"]))]
    lines += [f"  {kind}: {count}" for kind, count in sorted(answer["added_by_kind"].items())]
    lines += [t("Rejected: {file}, row {row}: {reason}", file=one["file"], row=one["row"] or "–", reason=one["reason"]) for one in answer["rejected"]]
    lines += [t("Perhaps the same: {names} ({why})", names=" / ".join(one["names"]), why=one["why"]) for one in answer["proposals"]]
    return Answer(answer, lines, well=not done.refused)


def backup(premises: Premises, asked: argparse.Namespace) -> Answer:
    """Database, key and files in a new folder."""
    premises.set_up().store.close()
    size = backups.make(premises, asked.path)
    return Answer({"path": str(asked.path), "bytes": size}, [t("Saved in {path}.", path=str(asked.path))])


def restore(premises: Premises, asked: argparse.Namespace) -> Answer:
    """Fill an empty folder from a backup."""
    backups.restore(premises, asked.path)
    with authority_of(premises) as authority:  # it knows what it lost: no replica has to prove it
        epochs.begin(authority.store, authority.key, authority.random)
    return Answer({"path": str(premises.folder)}, [t("Restored into {path}.", path=str(premises.folder))])


@contextmanager
def authority_of(premises: Premises) -> Iterator[Authority]:
    """The authority of a server's folder, with all that was missing; its database is closed at the end."""
    authority = premises.set_up()
    try:
        yield authority
    finally:
        authority.store.close()


def _altered_files(files: Files) -> Iterator[Text]:
    """Files whose bytes are not what their name says."""
    for path in sorted(files.folder.glob("??/" + "?" * 64)):
        state = hashlib.sha256()
        for piece in files.read(path.name):
            state.update(piece)
        if state.hexdigest() != path.name:
            yield Text("The file {name} was altered outside Dalil.", name=path.name)
