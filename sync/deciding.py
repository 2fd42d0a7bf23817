"""Decides batches of one or several scopes in one transaction, each change under the next number of its ledger; knows no HTTP and no kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from i18n import Text
from sync import codec, entries, ledger, proofs, scopes
from sync.change import Change, Operation, Verdict, head_statement
from sync.confirmed import Confirmed, Decided, record_id
from sync.errors import Damaged
from sync.forgetting import saw_erased, was_erased
from sync.handed import Handed, read
from sync.identity import Certified, seal
from sync.ledger import Head
from sync.merge import State, is_gone, was_seen
from sync.proofs import ALTERED
from sync.reasons import packed_reason
from sync.rules import asked_by, first_problem, is_misplaced, is_well_formed, right_columns
from sync.salts import drop_told, runs_without_seed
from sync.scopes import CONTROL
from sync.store import in_pieces
from sync.tables import table_of
from sync.withdrawn import had_begun

if TYPE_CHECKING:
    from sync.authority import Authority


_MARKS = "SELECT n, mark FROM {} WHERE log = ? AND n BETWEEN ? AND ?"
MISPLACED = Text("What the person agreed to asks for another place than this record stands in. Delete it here and enter it anew.")
NOT_OPEN = Text("This belongs to a part of the network that is not open to you.")
_NONE: Mapping[str, Collection[str]] = {}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch. `forked` tells the sender that its log has two branches: it must begin another."""

    log: bytes
    dots: frozenset[bytes]
    accepted: int
    refused: int
    known: int
    waiting: int
    forked: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A batch that was decided: its receipt, the entries it became (with those that had waited for it), and the head that they led to."""

    handed: Handed
    receipt: Receipt
    rows: list[entries.Row]
    head: Head


def decide(authority: Authority, asked: list[Handed]) -> list[Taken]:
    """Decide batches that verified, in order, all in one transaction: one head and one wait for the disk in each scope."""
    with authority.store.transaction():
        commits = begun(authority, {one.batch.scope for one in asked})
        made = [commits[one.batch.scope].run(one) for one in asked]
        heads = {scope: commit.finish() for scope, commit in commits.items()}
    return [Taken(one, receipt, rows, heads[one.batch.scope]) for one, (receipt, rows) in zip(asked, made, strict=True)]


def release(authority: Authority, scope: str, records: list[str]) -> None:
    """Decide the changes that waited for the creation of records which came back another way than in a batch."""
    with authority.store.transaction():
        commit = begun(authority, {scope})[scope]
        commit.release(records)
        commit.finish()


def begun(authority: Authority, wanted: set[str]) -> dict[str, Commit]:
    """Lock the heads of scopes, always in the same order, and then hold the ledger of certificates where it stands."""
    heads = ledger.held(authority.store, scopes.in_order_of_locks(wanted), [CONTROL] if CONTROL not in wanted else [])
    control = heads.get(CONTROL)
    found = {}
    for scope in wanted:
        at = heads.get(scope)
        if at is None or control is None:
            raise Damaged(Text("This server has no ledger “{scope}”.", scope=scope))
        found[scope] = Commit(authority, at, control)
    return found


class Commit:
    """One commit to one scope, inside its transaction, under the lock of the scope's head."""

    def __init__(self, authority: Authority, at: Head, control: Head) -> None:
        self.authority = authority
        self.store = authority.store
        self.scope = at.scope
        self.at = at
        self.control = control
        self.certificates = control.number, control.chain
        self.confirmed = Confirmed(self.store, authority.kinds, at.scope, searchable=False)
        self.rows: list[entries.Row] = []
        self.marks: dict[bytes, dict[int, set[bytes]]] = {}
        self.refusals: set[str | None] = set()
        self.erasures = bool(authority.trust.erasures.since(0, at.scope, self.certificates))
        self.awaited: set[str] = set()
        self.batch: list[tuple[bytes, Change]] = []
        self.before: set[bytes] | None = None

    def run(self, handed: Handed) -> tuple[Receipt, list[entries.Row]]:
        batch, changes, log, began = handed.batch, handed.rows, handed.log, len(self.rows)
        signer = self.authority.trust.certified(batch.key, self.certificates)  # again, under the lock: a revocation and a change never race
        if signer is None:
            raise Damaged(ALTERED)
        decoded = dict(zip((row.n for row in changes), (_well_formed(change) for change in handed.changes), strict=True))
        created = [record_id(change.record) for change in decoded.values() if change is not None and change.operation == Operation.CREATE]
        span = log, changes[0].n, changes[-1].n
        runs = [run for run, _ in batch.seeds]
        numbers, held_back, first, erased, *awaited = self.confirmed.prepare(
            [change for change in decoded.values() if change is not None],
            [(_MARKS.format("entry"), span), (_MARKS.format("waiting"), span),
             ("SELECT run, seed FROM log_seed WHERE log = ? AND run BETWEEN ? AND ?", (log, runs[0], runs[-1])),
             ("SELECT 1 FROM forgotten LIMIT 1", ()),
             *((f"SELECT record FROM waiting WHERE scope = ? AND record IN ({','.join('?' * len(some))})", (self.scope, *some))
               for some in in_pieces(created))])
        decided, waiting = self._numbers_known(log, numbers), self._numbers_known(log, held_back)
        self.awaited.update(id for rows in awaited for (id,) in rows)
        ledger.keep_log(self.store, log, self.scope, batch.key, batch.nonce)
        seeds = self._seeds_of(log, batch.seeds, first, bool(erased))
        if seeds:
            changes = [row if seeds.get(row.n // codec.RUN) is None else replace(row, salt=codec.salt_of(seeds[row.n // codec.RUN], row.n))
                       for row in changes]
        self.batch, self.before = [(row.dot, change) for row in changes if (change := decoded[row.n]) is not None], None
        right = right_columns(handed.changes, self.authority.kinds)
        held = 0
        known: list[entries.Row] = []
        forked = False
        nameless = self._nameless(log, decided)
        for row in changes:
            marks = decided.get(row.n, set()) | waiting.get(row.n, set())
            forked = forked or bool(marks - {row.commitment[:2]})
            if row.commitment[:2] in marks:
                known.append(row)
                self._name(row, decoded[row.n], nameless)
            elif self._decide(row, decoded[row.n], signer, right) is None:
                held += 1
        if known:
            proofs.keep_branch(self.store, log, known, {(row.n, row.before, row.commitment) for row in self.rows if row.log == log})
        kept = [(run, seed) for run, seed in batch.seeds if run not in seeds]
        ledger.keep_proof(self.store, log, changes[-1].n, handed.end, batch.signature, kept)
        made = self.rows[began:]
        refused = sum(1 for row in made if row.verdict == Verdict.REFUSED)
        return Receipt(log, frozenset(row.dot for row in changes), len(made) - refused, refused, len(known), held, forked), made

    def _nameless(self, log: bytes, decided: dict[int, set[bytes]]) -> set[bytes]:
        """The commitments of refusals that came back from a replica: these do not say of which record they are."""
        rows = self.store.among("SELECT commitment FROM entry WHERE record IS NULL AND verdict = ? AND log = ? AND n IN (?)",
                                sorted(decided), (int(Verdict.REFUSED), log))
        return {bytes(commitment) for (commitment,) in rows}

    def _name(self, row: entries.Row, change: Change | None, nameless: set[bytes]) -> None:
        """Learn from its author of which record a refused creation is, and decide what waits for that."""
        if change is not None and change.operation == Operation.CREATE and row.commitment in nameless:
            id = record_id(change.record)
            self.store.execute("UPDATE entry SET record = ? WHERE log = ? AND n = ? AND commitment = ?", (id, row.log, row.n, row.commitment))
            self._release(id)

    def _seeds_of(self, log: bytes, seeds: list[tuple[int, bytes]], known: list[tuple[Any, ...]], forgotten: bool) -> dict[int, bytes]:
        """The seeds of runs that began with another seed: a copied device's second branch, or somebody who wants pages that nobody can check.

        A run keeps the seed that came first; whatever has another carries its
        own salt. So does a run that lost a change to an erasure, whose salt
        must not be told again.
        """
        kept = {run: bytes(seed) for run, seed in known}
        erased = runs_without_seed(self.store, log, [run for run, _ in seeds]) if forgotten else set()
        return {run: seed for run, seed in seeds if run in erased or kept.get(run, seed) != seed}

    def finish(self) -> Head:
        """Write what was decided, with one head over all of it; answers the head."""
        if not self.rows:
            return self.at
        entries.insert(self.store, self.rows)
        for log in {row.log for row in self.rows if row.verdict == Verdict.ACCEPTED and row.body is None}:
            drop_told(self.store, log, [row for row in self.rows if row.log == log], [])
        self.confirmed.flush()
        number, chain = self.rows[-1].number, entries.extend(self.at.chain, self.rows)
        signature = self.authority.key.sign(head_statement(self.scope, self.at.epoch, number, chain))
        ledger.move(self.store, self.at, number, chain, signature)
        return Head(self.scope, self.at.epoch, number, chain, signature)

    def _numbers_known(self, log: bytes, rows: list[tuple[Any, ...]]) -> dict[int, set[bytes]]:
        found: dict[int, set[bytes]] = {}
        for n, mark in rows:
            found.setdefault(n, set()).add(bytes(mark))
        for n, marks in self.marks.get(log, {}).items():  # decided in this very transaction
            found.setdefault(n, set()).update(marks)
        return found

    def _decide(self, row: entries.Row, change: Change | None, signer: Certified, right: Mapping[str, Collection[str]] = _NONE) -> Verdict | None:
        """Give one change its verdict; None when it waits for the creation of its record. `right` are the columns looked at with it."""
        if change is None:
            return self._refuse(row, None, Text("This change is not written as expected."), signer)
        id = record_id(change.record)
        state = self.confirmed.state(change.kind, id)
        if (change.kind, id) in self.confirmed.elsewhere:
            return self._refuse(row, change, Text("This record lives in another place of the network. Enter it as a new record."), signer)
        if state is None and self.erasures and (was_erased(self.store, id) or saw_erased(self.store, self.scope, change)):
            erased = Text("This record was erased for everyone. If it is right to share this, enter it as a new record.")
            return self._refuse(row, change, erased, signer)
        if state is None and change.operation != Operation.CREATE and not signer.revoked and not self._creation_refused(id):
            self._wait(row, id)
            return None
        reason = self._reason_against(row.dot, change, state, signer, right)
        if reason is not None:
            return self._refuse(row, change, reason, signer)
        number = self._append(row, Verdict.ACCEPTED, row.body, None, id)
        if self.erasures and self.authority.trust.erasures.naming(row.dot):
            return self._without_erased()
        self.confirmed.apply(Decided(number, row.dot, change))
        if change.operation == Operation.CREATE:
            self._release(id)
        return Verdict.ACCEPTED

    def _without_erased(self) -> Verdict:
        """The last change was erased, and only its author still had it when this server was set back: it is accepted as it was left."""
        self.rows[-1:] = self.authority.trust.erasures.applied(self.rows[-1:])
        for one in ledger.decided(self.rows[-1:]):
            self.confirmed.apply(one)
        return Verdict.ACCEPTED

    def _reason_against(self, dot: bytes, change: Change, state: State | None, signer: Certified,
                        right: Mapping[str, Collection[str]]) -> Text | None:
        kind = self.authority.kinds.known_or_bare(change.kind)
        if signer.revoked:
            return Text("This device was withdrawn from the network. Ask the secretariat.")
        if not self.authority.gives(signer, self.scope):
            return self.authority.may(signer.actor, "read", change.kind, None, self.scope) or NOT_OPEN
        if state is None and change.operation != Operation.CREATE:
            return Text("The record that this change belongs to was refused.")
        if kind.scopes and not scopes.fits(self.scope, kind.scopes):
            return Text("A record of this kind cannot stand in “{scope}”.", scope=self.scope)
        if state is not None and kind.final and is_gone(state, final=True) and not self._comes_back(dot, change, state):
            return Text("This record was withdrawn for good; the change came too late.")
        if self.scope != CONTROL:
            shown = table_of(kind).shown(state) if state is not None else {}
            values = {**kind.join(shown), "id": record_id(change.record)}
            for asked in asked_by(change, kind):
                denied = self.authority.may(signer.actor, asked, change.kind, values, self.scope)
                if denied is not None:
                    return denied
        if is_misplaced(change, kind, self.scope):
            return MISPLACED
        problem = first_problem(change, state, kind, right.get(change.kind, ()))
        return None if problem is None else Text("{field}: {problem}", field=problem.path, problem=problem.message)

    def _comes_back(self, dot: bytes, change: Change, state: State) -> bool:
        """Whether a change was there before the deletion that stands, and both come back to a server that lost them: who deleted had seen it.

        What was seen by what was seen was there before too; only changes of the same batch are asked.
        """
        if change.operation == Operation.CREATE:
            return not had_begun(self.store, self.scope, record_id(change.record), self.rows)
        if was_seen(state, dot):
            return True
        if self.before is None:
            self.before = set()
            for each, later in reversed(self.batch):
                its = self.confirmed.state(later.kind, record_id(later.record))
                if its is not None and (each in self.before or was_seen(its, each)):
                    self.before.update(one for write in later.writes for one in write.seen)
        return dot in self.before

    def _refuse(self, row: entries.Row, change: Change | None, reason: Text, signer: Certified) -> Verdict:
        sealed = seal(signer.key, packed_reason(reason))
        id = record_id(change.record) if change is not None else None
        self.refusals.add(id)
        self.confirmed.refused(self._append(row, Verdict.REFUSED, None, sealed, id), row.dot)
        if change is not None and change.operation == Operation.CREATE:
            self._release(record_id(change.record))
        return Verdict.REFUSED

    def _append(self, row: entries.Row, verdict: Verdict, body: bytes | None, reason: bytes | None, id: str | None) -> int:
        number = self.at.number + len(self.rows) + 1
        salt = row.salt if body else None
        self.rows.append(entries.Row(self.scope, number, row.log, row.n, row.before, row.commitment, salt, body, verdict, reason,
                                     self.control.number, id))
        self.marks.setdefault(row.log, {}).setdefault(row.n, set()).add(row.commitment[:2])
        return number

    def _creation_refused(self, id: str) -> bool:
        if id in self.refusals:
            return True
        return self.store.value("SELECT number FROM entry WHERE record = ? AND verdict = ?", (id, int(Verdict.REFUSED))) is not None

    def _wait(self, row: entries.Row, id: str) -> None:
        self.awaited.add(id)
        self.store.execute("INSERT INTO waiting (scope, log, n, mark, before, commitment, body, record, salt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                           " ON CONFLICT DO NOTHING",
                           (self.scope, row.log, row.n, row.commitment[:2], row.before, row.commitment, row.body, id, row.salt))

    def release(self, records: list[str]) -> None:
        """Decide what waits for the creation of records that are in the ledger by now."""
        self.awaited.update(records)
        for id in records:
            self._release(id)

    def _release(self, id: str) -> None:
        """Decide the changes that waited for a record's creation, in the order of their logs."""
        if id not in self.awaited:
            return
        rows = self.store.rows("SELECT w.log, w.n, w.before, w.commitment, w.salt, w.body, l.signer FROM waiting w JOIN log l ON l.id = w.log"
                               " WHERE w.record = ? AND w.scope = ? ORDER BY w.log, w.n", (id, self.scope))
        self.store.execute("DELETE FROM waiting WHERE record = ? AND scope = ?", (id, self.scope))
        for log, n, before, commitment, salt, body, key in rows:
            signer = self.authority.trust.certified(bytes(key), self.certificates)
            row = entries.Row(self.scope, 0, bytes(log), n, bytes(before), bytes(commitment), salt and bytes(salt), bytes(body), 0, None, 0, None)
            if signer is not None:
                self._decide(row, _well_formed(read(row.body or b"")), signer)


def _well_formed(change: Change | None) -> Change | None:
    return change if change is not None and is_well_formed(change) else None
