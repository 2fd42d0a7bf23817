"""What needs a person, each a card with one action that leads there; knows no query."""

from __future__ import annotations

from collections.abc import Callable

from desktop.features.home.facts import Facts
from desktop.features.home.words import FEATURE_OF
from desktop.kit.cards import ActionCard
from i18n import Text, t, tn
from i18n.bidi import left_to_right
from i18n.values import listing
from resources import KINDS

__all__ = ["Acts", "needs_of"]


class Acts:
    """Makes actions that lead somewhere."""

    def __init__(self, go: Callable[..., None]) -> None:
        self._go = go

    def to(self, feature: str, kind: str = "", id: str = "") -> Callable[[], None]:
        """An action that shows that record."""
        return _To(self._go, feature, kind, id)


class _To:
    def __init__(self, go: Callable[..., None], *where: str) -> None:
        self._go, self._where = go, where

    def __call__(self) -> None:
        self._go(*self._where)


def needs_of(facts: Facts, acts: Acts) -> list[ActionCard]:
    """The cards, the most urgent first."""
    cards = []
    if facts.status.asked and facts.status.withdrawn:
        cards.append(ActionCard(t("The request to join was not accepted"), t("Ask the secretariat why. What is here stays readable."),
                                t("See what did not leave"), acts.to("sync_room"), tone="problem", icon="refused"))
    elif facts.status.asked and facts.status.vouched:
        cards.append(ActionCard(t("Waiting until the network knows this computer"),
                                t("Your other computer vouches for this one: nobody has to admit it. What you save waits here."),
                                t("See the request"), acts.to("sync_room"), tone="attention", icon="clock"))
    elif facts.status.asked:
        title = t("Waiting to be admitted, code {code}", code=left_to_right(facts.status.asked))
        text = t("Give this code to the secretariat. What you save waits here.")
        cards.append(ActionCard(title, text, t("See the request"), acts.to("sync_room"), tone="attention", icon="clock"))
    elif facts.status.withdrawn:
        text = t("Nothing more can be written here. What is here stays readable. Ask the secretariat.")
        cards.append(ActionCard(t("This computer was withdrawn from the network"), text, t("See what did not leave"), acts.to("sync_room"),
                                tone="problem", icon="refused"))
    if facts.status.refused:
        titles = [one.title for one in facts.refused if one.title]
        text = str(facts.refused[0].reason or "") if len(facts.refused) == 1 else ""
        if len(titles) > 1:
            text = t("What you typed is kept: {names}.", names=listing(titles))
        title = tn("{n} change was refused", "{n} changes were refused", facts.status.refused)
        cards.append(ActionCard(title, text or t("What you typed is kept."), t("Read why"), acts.to("sync_room"), tone="problem", icon="refused"))
    if facts.status.conflicts and facts.writes:
        one = facts.conflicts[0]
        others = dict.fromkeys(each.title for each in facts.conflicts)
        if facts.status.conflicts == 1:
            text = t("“{title}” was written differently by two people.", title=one.title)
        else:
            text = t("Written differently by two people: {names}.", names=listing([Text("“{title}”", title=title) for title in others]))
        title = tn("{n} conflict to settle", "{n} conflicts to settle", facts.status.conflicts)
        cards.append(ActionCard(title, text, t("Settle"), acts.to("sync_room"), tone="attention", icon="settle"))
    for draft in facts.drafts:
        kind = KINDS[draft.kind]
        if draft.new:
            title = t("A draft: {name}", name=draft.title) if draft.title else t("A draft without a name")
            text = t("{kind}, begun and not saved yet.", kind=kind.label)
        else:
            title = t("Unsaved changes: {name}", name=draft.title)
            text = t("What you typed is kept on this PC only.")
        cards.append(ActionCard(title, text, t("Go on writing"), acts.to(FEATURE_OF[draft.kind], draft.kind, draft.id), icon="edit"))
    if facts.confirm_total:
        one = facts.to_confirm[0]
        title = tn("{n} organisation to confirm", "{n} organisations to confirm", facts.confirm_total)
        text = t("Nobody has verified them for a year. First: {name}.", name=one.title)
        cards.append(ActionCard(title, text, t("See the first"), acts.to("directory", "organisation", one.id), icon="verified"))
    return cards
