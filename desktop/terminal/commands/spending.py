"""sync --estimate and traffic: what a sync would move, and what was spent; the rules are those of the computer."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from desktop.shell.spending import MB, WAYS, choices_in, cost_of, rules_of
from desktop.terminal.answer import Answer
from desktop.terminal.columns import columns
from i18n import Text, t, tn
from sync import traffic as moved
from sync.errors import Invalid
from sync.spending import Occasion
from sync.workspace import Workspace

if TYPE_CHECKING:
    from sync.exchange import Estimate, Held, Purse
    from sync.relay.carrier import Carrier

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\Z", re.ASCII)


def purse(ws: Workspace, given: Namespace) -> Purse:
    """What a command may spend: whoever types it asks, with --anyway insists."""
    from sync.exchange import Purse

    return Purse(ws, rules_of(choices_in(ws.folder)), Occasion.ANYWAY if given.anyway else Occasion.ASKED)


def estimate(ws: Workspace, carrier: Carrier | None) -> Answer:
    """What the next sync would move; nothing moves but the question."""
    from sync.exchange import estimate as asked

    found = asked(ws, carrier)
    document = {
        "up": found.up, "down": found.down, "copies": found.copies, "changes": found.changes, "entries": found.entries,
        "files": [{"sha256": one.sha256, "size": one.size, "left": one.left} for one in found.files], "files_up": found.files_up,
        "seconds": found.seconds, "minutes": None if found.seconds is None else round(found.seconds / 60, 1),
        "error": None if found.failure is None else {"code": found.failure.code, "message": str(found.failure)},
    }
    return Answer(document, lambda: _told(found))


def _told(found: Estimate) -> Iterator[str]:
    from i18n.values import size

    yield t("To send: {size} of records", size=size(found.up))
    yield t("To receive: nobody knows before the server is reached") if found.down is None else t("To receive: {size}", size=size(found.down))
    if found.files:
        yield tn("{n} file to send, {size}: it can wait", "{n} files to send, {size}: they can wait", len(found.files), size=size(found.files_up))
    if found.seconds is not None:
        minutes = round(found.seconds / 60)
        yield tn("about {n} minute", "about {n} minutes", minutes) if minutes else t("less than a minute")
    if found.failure is not None:
        yield str(found.failure)


def held_said(held: Iterable[Held]) -> Iterator[str]:
    """What the rules kept back, and how to insist."""
    from i18n.values import size

    whys = {"cap": Text("the limit of the month is reached"), "large": Text("it is large"), "metered": Text("the connection is metered")}
    found = list(held)
    for one in found:
        if one.what == "file":
            yield t("A file of {size} waits: {why}.", size=size(one.size), why=whys[one.why])
        elif one.size:
            yield t("{size} from the others wait: {why}.", size=size(one.size), why=whys[one.why])
        else:
            yield t("What the others wrote waits: {why}.", why=whys[one.why])
    if found:
        yield t("“dalil sync --anyway” goes on this once.")


def traffic(ws: Workspace, given: Namespace) -> Answer:
    """What moved, by month and kind: this person's share, and the whole computer's."""
    if given.month is not None and not _MONTH.match(given.month):
        raise Invalid(Text("A month is written 2026-11."))
    chosen = choices_in(ws.folder)
    now = moved.this_month(ws)
    known = {one.month: one for one in moved.months(ws)}
    wanted = given.month or now
    month = known.get(wanted, moved.Month(wanted, {}, {}))
    spent = sum(month.computer.values())
    document = {
        "month": wanted, "mine": _all(month.mine), "computer": _all(month.computer), "cap": chosen.cap * MB or None,
        "metered": chosen.metered, "cost": _cost(spent, chosen.price), "months": sorted({*known, now}, reverse=True),
    }
    return Answer(document, lambda: _spent(month, chosen.cap if wanted == now else 0, document["cost"]))


def _all(found: Mapping[str, int]) -> dict[str, int]:
    return {way: found.get(way, 0) for way in moved.WAYS} | {"total": sum(found.values())}


def _cost(count: int, price: str) -> dict[str, str] | None:
    found = cost_of(count, price)
    return None if found is None else {"amount": str(found.quantize(Decimal(1), ROUND_HALF_UP)), "currency": "DJF"}


def _spent(month: moved.Month, cap: int, cost: Any) -> Iterator[str]:
    from i18n.values import money, size

    spent = size(sum(month.computer.values()))
    if cap:
        yield t("{month}: {spent} of {cap}", month=month.month, spent=spent, cap=size(cap * MB))
    else:
        yield t("{month}: {spent}", month=month.month, spent=spent)
    if cost is not None:
        yield t("about {amount}", amount=money(cost["amount"], cost["currency"]))
    computer, mine = ({way: size(each.get(way, 0)) for way in WAYS} for each in (month.computer, month.mine))
    yield from columns(((str(label), computer[way], t("of which you: {size}", size=mine[way])) for way, label in WAYS.items()), "  ")


RUN = {"traffic": traffic}
