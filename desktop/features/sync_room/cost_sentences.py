"""The sentences of cost: what an exchange would move, what the month has, what waits and why; knows no widget."""

from __future__ import annotations

from desktop.features.sync_room.costs import Costs, Parcel
from i18n import t, tn
from i18n.values import listing, size
from sync.exchange import Estimate, Held

__all__ = ["asked_said", "held_said", "known_said", "month_said", "parcel_said", "seconds_said"]


def known_said(costs: Costs) -> str:
    """What is known before the server is asked."""
    if not costs.changes and not costs.parcels:
        return t("Nothing to send. What would come is known once the server is asked.")
    parts = [t("about {size} to send", size=size(costs.up))] if costs.changes else []
    if costs.parcels:
        parts.append(_files(len(costs.parcels), sum(one.size for one in costs.parcels)))
    return t("{what}. What would come is known once the server is asked.", what=_capital(str(listing(parts))))


def asked_said(told: Estimate) -> str:
    """What the server said would move."""
    if told.down is None:
        return t("{up} to send. The server was not reached: what would come is not known.", up=size(told.up))
    parts = [t("{size} to send", size=size(told.up)), t("{size} to receive", size=size(told.down))]
    if told.files:
        parts.append(_files(len(told.files), told.files_up))
    words = _capital(str(listing(parts)))
    return words if told.seconds is None else t("{what} · {time}", what=words, time=seconds_said(told.seconds))


def seconds_said(seconds: int) -> str:
    """`about 3 minutes`."""
    minutes = round(seconds / 60)
    return tn("about {n} minute", "about {n} minutes", minutes) if minutes else t("less than a minute")


def month_said(spent: int, cap: int) -> str:
    """`This month: 12.4 MB of 50 MB`; `cap` in bytes, 0 for none."""
    return t("This month: {spent} of {cap}", spent=size(spent), cap=size(cap)) if cap else t("This month: {spent}", spent=size(spent))


def held_said(held: Held) -> str:
    """Why other people's records wait."""
    if not held.size:
        return t("What the others wrote waits: the month’s limit is reached. What you save still leaves when you synchronise.")
    if held.why == "cap":
        return t("{size} from the others wait: the month’s limit is reached.", size=size(held.size))
    return t("{size} from the others wait for your yes: this connection is paid by volume.", size=size(held.size))


def parcel_said(parcel: Parcel, why: str) -> str:
    """Why a file waits."""
    known = {"name": parcel.title, "size": size(parcel.size)}
    if why == "cap":
        return t("{name}, {size}, waits: the month’s limit is reached.", **known)
    if why == "metered":
        return t("{name}, {size}, can wait: this connection is paid by volume.", **known)
    return t("{name}, {size}, can wait: it is large.", **known)


def _files(n: int, bytes_: int) -> str:
    return tn("{n} file of {size}", "{n} files of {size}", n, size=size(bytes_))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
