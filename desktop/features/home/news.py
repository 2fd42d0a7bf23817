"""What is new since the last visit: by kind, with the latest names; knows no query."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop.features.home.words import ICON_OF, counted
from desktop.kit.buttons import button
from desktop.kit.cards import Card, IconLabel, row
from desktop.kit.flow import FlowLayout
from desktop.kit.text import Label
from i18n import t
from resources.home import New

__all__ = ["News"]

Open = Callable[[str, str], None]
_NAMES = 3


class News(Card):
    """Each kind on a line, each name a link."""

    def __init__(self, news: Sequence[New], on_open: Open) -> None:
        super().__init__(t("New since your last visit"), margin=20, gap=12)
        for one in news:
            head = row(gap=10)
            head.addWidget(IconLabel(ICON_OF.get(one.kind, "file"), "muted"))
            head.addWidget(Label(counted(one.kind, one.total), "label"), 1)
            self.body.addLayout(head)
            holder = QWidget()
            flow = FlowLayout(holder, 4)
            for record in one.latest[:_NAMES]:
                words = record.title if len(record.title) <= 48 else record.title[:47].rstrip() + "…"
                made = button(words, _Open(on_open, one.kind, record.id), kind="quiet", name=t("Open {name}", name=record.title))
                made.setToolTip(record.title)
                flow.addWidget(made)
            self.body.addWidget(holder)


class _Open:
    def __init__(self, on_open: Open, kind: str, id: str) -> None:
        self._on_open, self._kind, self._id = on_open, kind, id

    def __call__(self) -> None:
        self._on_open(self._kind, self._id)
