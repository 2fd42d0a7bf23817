"""One turn between a replica and the authority: asking, answering, joining; carriers are given, never chosen here."""

from sync.exchange.asking import fetch, sync
from sync.exchange.joining import join
from sync.exchange.report import Progress, Report

__all__ = ["Progress", "Report", "fetch", "join", "sync"]
