"""What the list of organisations may be narrowed by and put in order by, told to the kit's line of filters; knows no record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal, Slot

from desktop.kit import filter_bar
from desktop.kit.filter_bar import RULE, Choice
from i18n import Text, t
from resources import codes
from resources.listing import NO_REGION, Left, Narrowed

__all__ = ["SORT_WORDS", "FilterBar"]

VERIFIED = {
    "recent": Text("Verified in the last 12 months"), "old": Text("Verified longer ago"), "never": Text("Never verified"),
}
SORT_WORDS = {
    "name": Text("By name"), "region": Text("By region"),
    "verified_new": Text("Lately verified first"), "verified_old": Text("To verify first"),
}
REGIONS = codes.REGIONS | {NO_REGION: Text("No region recorded")}
_MENUS = {
    "region": (Text("Region"), "place"), "domain": (Text("Domain"), "domain"), "type": (Text("Type"), "organisation"),
    "more": (Text("Verification"), "verified"), "sort": (SORT_WORDS["name"], "sort"),
}


class FilterBar(filter_bar.FilterBar):
    """Signals: `narrowed(Narrowed)` when a person changes the filter; `sorted_by(str)`."""

    narrowed = Signal(object)
    sorted_by = Signal(str)

    def __init__(self) -> None:
        super().__init__(t("Name, place, word…"), t("Filter the list by words"), _MENUS)
        self._now = Narrowed()
        self._left: Left | None = None  # not counted yet
        self._sort = "name"
        self.pressed.connect(self._on_pressed)
        self.written.connect(self._on_written)
        self._show()

    @property
    def now(self) -> Narrowed:
        """What holds."""
        return self._now

    @property
    def sort(self) -> str:
        return self._sort

    def put(self, now: Narrowed, sort: str = "") -> None:
        """Let this hold, without a signal."""
        self._now, self._sort = now, sort or self._sort
        self.put_text(now.text)
        self._show()

    def show_left(self, left: Left) -> None:
        """The counts beside each choice."""
        self._left = left
        self._show()

    def clear(self) -> None:
        """Take every filter away."""
        self._apply(Narrowed())

    def toggle(self, group: str, code: str) -> None:
        """Choose a code of "region", "domain", "type", or take it back."""
        name = f"{group}s"
        had = getattr(self._now, name)
        self._apply(replace(self._now, **{name: tuple(c for c in had if c != code) if code in had else (*had, code)}))

    def _apply(self, now: Narrowed) -> None:
        if now != self._now:
            self.put(now)
            self.narrowed.emit(now)

    def _show(self) -> None:
        now, left = self._now, self._left
        self.show_choices({
            "region": _choices("region", REGIONS, left and left.regions, now.regions),
            "domain": _fitting(_choices("domain", codes.DOMAINS, left and left.domains, now.domains)),
            "type": _fitting(_choices("type", codes.ORGANISATION_TYPES, left and left.types, now.types)),
            "more": [
                *_choices("verified", VERIFIED, left and left.verified, (now.verified,)), RULE,
                Choice("projects:", Text("Has projects"), left and left.projects, now.projects),
            ],
            "sort": [Choice(f"sort:{key}", words, chosen=key == self._sort, chip=False) for key, words in SORT_WORDS.items()],
        })
        how = str(SORT_WORDS[self._sort])
        self.buttons["sort"].setText(how)
        self.buttons["sort"].setAccessibleName(t("Order: {how}", how=how))

    @Slot(str)
    def _on_pressed(self, key: str) -> None:
        group, _, code = key.partition(":")
        if key == filter_bar.ALL:
            self._apply(Narrowed(text=self._now.text))
        elif group in ("region", "domain", "type"):
            self.toggle(group, code)
        elif group == "verified":
            self._apply(replace(self._now, verified="" if self._now.verified == code else code))
        elif group == "projects":
            self._apply(replace(self._now, projects=not self._now.projects))
        elif group == "sort" and code != self._sort:
            self._sort = code
            self._show()
            self.sorted_by.emit(code)

    @Slot(str)
    def _on_written(self, words: str) -> None:
        self._apply(replace(self._now, text=words))


def _choices(group: str, words: Mapping[str, Text], counts: Mapping[str, int] | None, chosen: tuple[str, ...]) -> list[Choice]:
    return [
        Choice(f"{group}:{code}", label, None if counts is None else counts.get(code, 0), code in chosen) for code, label in words.items()
    ]


def _fitting(choices: list[Choice]) -> list[Choice]:
    """Without those that nothing fits: these lists are long, and full of what nobody recorded."""
    return [one for one in choices if one.may_be_pressed]
