"""Choosing a phrase: four words that the app proposes, in French or Arabic, or a longer text of one's own; keeps nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from desktop.kit import theme
from desktop.kit.buttons import Segments, button
from desktop.kit.cards import column, row
from desktop.kit.secret import SecretLine
from desktop.kit.text import Label, Paragraph, turn
from desktop.shell.people.sheet import Step
from desktop.shell.people.tiles import Badge
from i18n import Text, language, t
from sync import phrases
from sync.errors import Invalid

__all__ = ["PhraseStep"]

_OWN = "own"


class PhraseStep(Step):
    """Four words or a text of one's own. Signals: `chosen(phrase)`."""

    chosen = Signal(str)

    def __init__(self, random: Callable[[int], bytes], title: str | Text = "", text: str | Text = "") -> None:
        """`random`: n secret bytes."""
        super().__init__(str(title) or t("Your phrase"), str(text) or t("Four words that open your space on this PC, with or without a network."),
                         t("I know it by heart"), badge=Badge(icon="lock"))
        self._random = random
        self._words = ""
        self.ways = Segments([("fr", "Français", ""), ("ar", "العربية", ""), (_OWN, t("A text of my own"), "")], t("Kind of phrase"),
                             "ar" if language() == "ar" else "fr")
        self.ways.chosen.connect(self._on_ways_chosen)
        line = row(gap=0)
        line.addStretch(1)
        line.addWidget(self.ways)
        line.addStretch(1)
        self.body.addLayout(line)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_proposed())
        self._stack.addWidget(self._make_own())
        self.body.addWidget(self._stack)
        self._propose()

    def submit(self) -> None:
        if self.ways.choice() != _OWN:
            self.chosen.emit(self._words)
            return
        try:
            phrases.check(self.own.text())
        except Invalid as error:
            self.own.show_wrong(error.message)
            self.own.line.setFocus(Qt.FocusReason.OtherFocusReason)  # to go on with, not to begin again
        else:
            self.chosen.emit(self.own.text())

    def words(self) -> str:
        """The words that are proposed now."""
        return self._words

    def _make_proposed(self) -> QWidget:
        made = QWidget()
        lines = column(made, gap=12)
        self._box = QFrame()
        self._box.setProperty("part", "segments")
        inside = row(self._box, margin=20, gap=16)
        inside.addStretch(1)
        self._labels = [Label("", "title", anchor="centre") for _ in range(phrases.WORDS)]
        for label in self._labels:
            inside.addWidget(label)
        inside.addStretch(1)
        lines.addWidget(self._box)
        acts = row(gap=8)
        acts.addStretch(1)
        self.again = button(t("Other words"), self._propose, icon="sync")
        acts.addWidget(self.again)
        acts.addStretch(1)
        lines.addLayout(acts)
        lines.addWidget(Label(t("Make a small story of them: it is easier to remember. Capitals and accents do not matter."), "small",
                              wrap=True, anchor="centre"))
        return made

    def _make_own(self) -> QWidget:
        made = QWidget()
        lines = column(made, gap=8)
        self.own = SecretLine(t("A text of my own"), hidden=False)
        self.own.written.connect(self._on_own_written)
        self.own.entered.connect(self.submit)
        lines.addWidget(self.own)
        self._judged = Paragraph(_judgement(""), "small")
        lines.addWidget(self._judged)
        lines.addStretch(1)
        return made

    def _propose(self) -> None:
        tongue = self.ways.choice()
        self._words = phrases.propose(tongue, self._random)
        for label, word in zip(self._labels, self._words.split(), strict=True):
            label.setText(word)
        self._box.setAccessibleName(t("Proposed phrase: {phrase}", phrase=self._words))
        turn(self._box, Qt.LayoutDirection.RightToLeft if tongue == "ar" else Qt.LayoutDirection.LeftToRight)
        self._box.setMinimumHeight(theme.px(64))

    @Slot(str)
    def _on_ways_chosen(self, way: str) -> None:
        self._stack.setCurrentIndex(1 if way == _OWN else 0)
        if way == _OWN:
            self.own.take_keyboard()
        else:
            self._propose()

    @Slot()
    def _on_own_written(self) -> None:
        self.own.show_wrong()
        self._judged.setText(_judgement(self.own.text()))


def _judgement(typed: str) -> str:
    """What can honestly be said of a text of one's own: whether it is long enough; whether anybody knows it, only its author can tell."""
    try:
        phrases.check(typed)
    except Invalid:
        written = len(phrases.meant(typed))
        return t("{n} of at least {least} letters and figures, many of them different.", n=written, least=phrases.LEAST)
    return t("Long enough. But a name, a verse or a proverb is guessed soon, however long: let it be a sentence that nobody says.")
