"""One turn between a replica and the authority: asking, answering, joining; carriers are given, never chosen here."""

from sync.exchange.asking import Progress, Report, fetch, sync
from sync.exchange.joining import join

__all__ = ["Progress", "Report", "fetch", "join", "sync"]
