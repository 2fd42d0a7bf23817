"""Asking for organisations by name, for the fields of any page that refer to one; knows no page."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from desktop.kit.forms import Option
from desktop.kit.forms.kinds import Deliver
from desktop.kit.tasks import Job, Lane
from desktop.shell.feature import Context
from resources import codes
from resources.search import search

__all__ = ["AskOrganisations"]


class AskOrganisations(QObject):
    """One question for organisations by name, answered to the line that asks."""

    def __init__(self, parent: QObject, ws: Any, text: str, deliver: Deliver) -> None:
        super().__init__(parent)
        self._ws, self._text, self._deliver = ws, text, deliver

    def run(self, context: Context) -> None:
        """Ask now."""
        context.tasks.run(Lane.DATA, self._read, self._on_read)

    def _read(self, _job: Job) -> list[Option]:
        hits = search(self._ws, self._text, "organisation", 8).hits
        return [Option(hit.record.id, hit.record.title, str(codes.REGIONS.get(hit.record["region"] or "", ""))) for hit in hits]

    def _on_read(self, options: list[Option]) -> None:
        self._deliver(options)
        self.deleteLater()
