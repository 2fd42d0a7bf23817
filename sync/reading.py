"""What a workspace answers: records through the shadowing views, conflicts, outbox, history, status, digest; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from i18n import Text
from sync import applying, conflicts, history, ledger, outbox
from sync.admission import code_of
from sync.attached import damaged
from sync.codec import canonical_json
from sync.digests import settled
from sync.errors import NotFound
from sync.facts import CONTROL_KINDS
from sync.membership import membership
from sync.overlay import PREFIX
from sync.record import Kinds, Record
from sync.scopes import CONTROL, PUBLIC, in_order, is_in_clear
from sync.tables import line, table_of
from sync.verify import confirmed_states, problems_of

if TYPE_CHECKING:
    from pathlib import Path

    from sync.files import Files
    from sync.overlay import Overlay
    from sync.store import SqliteStore
    from sync.vault import Vault


@dataclass(frozen=True, slots=True)
class Status:
    """Three dated facts, never a guess, and who is asking. Times are milliseconds since 1970, or None.

    `asked`: the code of a request to join that has no yes yet, "" for none; `vouched`: another device of theirs vouches for it.

    `last_accepted`: when the authority last answered for this person's work;
    `last_received`: when the copy was last compared with the server's.
    """

    waiting: int
    refused: int
    conflicts: int
    last_accepted: int | None
    last_received: int | None
    person: str
    name: str
    server: str
    role: str
    organisations: tuple[str, ...] = ()
    withdrawn: bool = False
    asked: str = ""
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One sync that took place: time in milliseconds, bytes, counts of changes, the code of its failure if it had one."""

    time: int
    bytes_up: int
    bytes_down: int
    sent: int
    accepted: int
    refused: int
    received: int
    failure: str | None


class Reading:
    """The reading half of a Workspace."""

    folder: Path
    kinds: Kinds
    guest: bool
    store: SqliteStore
    private: SqliteStore
    public: SqliteStore
    vault: Vault
    overlay: Overlay
    files: Files

    def get(self, kind: str, id: str) -> Record:
        """One record; NotFound if it is not here or was deleted."""
        found = self.records(kind, "id = ?", (id,), limit=1)
        if not found:
            raise NotFound(Text("There is no {kind} with the id {id} here.", kind=self.kinds[kind].label, id=id))
        return found[0]

    def records(self, kind: str, where: str = "", args: Sequence[Any] = (), *, order: str = "sort_fr",
                limit: int | None = None, offset: int = 0) -> list[Record]:
        """Records of a kind as this person sees them. `where` and `order` are SQL over the view's columns."""
        table = table_of(self.kinds[kind])
        sql = f"SELECT {table.select} FROM {table.name}{' WHERE ' + where if where else ''} ORDER BY {order}"
        if limit is not None:
            sql += f" LIMIT {int(limit)} OFFSET {int(offset)}"
        return [table.record(row) for row in self.store.rows(sql, args)]

    def rows(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query over the views; for the queries of `resources` alone."""
        return self.store.rows(sql, args)

    def count(self, kind: str) -> int:
        """How many records of a kind there are, hardly slower for many than for few: through the view every one would be read."""
        table = table_of(self.kinds[kind]).name
        own = f"main.{PREFIX}{table}"
        parts = [f"(SELECT count(*) FROM {own} WHERE gone = 0)"]
        for here in (f"main.{table}", f"pub.{table}"):
            parts.append(f"(SELECT count(*) FROM {here}) - (SELECT count(*) FROM {here} WHERE gone > 0)"
                         f" - (SELECT count(*) FROM {own} s CROSS JOIN {here} c ON c.id = s.id WHERE c.gone = 0)")
        return int(self.store.value(f"SELECT {' + '.join(parts)}"))

    def by_ids(self, kind: str, ids: Sequence[str]) -> list[Record]:
        """The records of these ids that are here, in the order asked."""
        table = table_of(self.kinds[kind])
        rows = self.store.among(f"SELECT {table.select} FROM {table.name} WHERE id IN (?)", list(ids))
        found = {row[0]: table.record(row) for row in rows}
        return [found[id] for id in ids if id in found]

    def search_ids(self, match: str, limit: int, kind: str | None = None) -> list[tuple[str, str]]:
        """(kind, id) of at most `limit` records that match an FTS5 query over the folded `title` and `body`, unranked."""
        found: list[tuple[str, str]] = []
        only = " AND f.kind = ?" if kind else ""
        args: tuple[Any, ...] = (match, kind) if kind else (match,)
        for index in (f"main.{PREFIX}", "main.", "pub."):
            shadow = "" if PREFIX in index else f" AND NOT EXISTS (SELECT 1 FROM main.{PREFIX}found s WHERE s.id = f.id)"
            name = index.rpartition(".")[2] + "search"
            found += self.store.rows(
                f"SELECT f.kind, f.id FROM {index}search JOIN {index}found f ON f.rowid = {name}.rowid"
                f" WHERE {name} MATCH ?{only}{shadow} LIMIT {int(limit)}", args)
        return found[:limit]

    def conflicts(self) -> list[conflicts.Conflict]:
        """What waits for a person to choose, derived from what each author had seen."""
        return conflicts.open_conflicts(self.store, self.overlay, self.kinds)

    def outbox(self) -> list[outbox.Item]:
        """What was saved here and what became of it, the newest first."""
        return outbox.items(self.store, self.overlay, self.kinds)

    def history(self, kind: str, id: str) -> list[history.Event]:
        """Every field's values in order: who, when, from what to what, by which road."""
        return history.events(self.store, self.overlay, self.kinds, kind, id)

    def status(self) -> Status:
        """What waits and how old the copy is."""
        counts = dict(self.store.rows("SELECT state, count(*) FROM pending GROUP BY state"))
        member = membership(self)  # type: ignore[arg-type]
        asked = applying.asked(self)  # type: ignore[arg-type]
        return Status(counts.get("waiting", 0), counts.get("refused", 0), conflicts.count(self.store, self.kinds),
                      self._moment("last_accepted"), self._moment("last_received"),
                      self.vault.word("person"), self.vault.word("name"), self.vault.word("server"), member.role,
                      member.organisations, member.withdrawn, code_of(asked.key) if asked else "", asked is not None and asked.beside is not None)

    def digest(self) -> dict[str, str]:
        """The digest of the confirmed records of each scope; equal on two replicas exactly when these are."""
        kinds = Kinds((*self.kinds.values(), *CONTROL_KINDS))
        return {scope: total.hex() for store, scope in self._places() if (total := settled(store, kinds, scope)) is not None}

    def export_lines(self, kind: str | None = None) -> Iterator[bytes]:
        """The confirmed records in the canonical form of `docs/sync.md`, a line each, sorted; of one kind if named."""
        lines: list[bytes] = []
        for store, scope in self._places():
            for state in confirmed_states(store, self.kinds, scope):
                if kind is None or state.kind == kind:
                    lines.append(canonical_json(line(state, scope)))
        yield from sorted(lines)

    def visits(self, limit: int = 50) -> list[Visit]:
        """The last syncs, the newest first: when, bytes both ways, what moved."""
        sql = "SELECT time, bytes_up, bytes_down, sent, accepted, refused, received, failure FROM visit ORDER BY time DESC LIMIT ?"
        return [Visit(*row) for row in self.store.rows(sql, (limit,))]

    def verify(self) -> list[Text]:
        """What is damaged or was altered in this copy; empty when everything holds."""
        authority = self.vault.setting("authority")
        found = problems_of(self.public, self.kinds, (CONTROL, PUBLIC), authority, self.public)
        found += problems_of(self.private, self.kinds, tuple(ledger.heads(self.private)), authority, self.public)
        return found + [Text("The file “{name}” on this computer is damaged. `dalil verify --repair` removes it, `dalil fetch {id}` brings it again.",
                             name=one.name, id=one.id) for one in damaged(self)]

    def heads(self) -> dict[str, ledger.Head]:
        """Where the copy of each ledger stands."""
        return {scope: at for scope, at in ledger.heads(self.public).items() if is_in_clear(scope)} | ledger.heads(self.private)

    def _places(self) -> list[tuple[SqliteStore, str]]:
        """The ledgers that are here, each with the file that holds it."""
        return [(self.public if is_in_clear(scope) else self.private, scope) for scope in in_order(self.heads())]

    def _moment(self, name: str) -> int | None:
        word = self.vault.word(name)
        return int(word) if word else None
