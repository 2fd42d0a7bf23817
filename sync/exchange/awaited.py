"""The answers to parcels of people who are elsewhere: the scopes in which a carrier asks for the verdicts, to bring them back; knows no road."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.relay.parcels import Label
from sync.scope_keys import known_to_carriers
from sync.scopes import is_in_clear, scope_name

if TYPE_CHECKING:
    from sync.posting import Posting


class Awaited:
    """What one sync asks for on behalf of those whose parcels were handed in from here, in scopes that it cannot read.

    A parcel says from which number its author lacks what follows. After a cut
    that is forgotten, and the whole of the scope is asked for.
    """

    def __init__(self, posting: Posting) -> None:
        self._posting = posting
        self._from: dict[bytes, int] = {}

    def carries(self, label: Label) -> None:
        """This parcel is handed in now."""
        self._from[label.scope] = min(label.read, self._from.get(label.scope, label.read))

    def wanted(self) -> dict[str, int]:
        """The scopes of which pages are asked for, with the numbers up to which the box holds them; one that nobody has heard of yet, later."""
        names = known_to_carriers(self._posting.ws.public).scopes
        after = dict.fromkeys(self._posting.box.undecided(), 0) | self._from
        return {scope: self._posting.box.reached(name, number) for name, number in after.items()
                if (scope := names.get(name)) is not None and self._is_others(scope)}

    def settle(self) -> None:
        """Let go of what is no longer awaited: the verdicts on what everybody here reads come without asking."""
        own = [scope_name(scope) for scope in known_to_carriers(self._posting.ws.public).scopes.values() if not self._is_others(scope)]
        self._posting.box.drop_undecided(own)

    def _is_others(self, scope: str) -> bool:
        return not is_in_clear(scope) and self._posting.keyring.of_scope(scope) is None
