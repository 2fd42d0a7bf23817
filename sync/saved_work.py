"""A person's work, read out of their damaged file and put into a new one; knows no kind and no network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from i18n import Text
from sync import codec
from sync.change import Change, log_id
from sync.errors import Failure
from sync.identity import SigningKey, key_id
from sync.reasons import packed_reason
from sync.salvage import DamagedFile
from sync.scopes import MODERATOR, NETWORK, ORG, PERSON, PUBLIC, family, is_scope, scope_of
from sync.vault import ACCEPTED, HEARD, PUT_AWAY, REFUSED, WAITING

if TYPE_CHECKING:
    from sync.workspace import Workspace

DOUBTFUL = Text("This was on a damaged part of the disk. Look at it, correct it, and send it again.")
_CHANGE = ("position", "log", "n", "scope", "dot", "before", "commitment", "body", "kind", "record", "state", "tried", "reason", "number")
_LOG = ("scope", "log", "nonce", "n", "link")
_OF_KEY = "nonce "


@dataclass(frozen=True, slots=True)
class Saved:
    """What came out of a damaged file: changes that wait, changes to look at again, drafts, whether the key did.

    `read` are the numbers of each log whose change was read, `ends` the last number of each.
    """

    waiting: int
    doubtful: int
    drafts: int
    key: bool
    read: dict[bytes, set[int]]
    ends: dict[bytes, int]

    @property
    def nothing(self) -> bool:
        """Whether nothing at all could be read."""
        return not (self.key or self.waiting or self.doubtful or self.drafts)


@dataclass(frozen=True, slots=True)
class _Kept:
    """One saved change as it was read."""

    log: bytes
    n: int
    scope: str
    dot: bytes
    before: bytes
    commitment: bytes
    body: bytes
    change: Change
    state: str
    tried: bool
    reason: bytes | None
    number: int | None


def save(ws: Workspace, file: DamagedFile) -> Saved:
    """Put everything that still reads into the person's new file, in one transaction. Repeating it does no harm.

    A change whose commitment and dot come out of its text and its seed is
    taken as it is. One that cannot be proven (its seed, its log or the key is
    lost) is saved again under a new dot; one that is proven to be altered goes
    to the outbox for its author to look at. Every log is parted: nobody can
    tell whether its end is known elsewhere.
    """
    settings = _settings(file)
    seeds = {(log, run): seed for log, run, seed in file.salvaged("own_seed", ("log", "run", "seed"))
             if isinstance(log, bytes) and isinstance(run, int) and isinstance(seed, bytes) and len(seed) == 16}
    ends = {log: n for _, log, _, n, _ in file.salvaged("own_log", _LOG) if isinstance(log, bytes) and isinstance(n, int)}
    nonces = _nonces(settings, file)
    owned = _owned(settings.get("key", b""), nonces, _scopes(settings, ws))
    read: dict[tuple[bytes, bytes], _Kept] = {}
    for one in _changes(file):
        if one.state != WAITING or (one.dot, one.body) not in read:  # of one that is there twice, what was decided is the later
            read[one.dot, one.body] = replace(one, scope=owned.get(one.log, one.scope))
    changes = list(read.values())
    runs: dict[tuple[bytes, int], list[_Kept]] = {}
    for one in changes:
        runs.setdefault((one.log, one.n // codec.RUN), []).append(one)
    seeds = {place: seed for place, seed in seeds.items() if _holds(seed, runs.get(place, []))}
    with ws.store.transaction():
        if not owned and changes:
            settings.pop("key", None)  # it signed none of the logs here: it was altered
        for name, value in settings.items():
            if not name.startswith(_OF_KEY) or owned:
                ws.vault.keep(name, value)
        for log in owned:
            ws.vault.keep(_OF_KEY + log.hex(), nonces[log])
        ws.store.many("INSERT INTO own_seed (log, run, seed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                      [(log, run, seed) for (log, run), seed in seeds.items() if log in owned])
        saved = ws.store.rows("SELECT dot, body FROM pending")  # more than nothing when a kill came after this transaction
        known, bodies = {bytes(dot) for dot, _ in saved}, {bytes(body) for _, body in saved}
        waiting = doubtful = 0
        for one in changes:
            intact = _intact(one, seeds.get((one.log, one.n // codec.RUN)))
            if intact and (one.log in owned or one.state == REFUSED):
                if one.dot not in known:
                    _insert(ws, one)
                waiting += one.state == WAITING
            elif one.state in (ACCEPTED, PUT_AWAY, HEARD):
                continue  # the ledger has it, or its author dropped it
            elif intact is not False and one.state == WAITING and is_scope(one.scope):
                if one.body not in bodies:
                    ws.vault.append(one.scope, one.change)
                waiting += 1
            else:
                if one.body not in bodies:
                    _insert(ws, replace(one, state=REFUSED, reason=packed_reason(DOUBTFUL), dot=ws.random(14)))
                doubtful += 1
        drafts = [row for row in file.salvaged("draft", ("kind", "id", "content")) if _is_draft(row)]
        ws.store.many("INSERT INTO draft (kind, id, content) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", drafts)
        ws.store.many("INSERT INTO upload (sha256, size) VALUES (?, ?) ON CONFLICT DO NOTHING",
                      [row for row in file.salvaged("upload", ("sha256", "size")) if isinstance(row[0], str) and isinstance(row[1], int)])
    numbers: dict[bytes, set[int]] = {}
    for one in changes:
        numbers.setdefault(one.log, set()).add(one.n)
    return Saved(waiting, doubtful, len(drafts), "key" in settings, numbers, ends)


def sentence(ws: Workspace, saved: Saved, kept: Path) -> Text:
    """What was saved and what was lost, for the person."""
    counts = {"file": kept.name, "waiting": saved.waiting, "doubtful": saved.doubtful, "drafts": saved.drafts, "lost": _missing(ws, saved)}
    if saved.nothing:
        return Text("Your file was damaged and nothing in it could be read; it is kept as {file}. Join again with a new code. "
                    "What the server had accepted comes back; what had not been sent is lost.", file=kept.name)
    if saved.key:
        return Text("Your file was damaged; it is kept as {file}. Unsent changes saved: {waiting}. Drafts saved: {drafts}. "
                    "Changes to look at again in the outbox: {doubtful}. Changes that may be lost: {lost}.", **counts)
    return Text("Your file was damaged, and the key in it is lost; it is kept as {file}. Join again with a new code. "
                "Unsent changes saved: {waiting}. Drafts saved: {drafts}. Changes to look at again in the outbox: {doubtful}. "
                "Changes that may be lost: {lost}.", **counts)


def show_again(ws: Workspace) -> None:
    """Make the rows as shown of everything that waits, in the person's new file or over a new public copy."""
    with ws.store.transaction():
        ws.overlay.catch_up()
        ws.overlay.refresh([(one.kind, one.record, one.scope) for one in ws.vault.waiting()])


def _changes(file: DamagedFile) -> Iterator[_Kept]:
    """The saved changes that read as such, whether or not they can be proven."""
    for row in file.salvaged("pending", _CHANGE):
        _, log, n, scope, dot, before, commitment, body, _, _, state, tried, reason, number = row
        whole = all(isinstance(each, bytes) for each in (log, dot, before, commitment, body)) and isinstance(n, int) and isinstance(scope, str)
        if not whole:
            continue
        try:
            change = codec.unpack(body, Change)
        except Failure:
            continue
        if len(change.record) != 16 or not scope.isascii():
            continue
        state = state if state in (WAITING, ACCEPTED, REFUSED, PUT_AWAY, HEARD) else WAITING
        yield _Kept(log, n, scope, dot, before, commitment, body, change, state, bool(tried),
                    reason if isinstance(reason, bytes) else None, number if isinstance(number, int) else None)


def _settings(file: DamagedFile) -> dict[str, bytes]:
    """The settings that read. A pinned key of another length is none: the next join pins it again."""
    found = {name: value.encode() if isinstance(value, str) else value for name, value in file.salvaged("setting", ("name", "value"))
             if isinstance(name, str) and isinstance(value, bytes | str)}
    return {name: value for name, value in found.items() if name not in ("authority", "key") or len(value) == 32}


def _nonces(settings: dict[str, bytes], file: DamagedFile) -> dict[bytes, bytes]:
    """The nonce of each log, as far as it can be read in either of its two places."""
    found: dict[bytes, bytes] = {}
    for name, value in settings.items():
        try:
            found[bytes.fromhex(name.removeprefix(_OF_KEY))] = value
        except ValueError:
            continue  # another setting
    found.update({log: nonce for _, log, nonce, _, _ in file.salvaged("own_log", _LOG) if isinstance(log, bytes) and isinstance(nonce, bytes)})
    return found


def _scopes(settings: dict[str, bytes], ws: Workspace) -> list[str]:
    """The scopes in which a person may have written; they may have spoken for other organisations before."""
    words = {name: settings.get(name, b"").decode("utf-8", "replace").split() for name in ("organisation", "person")}
    known = {scope for (scope,) in ws.public.rows("SELECT DISTINCT ledger FROM scope_key WHERE gone = 0") if family(scope) == ORG}
    own = [scope_of(ORG, id) for id in words["organisation"]] + [scope_of(PERSON, id) for id in words["person"]]
    return [PUBLIC, NETWORK, MODERATOR, *own, *sorted(known - {*own})]


def _owned(key: bytes, nonces: dict[bytes, bytes], scopes: list[str]) -> dict[bytes, str]:
    """The logs that the key which was read owns, with their scope; none when the key itself was altered."""
    if len(key) != 32:
        return {}
    own = key_id(SigningKey(key).public)
    return {log: scope for log, nonce in nonces.items() for scope in scopes if log_id(own, scope, nonce) == log}


def _holds(seed: bytes, run: list[_Kept]) -> bool:
    """Whether a seed is the one of its run: of several changes at least one must come out of it."""
    return len(run) < 2 or any(_intact(one, seed) for one in run)


def _intact(one: _Kept, seed: bytes | None) -> bool | None:
    """Whether a change is what was saved; None when there is nothing to prove it with."""
    if seed is None:
        return None
    commitment = codec.commitment(codec.salt_of(seed, one.n), one.body)
    return commitment == one.commitment and one.dot == codec.dot(one.log, one.n, commitment) and len(one.before) == 32


def _insert(ws: Workspace, one: _Kept) -> None:
    from sync.confirmed import record_id

    ws.store.execute(
        "INSERT INTO pending (log, n, scope, dot, before, commitment, body, kind, record, state, tried, reason, number)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT DO NOTHING",
        (one.log, one.n, one.scope, one.dot, one.before, one.commitment, one.body, one.change.kind, record_id(one.change.record), one.state,
         one.reason, one.number))


def _is_draft(row: tuple[Any, ...]) -> bool:
    kind, id, content = row
    if not isinstance(kind, str) or not isinstance(id, str) or not isinstance(content, bytes):
        return False
    try:
        return isinstance(codec.unpack(content), dict)
    except Failure:
        return False


def _missing(ws: Workspace, saved: Saved) -> int:
    """How many places of the person's logs hold a change that neither the file nor a ledger here gave back."""
    lost = 0
    for log in {*saved.read, *saved.ends}:
        numbers = saved.read.get(log, set())
        last = min(max(0, *numbers, saved.ends.get(log, 0)), max(numbers, default=0) + 10_000)  # an end that was altered is not believed
        known = {n for schema in ("main.", "pub.") for (n,) in ws.store.rows(f"SELECT n FROM {schema}entry WHERE log = ?", (log,))}
        lost += sum(1 for n in range(1, last + 1) if n not in numbers and n not in known)
    return lost
