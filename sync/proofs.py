"""What proves that a page's changes were written by their authors: made from a ledger, checked by whoever receives; knows no scope."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from i18n import Text
from sync import codec
from sync.change import LogProof, log_link, log_statement
from sync.entries import Accepted, Row
from sync.errors import Damaged
from sync.identity import verifies
from sync.store import Store
from sync.trust import Trust

_FEW = 8
_KEEP = "INSERT INTO gap (log, n, before, commitment) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
ALTERED = Text("The data that arrived is damaged or was altered; nothing of it was taken.")


def chain_of(proof: LogProof, rows: list[Row]) -> dict[int, bytes]:
    """The chain of a log before each number from `first` to one past `signed`."""
    commitments = dict(proof.gaps)
    commitments.update({one.n: one.commitment for one in rows})
    chain, found = proof.before, {proof.first: proof.before}
    for n in range(proof.first, proof.signed + 1):
        if n not in commitments:
            raise Damaged(ALTERED)
        chain = log_link(chain, commitments[n])
        found[n + 1] = chain
    return found


def check_proof(proof: LogProof, log: bytes, rows: list[Row], trust: Trust) -> dict[int, bytes]:
    """The chain of a log before each of its numbers here, once the author's signature holds over them; Damaged otherwise."""
    numbers = [one.n for one in rows]
    if not numbers or min(numbers) < proof.first or max(numbers) > proof.signed or proof.signed - proof.first > codec.MAX_MESSAGE // 32:
        raise Damaged(ALTERED)
    if len(set(numbers)) != len(numbers) or any(not proof.first <= n <= proof.signed for n, _ in proof.gaps):
        raise Damaged(ALTERED)
    links = chain_of(proof, rows)
    statement = log_statement(log, proof.signed, links[proof.signed + 1])
    if not verifies(trust.public(proof.key), statement, proof.signature):
        raise Damaged(ALTERED)
    return links


def branches_of(rows: list[Row]) -> list[list[Row]]:
    """Entries by log, and by branch where a copied device forked its log."""
    branches: dict[bytes, list[dict[int, Row]]] = {}
    for one in rows:
        known = branches.setdefault(one.log, [])
        fitting = (branch for branch in known if one.n not in branch and _continues(branch, one))
        branch = next(fitting, None)
        if branch is None:
            known.append({one.n: one})
        else:
            branch[one.n] = one
    return [list(branch.values()) for known in branches.values() for branch in known]


def _continues(branch: dict[int, Row], row: Row) -> bool:
    before, after = branch.get(row.n - 1), branch.get(row.n + 1)
    if before is not None and log_link(before.before, before.commitment) != row.before:
        return False
    return after is None or log_link(row.before, row.commitment) == after.before


def unbroken(store: Store, branch: list[Row]) -> list[list[Row]]:
    """A branch, parted where numbers between its entries never came here: nobody can prove a chain over a hole."""
    pieces: list[list[Row]] = []
    for one in sorted(branch, key=lambda row: row.n):
        last = pieces[-1][-1] if pieces else None
        if last is not None and _leads(store, last, one):
            pieces[-1].append(one)
        else:
            pieces.append([one])
    return pieces


def _leads(store: Store, one: Row, other: Row) -> bool:
    """Whether the changes known here lead from one entry of a log to a later one."""
    link = log_link(one.before, one.commitment)
    if other.n == one.n + 1:
        return link == other.before
    return _path(_steps(store, one.log, one.n + 1, other.n - 1, {}), link, one.n + 1, other.n - 1, other.before) is not None


def proof_of(store: Store, branch: list[Row]) -> LogProof:
    """The proof for entries of one branch: the first signature at or after them, and the commitments between."""
    log, first, last = branch[0].log, min(one.n for one in branch), max(one.n for one in branch)
    known = store.row("SELECT signer, nonce FROM log WHERE id = ?", (log,))
    if known is None:
        raise Damaged(Text("The ledger does not know whose log an entry belongs to."))
    start = next(one for one in branch if one.n == first)
    have = {one.n: one.commitment for one in branch}
    for n, link, signature in _signatures(store, log, last):
        path = _path(_steps(store, log, first, n, have), start.before, first, n, bytes(link))
        if path is not None:
            gaps = [(each, commitment) for each, commitment in path.items() if each not in have]
            return LogProof(bytes(known[0]), bytes(known[1]), first, start.before, n, bytes(signature), gaps, _seeds(store, log, branch))
    raise Damaged(Text("The ledger holds entries without their author's signature."))


def _signatures(store: Store, log: bytes, last: int) -> Iterator[tuple[int, bytes, bytes]]:
    """The signatures (number, chain, signature) at or after a number of a log, a few at a time: the first one serves, unless the log was forked."""
    sql = f"SELECT n, link, signature FROM log_signature WHERE log = ? AND n >= ? ORDER BY n, link LIMIT {_FEW} OFFSET ?"
    at = 0
    while rows := store.rows(sql, (log, last, at)):
        yield from rows  # type: ignore[misc]
        at += _FEW


def _steps(store: Store, log: bytes, first: int, last: int, have: dict[int, bytes]) -> dict[tuple[int, bytes], list[bytes]]:
    """The commitments that can follow a chain, by (number, chain before it)."""
    found: dict[tuple[int, bytes], dict[bytes, None]] = {}  # one that is a gap here may be an entry there
    for table in ("entry", "waiting", "gap"):
        sql = f"SELECT n, before, commitment FROM {table} WHERE log = ? AND n BETWEEN ? AND ?"
        for n, before, commitment in store.rows(sql, (log, first, last)):
            found.setdefault((n, bytes(before)), {})[bytes(commitment)] = None
    return {key: [have[key[0]]] if key[0] in have else list(options) for key, options in found.items()}


def _path(steps: dict[tuple[int, bytes], list[bytes]], before: bytes, first: int, last: int, link: bytes) -> dict[int, bytes] | None:
    """The commitments from `first` to `last` that lead to a chain, or None; a fork gives more than one way to try."""
    ways: list[tuple[int, bytes, dict[int, bytes]]] = [(first, before, {})]
    while ways:
        n, chain, taken = ways.pop()
        while n <= last and len(steps.get((n, chain), ())) == 1:
            taken[n] = steps[n, chain][0]
            n, chain = n + 1, log_link(chain, taken[n])
        if n > last:
            if chain == link:
                return taken
            continue
        ways += [(n + 1, log_link(chain, each), {**taken, n: each}) for each in steps.get((n, chain), ())]
    return None


def keep_gaps(store: Store, log: bytes, gaps: list[tuple[int, bytes]], links: dict[int, bytes]) -> None:
    """Remember the commitments that a proof named and that are no entries here, so that the proof can be made again."""
    store.many(_KEEP, [(log, n, links[n], commitment) for n, commitment in gaps])


def keep_branch(store: Store, log: bytes, rows: Sequence[Row], here: Collection[tuple[int, bytes, bytes]] = ()) -> None:
    """Remember changes that are known, where they stand on another branch of their log: they prove what stands before them there.

    `here` are (number, chain before it, commitment) of entries that are not written yet.
    """
    numbers = sorted({one.n for one in rows})
    known = {(n, bytes(before), bytes(commitment)) for table in ("entry", "waiting")
             for n, before, commitment in store.among(f"SELECT n, before, commitment FROM {table} WHERE log = ? AND n IN (?)", numbers, (log,))}
    store.many(_KEEP, [(log, one.n, one.before, one.commitment) for one in rows if (one.n, one.before, one.commitment) not in {*known, *here}])


def keep_waiting(store: Store, rows: Sequence[Row]) -> None:
    """The same of changes that wait here on another branch than these entries, which take their place."""
    store.many("INSERT INTO gap (log, n, before, commitment) SELECT log, n, before, commitment FROM waiting"
               " WHERE log = ? AND n = ? AND mark = ? AND before <> ? ON CONFLICT DO NOTHING",
               [(one.log, one.n, one.commitment[:2], one.before) for one in rows])


def drop_gaps(store: Store, rows: Sequence[Row | Accepted]) -> None:
    """Forget gaps that are entries now."""
    if store.value("SELECT 1 FROM gap LIMIT 1") is not None:
        store.many("DELETE FROM gap WHERE log = ? AND n = ? AND before = ? AND commitment = ?",
                   [(one.log, one.n, one.before, one.commitment) for one in rows])


def _seeds(store: Store, log: bytes, branch: list[Row]) -> list[tuple[int, bytes]]:
    """The seed of each run of a branch: the one that its commitments come from."""
    found: dict[int, bytes] = {}
    readable = [one for one in branch if one.body is not None and one.salt is None]
    runs = sorted({one.n // codec.RUN for one in readable})
    for run, seed in store.among("SELECT run, seed FROM log_seed WHERE log = ? AND run IN (?)", runs, (log,)):
        one = next(each for each in readable if each.n // codec.RUN == run)
        if codec.commitment(codec.salt_of(bytes(seed), one.n), one.body or b"") == one.commitment:
            found[run] = bytes(seed)
    return sorted(found.items())


