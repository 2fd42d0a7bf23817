"""Epochs of the ledgers: how a server that was set back begins a new one and leads replicas to it; knows no kind and no record."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sync import ledger
from sync.change import START, Claim, Page, Step, head_statement, step_statement
from sync.errors import Damaged
from sync.identity import SigningKey, verifies
from sync.proofs import ALTERED
from sync.scopes import in_order_of_locks
from sync.store import Store

MARKS = 24  # spaced by powers of two: enough for 16 million entries


def marks_below(store: Store, scope: str, top: int, floor: int = 0) -> list[tuple[int, bytes]]:
    """(number, first 8 bytes of the chain there) from `top` down, ever further apart, the last at `floor`: below it are no entries here."""
    found, step = [], 0
    while len(found) < MARKS and top - step > floor:
        found.append((top - step, ledger.chain_at(store, scope, top - step)[:8]))
        step = 2 * step + 1
    if 0 < floor <= top and (chain := known_chain(store, scope, floor)) is not None:
        found.append((floor, chain[:8]))
    return found


def known_chain(store: Store, scope: str, number: int) -> bytes | None:
    """The chain at a number of a ledger; None below the number of the snapshot that it was loaded from, where nobody can tell."""
    lowest = ledger.floor(store, scope)
    if number > lowest:
        return ledger.chain_at(store, scope, number)
    row = store.row("SELECT chain FROM signed_head WHERE scope = ? AND number = ?", (scope, number))
    return None if row is None else bytes(row[0])


def claim(store: Store, head: ledger.Head, top: int, floor: int = 0) -> Claim:
    """What a replica shows of one of its ledgers to a server whose own stands at `top`."""
    return Claim(head.scope, head.epoch, head.number, head.chain, head.signature, marks_below(store, head.scope, min(top, head.number), floor))


def lacking(store: Store, key: SigningKey, shown: Iterable[Claim]) -> bool:
    """Whether one of these heads was signed by this very authority and is not in its ledgers: proof of a loss."""
    return any(is_signed(key, one) and _lacks(store, one) for one in shown)


def begin(store: Store, key: SigningKey, random: Callable[[int], bytes], shown: Iterable[Claim] | None = None) -> bool:
    """Start a new epoch in every scope, the heads signed again under it; whether it was started.

    `shown` are the heads that prove a loss. They are looked at again once
    every head is locked: another process may have started an epoch meanwhile.
    """
    shown = None if shown is None else list(shown)
    with store.transaction():
        heads = [at for scope in in_order_of_locks(ledger.heads(store)) if (at := ledger.head(store, scope, "lock")) is not None]
        if shown is not None and not lacking(store, key, shown):
            return False
        new = random(8)
        for one in shown or ():  # an epoch that was lost whole is a former one from here on; it led to no number here
            if is_signed(key, one) and _is_unheard_of(store, one):
                _keep(store, one.scope, one.epoch, new, -1, START, b"")
        for at in heads:
            signature = key.sign(step_statement(at.scope, at.epoch, new, at.number, at.chain))
            _keep(store, at.scope, at.epoch, new, at.number, at.chain, signature)
            store.execute("UPDATE ledger SET epoch = ?, signature = ? WHERE scope = ?",
                          (new, key.sign(head_statement(at.scope, new, at.number, at.chain)), at.scope))
    return True


def step_for(store: Store, key: SigningKey, shown: Claim) -> Step | None:
    """The step that leads a replica from what it shows to this ledger; None when it needs none, or shows what was never signed here."""
    at = ledger.head(store, shown.scope)
    if at is None or shown.epoch == at.epoch or not is_signed(key, shown):
        return None
    number, chain = _common(store, at, shown)
    healed = store.rows("SELECT number, chain FROM healed WHERE scope = ? ORDER BY number DESC LIMIT 50", (shown.scope,))
    return Step(shown.scope, shown.epoch, at.epoch, number, chain, key.sign(head_statement(shown.scope, at.epoch, number, chain)),
                key.sign(step_statement(shown.scope, shown.epoch, at.epoch, number, chain)), [(each, bytes(link)[:8]) for each, link in healed])


def check(step: Step, at: ledger.Head, authority: bytes) -> None:
    """Damaged, unless the authority signed this step and it leads on from a head."""
    ours = step.scope == at.scope and step.old == at.epoch and step.new != at.epoch and 0 <= step.number <= at.number
    signed = verifies(authority, step_statement(step.scope, step.old, step.new, step.number, step.chain), step.signature)
    if not ours or not signed or not verifies(authority, head_statement(step.scope, step.new, step.number, step.chain), step.head):
        raise Damaged(ALTERED)


def follow(store: Store, step: Step) -> None:
    """Note on a replica that its ledger, which already ends where the step begins, is in the new epoch."""
    store.execute("UPDATE epoch_step SET number = ? WHERE scope = ? AND number > ?", (step.number, step.scope, step.number))
    _keep(store, step.scope, step.old, step.new, step.number, step.chain, step.signature)
    store.execute("UPDATE ledger SET epoch = ?, signature = ? WHERE scope = ?", (step.new, step.head, step.scope))


def follow_empty(store: Store, scope: str, epoch: bytes) -> None:
    """Open a ledger that is still empty in the server's epoch: nothing is at stake there."""
    store.execute("DELETE FROM ledger WHERE scope = ? AND number = 0", (scope,))
    ledger.begin(store, scope, epoch, bytes(64))


def follow_page(store: Store, page: Page) -> None:
    """Bring a ledger that is filled from a copy's own pages to the epoch of the next one; each was signed in its own."""
    at = ledger.head(store, page.scope)
    if at is None or (not at.number and at.epoch != page.epoch):
        follow_empty(store, page.scope, page.epoch)
    elif at.epoch != page.epoch and page.first == at.number + 1:
        _keep(store, page.scope, at.epoch, page.epoch, at.number, at.chain, b"")
        store.execute("UPDATE ledger SET epoch = ? WHERE scope = ?", (page.epoch, page.scope))


def of_number(store: Store, at: ledger.Head, number: int) -> bytes:
    """The epoch in which a number of a ledger was signed."""
    old = store.value("SELECT old FROM epoch_step WHERE scope = ? AND number >= ? ORDER BY position LIMIT 1", (at.scope, number))
    return at.epoch if old is None else bytes(old)


def _keep(store: Store, scope: str, old: bytes, new: bytes, number: int, chain: bytes, signature: bytes) -> None:
    position = store.value("SELECT coalesce(max(position), 0) + 1 FROM epoch_step WHERE scope = ?", (scope,))
    store.execute("INSERT INTO epoch_step (scope, position, old, new, number, chain, signature) VALUES (?, ?, ?, ?, ?, ?, ?)",
                  (scope, position, old, new, number, chain, signature))


def is_signed(key: SigningKey, shown: Claim) -> bool:
    """Whether this very authority signed a head."""
    return verifies(key.public, head_statement(shown.scope, shown.epoch, shown.number, shown.chain), shown.signature)


def _lacks(store: Store, shown: Claim) -> bool:
    at = ledger.head(store, shown.scope)
    if at is None:
        return False
    if shown.epoch == at.epoch:
        return shown.number > at.number or ledger.chain_at(store, shown.scope, shown.number) != shown.chain
    return _is_unheard_of(store, shown)


def _is_unheard_of(store: Store, shown: Claim) -> bool:
    """Whether a head is of an epoch that the ledger neither is in nor ever was."""
    at = ledger.head(store, shown.scope)
    if at is None or shown.epoch == at.epoch:
        return False
    return store.value("SELECT 1 FROM epoch_step WHERE scope = ? AND old = ?", (shown.scope, shown.epoch)) is None


def _common(store: Store, at: ledger.Head, shown: Claim) -> tuple[int, bytes]:
    """The greatest number at which what is shown is on this ledger, and the chain there."""
    for number, mark in sorted({*shown.marks, (shown.number, shown.chain[:8])}, reverse=True):
        if 0 < number <= at.number and (chain := ledger.chain_at(store, shown.scope, number))[:8] == mark:
            return number, chain
    return 0, START
