"""The digest of a scope, kept up to date without hashing while changes arrive; knows no wire.

`ledger.digest` sums the hashes of the rows that are *counted* (`hash` is not
NULL). A change takes its row's old hash out and leaves the row uncounted; who
asks for the digest counts what is left. So a first copy hashes nothing.
"""

from __future__ import annotations

from sync.record import Kinds
from sync.store import Store
from sync.tables import COUNTED, Table, add_hashes, line_hash, table_of


def settled(store: Store, kinds: Kinds, scope: str) -> bytes | None:
    """The digest of a scope's confirmed records (32 bytes), with every row counted from here on; None without a ledger."""
    with store.transaction():
        total = store.value("SELECT digest FROM ledger WHERE scope = ?", (scope,))
        if total is None:
            return None
        found = bytes(total)
        for table in _tables(store, kinds, scope):
            where = "scope = ? AND hash IS NULL" + ("" if table.kind.fields else " AND kind = ?")
            args = (scope,) if table.kind.fields else (scope, table.kind.name)
            rows = store.rows(f"SELECT {table.select} FROM {table.name} WHERE {where}", args)
            if rows:
                found = add_hashes(found, [one for row in rows if (one := line_hash(table.state(row), scope))], [])
                store.execute(f"UPDATE {table.name} SET hash = ? WHERE {where}", (COUNTED, *args))
        if found != bytes(total):
            store.execute("UPDATE ledger SET digest = ? WHERE scope = ?", (found, scope))
    return found


def _tables(store: Store, kinds: Kinds, scope: str) -> list[Table]:
    """The tables of known kinds, and one for each kind that only a newer program knows."""
    unknown = store.rows("SELECT DISTINCT kind FROM unknown WHERE scope = ? AND hash IS NULL", (scope,))
    names = [kind for kind in kinds.values() if kind.fields] + [kinds.known_or_bare(name) for (name,) in unknown]
    return [table_of(kind) for kind in names]
