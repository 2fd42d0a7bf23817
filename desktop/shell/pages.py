"""The shell's own pages: preferences, and the keys of every action."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.kit.banner import Banner
from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, reading_column, row, rule
from desktop.kit.text import Label, Paragraph, keep_ltr
from desktop.shell import backup_work
from desktop.shell.backup_page import BackupPage
from desktop.shell.choice import Choice
from desktop.shell.feature import Command, Context, Feature
from desktop.shell.people.card import account_cards
from desktop.shell.preferences import SIZES
from desktop.shell.spending_page import SpendingPage
from i18n import LANGUAGES, Text, t
from sync import backup

__all__ = ["PreferencesPage", "ShortcutsPage", "own_features"]


def own_features(commands: Callable[[], list[Command]]) -> list[Feature]:
    """The pages that the shell itself brings; `commands()` answers all actions."""
    return [
        Feature("preferences", Text("Preferences"), "settings", 900, PreferencesPage, in_rail=False),
        Feature("spending", Text("Data and cost"), "money", 905, SpendingPage, in_rail=False),
        Feature("backup", Text("Backup"), "usb", 907, BackupPage, in_rail=False),
        Feature("shortcuts", Text("Keyboard shortcuts"), "keyboard", 910, _ShortcutsMaker(commands), in_rail=False),
    ]


class _ShortcutsMaker:
    def __init__(self, commands: Callable[[], list[Command]]) -> None:
        self._commands = commands

    def __call__(self, context: Context) -> QWidget:
        return ShortcutsPage(context, self._commands())


class PreferencesPage(QWidget):
    """Language, look, size and digits; each choice holds at once."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        choices = context.preferences.choices
        page = reading_column(self, t("Preferences"))
        tongue = Choice("language", t("Language"), list(LANGUAGES.items()), choices.language)
        page.addWidget(self._bound(tongue))
        if choices.language in ("so", "aa"):
            page.insertWidget(page.indexOf(tongue) + 1, Banner(t(
                "This language is not finished: what nobody has translated and checked yet is shown in French."
            ), tone="accent"))
        for card in account_cards(context):
            page.addWidget(card)
        themes = [
            ("system", t("As the computer")), ("light", t("Light")), ("dark", t("Dark")), ("contrast", t("High contrast")),
        ]
        page.addWidget(self._bound(Choice("theme", t("Colours"), themes, choices.theme)))
        sizes = [(str(size), t("{n} %", n=size)) for size in SIZES]
        page.addWidget(self._bound(Choice("size", t("Size of everything"), sizes, str(choices.size))))
        digits = [("latn", "0123456789"), ("arab", "٠١٢٣٤٥٦٧٨٩")]
        page.addWidget(self._bound(Choice(
            "digits", t("Digits in Arabic"), digits, choices.digits, t("On screen, on paper and in exports alike.")
        )))
        page.addWidget(self._door(t("Data and cost"), t("What this computer used, and what its connection may cost."),
                                  t("Data and limits"), "money", self._show_spending))
        if context.workspace is not None and not context.workspace.guest:
            last = backup_work.last_said(backup.last(context.workspace), context.workspace.clock())
            page.addWidget(self._door(t("Backup"), last, t("Back up"), "usb", self._show_backup))
        page.addWidget(self._door(t("Everything by keyboard"), t("Ctrl+K finds every action by its name."),
                                  t("Show the shortcuts"), "keyboard", self._show_shortcuts))
        page.addStretch(1)

    def state(self) -> dict[str, str]:
        """Which question the keyboard is in, so that a choice by arrow keys does not throw it out."""
        return next(({"asked": choice.name} for choice in self.findChildren(Choice) if choice.has_keyboard()), {})

    def restore(self, state: dict[str, str]) -> None:
        """Go back into that question."""
        for choice in self.findChildren(Choice):
            if choice.name == state.get("asked"):
                QTimer.singleShot(0, choice, choice.take_keyboard)

    def _bound(self, choice: Choice) -> Choice:
        choice.chosen.connect(self._on_choice_chosen)
        return choice

    def _door(self, title: str, text: str, action: str, icon: str, go: Callable[[], None]) -> Card:
        """A card that leads to another page."""
        card = Card()
        line = row(gap=16)
        words = column(gap=2)
        words.addWidget(Label(title, "label"))
        words.addWidget(Paragraph(text, "small"))
        line.addLayout(words, 1)
        line.addWidget(button(action, go, icon=icon))
        card.body.addLayout(line)
        return card

    def _show_spending(self) -> None:
        self._context.navigate("spending")

    def _show_backup(self) -> None:
        self._context.navigate("backup")

    def _show_shortcuts(self) -> None:
        self._context.navigate("shortcuts")

    @Slot(str, str)
    def _on_choice_chosen(self, name: str, value: str) -> None:
        self._context.preferences.choose(**{name: int(value) if name == "size" else value})


class ShortcutsPage(QWidget):
    """Every action that has keys, and how one moves about."""

    def __init__(self, context: Context, commands: list[Command]) -> None:
        super().__init__()
        self._context = context
        page = reading_column(self, t("Keyboard shortcuts"))
        card = Card(gap=0, margin=8)
        moving = [
            (t("To the next control"), "Tab"), (t("Walk in a list"), "↑ ↓"), (t("Open"), "Enter"),
            (t("Save a form"), "Ctrl+S"), (t("Leave without saving"), "Esc"),
        ]
        acting = [
            (str(c.title), QKeySequence(c.keys).toString(QKeySequence.SequenceFormat.NativeText)) for c in commands if c.keys
        ]
        for place, (words, keys) in enumerate(acting + moving):
            if place:
                card.body.addWidget(rule())
            line = row(gap=16, margin=10)
            line.addWidget(Label(words), 1)
            line.addWidget(Label(keep_ltr(keys), "muted"))
            card.body.addLayout(line)
        page.addWidget(card)
        page.addStretch(1)
