"""The one place that orders and decides: checks each change and appends it to its ledger; knows no HTTP and no kind."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from i18n import Text
from sync import codec, granting, ledger, scope_keys, scopes, segments
from sync.actor import Actor
from sync.change import START, Batch, Change, Operation, Write, head_statement, log_id, log_link, log_statement
from sync.deciding import NOT_OPEN, Receipt, Taken, decide, release
from sync.errors import Damaged, Failure, Refused
from sync.facts import CONTROL_KINDS
from sync.handed import Handed, handed
from sync.identity import CERTIFICATE, Certified, SigningKey, certificate_id, key_id, verifies
from sync.migrations import Shape, prepare
from sync.proofs import ALTERED
from sync.record import Kinds, uuid7
from sync.schema import LEDGER
from sync.scope_keys import ScopeKey
from sync.scopes import CONTROL, members_read
from sync.shelf import Shelf
from sync.snapshots import publishing
from sync.soundness import Sound
from sync.store import Store
from sync.trust import Trust
from sync.turns import Turns

May = Callable[[Actor, str, str, Mapping[str, Any] | None, str], Text | None]
Reads = Callable[[Actor, str], bool]
NOTHING: Mapping[str, list[bytes]] = {}


class Authority:
    """Orders changes: serially per scope, each under the next number, accepted or refused with a reason.

    `may(actor, operation, kind, values, scope)` answers None or why not,
    `reads` who is given the pages of a scope that is not in clear.
    `clock` gives milliseconds since 1970, `random` n secret bytes. `turns` is
    the line, and `shelf` what was cut lately, that all authorities of one
    database in one process share.
    """

    def __init__(self, store: Store, kinds: Kinds, key: SigningKey, may: May,
                 clock: Callable[[], int], random: Callable[[int], bytes], turns: Turns[Handed, Taken] | None = None,
                 shelf: Shelf | None = None, reads: Reads = members_read) -> None:
        self.store = store
        self.kinds = Kinds((*kinds.values(), *CONTROL_KINDS))
        self.key = key
        self.may = may
        self.reads = reads
        self.clock = clock
        self.random = random
        self.trust = Trust(store, key.public)
        self.turns = turns or Turns()
        self.shelf = shelf or Shelf()
        self.sound = Sound(codec.digest(b"dalil sound", key.seed)[:16])

    def begin(self) -> None:
        """Create what is missing: tables, and the empty ledgers in a first epoch."""
        prepare(self.store, Shape("server", (*LEDGER, *publishing.SCHEMA, *segments.SCHEMA), {"": list(self.kinds.values())}))
        with self.store.transaction():
            at = ledger.head(self.store, CONTROL)
            epoch = at.epoch if at else self.random(8)
            for scope in scopes.FOUNDED:
                self._found(scope, epoch)

    def give_keys(self) -> None:
        """Give the members of a network that began before scopes had keys the one of their scope."""
        with self.store.transaction():
            ledger.head(self.store, CONTROL, "lock")
            if self.trust.everyone():
                self.state(granting.first(self, scopes.NETWORK))

    def found(self, scope: str) -> None:
        """Begin the ledger of a scope, empty, with its key, if it is not there."""
        with self.store.transaction():
            control = ledger.head(self.store, CONTROL, "lock")
            if control is None:
                raise Damaged(ALTERED)
            self._found(scope, control.epoch)
            self.state(granting.first(self, scope))

    def _found(self, scope: str, epoch: bytes) -> None:
        ledger.begin(self.store, scope, epoch, self.key.sign(head_statement(scope, epoch, 0, START)))

    def gives(self, signer: Certified | None, scope: str) -> bool:
        """Whether somebody is given the pages of a scope; nobody is a guest, and a withdrawn device reads like one."""
        return scopes.is_in_clear(scope) or (signer is not None and not signer.revoked and self.reads(signer.actor, scope))

    def scope_key(self, name: bytes) -> ScopeKey | None:
        """The key of a scope that sealed bytes name; None when this authority never gave one of that name."""
        row = self.store.row("SELECT ledger, generation FROM scope_key WHERE name = ? AND gone = 0", (name.hex(),))
        return None if row is None else scope_keys.made(self.key, row[0], row[1])

    def certify(self, public: bytes, person: str, device: str, role: str, organisations: Iterable[str] = ()) -> str:
        """Certify a key in the control ledger; the certificate's id. The same key twice is one certificate."""
        id = certificate_id(public)
        values: dict[str, Any] = {"key": public.hex(), "person": person, "device": device, "role": role}
        member_of = tuple(organisations)
        values |= {f"organisations#{one}": True for one in member_of}
        with self.store.transaction():
            ledger.head(self.store, CONTROL, "lock")
            if self.store.value("SELECT id FROM certificate WHERE id = ?", (id,)) is None:
                self.state(granting.first(self, scopes.NETWORK))
                newcomer = Certified(public, person, device, role, revoked=False, number=0, organisations=member_of)
                self.declare(Operation.CREATE, id, values | granting.given(self, newcomer), CERTIFICATE.name)
        return id

    def revoke(self, device: str) -> int:
        """Revoke every certificate of a device, and renew the keys that it held; how many there were."""
        with self.store.transaction():
            ledger.head(self.store, CONTROL, "lock")
            gone = {id: one for id, one in self.trust.everyone() if one.device == device and not one.revoked}
            self.state((Operation.EDIT, id, {"revoked": True}, CERTIFICATE.name) for id in gone)
            self.state(granting.renewed(self, granting.lost(self, gone, {})))
        return len(gone)

    def commit(self, data: bytes) -> Receipt:
        """Decide every change of a batch that is not decided yet. Repeating it does no harm.

        Raises Damaged when the batch does not verify and Refused when its
        signer is a stranger: then nothing of it is taken.
        """
        (found,) = self.take([opened(data)])
        if not isinstance(found, Taken):
            raise found
        return found.receipt

    def take(self, batches: Sequence[Handed]) -> list[Taken | BaseException]:
        """Decide the batches of one request, together with those of others that wait; each is on disk, or the failure says why not.

        What needs no database is looked at before anybody waits for anybody.
        """
        found: dict[int, Taken | BaseException] = {}
        for at, one in enumerate(batches):
            try:
                self._verify(one)
            except Failure as failure:
                found[at] = failure
        right = [at for at in range(len(batches)) if at not in found]
        if self.store.depth:  # a fact of the control ledger, in a transaction of its own kind
            found.update(zip(right, decide(self, [batches[at] for at in right]), strict=True))
        elif right:
            turns = self.turns.take([batches[at] for at in right], lambda asked: decide(self, asked))
            found.update({at: turn.found or turn.failure or Damaged(ALTERED) for at, turn in zip(right, turns, strict=True)})
        return [found[at] for at in range(len(batches))]

    def release(self, scope: str, records: list[str]) -> None:
        """Decide the changes that waited for the creation of records which came back another way than in a batch."""
        release(self, scope, records)

    def _verify(self, one: Handed) -> None:
        """Raises Damaged when a batch is not what its author signed, Refused when nobody knows its author."""
        batch = one.batch
        signer = self.trust.certified(batch.key)
        if signer is None:
            raise Refused(Text("This device has no certificate of this server. Join with a code first; your work waits safely."), "no_certificate")
        if not scopes.is_scope(batch.scope) or (batch.scope == CONTROL) != (signer.key == self.key.public):
            raise Damaged(ALTERED)
        sizes = [len(body) for body in batch.bodies]
        if max(sizes) > codec.MAX_CHANGE or sum(sizes) > codec.MAX_BATCH:
            raise Damaged(ALTERED)
        if not verifies(signer.key, log_statement(one.log, one.rows[-1].n, one.end), batch.signature):
            raise Damaged(ALTERED)
        if batch.scope not in scopes.FOUNDED and ledger.head(self.store, batch.scope) is None:
            # it begins, to refuse each change by itself, for whom it was before they were withdrawn too, and that of the moderators for anybody
            if not self.reads(signer.actor, batch.scope) and batch.scope != scopes.MODERATOR:
                raise Refused(NOT_OPEN, "no_right")
            self.found(batch.scope)

    def state(self, facts: Iterable[granting.Fact]) -> None:
        """Append facts to the control ledger, inside the caller's transaction."""
        for fact in facts:
            self.declare(*fact)

    def declare(self, operation: Operation, id: str, values: Mapping[str, Any], kind: str, seen: Mapping[str, list[bytes]] = NOTHING) -> None:
        """Append a fact to the control ledger, as a change of the authority's own log. `seen` are the dots of what it replaces, by path."""
        nonce = bytes(8)
        log = log_id(key_id(self.key.public), CONTROL, nonce)
        with self.store.transaction():
            ledger.head(self.store, CONTROL, "lock")
            last = self.store.row("SELECT n, before, commitment FROM entry WHERE log = ? ORDER BY n DESC LIMIT 1", (log,))
            n, before = (1, START) if last is None else (last[0] + 1, log_link(bytes(last[1]), bytes(last[2])))
            writes = [Write(path, value, list(seen.get(path, ()))) for path, value in sorted(values.items())]
            body = codec.pack(Change(uuid.UUID(id).bytes, kind, operation, self.clock(), writes))
            seed = codec.digest(b"dalil seed", self.key.seed, (n // codec.RUN).to_bytes(8, "big"))[:16]
            link = log_link(before, codec.commitment(codec.salt_of(seed, n), body))
            signature = self.key.sign(log_statement(log, n, link))
            batch = Batch(key_id(self.key.public), CONTROL, nonce, n, before, [(n // codec.RUN, seed)], [body], signature)
            self.commit(codec.squeeze(codec.pack(batch)))

    def new_id(self) -> str:
        """A fresh record id."""
        return uuid7(self.clock(), self.random)


def opened(data: bytes) -> Handed:
    """A batch as it was carried; Damaged or Invalid for what is none."""
    return handed(codec.unpack(codec.unsqueeze(data, codec.MAX_BATCH), Batch))
