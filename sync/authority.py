"""The one place that orders and decides: checks each change and appends it to its ledger; knows no HTTP and no kind."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from i18n import Text
from sync import codec, entries, ledger
from sync.change import START, Batch, Change, Operation, Verdict, Write, head_statement, log_id, log_link, log_statement
from sync.confirmed import Confirmed, Decided, record_id
from sync.erased import CONTROL_KINDS
from sync.errors import Damaged, Refused
from sync.forgetting import saw_erased, was_erased
from sync.identity import CERTIFICATE, Certified, SigningKey, key_id, seal, verifies
from sync.merge import State, is_gone
from sync.migrations import Shape, prepare
from sync.proofs import ALTERED
from sync.reasons import packed_reason
from sync.record import CONTROL, NETWORK, PUBLIC, Kinds, uuid7
from sync.rules import OPERATIONS, first_problem, is_well_formed
from sync.salts import drop_told, runs_without_seed
from sync.snapshots import publishing
from sync.store import Store
from sync.tables import LEDGER, table_of
from sync.trust import Trust

May = Callable[[str, str, str, Mapping[str, Any] | None, str], Text | None]
SCOPES = (CONTROL, PUBLIC, NETWORK)


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


class Authority:
    """Orders changes: serially per scope, each under the next number, accepted or refused with a reason.

    `may(role, operation, kind, values, person)` answers None or why not.
    `clock` gives milliseconds since 1970, `random` n secret bytes.
    """

    def __init__(self, store: Store, kinds: Kinds, key: SigningKey, may: May,
                 clock: Callable[[], int], random: Callable[[int], bytes]) -> None:
        self.store = store
        self.kinds = Kinds((*kinds.values(), *CONTROL_KINDS))
        self.key = key
        self.may = may
        self.clock = clock
        self.random = random
        self.trust = Trust(store, key.public)

    def begin(self) -> None:
        """Create what is missing: tables, and the empty ledgers in a first epoch."""
        prepare(self.store, Shape("server", (*LEDGER, *publishing.SCHEMA), {"": list(self.kinds.values())}))
        with self.store.transaction():
            at = ledger.head(self.store, CONTROL)
            epoch = at.epoch if at else self.random(8)
            for scope in SCOPES:
                ledger.begin(self.store, scope, epoch, self.key.sign(head_statement(scope, epoch, 0, START)))

    def certify(self, public: bytes, person: str, device: str, role: str, organisation: str | None = None) -> str:
        """Certify a key in the control ledger; the certificate's id. The same key twice is one certificate."""
        id = str(uuid.UUID(bytes=codec.digest(b"dalil certificate", public)[:16], version=5))
        values = {"key": public.hex(), "person": person, "device": device, "role": role}
        if organisation:
            values["organisation"] = organisation
        if self.store.value("SELECT id FROM certificate WHERE id = ?", (id,)) is None:
            self.declare(Operation.CREATE, id, values, CERTIFICATE.name)
        return id

    def revoke(self, device: str) -> int:
        """Revoke every certificate of a device; how many there were."""
        rows = self.store.rows("SELECT id FROM certificate WHERE device = ? AND revoked IS NULL", (device,))
        for (id,) in rows:
            self.declare(Operation.EDIT, id, {"revoked": True}, CERTIFICATE.name)
        return len(rows)

    def commit(self, data: bytes) -> Receipt:
        """Decide every change of a batch that is not decided yet. Repeating it does no harm.

        Raises Damaged when the batch does not verify and Refused when its
        signer is a stranger: then nothing of it is taken.
        """
        batch = codec.unpack(codec.unsqueeze(data, codec.MAX_BATCH), Batch)
        signer = self.trust.certified(batch.key)
        if signer is None:
            raise Refused(Text("This device has no certificate of this server. Join with a code first; your work waits safely."), "no_certificate")
        changes = self._opened(batch, signer)
        with self.store.transaction():
            return _Commit(self, batch.scope, batch.key).run(batch, changes)

    def release(self, scope: str, records: list[str]) -> None:
        """Decide the changes that waited for the creation of records which came back another way than in a batch."""
        with self.store.transaction():
            _Commit(self, scope, key_id(self.key.public)).release(records)

    def _opened(self, batch: Batch, signer: Certified) -> list[entries.Row]:
        """The changes of a batch as ledger rows without verdict, once its signature verified."""
        own = signer.key == self.key.public
        if batch.scope not in SCOPES or (batch.scope == CONTROL) != own or not batch.bodies or batch.first < 1:
            raise Damaged(ALTERED)
        log = log_id(batch.key, batch.scope, batch.nonce)
        runs = range(batch.first // codec.RUN, (batch.first + len(batch.bodies) - 1) // codec.RUN + 1)
        if batch.first + len(batch.bodies) > 2**32 or len(batch.before) != 32 or [run for run, _ in batch.seeds] != list(runs):
            raise Damaged(ALTERED)  # a dot has four bytes for its number, and one seed for each run is all there is to send
        seeds, chain, rows = dict(batch.seeds), batch.before, []
        for n, body in enumerate(batch.bodies, batch.first):
            seed = seeds.get(n // codec.RUN)
            if seed is None or len(body) > codec.MAX_CHANGE:
                raise Damaged(ALTERED)
            commitment = codec.commitment(codec.salt_of(seed, n), body)
            rows.append(entries.Row(batch.scope, 0, log, n, chain, commitment, None, body, 0, None, 0, None))
            chain = log_link(chain, commitment)
        if not verifies(signer.key, log_statement(log, rows[-1].n, chain), batch.signature):
            raise Damaged(ALTERED)
        return rows

    def declare(self, operation: Operation, id: str, values: Mapping[str, Any], kind: str) -> None:
        """Append a fact to the control ledger, as a change of the authority's own log."""
        nonce = bytes(8)
        log = log_id(key_id(self.key.public), CONTROL, nonce)
        with self.store.transaction():
            ledger.head(self.store, CONTROL, "lock")
            last = self.store.row("SELECT n, before, commitment FROM entry WHERE log = ? ORDER BY n DESC LIMIT 1", (log,))
            n, before = (1, START) if last is None else (last[0] + 1, log_link(bytes(last[1]), bytes(last[2])))
            writes = [Write(path, value, []) for path, value in sorted(values.items())]
            body = codec.pack(Change(uuid.UUID(id).bytes, kind, operation, self.clock(), writes))
            seed = codec.digest(b"dalil seed", self.key.seed, (n // codec.RUN).to_bytes(8, "big"))[:16]
            link = log_link(before, codec.commitment(codec.salt_of(seed, n), body))
            signature = self.key.sign(log_statement(log, n, link))
            batch = Batch(key_id(self.key.public), CONTROL, nonce, n, before, [(n // codec.RUN, seed)], [body], signature)
            self.commit(codec.squeeze(codec.pack(batch)))

    def new_id(self) -> str:
        """A fresh record id."""
        return uuid7(self.clock(), self.random)


class _Commit:
    """One commit to one scope, inside its transaction, under the lock of the scope's head."""

    def __init__(self, authority: Authority, scope: str, key: bytes) -> None:
        self.authority = authority
        self.store = authority.store
        self.scope = scope
        at = ledger.head(self.store, scope, "lock")
        control = ledger.head(self.store, CONTROL, "share")
        if at is None or control is None:
            raise Damaged(Text("This server has no ledger “{scope}”.", scope=scope))
        signer = authority.trust.certified(key)  # again, under the lock: a revocation and a change never race
        if signer is None:
            raise Damaged(ALTERED)
        self.signer = signer
        self.at = at
        self.control = control.number
        self.confirmed = Confirmed(self.store, authority.kinds, scope, searchable=False)
        self.rows: list[entries.Row] = []
        self.erasures = bool(authority.trust.erasures.since(0, scope))
        self.awaited: set[str] = set()

    def run(self, batch: Batch, changes: list[entries.Row]) -> Receipt:
        log = changes[0].log
        decided = self._numbers_known("entry", log, changes)
        waiting = self._numbers_known("waiting", log, changes)
        decoded = {row.n: self._decoded(row) for row in changes}
        self.confirmed.prepare([change for change in decoded.values() if change is not None])
        created = [record_id(change.record) for change in decoded.values() if change is not None and change.operation == Operation.CREATE]
        self.awaited = {id for (id,) in self.store.among("SELECT record FROM waiting WHERE scope = ? AND record IN (?)", created, (self.scope,))}
        ledger.keep_log(self.store, log, self.scope, batch.key, batch.nonce)
        seeds = self._seeds_of(log, batch)
        changes = [row if seeds.get(row.n // codec.RUN) is None else replace(row, salt=codec.salt_of(seeds[row.n // codec.RUN], row.n))
                   for row in changes]
        known = held = 0
        forked = False
        nameless = self._nameless(log, decided)
        for row in changes:
            marks = decided.get(row.n, set()) | waiting.get(row.n, set())
            forked = forked or bool(marks - {row.commitment[:2]})
            if row.commitment[:2] in marks:
                known += 1
                self._name(row, decoded[row.n], nameless)
            elif self._decide(row, decoded[row.n], self.signer) is None:
                held += 1
        last, kept = changes[-1], [(run, seed) for run, seed in batch.seeds if run not in seeds]
        ledger.keep_proof(self.store, log, last.n, log_link(last.before, last.commitment), batch.signature, kept)
        self._finish()
        refused = sum(1 for row in self.rows if row.verdict == Verdict.REFUSED)
        return Receipt(log, frozenset(row.dot for row in changes), len(self.rows) - refused, refused, known, held, forked)

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

    def _seeds_of(self, log: bytes, batch: Batch) -> dict[int, bytes]:
        """The seeds of runs that began with another seed: a copied device's second branch, or somebody who wants pages that nobody can check.

        A run keeps the seed that came first; whatever has another carries its
        own salt. So does a run that lost a change to an erasure, whose salt
        must not be told again.
        """
        runs = [run for run, _ in batch.seeds]
        first = {run: bytes(seed) for run, seed in self.store.among("SELECT run, seed FROM log_seed WHERE log = ? AND run IN (?)", runs, (log,))}
        erased = runs_without_seed(self.store, log, runs)
        return {run: seed for run, seed in batch.seeds if run in erased or first.get(run, seed) != seed}

    def _finish(self) -> None:
        if not self.rows:
            return
        entries.insert(self.store, self.rows)
        for log in {row.log for row in self.rows if row.verdict == Verdict.ACCEPTED and row.body is None}:
            drop_told(self.store, log, [row for row in self.rows if row.log == log], [])
        self.confirmed.flush()
        number, chain = self.rows[-1].number, entries.extend(self.at.chain, self.rows)
        signature = self.authority.key.sign(head_statement(self.scope, self.at.epoch, number, chain))
        ledger.move(self.store, self.at, number, chain, signature)

    def _numbers_known(self, table: str, log: bytes, changes: list[entries.Row]) -> dict[int, set[bytes]]:
        found: dict[int, set[bytes]] = {}
        sql = f"SELECT n, mark FROM {table} WHERE log = ? AND n BETWEEN ? AND ?"
        for n, mark in self.store.rows(sql, (log, changes[0].n, changes[-1].n)):
            found.setdefault(n, set()).add(bytes(mark))
        return found

    def _decoded(self, row: entries.Row) -> Change | None:
        try:
            change = codec.unpack(row.body or b"", Change)
        except Damaged:
            return None
        return change if is_well_formed(change) else None

    def _decide(self, row: entries.Row, change: Change | None, signer: Certified) -> Verdict | None:
        """Give one change its verdict; None when it waits for the creation of its record."""
        if change is None:
            return self._refuse(row, None, Text("This change is not written as expected."), signer)
        id = record_id(change.record)
        state = self.confirmed.state(change.kind, id)
        if state is None and self.erasures and (was_erased(self.store, id) or saw_erased(self.store, self.scope, change)):
            erased = Text("This record was erased for everyone. If it is right to share this, enter it as a new record.")
            return self._refuse(row, change, erased, signer)
        if state is None and change.operation != Operation.CREATE and not signer.revoked and not self._creation_refused(id):
            self._wait(row, id)
            return None
        reason = self._reason_against(change, state, signer)
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
        self.rows[-1] = self.authority.trust.erasures.applied(self.rows[-1])
        for one in ledger.decided(self.rows[-1:]):
            self.confirmed.apply(one)
        return Verdict.ACCEPTED

    def _reason_against(self, change: Change, state: State | None, signer: Certified) -> Text | None:
        kind = self.authority.kinds.known_or_bare(change.kind)
        if signer.revoked:
            return Text("This device was withdrawn from the network. Ask the secretariat.")
        if state is None and change.operation != Operation.CREATE:
            return Text("The record that this change belongs to was refused.")
        if kind.scopes and self.scope not in kind.scopes:
            return Text("A record of this kind cannot stand in “{scope}”.", scope=self.scope)
        if state is not None and kind.final and is_gone(state, final=True):
            return Text("This record was withdrawn for good; the change came too late.")
        if self.scope != CONTROL:
            shown = table_of(kind).shown(state) if state is not None else {}
            values = {**kind.join(shown), "id": record_id(change.record)}
            right = self.authority.may(signer.role, OPERATIONS[Operation(change.operation)], change.kind, values, signer.person)
            if right is not None:
                return right
        problem = first_problem(change, state, kind)
        return None if problem is None else Text("{field}: {problem}", field=problem.path, problem=problem.message)

    def _refuse(self, row: entries.Row, change: Change | None, reason: Text, signer: Certified) -> Verdict:
        sealed = seal(signer.key, packed_reason(reason))
        id = record_id(change.record) if change is not None else None
        self.confirmed.refused(self._append(row, Verdict.REFUSED, None, sealed, id), row.dot)
        if change is not None and change.operation == Operation.CREATE:
            self._release(record_id(change.record))
        return Verdict.REFUSED

    def _append(self, row: entries.Row, verdict: Verdict, body: bytes | None, reason: bytes | None, id: str | None) -> int:
        number = self.at.number + len(self.rows) + 1
        salt = row.salt if body else None
        self.rows.append(entries.Row(self.scope, number, row.log, row.n, row.before, row.commitment, salt, body, verdict, reason, self.control, id))
        return number

    def _creation_refused(self, id: str) -> bool:
        if any(row.record == id and row.verdict == Verdict.REFUSED for row in self.rows):
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
        self._finish()

    def _release(self, id: str) -> None:
        """Decide the changes that waited for a record's creation, in the order of their logs."""
        if id not in self.awaited:
            return
        rows = self.store.rows("SELECT w.log, w.n, w.before, w.commitment, w.salt, w.body, l.signer FROM waiting w JOIN log l ON l.id = w.log"
                               " WHERE w.record = ? AND w.scope = ? ORDER BY w.log, w.n", (id, self.scope))
        self.store.execute("DELETE FROM waiting WHERE record = ? AND scope = ?", (id, self.scope))
        for log, n, before, commitment, salt, body, key in rows:
            signer = self.authority.trust.certified(bytes(key))
            row = entries.Row(self.scope, 0, bytes(log), n, bytes(before), bytes(commitment), salt and bytes(salt), bytes(body), 0, None, 0, None)
            if signer is not None:
                self._decide(row, self._decoded(row), signer)
