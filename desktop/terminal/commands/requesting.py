"""request: ask to be let into the network from a computer that reaches no server; holds no rule of its own."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from desktop.terminal.answer import Answer
from i18n import Text, t
from sync import applying
from sync.errors import NotFound
from sync.membership import membership
from sync.workspace import Workspace


def request(ws: Workspace, given: Namespace) -> Answer:
    """Ask, with `--name`, or say how the request stands."""
    if given.name:
        applying.apply(ws, given.name, given.org or "")
    code = applying.code_waiting(ws)
    if not code:
        raise NotFound(Text("Nobody has asked to be let in here. Say who you are with --name."))
    refused, sealed = membership(ws).withdrawn, applying.is_sealed(ws)

    def lines() -> Iterator[str]:
        yield code
        if refused:
            yield str(applying.TURNED_AWAY)
            return
        yield t("Give this code to the secretariat, on paper or by telephone.")
        yield t("The request leaves with the next stick, or with whoever syncs from this computer.") if sealed else t(
            "This computer knows no network yet: read the stick of a member here, and the request leaves with it.")

    return Answer({"code": code, "sealed": sealed, "refused": refused}, lines)


RUN = {"request": request}
