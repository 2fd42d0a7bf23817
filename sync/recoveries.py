"""When a vault was opened with the printed code, for its owner to see; knows no screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sealed import RECOVERIES

if TYPE_CHECKING:
    from sync.vault import Vault

_SEEN = "recoveries_seen"


def unseen(vault: Vault) -> list[int]:
    """The recoveries that the owner was not told of yet, each as milliseconds since 1970 by this computer's clock."""
    return [int(one) for one in vault.word(RECOVERIES).split()[int(vault.word(_SEEN) or 0) :]]


def seen(vault: Vault) -> None:
    """The owner was told of all of them."""
    with vault.store.transaction():
        vault.keep(_SEEN, str(len(vault.word(RECOVERIES).split())))
