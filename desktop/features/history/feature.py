"""The history's entry in the shell: a page that records lead to, without a place of its own in the rail."""

from __future__ import annotations

from desktop.features.history.page import HistoryPage
from desktop.shell.feature import Feature
from i18n import Text

__all__ = ["FEATURE"]

FEATURE = Feature("history", Text("History"), "history", order=50, page=HistoryPage, in_rail=False)
