"""A sheet in the middle of the window on which one thing is asked at a time; knows no phrase and no person."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, row, scrolled
from desktop.kit.text import Label, Paragraph
from desktop.shell.people.header import Header
from desktop.shell.people.tiles import Badge
from i18n import Text, t

__all__ = ["Sheet", "Step"]

_WIDE = 560  # pixels at 100 %


class Step(QWidget):
    """One question: a badge, a title, a few words, what is asked (`body`), and a line of buttons (`acts`).

    Attributes: `go`, the button that goes on; `is_busy` while something is under way that must end first.
    """

    def __init__(self, title: str | Text, text: str | Text, go: str | Text, *, badge: Badge | None = None) -> None:
        super().__init__()
        self.is_busy = False
        self.setAccessibleName(str(title))
        lines: QVBoxLayout = column(self, gap=8)
        if badge is not None:
            lines.addWidget(badge, 0, Qt.AlignmentFlag.AlignHCenter)
            lines.addSpacing(theme.px(4))
        lines.addWidget(Label(title, "page", wrap=True, anchor="centre" if badge else ""))
        if str(text):
            lines.addWidget(Label(text, "muted", wrap=True, anchor="centre") if badge else Paragraph(text, "muted"))
        lines.addSpacing(theme.px(12))
        self.body = column(gap=16)
        lines.addLayout(self.body)
        lines.addSpacing(theme.px(12))
        self.said = Paragraph("", "small")
        self.said.hide()
        lines.addWidget(self.said)
        self.acts: QHBoxLayout = row(gap=8)
        self.go: QPushButton = button(go, self.submit, kind="primary")
        self.acts.addWidget(self.go)
        self.acts.addStretch(1)
        lines.addLayout(self.acts)

    def submit(self) -> None:
        """Go on, if what is asked has been answered; subclasses say how."""
        raise NotImplementedError

    def take_keyboard(self) -> None:
        """Put the cursor where one begins."""
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, words: str | Text = "", *, busy: bool = False) -> None:
        """Say something over the buttons; `busy` while something is under way that must end first."""
        self.said.setText(str(words))
        self.said.setVisible(bool(str(words)))
        self.go.setEnabled(not busy)
        self.is_busy = busy

    def refuse(self, why: str | Text, wait: float = 0) -> None:
        """It did not go on: say why. `wait`: seconds before the next try; only a step that can be tried at once knows what to do with it."""
        self.say(why)


class Sheet(QWidget):
    """Steps, one in sight. Signals: `left()` when a person goes back from the first. Attribute: `step`."""

    left = Signal()

    def __init__(self, name: str | Text) -> None:
        super().__init__()
        self.setProperty("part", "page")
        self.setAccessibleName(str(name))
        self.step: Step | None = None
        body = column(self, gap=0)
        body.addWidget(Header())
        inner = QWidget()
        inner.setMinimumHeight(1)  # as tall as its width asks, not as its narrowest would
        lines = column(inner, margin=24, gap=0)
        lines.addStretch(2)
        self._card = Card(margin=28, gap=0)
        self._card.setMaximumWidth(theme.px(_WIDE))
        middle = row(gap=0)
        middle.addStretch(1)
        middle.addWidget(self._card, 1000)
        middle.addStretch(1)
        lines.addLayout(middle)
        foot = row(gap=0)
        foot.addStretch(1)
        self.back = button(t("Back"), self.go_back, kind="quiet", icon="back")
        foot.addWidget(self.back)
        foot.addStretch(1)
        lines.addSpacing(theme.px(12))
        lines.addLayout(foot)
        lines.addStretch(3)
        body.addWidget(scrolled(inner, name=name), 1)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.go_back)

    def go_back(self) -> None:
        """One step back, or out; subclasses with several steps say which."""
        if self.back.isVisibleTo(self):
            self.left.emit()

    def show_step(self, step: Step, *, back: bool = True) -> None:
        """Ask this now; what was asked before is gone, with what was typed in it."""
        old, self.step = self.step, step
        if old is not None:
            old.hide()
            self._card.body.removeWidget(old)
            old.deleteLater()
        self._card.body.addWidget(step)
        step.show()
        self.back.setVisible(back)
        step.take_keyboard()
