"""Numbered, chained, signed pages of each scope: appended by the authority, cut and taken by everyone; knows no kind."""

from __future__ import annotations

from dataclasses import dataclass, replace

from i18n import Text
from sync import codec
from sync.change import (
    START,
    Change,
    Entry,
    LogProof,
    Page,
    Verdict,
    entry_link,
    head_statement,
    log_id,
    log_link,
    log_statement,
)
from sync.confirmed import Decided, record_id
from sync.errors import Damaged
from sync.identity import SigningKey, verifies
from sync.store import Store
from sync.trust import Trust

ALTERED = Text("The data that arrived is damaged or was altered; nothing of it was taken.")


@dataclass(frozen=True, slots=True)
class Head:
    """Where a ledger stands: epoch, number of the last entry, chain there, the authority's signature."""

    scope: str
    epoch: bytes
    number: int
    chain: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as the ledger keeps it. `before` is the chain of its log just before it."""

    scope: str
    number: int
    log: bytes
    n: int
    before: bytes
    commitment: bytes
    salt: bytes | None
    body: bytes | None
    verdict: int
    reason: bytes | None
    control: int
    record: str | None

    @property
    def dot(self) -> bytes:
        """The change's identity."""
        return codec.dot(self.log, self.n, self.commitment)


_COLUMNS = "scope, number, log, n, before, commitment, salt, body, verdict, reason, control, record"


def head(store: Store, scope: str, *, lock: bool = False) -> Head | None:
    """The head of a scope's ledger; with `lock` nobody else commits to it until the transaction ends."""
    sql = "SELECT scope, epoch, number, chain, signature FROM ledger WHERE scope = ?"
    row = store.row(store.lock_row(sql) if lock else sql, (scope,))
    return None if row is None else Head(row[0], bytes(row[1]), row[2], bytes(row[3]), bytes(row[4]))


def begin(store: Store, scope: str, epoch: bytes, signature: bytes) -> None:
    """Open the ledger of a scope, empty."""
    store.execute("INSERT INTO ledger (scope, epoch, number, chain, signature, digest) VALUES (?, ?, 0, ?, ?, ?)"
                  " ON CONFLICT (scope) DO NOTHING", (scope, epoch, START, signature, bytes(32)))


def insert(store: Store, rows: list[Row]) -> None:
    """Write entries."""
    store.many(f"INSERT INTO entry ({_COLUMNS}, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               [(one.scope, one.number, one.log, one.n, one.before, one.commitment, one.salt, one.body, one.verdict, one.reason,
                 one.control, one.record, one.commitment[:2]) for one in rows])


def extend(chain: bytes, rows: list[Row]) -> bytes:
    """The chain after more entries."""
    for one in rows:
        chain = entry_link(chain, one.log, one.n, one.commitment, one.verdict, one.control, one.reason)
    return chain


def move(store: Store, head: Head, number: int, chain: bytes, signature: bytes) -> None:
    """Set the head of a ledger further on, and keep the signed head for those who stop there."""
    store.execute("UPDATE ledger SET number = ?, chain = ?, signature = ? WHERE scope = ?", (number, chain, signature, head.scope))
    store.execute("INSERT INTO signed_head (scope, number, chain, signature) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                  (head.scope, number, chain, signature))


def keep_log(store: Store, log: bytes, scope: str, key: bytes, nonce: bytes) -> None:
    """Remember whose log a log is."""
    store.execute("INSERT INTO log (id, scope, signer, nonce) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING", (log, scope, key, nonce))


def keep_proof(store: Store, log: bytes, n: int, link: bytes, signature: bytes, seeds: list[tuple[int, bytes]]) -> None:
    """Remember an author's signature over a log, and the seeds of its salts."""
    store.execute("INSERT INTO log_signature (log, n, link, signature) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", (log, n, link, signature))
    store.many("INSERT INTO log_seed (log, run, seed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [(log, run, seed) for run, seed in seeds])


def rows_after(store: Store, scope: str, after: int, limit: int) -> list[Row]:
    """Entries in order, at most `limit` of them."""
    found = store.rows(f"SELECT {_COLUMNS} FROM entry WHERE scope = ? AND number > ? ORDER BY number LIMIT ?", (scope, after, limit))
    return [_row(one) for one in found]


def chain_at(store: Store, scope: str, number: int) -> bytes:
    """The chain of a ledger at one of its numbers, from the nearest signed head before it."""
    row = store.row("SELECT number, chain FROM signed_head WHERE scope = ? AND number <= ? ORDER BY number DESC LIMIT 1", (scope, number))
    at, chain = (0, START) if row is None else (row[0], bytes(row[1]))
    while at < number:
        rows = rows_after(store, scope, at, min(2000, number - at))
        if not rows:
            raise Damaged(Text("Entries of the ledger “{scope}” are missing after number {number}.", scope=scope, number=at))
        chain, at = extend(chain, rows), rows[-1].number
    return chain


def cut(store: Store, scope: str, after: int, before: bytes, budget: int, signer: SigningKey,
        echo: frozenset[bytes] = frozenset()) -> tuple[Page, bytes] | None:
    """The next page after a number, about `budget` bytes of bodies, and the chain at its end; None when there is none.

    Bodies of changes whose dot is in `echo` are left out: the receiver has them.
    """
    at = head(store, scope)
    if at is None or at.number <= after:
        return None
    rows: list[Row] = []
    size = 0
    for one in rows_after(store, scope, after, 4000):
        size += 24 + len(one.body or b"") * (one.dot not in echo) + len(one.reason or b"")
        if rows and size > budget:
            break
        rows.append(one)
    chain = extend(before, rows)
    branches = [piece for branch in _branches(rows) for piece in _unbroken(store, branch)]
    proofs = [_proof(store, branch) for branch in branches]
    index = {one.number: at for at, branch in enumerate(branches) for one in branch}
    entries = [_entry(one, index[one.number], echo) for one in rows]
    last = rows[-1].number
    signature = at.signature if last == at.number else signer.sign(head_statement(scope, at.epoch, last, chain))
    return Page(scope, at.epoch, after + 1, before, proofs, entries, signature), chain


def open_page(page: Page, at: Head, authority: bytes, trust: Trust, mine: dict[bytes, tuple[bytes, bytes]]) -> tuple[list[Row], bytes]:
    """The rows of a page that verifies, and the chain at its end; Damaged names what does not.

    `mine` gives (body, salt) by (log + number) for echoed changes. The page
    must follow the head `at` directly.
    """
    if page.scope != at.scope or page.epoch != at.epoch or page.first != at.number + 1 or page.before != at.chain or not page.entries:
        raise Damaged(ALTERED)
    seeds = [dict(proof.seeds) for proof in page.logs]
    used = {(entry.log, entry.n // codec.RUN) for entry in page.entries if entry.verdict == Verdict.ACCEPTED and entry.salt is None}
    if any((index, run) not in used for index, known in enumerate(seeds) for run in known):
        raise Damaged(ALTERED)  # a seed that no entry here proves
    names = [log_id(proof.key, page.scope, proof.nonce) for proof in page.logs]
    rows: list[Row] = []
    for number, entry in enumerate(page.entries, page.first):
        if not 0 <= entry.log < len(names):
            raise Damaged(ALTERED)
        rows.append(_opened(page.scope, number, entry, names[entry.log], seeds[entry.log], mine))
    chain = extend(page.before, rows)
    if not verifies(authority, head_statement(page.scope, page.epoch, page.last, chain), page.signature):
        raise Damaged(ALTERED)
    links = [
        _check_proof(proof, log, [row for row, entry in zip(rows, page.entries, strict=True) if entry.log == index], trust)
        for index, (proof, log) in enumerate(zip(page.logs, names, strict=True))
    ]
    return [replace(row, before=links[entry.log][row.n]) for row, entry in zip(rows, page.entries, strict=True)], chain


def decided(rows: list[Row]) -> list[Decided]:
    """The accepted changes among entries, as the confirmed copy takes them."""
    return [
        Decided(one.number, one.dot, codec.unpack(one.body, Change))
        for one in rows if one.verdict == Verdict.ACCEPTED and one.body is not None
    ]


def keep_page(store: Store, page: Page, rows: list[Row], at: Head, chain: bytes) -> None:
    """Write a page that verified: entries, proofs, and the head moved, in the caller's transaction."""
    insert(store, rows)
    for index, proof in enumerate(page.logs):
        log = log_id(proof.key, page.scope, proof.nonce)
        keep_log(store, log, page.scope, proof.key, proof.nonce)
        own = [row for row, entry in zip(rows, page.entries, strict=True) if entry.log == index]
        link = _chain_of(proof, own)[proof.signed + 1]
        keep_proof(store, log, proof.signed, link, proof.signature, list(proof.seeds))
    move(store, at, page.last, chain, page.signature)


def _entry(row: Row, log: int, echo: frozenset[bytes]) -> Entry:
    if row.verdict == Verdict.REFUSED:
        return Entry(log, row.n, row.verdict, row.control, None, row.commitment, row.reason)
    body = None if row.dot in echo else row.body
    return Entry(log, row.n, row.verdict, row.control, body, None, None, row.salt)


def _opened(scope: str, number: int, entry: Entry, log: bytes, seeds: dict[int, bytes], mine: dict[bytes, tuple[bytes, bytes]]) -> Row:
    if entry.verdict == Verdict.REFUSED and entry.commitment is not None and entry.body is None:
        return Row(scope, number, log, entry.n, b"", entry.commitment, None, None, entry.verdict, entry.reason, entry.control, None)
    body, salt = entry.body, entry.salt
    seed = seeds.get(entry.n // codec.RUN)
    if entry.verdict != Verdict.ACCEPTED or (salt is None and seed is None):
        raise Damaged(ALTERED)
    given = salt or codec.salt_of(seed or b"", entry.n)
    if body is None:
        if log + entry.n.to_bytes(4, "big") not in mine:
            raise Damaged(ALTERED)
        body, own = mine[log + entry.n.to_bytes(4, "big")]
        if own != given:
            raise Damaged(ALTERED)  # the seed is kept with the page, so it must be right for an echo too
    commitment = codec.commitment(given, body)
    change = codec.unpack(body, Change)
    if len(change.record) != 16:
        raise Damaged(ALTERED)
    return Row(scope, number, log, entry.n, b"", commitment, salt, body, entry.verdict, None, entry.control, record_id(change.record))


def _chain_of(proof: LogProof, rows: list[Row]) -> dict[int, bytes]:
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


def _check_proof(proof: LogProof, log: bytes, rows: list[Row], trust: Trust) -> dict[int, bytes]:
    numbers = [one.n for one in rows]
    if not numbers or min(numbers) < proof.first or max(numbers) > proof.signed or proof.signed - proof.first > codec.MAX_MESSAGE // 32:
        raise Damaged(ALTERED)
    if len(set(numbers)) != len(numbers):
        raise Damaged(ALTERED)
    links = _chain_of(proof, rows)
    statement = log_statement(log, proof.signed, links[proof.signed + 1])
    if not verifies(trust.public(proof.key), statement, proof.signature):
        raise Damaged(ALTERED)
    return links


def _branches(rows: list[Row]) -> list[list[Row]]:
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


def _unbroken(store: Store, branch: list[Row]) -> list[list[Row]]:
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


def _proof(store: Store, branch: list[Row]) -> LogProof:
    """The proof for entries of one branch: the first signature at or after them, and the commitments between."""
    log, first, last = branch[0].log, min(one.n for one in branch), max(one.n for one in branch)
    known = store.row("SELECT signer, nonce FROM log WHERE id = ?", (log,))
    if known is None:
        raise Damaged(Text("The ledger does not know whose log an entry belongs to."))
    start = next(one for one in branch if one.n == first)
    have = {one.n: one.commitment for one in branch}
    for n, link, signature in store.rows("SELECT n, link, signature FROM log_signature WHERE log = ? AND n >= ? ORDER BY n", (log, last)):
        path = _path(_steps(store, log, first, n, have), start.before, first, n, bytes(link))
        if path is not None:
            gaps = [(each, commitment) for each, commitment in path.items() if each not in have]
            return LogProof(bytes(known[0]), bytes(known[1]), first, start.before, n, bytes(signature), gaps, _seeds(store, log, branch))
    raise Damaged(Text("The ledger holds entries without their author's signature."))


def _steps(store: Store, log: bytes, first: int, last: int, have: dict[int, bytes]) -> dict[tuple[int, bytes], list[bytes]]:
    """The commitments that can follow a chain, by (number, chain before it)."""
    found: dict[tuple[int, bytes], list[bytes]] = {}
    for table in ("entry", "waiting"):
        sql = f"SELECT n, before, commitment FROM {table} WHERE log = ? AND n BETWEEN ? AND ?"
        for n, before, commitment in store.rows(sql, (log, first, last)):
            found.setdefault((n, bytes(before)), []).append(bytes(commitment))
    return {key: [have[key[0]]] if key[0] in have else options for key, options in found.items()}


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


def _row(one: tuple[object, ...]) -> Row:
    values = [bytes(value) if isinstance(value, memoryview) else value for value in one]
    return Row(*values)  # type: ignore[arg-type]


