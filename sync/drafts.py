"""What a person is typing, kept in their own file; knows no form and no kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sync import codec

if TYPE_CHECKING:
    from sync.store import SqliteStore


class Drafting:
    """The part of a Workspace that keeps drafts."""

    guest: bool
    store: SqliteStore

    def keep_draft(self, kind: str, id: str, parts: Mapping[str, Any]) -> None:
        """Keep what is being typed (values by path), so that a lock, a crash or a power cut loses nothing. `id` is "" for a new record."""
        if not self.guest:
            with self.store.transaction():
                self.store.execute("INSERT INTO draft (kind, id, content) VALUES (?, ?, ?)"
                                   " ON CONFLICT (kind, id) DO UPDATE SET content = excluded.content", (kind, id, codec.pack(dict(parts))))

    def draft(self, kind: str, id: str) -> dict[str, Any] | None:
        """What was being typed, or None."""
        found = self.store.value("SELECT content FROM draft WHERE kind = ? AND id = ?", (kind, id))
        return None if found is None else codec.unpack(found)

    def drop_draft(self, kind: str, id: str) -> None:
        """Forget a draft: it was saved or thrown away."""
        if self.draft(kind, id) is not None:
            with self.store.transaction():
                self.store.execute("DELETE FROM draft WHERE kind = ? AND id = ?", (kind, id))
