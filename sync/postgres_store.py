"""PostgreSQL behind the words of `sync.store`; knows no table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from i18n import Text
from sync.errors import Failure
from sync.store import Query, Store


class PostgresStore(Store):
    """PostgreSQL through psycopg; a scope's locked head row puts commits in line."""

    def __init__(self, url: str) -> None:
        import psycopg

        super().__init__()
        self._pipeline: Any = None
        self._psycopg = psycopg
        try:
            self.connection = psycopg.connect(url, autocommit=True)
        except psycopg.Error as error:
            raise Failure(Text("The database does not answer. Try again in a moment."), "database") from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._psycopg.OperationalError as error:
            raise Failure(Text("The database does not answer. Try again in a moment."), "database") from error

    def execute(self, sql: str, args: Sequence[Any] = ()) -> Any:
        with self._told():
            return self.connection.execute(sql.replace("?", "%s"), args)

    def rows(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._told():
            return super().rows(sql, args)

    def row(self, sql: str, args: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        with self._told():
            return super().row(sql, args)

    def several(self, queries: Sequence[Query]) -> list[list[tuple[Any, ...]]]:
        with self.lock, self._told():
            asked = [self.execute(sql, args) for sql, args in queries]
            return [list(one.fetchall()) for one in asked]

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        listed = list(rows)
        if listed:
            with self._told(), self.connection.cursor() as cursor:
                cursor.executemany(sql.replace("?", "%s"), listed)

    def _begin(self) -> None:
        self._flow("BEGIN")

    def begin_reading(self) -> None:
        self._flow("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def _flow(self, sql: str) -> None:
        """Begin a transaction in which statements wait for no answer, unless one is read: a far database costs a trip for each that is."""
        if self._psycopg.Pipeline.is_supported():  # pragma: no branch - an old libpq does without
            with self._told():
                self._pipeline = self.connection.pipeline()
                self._pipeline.__enter__()
        self.execute(sql)

    def _commit(self) -> None:
        try:
            self.execute("COMMIT")
            with self._told():
                self._ebb()
        except BaseException:
            self._rollback()
            raise

    def _ebb(self) -> None:
        pipeline, self._pipeline = self._pipeline, None
        if pipeline is not None:
            pipeline.__exit__(None, None, None)  # raises what any statement since the last answer met

    def _rollback(self) -> None:
        with suppress(self._psycopg.Error):
            self._ebb()
        if not self.connection.closed:
            self.connection.rollback()

    def columns(self, table: str) -> set[str]:
        sql = "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?"
        return {row[0] for row in self.rows(sql, (table,))}

    def lock_row(self, sql: str) -> str:
        return sql + " FOR UPDATE"

    def share_row(self, sql: str) -> str:
        return sql + " FOR SHARE"

    def dialect(self, statement: str) -> str:
        return statement.replace(" BLOB", " BYTEA").replace(" WITHOUT ROWID", "")

    def close(self) -> None:
        self.connection.close()
