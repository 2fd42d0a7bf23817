"""What became of the work of others that one brought along, in sentences for the terminal and the screen; knows no road."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from i18n import language, t, tn
from i18n.bidi import isolated

if TYPE_CHECKING:
    from sync.exchange.brought import Brought

__all__ = ["brought_said", "carried_said"]


def brought_said(found: Sequence[Brought]) -> Iterator[str]:
    """What became of the work of others that one brought: all of it, then by author where there are several."""
    if not found:
        return
    yield t("Brought for others: {counts}", counts=_counts(found))
    if len(found) > 1:
        for one in found:
            yield "  " + t("{name}: {counts}", name=isolated(one.name or t("A member of the network"), language()), counts=_counts([one]))
    if any(one.refused for one in found):
        yield t("Why something was refused is sealed to its author, who reads it once this comes back to them.")


def _counts(found: Sequence[Brought]) -> str:
    accepted, known, refused, waiting = (sum(getattr(one, name) for one in found) for name in ("accepted", "known", "refused", "waiting"))
    parts = [tn("{n} accepted", "{n} accepted", accepted)]
    if known:
        parts.append(tn("{n} known already", "{n} known already", known))
    if refused:
        parts.append(tn("{n} refused", "{n} refused", refused))
    if waiting:
        parts.append(tn("{n} waits for what it builds on", "{n} wait for what they build on", waiting))
    return " · ".join(parts)


def carried_said(changes: int, known: int) -> Iterator[str]:
    """What of others is taken along to the server, and what had reached it by another road."""
    if changes + known:
        said = tn("{n} change of others to hand in", "{n} changes of others to hand in", changes)
        yield said + (" · " + tn("{n} known already", "{n} known already", known) if known else "")
