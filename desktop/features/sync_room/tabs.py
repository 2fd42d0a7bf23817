"""The lists of the room as segments with how many each holds; knows no list."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.kit.buttons import Segments
from i18n import Text, t
from i18n.values import number

__all__ = ["TABS", "Tabs"]

TABS = {
    "settle": (Text("To settle"), "settle"), "waiting": (Text("Waiting"), "waiting"), "refused": (Text("Refused changes"), "refused"),
    "accepted": (Text("Accepted changes"), "accepted"), "visits": (Text("Past exchanges"), "history"),
}


class Tabs(Segments):
    """Segments whose words carry a count."""

    def __init__(self, chosen: str) -> None:
        super().__init__([(key, label, icon) for key, (label, icon) in TABS.items()], t("Lists"), chosen)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Say how many each list holds; none is not said."""
        for key, pressed in self._buttons.items():
            label, n = str(TABS[key][0]), counts.get(key, 0)
            words = t("{list} ({n})", list=label, n=number(n)) if n else label
            pressed.setText(words)
            pressed.setAccessibleName(words)

    def focus_chosen(self) -> None:
        """Put the focus on the choice that holds."""
        self._buttons[self.choice()].setFocus()
