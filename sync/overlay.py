"""What one person sees: the confirmed copy with their pending changes replayed on top; knows no network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sync import heard, search_index
from sync.change import Operation, Verdict
from sync.confirmed import apply_change, numbers_of
from sync.merge import State
from sync.record import Kinds
from sync.scopes import PUBLIC, in_order, schema_of
from sync.snapshots.origins import origins_of
from sync.store import Store
from sync.tables import Table, table_of
from sync.vault import HEARD, PUT_AWAY, REFUSED, WAITING, Pending, Vault
from sync.waiting_again import wait_again

ENDLESS = 2**62
PREFIX = "shown_"
_MANY = 200  # records
_LEFT = "words left"  # the setting that says that this person's index holds words of records on which nothing waits


def shown_table(table: Table) -> Table:
    """The table of the rows as this person sees them where they differ from the confirmed ones."""
    return Table(table.kind, PREFIX + table.kind.name)


def view(table: Table) -> str:
    """The statement for the temporary view that shadows a kind's table: own rows, then confirmed ones without an own."""
    own = f"main.{PREFIX}{table.name}"
    columns = ", ".join(f"{{0}}.{column}" for column in table.columns)
    parts = [f"SELECT {columns.format('s')} FROM {own} s WHERE s.gone = 0"]
    for schema in ("main", "pub"):
        parts.append(f"SELECT {columns.format('c')} FROM {schema}.{table.name} c WHERE c.gone = 0"
                     f" AND NOT EXISTS (SELECT 1 FROM {own} s WHERE s.id = c.id)")
    return f"CREATE TEMP VIEW IF NOT EXISTS {table.name} AS " + " UNION ALL ".join(parts)


class Overlay:
    """Keeps the shown rows in step with what is confirmed and what is pending.

    `store` is the person's file with the public one attached as `pub`.
    """

    def __init__(self, store: Store, vault: Vault, kinds: Kinds) -> None:
        self.store = store
        self.vault = vault
        self.kinds = kinds
        self._shown: dict[str, Table] = {}

    def state(self, kind: str, id: str) -> State | None:
        """A record as this person sees it, with the references of its live values; None if nobody created it."""
        state = self.confirmed(kind, id)
        for one in (*self.vault.of_record(id, HEARD), *self.vault.of_record(id)):
            state = self._replayed(state, one)
        return state

    def confirmed(self, kind: str, id: str) -> State | None:
        """The confirmed state of a record, or None."""
        table = table_of(self.kinds.known_or_bare(kind))
        for schema in ("main", "pub"):
            row = self.store.row(f"SELECT {table.select} FROM {schema}.{table.name} WHERE id = ?", (id,))
            if row is not None:
                return table.state(row)
        return None

    def scope(self, kind: str, id: str) -> str | None:
        """The scope that a record lives in."""
        table = self.kinds[kind].name
        for name in (f"main.{PREFIX}{table}", f"main.{table}", f"pub.{table}"):
            found = self.store.value(f"SELECT scope FROM {name} WHERE id = ?", (id,))
            if found is not None:
                return str(found)
        return None

    def refresh(self, pairs: Iterable[tuple[str, str, str]]) -> None:
        """Recompute the shown rows of (kind, id, scope); a record on which nothing waits needs none."""
        wanted = sorted(pair for pair in set(pairs) if pair[0] in self.kinds)
        waiting = self.vault.records_waiting([id for _, id, _ in wanted])
        states = {(kind, id): self.state(kind, id) if id in waiting else None for kind, id, _ in wanted}
        for kind in {kind for kind, _, _ in wanted}:
            table = self._table(kind)
            bare = [id for each, id, _ in wanted if each == kind and states[each, id] is None]
            self.store.many(f"DELETE FROM main.{table.name} WHERE id = ?", [(id,) for id in bare])
            self._let_words_go(bare)
            rows = [table.row(state, scope, pending=True) for each, id, scope in wanted
                    if each == kind and (state := states[each, id]) is not None]
            self.store.many(table.upsert.replace("INTO ", "INTO main.", 1), rows)
            search_index.refresh(self.store, table, rows, PREFIX)

    def catch_up(self) -> set[tuple[str, str]]:
        """Take the verdicts that the ledgers have brought; answers the (kind, id) of records concerned.

        Cheap when no ledger has moved, so that every transaction of a vault begins with it.
        """
        concerned: set[tuple[str, str, str]] = set()
        for scope in self._moved():
            concerned |= self._catch_up(scope)
        if len(concerned) > _MANY and not self.vault.waits():
            self._clear()
        else:
            self.refresh(concerned)
        return {(kind, id) for kind, id, _ in concerned}

    def wake(self) -> None:
        """Catch up at opening: a kill, or another person on this PC, may have come between a page and this person's file.

        Without that, a value that somebody replaced knowingly would be shown again. Writes nothing when no ledger has moved.
        """
        if self._moved():
            with self.store.transaction():
                self.catch_up()
            self.settle()

    def _moved(self) -> list[str]:
        """The scopes whose ledger stands elsewhere than this file has taken its verdicts from."""
        rows = self.store.rows("SELECT l.scope FROM (SELECT scope, epoch, number FROM pub.ledger WHERE scope = ?"
                               " UNION ALL SELECT scope, epoch, number FROM main.ledger) l LEFT JOIN main.caught c"
                               " ON c.scope = l.scope AND c.epoch = l.epoch AND c.number = l.number WHERE c.scope IS NULL", (PUBLIC,))
        return in_order(scope for (scope,) in rows)

    def _let_words_go(self, ids: list[str]) -> None:
        """Take words out of this person's index, but for those that the confirmed one has not got yet: so a record is found all the time."""
        due = search_index.due_among(self.store, ids, "pub.") | search_index.due_among(self.store, ids, "main.")
        if due:
            self.vault.keep(_LEFT, b"1")
        search_index.forget(self.store, [id for id in ids if id not in due], PREFIX)

    def words_left(self, ids: list[str]) -> Mapping[str, search_index.Words]:
        """The words that this person's index still holds of records on which nothing waits any more: those of the confirmed rows."""
        if not self.vault.setting(_LEFT):
            return {}
        return search_index.words_of(self.store, sorted({*ids} - self.vault.records_waiting(ids)), PREFIX)

    def settle(self) -> None:
        """Take the words out of this person's index that were left there until the confirmed one had them."""
        if self.vault.setting(_LEFT):
            with self.store.transaction():
                self.vault.keep(_LEFT, b"")
                if self.vault.waits():
                    ids = [id for (id,) in self.store.rows(f"SELECT id FROM main.{PREFIX}found")]
                    search_index.forget(self.store, sorted({*ids} - self.vault.records_waiting(ids)), PREFIX)
                else:
                    search_index.empty(self.store, PREFIX)

    def _clear(self) -> None:
        """Nothing waits: no record is shown otherwise than it is confirmed. Emptying is faster than taking rows away one by one.

        The words stay until those of the confirmed rows are made.
        """
        for kind in self.kinds:
            self.store.execute(f"DELETE FROM main.{PREFIX}{kind}")
        self.vault.keep(_LEFT, b"1")

    def _catch_up(self, scope: str) -> set[tuple[str, str, str]]:
        schema = schema_of(scope)
        at = self.store.row(f"SELECT epoch, number FROM {schema}ledger WHERE scope = ?", (scope,))
        if at is None:
            return set()
        known = self.store.row("SELECT epoch, number FROM main.caught WHERE scope = ?", (scope,))
        if known is not None and tuple(known) == tuple(at):
            return set()
        since = known[1] if known is not None and known[0] == at[0] and known[1] <= at[1] else 0
        astray = known is not None and since != known[1]
        if astray:
            wait_again(self.store, scope, schema)
        concerned = self._decide_from(scope, schema, since)
        loaded = self.store.value(f"SELECT number FROM {schema}snapshot WHERE scope = ?", (scope,)) or 0
        if loaded > since:
            concerned |= self._decide_before(scope, schema)
        if astray:  # what they stand on may be gone
            concerned |= {(one.kind, one.record, scope) for one in self.vault.waiting(scope)}
        if self.vault.waits():
            moved = (f"SELECT DISTINCT p.kind, p.record FROM {schema}entry e CROSS JOIN main.pending p INDEXED BY pending_record"
                     " ON p.record = e.record WHERE e.scope = ? AND e.number > ? AND p.state IN (?, ?) AND p.scope = e.scope")
            concerned |= {(kind, record, scope) for kind, record in self.store.rows(moved, (scope, since, WAITING, HEARD))}
            concerned |= heard.drop_decided(self.store, scope, schema)
        self.store.execute("INSERT INTO main.caught (scope, epoch, number) VALUES (?, ?, ?)"
                           " ON CONFLICT (scope) DO UPDATE SET epoch = excluded.epoch, number = excluded.number", (scope, *at))
        return concerned

    def _decide_from(self, scope: str, schema: str, since: int) -> set[tuple[str, str, str]]:
        """Keep the verdicts that entries after a number brought; answers the records concerned."""
        sql = ("SELECT p.position, p.kind, p.record, e.number, e.verdict, e.reason, p.log, p.n, e.body IS NULL"
               f" FROM {schema}entry e CROSS JOIN main.pending p INDEXED BY pending_log ON p.log = e.log AND p.n = e.n"
               " WHERE e.scope = ? AND e.number > ? AND substr(p.commitment, 1, 2) = e.mark"
               " AND (p.state = ? OR (p.state IN (?, ?) AND e.verdict = ?))")
        rows = self.store.rows(sql, (scope, since, WAITING, REFUSED, PUT_AWAY, int(Verdict.ACCEPTED)))  # a refusal that was lost may have given way
        self.vault.decide((position, number, None if verdict == Verdict.ACCEPTED else self.vault.key().unseal(bytes(reason)))
                          for position, _, _, number, verdict, reason, _, _, _ in rows)
        for _, _, _, _, verdict, _, log, n, bare in rows:
            if bare and verdict == Verdict.ACCEPTED:  # accepted, and erased before the answer came here
                self.vault.forget(bytes(log), n)
        return {(row[1], row[2], scope) for row in rows}

    def _decide_before(self, scope: str, schema: str) -> set[tuple[str, str, str]]:
        """Keep the verdicts that a snapshot brought. Nobody keeps which records it moved, so all are concerned."""
        waiting = self.vault.waiting(scope)
        origins = origins_of(self.store, scope, schema) if waiting else None  # it is unpacked when somebody asks
        verdicts = []
        for one in waiting:
            number = origins.number(one.dot) if origins is not None else None
            if origins is not None and number is not None:
                refusal = origins.refusal(one.dot)
                verdicts.append((one.position, number or None, None if refusal is None else self.vault.key().unseal(refusal.reason)))
        self.vault.decide(verdicts)
        return {(one.kind, one.record, scope) for one in waiting}

    def _replayed(self, state: State | None, one: Pending) -> State | None:
        """A state with one pending change on top; one's own pending value is shown to oneself."""
        change = one.change
        if state is None:
            if change.operation != Operation.CREATE:
                return None
            state = State(one.record, one.kind)
        dots = {dot for write in change.writes for dot in write.seen}
        numbers = numbers_of(self.store, one.scope, dots, schema_of(one.scope))
        apply_change(state, change, one.dot, one.dot, numbers, ENDLESS)
        for write in change.writes if one.state != HEARD else ():
            live = state.parts.get(write.path, ())
            own = tuple(each for each in live if each.reference == one.dot)
            state.parts[write.path] = own + tuple(each for each in live if each.reference != one.dot)
        return state

    def _table(self, kind: str) -> Table:
        if kind not in self._shown:
            self._shown[kind] = shown_table(table_of(self.kinds[kind]))
        return self._shown[kind]
