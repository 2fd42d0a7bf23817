"""Becoming known to a server with a code; knows no HTTP and no screen."""

from __future__ import annotations

import binascii

from i18n import Text
from sync.applying import name_person, renew
from sync.errors import NotADalilServer, Refused
from sync.exchange.asking import sync
from sync.exchange.purse import Purse
from sync.exchange.report import Report
from sync.identity import fingerprint
from sync.membership import membership
from sync.relay.carrier import Carrier
from sync.workspace import Workspace


def join(ws: Workspace, url: str, code: str, name: str = "", carrier: Carrier | None = None,
         purse: Purse | None = None) -> Report:
    """Enrol this person on this PC with a server, and take a first copy, as far as `purse` lets it come. Repeating it does no harm.

    Answers what that first exchange did; `held` says what of the copy waits.
    Whoever was admitted by paper is a member already and needs no code: this only says where the server is.
    The code carries the fingerprint of the server's key, which is pinned:
    whoever answers in its place is refused.
    """
    from sync.relay.http import HttpCarrier

    if ws.guest:
        raise Refused(Text("A guest only reads. Choose your name first."), "guest")
    if not code and membership(ws).certified:
        with ws.store.transaction():
            ws.vault.keep("server", url.rstrip("/"))
        return sync(ws, carrier, purse=purse)
    from sync import invitation

    known = invitation.parse(code)
    purse = purse or Purse(ws)
    road = carrier or HttpCarrier(url)
    carrier = purse.meter(road)
    with ws.store.transaction():
        person, device = ws.vault.own_id("person"), ws.vault.own_id("device")
    answer = carrier.join({"code": code, "key": ws.vault.key().public.hex(), "person": person, "device": device})
    try:
        authority = binascii.unhexlify(str(answer["authority"]))
        role = str(answer["role"])
        fits = known.fits(fingerprint(authority))
    except (KeyError, ValueError) as error:
        raise NotADalilServer(Text("What answers at {url} is not a Dalil server. Check the address.", url=url)) from error
    if not fits:
        raise NotADalilServer(Text("Another server than the one that made this code answers at {url}. Ask the secretariat.", url=url), "impostor")
    pinned = ws.vault.setting("authority")
    if pinned is not None and pinned != authority:
        raise Refused(Text("This folder already belongs to another network. Use another data folder for this one."), "other_server")
    with ws.store.transaction():
        organisations = " ".join(map(str, answer.get("organisations") or [answer.get("organisation") or ""]))
        for setting, value in (("authority", authority), ("server", url.rstrip("/")), ("role", role), ("organisation", organisations)):
            ws.vault.keep(setting, value)
    if isinstance(road, HttpCarrier):
        road.authority = authority  # what follows goes under seal
    name_person(ws, person, name)
    renew(ws)
    return sync(ws, carrier, purse=purse)

