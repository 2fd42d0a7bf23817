"""share, nearby, and `sync --via` another computer: the commands for the local network; they alone import that road."""

from __future__ import annotations

import sys
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from desktop.terminal.answer import Answer, Misuse
from desktop.terminal.columns import columns
from desktop.terminal.commands.exchanging import Meter
from i18n import Text, t, tn
from sync.errors import Failure, Offline, Refused
from sync.workspace import Workspace

if TYPE_CHECKING:
    from sync.relay.lan import Sharing
    from sync.relay.local import Address
    from sync.relay.visiting import Step, Visited

LISTENS = 3  # seconds in which whoever shares nearby is heard


def share(ws: Workspace, given: Namespace) -> Answer:
    """Let computers nearby take what they lack and leave what they bring, until this is stopped."""
    from desktop.terminal import opening
    from sync.relay.lan import Sharing
    from sync.relay.nearby import Nearby

    if not 0 <= given.port <= 65535:
        raise Misuse(Text("A port is a number from 1 to 65535."))
    sharing = Sharing(lambda: opening.guest(ws.folder), ws.vault.setting("authority") or b"", name=given.name, port=given.port)
    sharing.start(ws)
    voice = Nearby(sharing.network)
    try:
        _show(sharing)
        if not given.hidden:
            try:
                voice.announce(given.name, sharing.addresses())
            except Refused as failure:
                print(failure, file=sys.stderr)
        while not threading.Event().wait(3600):
            pass
    finally:
        voice.close()
        sharing.use(None)
        sharing.stop()
    return Answer({}, list)


def nearby(ws: Workspace, given: Namespace) -> Answer:
    """Who shares on the local network at this moment."""
    from sync.identity import fingerprint
    from sync.relay.nearby import Nearby

    with Nearby(fingerprint(ws.vault.setting("authority") or b"").hex()) as ears:
        ears.listen()
        threading.Event().wait(LISTENS)
        found = ears.found()

    def lines() -> Iterator[str]:
        if not found:
            yield t("Nobody shares nearby. On the other computer: “dalil share”, or “Share here” in the app; both on the same Wi-Fi or cable.")
        yield from columns((one.name or t("A computer without a name"), one.address.url, "" if one.ours else t("another network")) for one in found)

    items = [{"name": one.name, "url": one.address.url, "code": one.address.code, "ours": one.ours} for one in found]
    return Answer({"items": items}, lines)


def met(ws: Workspace, given: Namespace) -> Answer | None:
    """Sync with the computer at `--via`; None where the words lead to a server."""
    address = _address(given.via)
    if address is None:
        return None
    from sync.relay.lan_client import LanCarrier
    from sync.relay.visiting import visit

    with Meter(as_json=given.as_json) as meter:
        found = visit(ws, LanCarrier(address), network=address.network, watch=lambda step: meter.say(lambda: _step(step)))
    document = {
        "name": found.name, "sent": found.given, "accepted": 0, "refused": 0, "received": found.received, "sealed": found.sealed,
        "carried": found.parcels, "files": found.files, "files_given": found.files_given, "bytes_up": found.bytes_up,
        "bytes_down": found.bytes_down, "turns": found.turns, "set_aside": [str(one) for one in found.set_aside],
    }
    return Answer(document, lambda: _said(found))


def _address(via: str) -> Address | None:
    """The address of a computer that shares; None for a server's, which may stand on the local network as well."""
    from sync.relay.lan_client import LanCarrier
    from sync.relay.local import is_local, read_address

    if via.startswith("dalil://"):
        return read_address(via)
    with suppress(Failure):
        address = read_address(via)
        if is_local(address.host) and not via.startswith("https"):
            carrier = LanCarrier(address)
            try:
                carrier.have()
            except (Refused, Offline):
                return None
            finally:
                carrier.close()
            return address
    return None


def _show(sharing: Sharing) -> None:
    first, *others = sharing.addresses()
    print(f"sharing on {first.url}", flush=True)  # in these words for programs, as the server's own line
    for one in others:
        print(t("also on {url}", url=one.url), file=sys.stderr)
    print(t("To enter by hand: {code}", code=first.code), file=sys.stderr)


def _step(step: Step) -> str:
    from i18n.values import size

    if step.file_bytes_total:
        return t("files: {done} of {total}", done=size(step.file_bytes), total=size(step.file_bytes_total))
    return t("{done} of {total}, {up} up, {down} down", done=step.done, total=step.total, up=size(step.bytes_up), down=size(step.bytes_down))


def _said(found: Visited) -> Iterator[str]:
    from i18n.values import size

    yield tn("{n} received from others", "{n} received from others", found.received) + " · " + tn(
        "{n} sealed piece taken along", "{n} sealed pieces taken along", found.sealed + found.parcels) + " · " + tn(
        "{n} piece given", "{n} pieces given", found.given)
    if found.files or found.files_given:
        yield tn("{n} file received", "{n} files received", found.files) + " · " + tn("{n} file given", "{n} files given", found.files_given)
    yield t("{up} up, {down} down", up=size(found.bytes_up), down=size(found.bytes_down))
    yield from (str(one) for one in found.set_aside)


RUN = {"share": share, "nearby": nearby}
