"""The open note: its title, its text, how it stands and what can be done with it; saves nothing itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.features.notes import words
from desktop.features.notes.about_line import AboutLine
from desktop.features.notes.file_line import FileLine
from desktop.features.notes.work import FIELDS, Paper
from desktop.kit import theme
from desktop.kit.banner import Banner
from desktop.kit.buttons import button, icon_button
from desktop.kit.cards import IconLabel, column, row
from desktop.kit.forms.editor import follow_direction
from desktop.kit.forms.kinds import Deliver
from desktop.kit.text import Label, Paragraph
from desktop.kit.tokens import READING
from desktop.kit.writing import Sheet
from i18n import t

__all__ = ["KEEP_AFTER_MS", "Desk"]

KEEP_AFTER_MS = 400  # after the last key, what is typed is kept as a draft


class Desk(QWidget):
    """Signals: `typed()` a moment after the last key; `touched()` at once; `back_requested()`, `delete_requested()`, `history_requested()`,
    `settle_requested()`, `forget_requested()` (the draft), `attach_requested()`; `open_requested(id)` of the organisation.

    Attributes: `paper` that lies here, or None; `title`, `sheet`, `about`, `file`, `banner` (or None).
    """

    typed = Signal()
    touched = Signal()
    back_requested = Signal()
    delete_requested = Signal()
    history_requested = Signal()
    settle_requested = Signal()
    forget_requested = Signal()
    attach_requested = Signal()
    open_requested = Signal(str)

    def __init__(self, find: Callable[[str, Deliver], None], lock: str) -> None:
        """`find` answers organisations by name; `lock` is what keeps the person's file closed."""
        super().__init__()
        self.paper: Paper | None = None
        self.base: dict[str, str] = {}
        self.banner: Banner | None = None
        self._filling = False
        body = column(self, gap=0)
        body.addWidget(self._make_bar())
        holder = QWidget()
        around = row(holder)
        around.setContentsMargins(theme.px(32), theme.px(8), theme.px(32), theme.px(16))
        inner = QWidget()
        inner.setMaximumWidth(theme.px(READING))
        around.addWidget(inner, 1000)
        around.addStretch(1)
        self._column = column(inner, gap=8)
        self.title = _Title(t("Title"))
        self.title.textEdited.connect(self._on_touched)
        self.title.done.connect(self._on_title_done)
        self._column.addWidget(self.title)
        self.about = AboutLine(find)
        self.about.edited.connect(self._on_touched)
        self.about.open_requested.connect(self.open_requested)
        self._column.addWidget(self.about)
        self.file = FileLine()
        self._column.addWidget(self.file)
        self.sheet = Sheet(t("Text"), t("Write here: each paragraph, French or Arabic, runs its own way."))
        self.sheet.textChanged.connect(self._on_touched)
        self._column.addWidget(self.sheet, 1)
        foot = row(gap=10)
        foot.addWidget(IconLabel("lock" if lock != "computer" else "unlock", "muted", 16), 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(Paragraph(words.privacy(lock), "small"), 1)
        self._column.addLayout(foot)
        body.addWidget(holder, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(KEEP_AFTER_MS)
        self._soon.timeout.connect(self.typed)

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        line = row(bar, margin=8, gap=4)
        self.back = button(t("Back to the list"), self.back_requested.emit, kind="quiet", icon="back")
        line.addWidget(self.back)
        line.addSpacing(theme.px(16))
        self._sign = IconLabel("check", "muted", 18)
        line.addWidget(self._sign)
        line.addSpacing(theme.px(4))
        self.said = Label("", "small", wrap=True, anchor="middle")
        line.addWidget(self.said, 1)
        self.clip = icon_button("attach", t("Attach a file"), self.attach_requested.emit)
        self.link = icon_button("link", t("Link to an organisation"))
        self.past = icon_button("history", t("History"), self.history_requested.emit)
        self.delete = icon_button("delete", t("Delete this note"), self.delete_requested.emit)
        self.link.clicked.connect(self._on_link_clicked)
        for one in (self.clip, self.link, self.past, self.delete):
            line.addWidget(one)
        return bar

    def show_paper(self, paper: Paper) -> None:
        """Let this note lie here, with what was typed of it."""
        self._soon.stop()
        same = self.paper is not None and self.paper.id == paper.id
        self.paper, self.base = paper, dict(paper.values)
        now = paper.typed or paper.values
        if not same or {name: self.values()[name] for name in ("title", "text")} != {name: now[name] for name in ("title", "text")}:
            self._fill(now)
        self.about.show_about(now["about"], paper.name)
        closed = paper.refusal is not None
        self.title.setReadOnly(closed)
        self.sheet.setReadOnly(closed)
        self.show_file("")
        self._tell()
        self.say_standing()

    def show_file(self, moving: str) -> None:
        """Show the note's file as it stands; `moving`: what goes on with it, in words."""
        paper = self.paper
        if paper is not None:
            self.file.show_file(paper.file, here=paper.here, closed=paper.refusal is not None, moving=moving)
            self.clip.setVisible(paper.file is None and paper.refusal is None and not moving)

    def take_saved(self, paper: Paper) -> None:
        """What was typed is saved; what was typed since is not."""
        self.paper, self.base = paper, dict(paper.values)
        self._tell()
        self.say_standing()

    def values(self) -> dict[str, str]:
        """What stands here."""
        return {"title": self.title.text(), "text": self.sheet.toPlainText(), "about": self.about.id}

    @property
    def is_touched(self) -> bool:
        """Whether something stands here that is not saved. Spaces at the ends are nothing."""
        now = self.values()
        return self.paper is not None and any(now[name].strip() != self.base.get(name, "").strip() for name in FIELDS)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written here."""
        return not any(self.values()[name].strip() for name in ("title", "text"))

    def stop_waiting(self) -> None:
        """What is typed is being kept or saved now."""
        self._soon.stop()

    def begin(self) -> None:
        """Put the cursor where one goes on writing: the text, or the title of an empty note."""
        (self.title if self.is_empty else self.sheet).setFocus(Qt.FocusReason.OtherFocusReason)

    def say_standing(self) -> None:
        """Say how the note stands now."""
        if self.paper is None:
            return
        icon, tone, said = words.standing(self.paper, touched=self.is_touched)
        self._sign.setVisible(bool(icon))
        if icon:
            self._sign.show_icon(icon, tone)
        self.said.setText(said)
        self.past.setVisible(not self.paper.fresh)
        self.delete.setVisible(not (self.paper.fresh and self.is_empty))

    def say_problem(self, said: str) -> None:
        """Say why it could not be saved."""
        self._put_banner(Banner(said, tone="problem"))

    def _tell(self) -> None:
        """Say over the note what one has to know before writing on."""
        paper = self.paper
        if paper.refusal is not None:
            self._put_banner(Banner(paper.refusal, icon="no_rights"))
        elif paper.conflicts:
            said = t("This note was written on two computers at once. Both versions are kept; choose or join them.")
            self._put_banner(Banner(said, tone="attention", icon="settle", action=t("Settle"), on_action=self.settle_requested.emit))
        elif paper.typed is not None and not paper.fresh:
            self._put_banner(Banner(t("This is your draft, kept on this PC. It is not saved yet."), icon="edit",
                                    action=t("Back to what was saved"), on_action=self.forget_requested.emit))
        else:
            self._put_banner(None)

    def _put_banner(self, banner: Banner | None) -> None:
        if self.banner is not None:
            self._column.removeWidget(self.banner)
            self.banner.hide()
            self.banner.deleteLater()
        self.banner = banner
        if banner is not None:
            self._column.insertWidget(0, banner)

    def _fill(self, values: dict[str, str]) -> None:
        self._filling = True
        self.title.setText(values["title"])
        self.title.setCursorPosition(0)
        self.title.turn()
        self.sheet.put_text(values["text"])
        self._filling = False

    @Slot()
    def _on_touched(self) -> None:
        self.title.turn()
        if not self._filling:
            self._soon.start()
            self.say_standing()
            self.touched.emit()

    @Slot()
    def _on_title_done(self) -> None:
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_link_clicked(self) -> None:
        self.about.begin()


class _Title(QLineEdit):
    """A line without a frame. Signals: `done()` when one goes on to the text."""

    done = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("bare", "true")
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setMaxLength(300)
        self.setFont(theme.font("page", weight=600))
        self.setMinimumHeight(theme.px(44))

    def turn(self) -> None:
        """Run as what is written does. An empty line stands where the page begins: Qt would ask the keyboard, which may be another."""
        follow_direction(self, self.text())
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setAlignment((Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignAbsolute)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.done.emit()
        else:
            super().keyPressEvent(event)
