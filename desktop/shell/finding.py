"""What the one search box finds: records of every feature, as hits; knows no widget."""

from __future__ import annotations

from desktop.shell.feature import Hit
from i18n import language
from resources.codes import REGIONS
from resources.search import search
from sync.record import Record
from sync.workspace import Workspace

_PLACES = {  # kind -> (feature that shows it, icon)
    "organisation": ("directory", "organisation"),
    "project": ("directory", "project"),
    "place": ("directory", "place"),
    "contact": ("directory", "person"),
    "item": ("library", "library"),
    "collection": ("library", "collection"),
    "note": ("notes", "note"),
}
LIMIT = 12


def feature_of(kind: str) -> str:
    """The page that shows records of a kind; Home for one that has none."""
    return _PLACES[kind][0] if kind in _PLACES else "home"


class Finder:
    """Call it with what was typed; runs on the data lane."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __call__(self, text: str) -> list[Hit]:
        found = search(self._workspace, text, limit=LIMIT)
        return [self._hit(one.record) for one in found.hits if one.record.kind.name in _PLACES]

    def _hit(self, record: Record) -> Hit:
        feature, icon = _PLACES[record.kind.name]
        region = record["region"] if "region" in record.kind.by_name else None
        meta = str(REGIONS[region]) if region in REGIONS else ""
        return Hit(feature, record.kind.name, record.id, record.title, _other_script(record), meta, icon)


def _other_script(record: Record) -> str:
    """The name in the script that the reader's language does not use."""
    title = record[record.kind.title]
    if not isinstance(title, dict):
        return ""
    candidates = ("fr", "en", "so", "aa") if language() == "ar" else ("ar",)
    return next((title[one] for one in candidates if title.get(one) and title[one] != record.title), "")
