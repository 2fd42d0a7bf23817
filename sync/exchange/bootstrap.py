"""Taking a file instead of thousands of pages: fetch it from where a cut left it, check it, load it; knows no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from sync import roads, sealed_files, segments
from sync.change import Page
from sync.errors import Damaged, NotFound
from sync.exchange.passing import Passing
from sync.facts import CONTROL_KINDS
from sync.files import Files
from sync.keyring import Keyring
from sync.letting_go import let_go
from sync.record import Kinds
from sync.roads import SERVER
from sync.scopes import is_in_clear
from sync.snapshots import loading
from sync.snapshots.publishing import Offer
from sync.workspace import Workspace

Bring = Callable[[str, int], Files | Passing]  # (name of a file, its bytes) -> where it is now


def take(ws: Workspace, scope: str, offer: Offer, authority: bytes, bring: Bring, road: str = SERVER) -> bool:
    """Load an offered snapshot into this folder; False when it could not be had or was not what the authority signed.

    Then pages say the same. A cut leaves the bytes that arrived, and raises as any exchange does.
    """
    store = ws.public if is_in_clear(scope) else ws.private
    kinds = Kinds((*ws.kinds.values(), *CONTROL_KINDS))
    try:
        with _brought(ws, offer, bring) as source:
            header = loading.load(store, kinds, source, authority, scope)
    except (Damaged, NotFound):
        return False
    with store.transaction():
        roads.note_up_to(store, scope, header.number, road, ws.clock())
    with ws.store.transaction():
        ws.overlay.catch_up()
    let_go(ws)  # it may be older than an erasure
    ws.recognise()
    ws.tell_all()
    ws.finish()
    ws.tell_all()
    return True


def take_pages(ws: Workspace, offer: Offer, bring: Bring, take: Callable[[Page], None]) -> bool:
    """Take the pages of a segment, each as if it had come in an answer; False when it could not be had or is not what was signed.

    What was taken before a cut or a wrong byte stays.
    """
    try:
        with _brought(ws, offer, bring) as source:
            for page in segments.pages(source):
                take(page)
    except (Damaged, NotFound):
        return False
    return True


@contextmanager
def _brought(ws: Workspace, offer: Offer, bring: Bring) -> Iterator[BinaryIO]:
    """An offered file, as long as it is read: what it says is forgotten with the records, so it must not stay beside them."""
    keys = None if ws.guest else Keyring(ws.public, ws.vault.key(), ws.vault.setting("authority") or b"")
    place = bring(offer.name, offer.size)
    try:
        with place.open(offer.name) as source:
            yield sealed_files.opened(source, keys.of_name if keys is not None else lambda _: None)
    finally:
        place.erase(offer.name)
