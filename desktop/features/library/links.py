"""Other records beside the one shown, each a button that opens it; knows no page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop.features.library.words import code_words
from desktop.kit.buttons import button
from desktop.kit.cards import column
from desktop.kit.flow import FlowLayout
from desktop.kit.text import Label
from i18n import t
from resources import codes
from sync.record import Record

__all__ = ["LinkRow"]


class LinkRow(QWidget):
    """A heading and the records under it, wrapped."""

    def __init__(self, title: str, records: Sequence[Record], on_open: Callable[[str, str], None], *, by_language: bool = False) -> None:
        super().__init__()
        self.buttons = []
        body = column(self, gap=8)
        body.addWidget(Label(title, "section"))
        holder = QWidget()
        flow = FlowLayout(holder)
        for record in records:
            words = code_words(codes.LANGUAGES, record["language"]) if by_language else record.title
            icon = "language" if by_language else "collection"
            made = button(words, _Open(on_open, record), icon=icon, name=t("Open {name}", name=record.title))
            made.setToolTip(record.title)
            self.buttons.append(made)
            flow.addWidget(made)
        body.addWidget(holder)


class _Open:
    def __init__(self, on_open: Callable[[str, str], None], record: Record) -> None:
        self._on_open, self._key = on_open, (record.kind.name, record.id)

    def __call__(self) -> None:
        self._on_open(*self._key)
