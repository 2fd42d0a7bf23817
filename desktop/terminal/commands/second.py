"""second: one's own other computer, made known by a code and no administrator; holds no rule of its own."""

from __future__ import annotations

from argparse import Namespace

from desktop.terminal.answer import Answer
from i18n import t
from sync import second_device
from sync.workspace import Workspace


def second(ws: Workspace, given: Namespace) -> Answer:
    """Without a code: make one for another computer. With one: be, on this computer, the person whose other computer made it."""
    if given.code:
        second_device.take(ws, given.code)
        document = {"person": ws.vault.word("person"), "device": ws.vault.word("device")}
        return Answer(document, lambda: [t("This computer is yours too. Your work comes with the next sync, stick or visit that has heard of it.")])
    made = second_device.make(ws)
    return Answer({"code": made.code, "device": made.device}, lambda: [
        made.code, t("Sync here, then copy to a stick or share nearby. On the other computer read it, then type this code: it is shown only now.")])


RUN = {"second": second}
