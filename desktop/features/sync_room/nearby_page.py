"""The page of computers nearby: share here, or go to another one; it brings what goes on to the cards and knows no record."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from desktop.features.sync_room.card_list import WIDEST
from desktop.features.sync_room.sharing_card import SharingCard
from desktop.features.sync_room.visiting_card import VisitingCard
from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import column, row, scrolled
from desktop.kit.states import States
from desktop.kit.text import Label, Paragraph
from desktop.shell.feature import Context, Feature
from desktop.shell.meeting import Meeting
from i18n import Text, t

__all__ = ["NEARBY", "NearbyPage"]


class NearbyPage(QWidget):
    """Attributes: `sharing`, `visiting` (the two cards), `states`."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._meeting: Meeting | None = context.syncer.meeting if context.syncer is not None else None
        content = QWidget()
        around = row(content)
        around.setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.px(24))
        inner = QWidget()
        inner.setMaximumWidth(theme.px(WIDEST))
        around.addWidget(inner, 1000)
        around.addStretch(1)
        body = column(inner, gap=16)
        head = row(gap=16)
        words = column(gap=4)
        words.addWidget(Label(t("Without Internet, with computers nearby"), "page", wrap=True))
        words.addWidget(Paragraph(t("Two computers on the same Wi-Fi or cable give each other what each lacks. Nothing passes through the Internet."),
                                  "muted"))
        head.addLayout(words, 1)
        head.addWidget(button(t("Exchanges"), self._back, kind="quiet", icon="back"), 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(head)
        self.sharing = SharingCard()
        self.visiting = VisitingCard()
        body.addWidget(self.sharing)
        body.addWidget(self.visiting)
        body.addStretch(1)
        self.states = States(scrolled(content, name=t("Nearby")))
        column(self, gap=0).addWidget(self.states)
        if self._meeting is None or not self._meeting.joined:
            self.states.show_no_rights(t("Join a network first: only its members exchange with each other."))
            return
        self.sharing.share_requested.connect(self._meeting.share)
        self.sharing.unshare_requested.connect(self._meeting.unshare)
        self.visiting.look_requested.connect(self._meeting.look)
        self.visiting.visit_requested.connect(self._meeting.visit)
        self.visiting.stop_requested.connect(self._meeting.stop)
        self._meeting.changed.connect(self._on_meeting_changed)
        self.sharing.name.setText(self._meeting.name)
        self.states.show_content()
        self._on_meeting_changed()

    def state(self) -> dict[str, Any]:
        """What was typed."""
        return {"name": self.sharing.name.text(), "address": self.visiting.typed.text()}

    def restore(self, state: dict[str, Any]) -> None:
        """Stand up again."""
        self.sharing.name.setText(state["name"])
        self.visiting.typed.setText(state["address"])

    @Slot()
    def _on_meeting_changed(self) -> None:
        if self._meeting is not None:
            self.sharing.show_meeting(self._meeting)
            self.visiting.show_meeting(self._meeting)

    def _back(self) -> None:
        self._context.navigate("sync_room")


NEARBY = Feature("nearby", Text("Nearby"), "share", order=41, page=NearbyPage, in_rail=False)
