"""What the library may be narrowed by: language, subject and kind, and what is kept, told to the kit's line of filters; knows no record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit

from desktop.kit import filter_bar, icons, theme
from desktop.kit.chips import CheckChip
from desktop.kit.filter_bar import Choice
from i18n import Text, t
from resources import codes
from resources.library import Counts, Filter

__all__ = ["FilterBar"]

_NAMES: dict[str, Mapping[str, Text]] = {"language": codes.LANGUAGES, "subject": codes.SUBJECTS, "type": codes.ITEM_TYPES}
_MENUS = {"language": (Text("Language"), "languages"), "subject": (Text("Subject"), "domain"), "type": (Text("Kind"), "file")}


class FilterBar(filter_bar.FilterBar):
    """Signals: `narrowed(Filter)` when a person changes the filter."""

    narrowed = Signal(object)

    def __init__(self) -> None:
        super().__init__(t("Title, subject, author…"), t("Filter the library by words"), _MENUS)
        self._now, self._left = Filter(), Counts(0, {}, {})
        self.text.addAction(icons.icon("filter", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.kept = CheckChip(t("On this PC only"), "kept")
        self.kept.setFixedHeight(theme.px(40))
        self.kept.clicked.connect(self._on_kept_clicked)
        self.add(self.kept)
        self.pressed.connect(self._on_pressed)
        self.written.connect(self._on_written)

    @property
    def now(self) -> Filter:
        """What holds."""
        return self._now

    def put(self, now: Filter) -> None:
        """Let this hold, without a signal."""
        self._now = now
        self.put_text(now.text)
        self.kept.setChecked(now.kept)
        self._show()

    def show_left(self, left: Counts) -> None:
        """The counts beside each choice."""
        self._left = left
        self._show()

    def clear(self) -> None:
        """Take every filter away."""
        self._apply(Filter())

    def choose(self, group: str, code: str) -> None:
        """Narrow to a code of "language", "subject" or "type"; the same again takes it back."""
        self._apply(replace(self._now, **{group: "" if getattr(self._now, group) == code else code}))

    def _apply(self, now: Filter) -> None:
        if now != self._now:
            self.put(now)
            self.narrowed.emit(now)

    def _show(self) -> None:
        counts = {"language": self._left.by_language, "subject": self._left.by_subject, "type": self._left.by_type}
        choices = {}
        for group, names in _NAMES.items():
            chosen = getattr(self._now, group)
            every = (Choice(f"{group}:{code}", words, counts[group].get(code, 0), code == chosen) for code, words in names.items())
            choices[group] = [one for one in every if one.may_be_pressed]
        self.show_choices(choices, others=self._now.kept + bool(self._now.text))

    @Slot(str)
    def _on_pressed(self, key: str) -> None:
        if key == filter_bar.ALL:
            self.clear()
        else:
            group, _, code = key.partition(":")
            self.choose(group, code)

    @Slot()
    def _on_kept_clicked(self) -> None:
        self._apply(replace(self._now, kept=self.kept.isChecked()))

    @Slot(str)
    def _on_written(self, words: str) -> None:
        self._apply(replace(self._now, text=words))
