"""A label whose differing words stand on a tone and are underlined; knows no record."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy

from desktop.features.sync_room.difference import Block, Run
from desktop.kit import theme
from desktop.kit.text import Label, is_rtl
from i18n import tn

__all__ = ["Marked"]


class Marked(Label):
    """Text in runs, one paragraph a block. Selectable, and read as plain text by screen readers."""

    def __init__(self, blocks: Sequence[Block], *, large: bool = False) -> None:
        super().__init__("", wrap=True, selectable=True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._size = theme.px(18 if large else 15)
        self.setText("".join(self._paragraph(block) for block in blocks))
        self.setAccessibleName("\n".join("".join(run.text for run in block.runs) for block in blocks if block.runs))

    def _paragraph(self, block: Block) -> str:
        side = "right" if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else "left"
        if block.alike:
            words = html.escape(tn("… {n} paragraph alike …", "… {n} paragraphs alike …", block.alike))
            return f'<p align="{side}" style="margin:0 0 8px 0; color:{theme.colour("muted").name()}">{words}</p>'
        plain = "".join(run.text for run in block.runs)
        rtl = is_rtl(plain)
        way, spacing = ("rtl", 106) if rtl else ("ltr", 100)
        runs = "".join(self._run(run) for run in block.runs)
        return f'<p dir="{way}" align="{side}" style="margin:0 0 4px 0; font-size:{self._size}px; line-height:{spacing}%">{runs}</p>'

    def _run(self, run: Run) -> str:
        words = html.escape(run.text).replace("\n", "<br>")
        if not run.differs:
            return words
        ink, ground = theme.colour("attention").name(), theme.colour("attention_ground").name()
        return f'<span style="color:{ink}; background-color:{ground}; text-decoration:underline">{words}</span>'
