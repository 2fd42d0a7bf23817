"""The line on top of what belongs to no session: the name of the app and the language; knows no preference."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from desktop.kit import theme
from desktop.kit.buttons import Segments
from desktop.kit.cards import row
from desktop.shell.mark import Wordmark
from i18n import LANGUAGES, language, t

__all__ = ["Header"]


class Header(QFrame):
    """Sign and name at the start, the languages at the end. Signals: `language_chosen(code)`."""

    language_chosen = Signal(str)

    def __init__(self, *, tongues: bool = False) -> None:
        """`tongues`: whether the language is chosen here."""
        super().__init__()
        self.setProperty("part", "bar")
        line = row(self, gap=16)
        line.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        mark = Wordmark()
        mark.setFixedWidth(theme.px(160))
        line.addWidget(mark)
        line.addStretch(1)
        if not tongues:
            return
        self.tongues = Segments([(code, name, "") for code, name in LANGUAGES.items()], t("Language"), language())
        self.tongues.chosen.connect(self.language_chosen)
        line.addWidget(self.tongues)
