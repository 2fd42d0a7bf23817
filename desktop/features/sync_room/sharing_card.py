"""The card by which this computer lets others come: asked for, then its address, its code and who came; knows no record."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.features.sync_room.qr import QrCode
from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, row
from desktop.kit.text import Label, Paragraph, keep_ltr
from desktop.shell.meeting import Meeting
from i18n import t, tn
from sync.relay.lan import Sharing

__all__ = ["SharingCard"]

_LOOPBACK = "127.0.0.1"


class SharingCard(Card):
    """Share here, or what is shared. Signals: `share_requested(name)`, `unshare_requested()`."""

    share_requested = Signal(str)
    unshare_requested = Signal()

    def __init__(self) -> None:
        super().__init__(t("Share here"), icon="share")
        self.body.addWidget(Paragraph(t("Let the others come to this computer. It can be stopped at any time."), "muted"))
        self._ask = QWidget()
        asking = column(self._ask, gap=6)
        asking.addWidget(Label(t("Name that the others see"), "label"))
        line = row(gap=12)
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        self.name.setAccessibleName(t("Name that the others see"))
        self.name.setPlaceholderText(t("Optional, for example the name of the room"))
        self.name.returnPressed.connect(self._share)
        line.addWidget(self.name, 1)
        self.share = button(t("Share here"), self._share, kind="primary", icon="share")
        line.addWidget(self.share)
        asking.addLayout(line)
        self.body.addWidget(self._ask)
        self._shown = QWidget()
        showing = row(self._shown, gap=20)
        words = column(gap=8)
        words.addWidget(Paragraph(t("On the other computer, open this page: this one is in its list. If it is not, type this address there:")))
        self.address = Label("", "title", selectable=True)
        words.addWidget(self.address)
        self.others = Paragraph("", "small")
        words.addWidget(self.others)
        self.came = Paragraph("", "label")
        words.addWidget(self.came)
        self.unseen = Paragraph("", "small")
        words.addWidget(self.unseen)
        words.addStretch(1)
        self.stop = button(t("Stop sharing"), self.unshare_requested.emit, icon="stop")
        words.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeading)
        showing.addLayout(words, 1)
        self.code = QrCode()
        showing.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._shown)
        self._shown.hide()
        self.setMinimumWidth(theme.px(280))

    def show_meeting(self, meeting: Meeting) -> None:
        """Show how things stand."""
        sharing = meeting.sharing
        self.share.setEnabled(not meeting.opening)
        had_focus = self.share.hasFocus() or self.stop.hasFocus() or self.name.hasFocus()
        turned = self._shown.isHidden() == (sharing is not None)
        self._ask.setVisible(sharing is None)
        self._shown.setVisible(sharing is not None)
        if sharing is not None:
            self._show_sharing(sharing, str(meeting.unseen or ""))
        if had_focus and turned:
            (self.share if sharing is None else self.stop).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_sharing(self, sharing: Sharing, unseen: str) -> None:
        first, *others = sharing.addresses()
        self.address.setText(keep_ltr(_short(first.url)))
        self.others.setText(t("Or one of these: {addresses}", addresses=keep_ltr("  ".join(_short(one.url) for one in others[:3]))))
        self.others.setVisible(bool(others))
        self.code.show_text(first.code, t("QR code of the address {address}", address=_short(first.url)))
        counts = sharing.counts
        parts = [tn("{n} computer came", "{n} computers came", counts.visitors), tn("{n} piece given", "{n} pieces given", counts.given),
                 tn("{n} piece taken", "{n} pieces taken", counts.taken)]
        if counts.files:
            parts.append(tn("{n} file moved", "{n} files moved", counts.files))
        self.came.setText(" · ".join(parts) if counts.visitors else t("Nobody came yet."))
        if first.host == _LOOPBACK:
            unseen = t("This computer has no network at this moment, so nobody can come. Connect it to the others’ Wi-Fi or cable.")
        self.unseen.setText(unseen)
        self.unseen.setVisible(bool(unseen))

    def _share(self) -> None:
        self.share_requested.emit(" ".join(self.name.text().split()))


def _short(url: str) -> str:
    return url.removeprefix("http://")
