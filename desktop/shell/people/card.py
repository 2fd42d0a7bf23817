"""What the preferences say of whoever works here: their phrase, how soon the screen locks, their six figures, going away; knows no vault."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, row, rule
from desktop.kit.forms.lines import keep_ltr_input
from desktop.kit.secret import SecretLine
from desktop.kit.text import Label, Paragraph
from desktop.shell.choice import Choice
from desktop.shell.feature import Context
from desktop.shell.people.idle import MINUTES
from desktop.shell.people.pin import LENGTH
from desktop.shell.people.second_card import SecondCard
from i18n import Text, t
from i18n.spans import duration
from sync.membership import membership

__all__ = ["account_cards"]


def account_cards(context: Context) -> list[QWidget]:
    """The cards of the account in use; none for a guest, or where a window stands alone."""
    account = context.account
    if account is None or account.lock == "guest":
        return []
    found = membership(context.workspace)
    second: list[QWidget] = [SecondCard(context)] if found.certified and not found.withdrawn else []
    if account.lock == "computer":
        return [_Open(context), *second]
    return [_LockAfter(context), _Figures(context), _Phrase(context), *second]


def _line(title: str | Text, text: str | Text, *buttons: QWidget) -> QHBoxLayout:
    """Words at the start, buttons at the end."""
    line = row(gap=16)
    words = column(gap=2)
    words.addWidget(Label(title, "label", wrap=True))
    words.addWidget(Paragraph(text, "small"))
    line.addLayout(words, 1)
    for each in buttons:
        line.addWidget(each)
    return line


class _Account(Card):
    """A card over the account of the context."""

    def __init__(self, context: Context, title: str | Text) -> None:
        super().__init__(gap=16)
        self.setAccessibleName(str(title))
        self._context, self._account = context, context.account

    def _others(self) -> None:
        self.body.addWidget(rule())
        self.body.addLayout(_line(t("Several people on this PC"), t("Each has a name, a phrase, and work that the others do not see."),
                                  button(t("Add a person"), self._add, icon="add")))
        self.body.addWidget(rule())
        self.body.addLayout(_line(t("Leave this PC"), t("What only this PC has of you is destroyed; what the network has stays."),
                                  button(t("Remove me"), self._remove, kind="danger", name=t("Remove me from this PC"))))

    def _choose_phrase(self) -> None:
        self._account.show("phrase")

    def _renew_code(self) -> None:
        self._account.show("code")

    def _add(self) -> None:
        self._account.show("add")

    def _remove(self) -> None:
        self._account.show("remove")


class _Open(_Account):
    """Nothing but the computer keeps this account closed."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, t("You on this PC"))
        self.body.addLayout(_line(t("You have no phrase"), t("Whoever opens this computer opens your work. With a phrase, only you do."),
                                  button(t("Choose a phrase"), self._choose_phrase, icon="lock")))
        self._others()


class _Phrase(_Account):
    """A phrase keeps this account closed."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, t("You on this PC"))
        self.body.addLayout(_line(t("Your phrase"), t("It opens your work on this PC, with or without a network."),
                                  button(t("Change"), self._choose_phrase, name=t("Change my phrase"))))
        self.body.addWidget(rule())
        self.body.addLayout(_line(t("Your recovery code"), t("Lost, or seen by somebody? A new one makes the old one worthless."),
                                  button(t("Make a new one"), self._renew_code, name=t("Make a new recovery code"))))
        self._others()


class _LockAfter(Choice):
    """After how long without a touch the screen locks."""

    def __init__(self, context: Context) -> None:
        self._account = context.account
        options = [(str(minutes), duration(minutes * 60)) for minutes in MINUTES]
        super().__init__("lock_after", t("Lock by itself after"), options, str(self._account.minutes),
                         t("Ctrl+L locks at once. What is typed stays as it is, and what is being sent goes on."))
        self.chosen.connect(self._on_chosen)

    @Slot(str, str)
    def _on_chosen(self, _name: str, value: str) -> None:
        self._account.choose_minutes(int(value))


class _Figures(_Account):
    """Six figures that reopen this session."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, t("Six figures"))
        self._asked: SecretLine | None = None
        self._act = button("", self._turn)
        self._said = Paragraph("", "small")
        line = row(gap=16)
        words = column(gap=2)
        words.addWidget(Label(t("Come back with six figures"), "label"))
        words.addWidget(self._said)
        line.addLayout(words, 1)
        line.addWidget(self._act)
        self.body.addLayout(line)
        self._show()

    def _show(self) -> None:
        has = self._account.has_pin
        self._said.setText(t("They reopen your work until Dalil is closed. After that, your phrase.") if has else
                           t("Quicker than your phrase while Dalil stays open. They are written nowhere."))
        self._act.setText(t("Forget them") if has else t("Choose them"))
        self._act.setAccessibleName(t("Forget the six figures") if has else t("Choose six figures"))

    def _turn(self) -> None:
        if self._account.has_pin:
            self._account.choose_pin(None)
            self._show()
        elif self._asked is None:
            self._asked = SecretLine(t("Six figures"))
            keep_ltr_input(self._asked.line)
            self._asked.line.setMaxLength(LENGTH)
            self._asked.entered.connect(self._on_asked_entered)
            self._act.setText(t("Keep them"))
            self._act.setAccessibleName(t("Keep these six figures"))
            self.body.addWidget(self._asked)
            self._asked.show()
            self._asked.take_keyboard()
        else:
            self._on_asked_entered()

    @Slot()
    def _on_asked_entered(self) -> None:
        try:
            self._account.choose_pin(self._asked.text())
        except ValueError:
            self._asked.show_wrong(t("Write six figures, not a date that others know."))
            self._asked.take_keyboard()
            return
        self._asked.hide()
        self._asked.deleteLater()
        self._asked = None
        self._show()
        self._act.setFocus()
