"""Who wrote what: from a log to its person, device and name; knows no screen."""

from __future__ import annotations

from dataclasses import dataclass

from sync.identity import key_id
from sync.overlay import Overlay
from sync.store import Store


@dataclass(frozen=True, slots=True)
class Author:
    """A person on a device. `name` is empty where it is not known here (guests never see names)."""

    person: str
    name: str
    device: str
    mine: bool


class Authors:
    """Authors of logs, remembered while one answer is made."""

    def __init__(self, store: Store, overlay: Overlay) -> None:
        self.store = store
        self.vault = overlay.vault
        self._known: dict[bytes, Author] = {}
        self._people = "person" in overlay.kinds
        self._own = key_id(self.vault.key().public) if self.vault.setting("key") else b""

    def of_log(self, log: bytes) -> Author:
        """The author of a log."""
        if log not in self._known:
            self._known[log] = self._found(log)
        return self._known[log]

    def me(self) -> Author:
        """The person at this workspace."""
        return Author(self.vault.word("person"), self.vault.word("name"), self.vault.word("device"), mine=True)

    def _found(self, log: bytes) -> Author:
        for schema in ("pub.", "main."):
            key = self.store.value(f"SELECT signer FROM {schema}log WHERE id = ?", (log,))
            if key is not None:
                break
        else:
            return self.me() if self.store.value("SELECT 1 FROM main.own_log WHERE log = ?", (log,)) else Author("", "", "", mine=False)
        if bytes(key) == self._own:
            return self.me()
        for public, person, device in self.store.rows("SELECT key, person, device FROM pub.certificate"):
            if key_id(bytes.fromhex(public)) == bytes(key):
                return Author(person, self._name(person), device, mine=False)
        return Author("", "", "", mine=False)

    def _name(self, person: str) -> str:
        if not self._people:
            return ""
        return str(self.store.value("SELECT name FROM person WHERE id = ?", (person,)) or "")
