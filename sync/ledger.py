"""Numbered, chained, signed pages of each scope: appended by the authority, cut and taken by everyone; knows no kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from i18n import Text
from sync import codec, proofs
from sync.change import START, Change, Entry, LogProof, Page, Verdict, head_statement, log_id, log_link, record_of
from sync.confirmed import Decided, record_id
from sync.entries import Accepted, Row, extend, insert, insert_run, rows_after
from sync.errors import Damaged
from sync.identity import SigningKey, verifies
from sync.proofs import ALTERED
from sync.salts import drop_told
from sync.snapshots.content import Header
from sync.store import Store
from sync.trust import Trust


class JustWritten(Protocol):
    """Entries that the request which a page answers wrote itself."""

    def after(self, at: Head, number: int, before: bytes) -> list[Row] | None:
        """The entries after a number, if they are all these; None otherwise."""
        ...

    def proof(self, rows: list[Row]) -> LogProof | None:
        """Their proof, if one batch gives it."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """Where a ledger stands: epoch, number of the last entry, chain there, the authority's signature."""

    scope: str
    epoch: bytes
    number: int
    chain: bytes
    signature: bytes


Check = Callable[[Head, list[Row], bytes], None]  # raises when entries, or the chain at their end, are not what was signed


def head(store: Store, scope: str, hold: Literal["", "lock", "share"] = "") -> Head | None:
    """The head of a scope's ledger. With `lock` nobody else commits to it, with `share` it does not move, until the transaction ends."""
    sql = "SELECT scope, epoch, number, chain, signature FROM ledger WHERE scope = ?"
    row = store.row({"": sql, "lock": store.lock_row(sql), "share": store.share_row(sql)}[hold], (scope,))
    return None if row is None else _head(row)


def heads(store: Store) -> dict[str, Head]:
    """Where every ledger stands, at one moment."""
    return {row[0]: _head(row) for row in store.rows("SELECT scope, epoch, number, chain, signature FROM ledger")}


def held(store: Store, locked: list[str], shared: list[str]) -> dict[str, Head]:
    """The heads of scopes, locked (nobody else commits to them) and shared (they do not move), in this order, until the transaction ends."""
    sql = "SELECT scope, epoch, number, chain, signature FROM ledger WHERE scope = ?"
    queries = [*((store.lock_row(sql), (scope,)) for scope in locked), *((store.share_row(sql), (scope,)) for scope in shared)]
    return {row[0]: _head(row) for rows in store.several(queries) for row in rows}


def _head(row: tuple[Any, ...]) -> Head:
    return Head(row[0], bytes(row[1]), row[2], bytes(row[3]), bytes(row[4]))


def begin(store: Store, scope: str, epoch: bytes, signature: bytes) -> None:
    """Open the ledger of a scope, empty. While it is, its epoch is hearsay that the next answer may correct: nothing signed stands in it."""
    store.execute("INSERT INTO ledger (scope, epoch, number, chain, signature, digest) VALUES (?, ?, 0, ?, ?, ?)"
                  " ON CONFLICT (scope) DO UPDATE SET epoch = excluded.epoch WHERE ledger.number = 0", (scope, epoch, START, signature, bytes(32)))


def move(store: Store, head: Head, number: int, chain: bytes, signature: bytes) -> None:
    """Set the head of a ledger further on, and keep the signed head for those who stop there."""
    store.execute("UPDATE ledger SET number = ?, chain = ?, signature = ? WHERE scope = ?", (number, chain, signature, head.scope))
    store.execute("INSERT INTO signed_head (scope, number, chain, signature) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                  (head.scope, number, chain, signature))


def stand_at(store: Store, header: Header) -> None:
    """Set a ledger to where a snapshot stands, whatever was before."""
    store.execute("INSERT INTO ledger (scope, epoch, number, chain, signature, digest) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (scope) DO UPDATE SET"
                  " epoch = excluded.epoch, number = excluded.number, chain = excluded.chain,"
                  " signature = excluded.signature, digest = excluded.digest",
                  (header.scope, header.epoch, header.number, header.chain, header.head, header.digest))
    store.execute("INSERT INTO signed_head (scope, number, chain, signature) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                  (header.scope, header.number, header.chain, header.head))


def keep_log(store: Store, log: bytes, scope: str, key: bytes, nonce: bytes) -> None:
    """Remember whose log a log is."""
    store.execute("INSERT INTO log (id, scope, signer, nonce) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING", (log, scope, key, nonce))


def keep_proof(store: Store, log: bytes, n: int, link: bytes, signature: bytes, seeds: list[tuple[int, bytes]]) -> None:
    """Remember an author's signature over a log, and the seeds of its salts."""
    store.execute("INSERT INTO log_signature (log, n, link, signature) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", (log, n, link, signature))
    store.many("INSERT INTO log_seed (log, run, seed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [(log, run, seed) for run, seed in seeds])


def chain_at(store: Store, scope: str, number: int, head: Head | None = None) -> bytes:
    """The chain of a ledger at one of its numbers, from the nearest signed head before it. `head` is the last, for whoever read it."""
    if number == 0 or (head is not None and head.number == number):
        return START if head is None or number == 0 else head.chain
    row = store.row("SELECT number, chain FROM signed_head WHERE scope = ? AND number <= ? ORDER BY number DESC LIMIT 1", (scope, number))
    at, chain = (0, START) if row is None else (row[0], bytes(row[1]))
    while at < number:
        rows = rows_after(store, scope, at, min(2000, number - at))
        if not rows or rows[-1].number != at + len(rows):
            raise _missing(scope, at)
        chain, at = extend(chain, rows), rows[-1].number
    return chain


def _missing(scope: str, after: int) -> Damaged:
    return Damaged(Text("Entries of the ledger “{scope}” are missing after number {number}.", scope=scope, number=after))


def floor(store: Store, scope: str) -> int:
    """The number up to which a replica holds no entries, only what a snapshot says of them; 0 where every entry is here."""
    taken = store.value("SELECT number FROM snapshot WHERE scope = ?", (scope,)) or 0
    first = store.value("SELECT min(number) FROM entry WHERE scope = ?", (scope,))
    if first is None:
        return store.value("SELECT number FROM ledger WHERE scope = ?", (scope,)) or 0
    return max(taken, first - 1)


def cut(store: Store, at: Head, after: int, before: bytes, budget: int, signer: SigningKey,
        echo: frozenset[bytes] = frozenset(), check: Check | None = None,
        just: JustWritten | None = None, until: int | None = None) -> tuple[Page, bytes] | None:
    """The next page after a number up to the head `at`, about `budget` bytes of bodies, and the chain at its end; None when there is none.

    `until` is a number before which it ends, if given.

    Bodies of changes whose dot is in `echo` are left out: the receiver has
    them. `check` raises when the entries are not what was signed before;
    what this very request wrote (`just`) is not read back, and needs none.
    """
    if at.number <= after or until == after + 1:
        return None
    scope = at.scope
    rows: list[Row] = []
    size = 0
    written = just.after(at, after, before) if just is not None else None
    for one in _rows_for(store, scope, after, budget) if written is None else written:
        size += 24 + len(one.body or b"") * (one.dot not in echo) + len(one.reason or b"")
        if (rows and size > budget) or one.number == until:
            break
        rows.append(one)
    if not rows:
        raise _missing(scope, after)
    last = rows[-1].number
    chain = at.chain if written is not None and last == at.number else extend(before, rows)
    if check is not None and written is None:
        check(at, rows, chain)
    signature = at.signature if last == at.number else signer.sign(head_statement(scope, at.epoch, last, chain))
    proof = just.proof(rows) if just is not None and written is not None else None
    if proof is not None:
        return Page(scope, at.epoch, rows[0].number, before, [proof], [_entry(one, 0, echo) for one in rows], signature), chain
    return page_of(store, rows, at.epoch, before, signature, echo), chain


def page_of(store: Store, rows: list[Row], epoch: bytes, before: bytes, signature: bytes, echo: frozenset[bytes] = frozenset()) -> Page:
    """The page of some entries in order, with the proofs that the ledger holds of them."""
    branches = [piece for branch in proofs.branches_of(rows) for piece in proofs.unbroken(store, branch)]
    proven = [proofs.proof_of(store, branch) for branch in branches]
    index = {one.number: at for at, branch in enumerate(branches) for one in branch}
    entries = [_entry(one, index[one.number], echo) for one in rows]
    return Page(rows[0].scope, epoch, rows[0].number, before, proven, entries, signature)


def _rows_for(store: Store, scope: str, after: int, budget: int) -> Iterator[Row]:
    """Entries in order, read as they are asked for: a page seldom takes more than a few hundred."""
    while rows := rows_after(store, scope, after, max(16, min(1000, budget // 512))):
        yield from rows
        after = rows[-1].number


def open_page(page: Page, at: Head, authority: bytes, trust: Trust, mine: dict[bytes, tuple[bytes, bytes]]) -> tuple[list[Row], bytes]:
    """The rows of a page that verifies, and the chain at its end; Damaged names what does not.

    `mine` gives (body, salt) by (log + number) for echoed changes. The page
    must follow the head `at` directly, or hold it: one that was cut elsewhere
    may begin with entries that are here. Only the rows after `at` are answered.
    """
    if page.scope != at.scope or page.epoch != at.epoch or not page.first <= at.number + 1 <= page.last:
        raise Damaged(ALTERED)
    used = {(entry.log, entry.n // codec.RUN) for entry in page.entries
            if entry.verdict == Verdict.ACCEPTED and entry.salt is None and entry.commitment is None}
    if any((index, run) not in used for index, proof in enumerate(page.logs) for run, _ in proof.seeds):
        raise Damaged(ALTERED)  # a seed that no entry here proves
    names, rows = _rows_on(page, mine)
    chain = extend(page.before, rows)
    if extend(page.before, rows[: at.number + 1 - page.first]) != at.chain:
        raise Damaged(ALTERED)
    if not verifies(authority, head_statement(page.scope, page.epoch, page.last, chain), page.signature):
        raise Damaged(ALTERED)
    links = [
        proofs.check_proof(proof, log, [row for row, entry in zip(rows, page.entries, strict=True) if entry.log == index], trust)
        for index, (proof, log) in enumerate(zip(page.logs, names, strict=True))
    ]
    follow = [row.following(links[entry.log][row.n]) for row, entry in zip(rows, page.entries, strict=True)]
    return trust.erasures.applied(follow[at.number + 1 - page.first:]), chain


def rows_on(page: Page) -> list[Row]:
    """The entries of a page that is whole, as rows without the chains of their logs; nothing of it is checked."""
    return _rows_on(page, {})[1]


def dots_on(page: Page) -> list[bytes]:
    """The identities of the changes on a page that is whole, in order; nothing of it is checked."""
    return [one.dot for one in rows_on(page)]


def _rows_on(page: Page, mine: dict[bytes, tuple[bytes, bytes]]) -> tuple[list[bytes], list[Row]]:
    """The names of a page's logs, and its entries as rows, without the chains of their logs."""
    names = [log_id(proof.key, page.scope, proof.nonce) for proof in page.logs]
    seeds = [dict(proof.seeds) for proof in page.logs]
    rows: list[Row] = []
    for number, entry in enumerate(page.entries, page.first):
        if not (0 <= entry.log < len(names) and 0 < entry.n < 2**32 and 0 <= entry.control < 2**63):
            raise Damaged(ALTERED)
        rows.append(_opened(page.scope, number, entry, names[entry.log], seeds[entry.log], mine))
    return names, rows


def decided(rows: list[Row]) -> list[Decided]:
    """The accepted changes among entries, as the confirmed copy takes them."""
    return [
        Decided(one.number, one.dot, codec.unpack(text, Change))
        for one in rows if one.verdict == Verdict.ACCEPTED and (text := one.remains if one.body is None else one.body) is not None
    ]


def keep_page(store: Store, page: Page, rows: list[Row], at: Head, chain: bytes) -> None:
    """Write a page that verified: entries, proofs, and the head moved, in the caller's transaction."""
    insert(store, rows)
    for index, proof in enumerate(page.logs):
        log = log_id(proof.key, page.scope, proof.nonce)
        keep_log(store, log, page.scope, proof.key, proof.nonce)
        own = [row for row, entry in zip(rows, page.entries[len(page.entries) - len(rows):], strict=True) if entry.log == index]
        links = proofs.chain_of(proof, own if len(rows) == len(page.entries) else _all_of(page, index))
        keep_proof(store, log, proof.signed, links[proof.signed + 1], proof.signature, list(proof.seeds))
        proofs.keep_gaps(store, log, proof.gaps, links)
        drop_told(store, log, own, [run for run, _ in proof.seeds])
    proofs.drop_gaps(store, rows)
    move(store, at, page.last, chain, page.signature)


def _all_of(page: Page, index: int) -> list[Row]:
    """The entries of one log on a page, those that were here before too: its proof is over all of them."""
    return [row for row, entry in zip(rows_on(page), page.entries, strict=True) if entry.log == index]


def keep_run(store: Store, page: Page, changes: Sequence[Accepted], control: int, at: Head, chain: bytes) -> None:
    """The same of a page that verified and is nothing but these changes of one log, accepted as they follow each other."""
    (proof,), log = page.logs, changes[0].log
    insert_run(store, page.scope, page.first, changes, control)
    keep_log(store, log, page.scope, proof.key, proof.nonce)
    link, links = log_link(changes[-1].before, changes[-1].commitment), {}
    for n, commitment in proof.gaps:
        links[n], link = link, log_link(link, commitment)
    keep_proof(store, log, proof.signed, link, proof.signature, list(proof.seeds))
    proofs.keep_gaps(store, log, proof.gaps, links)
    drop_told(store, log, (), [run for run, _ in proof.seeds])
    proofs.drop_gaps(store, changes)
    move(store, at, page.last, chain, page.signature)


def _entry(row: Row, log: int, echo: frozenset[bytes]) -> Entry:
    if row.verdict == Verdict.REFUSED:
        return Entry(log, row.n, row.verdict, row.control, None, row.commitment, row.reason)
    if row.body is None:
        return Entry(log, row.n, row.verdict, row.control, row.remains, row.commitment)
    body = None if row.dot in echo else row.body
    return Entry(log, row.n, row.verdict, row.control, body, None, None, row.salt)


def _opened(scope: str, number: int, entry: Entry, log: bytes, seeds: dict[int, bytes], mine: dict[bytes, tuple[bytes, bytes]]) -> Row:
    if entry.verdict == Verdict.REFUSED and entry.commitment is not None and entry.body is None:
        return Row(scope, number, log, entry.n, b"", entry.commitment, None, None, entry.verdict, entry.reason, entry.control, None)
    if entry.verdict == Verdict.ACCEPTED and entry.commitment is not None:  # erased; whether an erasure names it is seen when all of the page is
        remains = codec.unpack(entry.body, Change) if entry.body is not None else None
        record = record_id(remains.record) if remains is not None and len(remains.record) == 16 else None
        return Row(scope, number, log, entry.n, b"", entry.commitment, None, None, entry.verdict, None, entry.control, record, entry.body)
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
    record = record_of(body)
    if len(record) != 16:
        raise Damaged(ALTERED)
    return Row(scope, number, log, entry.n, b"", commitment, salt, body, entry.verdict, None, entry.control, record_id(record))


