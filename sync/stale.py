"""Whether the snapshot that a copy was loaded with still says what was erased since, so that another must be taken; knows no snapshot."""

from __future__ import annotations

from sync.store import Store

_NAME = "snapshot of "  # a row of `forgotten`, beside the scopes


def note(store: Store, scope: str) -> None:
    """Note it; it was met while an erasure was carried out."""
    store.execute("INSERT INTO forgotten (scope, control, swept) VALUES (?, 0, 0) ON CONFLICT (scope) DO NOTHING", (_NAME + scope,))


def noted(store: Store, scope: str) -> bool:
    """Whether it was noted and no other snapshot taken since."""
    return store.value("SELECT 1 FROM forgotten WHERE scope = ?", (_NAME + scope,)) is not None


def drop(store: Store, scope: str) -> None:
    """There is no snapshot any more; what the old one said is still to be swept."""
    if noted(store, scope):
        store.execute("DELETE FROM forgotten WHERE scope = ?", (_NAME + scope,))
        store.execute("UPDATE forgotten SET swept = -1 WHERE scope = ?", (scope,))


def renew(store: Store, scope: str) -> None:
    """Another snapshot is here: look again whether it says what was erased, and sweep the file of what the old one said."""
    swept = -1 if noted(store, scope) else 0
    store.execute("DELETE FROM forgotten WHERE scope = ?", (_NAME + scope,))
    store.execute("UPDATE forgotten SET control = 0, swept = ? WHERE scope = ?", (swept, scope))
