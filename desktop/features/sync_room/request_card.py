"""The card of somebody who asked to be let in: the code for the secretariat, its picture, the slip to print, how it travels; knows no record."""

from __future__ import annotations

from PySide6.QtCore import Qt

from desktop.features.sync_room.qr import QrCode
from desktop.features.sync_room.slip import write_slip
from desktop.features.sync_room.snapshot import Room
from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, row
from desktop.kit.file_dialog import chosen_target
from desktop.kit.flow import FlowLayout
from desktop.kit.text import Label, Paragraph, keep_ltr
from desktop.shell.feature import Context
from i18n import t
from sync.admission import Application, code_of, picture_of

__all__ = ["RequestCard"]


class RequestCard(Card):
    """What was asked, until it is answered. Attribute: `code`."""

    def __init__(self, context: Context) -> None:
        super().__init__(t("Request to join"), icon="print")
        self._context = context
        self._asked: Application | None = None
        line = row(gap=20)
        words = column(gap=8)
        self.who = Label("", "label", wrap=True)
        self.code = Label("", "page", selectable=True)
        self.travels = Paragraph("", "muted")
        for one in (self.who, self.code, self.travels):
            words.addWidget(one)
        acts = FlowLayout(spacing=theme.px(8))
        acts.addWidget(button(t("Save the slip to print"), self._save_paper, kind="primary", icon="print"))
        acts.addWidget(button(t("Save as a picture"), self._save_picture, icon="file_image", name=t("Save a picture of the slip, for a phone")))
        words.addLayout(acts)
        self.said = Paragraph("", "small")
        self.said.hide()
        words.addWidget(self.said)
        words.addStretch(1)
        line.addLayout(words, 1)
        self.picture = QrCode(148)
        line.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(line)
        self.hide()

    def show_room(self, room: Room) -> None:
        """Show the request, or nothing where there is none, or it was answered."""
        self._asked = None if room.status.withdrawn or room.status.vouched else room.request
        self.setVisible(self._asked is not None)
        if self._asked is None:
            return
        code = code_of(self._asked.key)
        self.who.setText(" · ".join(part for part in (self._asked.name, self._asked.organisation) if part))
        self.code.setText(keep_ltr(code))
        self.code.setAccessibleName(t("Code of the request: {code}", code=code))
        self.picture.show_text(picture_of(self._asked.key), t("QR code of the request {code}", code=code))
        self.travels.setText(
            t("It is ready to travel: copy it to a stick below, or let somebody sync from this PC. The answer comes back the same way.")
            if room.sealed else
            t("This PC knows no network yet. Read the stick of a member below: the request then leaves with it. The slip can be printed now."))

    def save(self, path: str) -> None:
        """Write the slip there, as a picture if its name says so; says under it how that went."""
        if self._asked is None:
            return
        try:
            write_slip(path, self._asked)
        except OSError as error:
            self._say(t("This could not be saved: {why}. Choose another place, or copy the code by hand.", why=error.strerror or str(error)))
        else:
            self._say(t("Saved. Print it, or show it to the secretariat."))

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.show()

    def _save_paper(self) -> None:
        self._ask("pdf", "PDF (*.pdf)")

    def _save_picture(self) -> None:
        self._ask("png", "PNG (*.png)")

    def _ask(self, ending: str, kind: str) -> None:
        path = str(chosen_target(self, t("Save the slip"), f"dalil-demande.{ending}", kind) or "")
        if path:
            self.save(path if path.lower().endswith(f".{ending}") else f"{path}.{ending}")
