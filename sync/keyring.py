"""The keys of scopes that one person holds on this PC, read from their certificate; knows no carrier and no file format."""

from __future__ import annotations

from sync import scope_keys
from sync.erased import control_at
from sync.errors import Damaged
from sync.identity import CERTIFICATE, SigningKey
from sync.scope_keys import ScopeKey
from sync.store import Store
from sync.tables import table_of


class Keyring:
    """What the control ledger in `store` gives the holder of `own`, under the pinned key of its authority. Looked up again when that ledger moved."""

    def __init__(self, store: Store, own: SigningKey, authority: bytes) -> None:
        self.store = store
        self.own = own
        self.authority = authority
        self._at: tuple[object, ...] | None = None
        self._newest: dict[str, ScopeKey] = {}
        self._by_name: dict[bytes, ScopeKey] = {}

    def of_scope(self, scope: str) -> ScopeKey | None:
        """The newest key of a scope that this person was given."""
        self._refresh()
        return self._newest.get(scope)

    def of_name(self, name: bytes) -> ScopeKey | None:
        """The key that sealed bytes name, of whichever generation."""
        self._refresh()
        return self._by_name.get(name)

    def scopes(self) -> list[str]:
        """The scopes whose key this person holds."""
        self._refresh()
        return sorted(self._newest)

    def _refresh(self) -> None:
        at = control_at(self.store)
        if at == self._at:
            return
        self._newest, self._by_name = {}, {}
        facts = {(ledger, generation): (name, before) for ledger, generation, name, before in self.store.rows(
            "SELECT ledger, generation, name, before FROM scope_key WHERE gone = 0")}
        table = table_of(CERTIFICATE)
        own = self.store.row(f"SELECT {table.select} FROM certificate WHERE key = ? AND gone = 0", (self.own.public.hex(),))
        carried = (table.record(own)["keys"] if own is not None else None) or {}
        shared = self.own.shared(self.authority) if carried else b""
        for place, wrap in sorted(carried.items()):
            scope, _, generation = place.rpartition("@")
            key = _unwrapped(scope, generation, wrap, shared)
            if key is not None and facts.get((scope, key.generation), ("", ""))[0] == key.name.hex():
                self._keep(key, facts)
        self._at = at

    def _keep(self, key: ScopeKey, facts: dict[tuple[str, int], tuple[str, str | None]]) -> None:
        """A key, and all before it that it wraps."""
        known = self._newest.get(key.scope)
        if known is None or known.generation < key.generation:
            self._newest[key.scope] = key
        one: ScopeKey | None = key
        while one is not None and one.name not in self._by_name:
            self._by_name[one.name] = one
            one = _before(one, facts.get((one.scope, one.generation), ("", None))[1])


def _unwrapped(scope: str, generation: str, wrap: object, shared: bytes) -> ScopeKey | None:
    try:
        return scope_keys.unwrapped(scope, int(generation), bytes.fromhex(str(wrap)), shared)
    except ValueError:
        return None


def _before(key: ScopeKey, sealed: str | None) -> ScopeKey | None:
    try:
        return scope_keys.before(key, bytes.fromhex(sealed)) if sealed else None
    except (Damaged, ValueError):
        return None
