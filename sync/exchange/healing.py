"""A replica's half of healing: shows a server what it lost, offers it again, and goes back to where both agree; knows no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from i18n import Text
from sync import epochs, ledger, offers
from sync.change import Claim, Step
from sync.errors import Cancelled, Damaged, Refused
from sync.exchange.words import PUSH, Answer, Healing
from sync.going_back import go_back
from sync.identity import key_id
from sync.proofs import ALTERED
from sync.reasons import packed_reason
from sync.record import Kinds
from sync.scopes import in_order, is_in_clear
from sync.store import SqliteStore
from sync.trust import Trust
from sync.workspace import Workspace

SET_BACK = Text("The server was set back to an older state than this copy. Your work is safe here; tell the secretariat.")
TURNS = 5  # of healing in one sync: a server that goes back again and again is no server to follow
Ask = Callable[[Healing], Answer]


class Healer:
    """What one sync does when the server turns out to have been set back. `set_aside` gets the reasons for pages that it did not take."""

    def __init__(self, ws: Workspace, kinds: Kinds, authority: bytes, stop: Callable[[], bool], set_aside: Callable[[bytes], None]) -> None:
        self.ws = ws
        self.kinds = kinds
        self.authority = authority
        self.stop = stop
        self.set_aside = set_aside
        self._turns = 0
        self._vain = False  # whether the server led nowhere when the ledgers here were of different epochs
        self._unwanted = False  # whether the server said of an offer that it cannot take it

    def heads(self) -> dict[str, ledger.Head]:
        """Where the ledgers stand that this device receives: once it was withdrawn, its copy of what is not for everybody stays where it is."""
        return {scope: at for scope, at in self.ws.heads().items() if is_in_clear(scope) or not self._withdrawn()}

    def join(self, ask: Ask, heads: dict[str, ledger.Head]) -> dict[str, ledger.Head]:
        """Bring ledgers of different epochs into one: an earlier healing was cut, or another person of this PC healed theirs.

        Answers where they stand then. A ledger that the server does not lead on stays: this device may have been withdrawn, and not know it yet.
        """
        if self._vain or len({at.epoch for at in heads.values() if at.number}) < 2:
            return heads
        self._vain = not self._led(ask, {})
        return self.heads()

    def heal(self, ask: Ask, tops: dict[str, int]) -> None:
        """Show what is held here, offer what was lost, go back. `tops` are the server's numbers where they are known.

        Raises Refused when the server leads nowhere: nothing that is held here was lost, or it is not ours to believe.
        """
        if not self._led(ask, tops):
            raise Refused(SET_BACK, "server_set_back")

    def _led(self, ask: Ask, tops: dict[str, int]) -> bool:
        self._turns += 1
        if self._turns > TURNS:
            return False
        steps, kept = self._steps(ask, tops), self._kept()
        if not steps and not kept:
            return False
        self._offer(ask, kept, steps)
        changed: set[tuple[str, str]] = set()
        for step in steps:
            changed |= go_back(self._store(step.scope), self.kinds, step)
        with self.ws.store.transaction():
            changed |= self.ws.overlay.catch_up()
        self.ws.recognise()
        self.ws.tell({(kind, id) for kind, id in changed if kind in self.ws.kinds}, "sync")
        return True

    def settled(self, ask: Ask) -> bool:
        """Whether what earlier healings kept is in the ledgers again, which lack nothing any more; what is not is offered once more.

        An answer to an offer proves nothing: it may be another one that a
        relay kept. Only what has come back, or is not wanted, is dropped.
        """
        left = False
        for store in (self.ws.public, self.ws.private):
            but = [] if self._unwanted or (store is self.ws.private and self._withdrawn()) else offers.not_back(store)
            offers.forget_lost(store, but)
            left = left or bool(but)
        self._turns += left
        if not left or self._turns > TURNS:
            return True
        self._offer(ask, self._kept(), [])
        return False

    def _withdrawn(self) -> bool:
        if self.ws.guest:
            return False
        own = self.ws.vault.key().public.hex()
        return self.ws.public.value("SELECT 1 FROM certificate WHERE key = ? AND revoked = 1 AND gone = 0", (own,)) is not None

    def _kept(self) -> list[bytes]:
        return [data for store in (self.ws.public, self.ws.private) for _, data in offers.kept_lost(store)]

    def _offer(self, ask: Ask, kept: list[bytes], steps: list[Step]) -> None:
        for some in self._requests(kept, steps):
            if self.stop():
                raise Cancelled
            found = ask(Healing([], some))
            if found.healed is None:
                raise Damaged(ALTERED)  # this answers something else
            for reason in found.healed.set_aside:
                self._unwanted = True
                self.set_aside(reason)

    def heal_as_stranger(self, ask: Ask, failure: Refused) -> None:
        """Heal a server that does not know this device, when its certificate is here, signed: then the server lost it. Else the failure."""
        own = Trust(self.ws.public, self.authority).certified(key_id(self.ws.vault.key().public))
        if failure.code != "no_certificate" or (own is None and not offers.kept_lost(self.ws.public)):
            raise failure
        try:
            self.heal(ask, {})
        except Refused:
            raise failure from None

    def _steps(self, ask: Ask, tops: dict[str, int]) -> list[Step]:
        """The authority's steps, checked, control first."""
        heads = {scope: at for scope, at in self.heads().items() if at.number}
        claims = [self._claim(at, tops) for at in heads.values()]
        found = ask(Healing(claims, []))
        steps = {one.scope: one for one in (found.healed.steps if found.healed is not None else ())}
        if not set(steps) <= set(heads):
            raise Damaged(ALTERED)
        for scope, step in steps.items():
            epochs.check(step, heads[scope], self.authority)
            if epochs.known_chain(self._store(scope), scope, step.number) not in (None, step.chain):
                raise Damaged(ALTERED)
        return [steps[scope] for scope in in_order(steps)]

    def _claim(self, at: ledger.Head, tops: dict[str, int]) -> Claim:
        store = self._store(at.scope)
        return epochs.claim(store, at, tops.get(at.scope, at.number), ledger.floor(store, at.scope))

    def _requests(self, kept: list[bytes], steps: list[Step]) -> Iterator[list[bytes]]:
        """What the server lost, as carried pages, about as many at a time as fit into a request; what an earlier healing kept goes first."""
        some: list[bytes] = []
        for data in (*kept, *(data for step in steps for data in self._lost(step))):
            some.append(data)
            if sum(map(len, some)) > PUSH:
                yield some
                some = []
        if some:
            yield some

    def _lost(self, step: Step) -> Iterator[bytes]:
        """The pages of one scope after what came back already; up to where this copy can prove them."""
        store = self._store(step.scope)
        at = ledger.head(store, step.scope)
        if at is None or at.epoch != step.old:
            return
        lowest = max(step.number, ledger.floor(store, step.scope))  # below it nobody can tell what the chain was
        known = (number for number, mark in step.healed
                 if lowest < number <= at.number and ledger.chain_at(store, step.scope, number)[:8] == mark)
        try:
            for page in offers.pages_after(store, step.scope, max(known, default=step.number)):
                yield offers.carried(page)
        except Damaged as failure:
            self.set_aside(packed_reason(failure.message))

    def _store(self, scope: str) -> SqliteStore:
        return self.ws.public if is_in_clear(scope) else self.ws.private
