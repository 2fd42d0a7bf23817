"""Whose key is whose: certificates of the control ledger; knows neither HTTP nor kinds but the certificate."""

from __future__ import annotations

from i18n import Text
from sync.erased import At, Erasures, control_at
from sync.errors import Damaged
from sync.identity import Certified, key_id
from sync.membership import organisations_of
from sync.store import Store


class Trust:
    """The certified keys that one database knows, the erasures that it names, and the pinned key of its authority.

    Keys are looked up again when the control ledger has moved.
    """

    def __init__(self, store: Store, authority: bytes) -> None:
        self.store = store
        self.authority = authority
        self.erasures = Erasures(store)
        self._at: tuple[object, ...] | None = ()
        self._known: dict[bytes, Certified] = {}

    def certified(self, key: bytes, at: At | None = None) -> Certified | None:
        """What is certified of a key by its 8-byte name; None for a stranger. `at` is where the control ledger stands, for whoever holds it there."""
        if key == key_id(self.authority):
            return Certified(self.authority, "", "", "administrator", revoked=False, number=0)
        self._refresh(at)
        return self._known.get(key)

    def public(self, key: bytes) -> bytes:
        """The public key of a name; Damaged for a stranger, since its page cannot be checked."""
        found = self.certified(key)
        if found is None:
            raise Damaged(Text("Part of what arrived is signed by someone whom the server does not vouch for; it was not taken."))
        return found.key

    def everyone(self) -> list[tuple[str, Certified]]:
        """Every certificate, by its id, as it stands in the ledger at this moment."""
        rows = self.store.rows("SELECT id, key, person, device, role, revoked, number, organisation, organisations FROM certificate"
                               " WHERE gone = 0 ORDER BY number")
        return [(id, Certified(bytes.fromhex(key), person, device, role, bool(revoked), number, organisations_of(first, others)))
                for id, key, person, device, role, revoked, number, first, others in rows]

    def _refresh(self, held: At | None) -> None:
        at = held or control_at(self.store)
        if at == self._at:
            return
        self._known = {key_id(one.key): one for _, one in self.everyone()}
        self._at = at
