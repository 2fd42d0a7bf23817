"""What a sync does for people who ask to be let in: hands in their requests, and knows who was answered; knows no carrier and opens no seal."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sync import applying
from sync.admission import carried_statement
from sync.errors import Failure, Offline
from sync.identity import key_id
from sync.waiting_room import WaitingRoom, note_network

if TYPE_CHECKING:
    from sync.relay.carrier import Carrier
    from sync.workspace import Workspace


def hand_in(ws: Workspace, carrier: Carrier) -> int:
    """Hand in the requests that lie here and no server has, under one's own key; how many it answered with more than that
    they wait: the answer stands in its ledger. What it does not take stays for another time."""
    room, own, done = WaitingRoom(ws.public), ws.vault.key(), 0
    for one in room.all():
        if one.handed:
            continue
        try:
            state = carrier.apply(one.data, key_id(own.public), own.sign(carried_statement(one.data)))
        except Offline:
            break
        except Failure:
            continue  # an older server, or one that has no room now
        room.hand(one.key)
        done += state != "waiting"
    return done


def settle(ws: Workspace) -> None:
    """Let go of the requests that were answered, and keep for whoever comes to this PC next which network it is of."""
    with suppress(Failure):  # a full disk or another program at work: the next sync does it
        WaitingRoom(ws.public).drop_answered()
        note_network(ws.public, ws.vault.setting("authority") or b"", ws.vault.word("server"))
        applying.renew(ws)
