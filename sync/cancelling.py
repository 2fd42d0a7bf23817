"""Cancelling what never left this PC, all or none: first out of the post box, then out of the person's file; knows no kind and no screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from i18n import Text
from sync.errors import NotFound, Refused
from sync.overlay import Overlay
from sync.postbox import PostBox
from sync.taking_back import bound_to, first_of_logs, going_along, take_back
from sync.vault import REFUSED, WAITING, Pending, Vault

if TYPE_CHECKING:
    from sync.workspace import Workspace


def out_of_box(ws: Workspace, dots: Sequence[bytes]) -> bool:
    """Take changes out of the post box, in a transaction of its own; False when something of them has left, and then nothing is taken.

    What a cut leaves between this and the person's file waits there still, and
    is sealed again. The other way round, others would hand in what nobody has
    any more. So it cannot be a part of a larger transaction.
    """
    if ws.store.depth:
        raise RuntimeError("the post box comes first: name all changes at once, outside a transaction")
    found = [one for dot in dots if (one := ws.vault.of_dot(dot)) is not None and one.state == WAITING]
    return PostBox(ws.public).take_out(first_of_logs([each for one in found for each in _with_it(ws.vault, ws.overlay, one)]))


def take_back_all(vault: Vault, overlay: Overlay, dots: Sequence[bytes], *, boxed: bool) -> set[tuple[str, str]]:
    """Take changes out of the person's file, in the caller's transaction; answers the (kind, id) that read otherwise.

    `boxed` tells that they are in no box any more. Raises NotFound, and
    Refused for what may have left.
    """
    told: set[tuple[str, str]] = set()
    found = [one for dot in dots if (one := vault.of_dot(dot)) is not None and one.state in (WAITING, REFUSED)]
    if len(found) < len(dots):
        raise NotFound(Text("There is no such change in the outbox."))
    for one in sorted(found, key=lambda one: one.position, reverse=True):  # each gives those after it in its log another dot
        if vault.of_dot(one.dot) is None:
            continue  # it went along with its record's creation
        if one.state == REFUSED:
            vault.put_away(one)
            told.add((one.kind, one.record))
            continue
        if not boxed or any(each.tried for each in _with_it(vault, overlay, one)):
            raise Refused(Text("This change may already have left this computer. Change the record again instead."))
        pairs = take_back(vault, one, _along(vault, overlay, one))
        overlay.refresh(pairs)
        told |= {(kind, id) for kind, id, _ in pairs}
    return told


def _along(vault: Vault, overlay: Overlay, one: Pending) -> list[Pending]:
    return going_along(vault, one, overlay.confirmed(one.kind, one.record))


def _with_it(vault: Vault, overlay: Overlay, one: Pending) -> list[Pending]:
    return bound_to(vault, one, _along(vault, overlay, one))
