"""One turn between a replica and the authority: asking, answering, joining; carriers are given, never chosen here."""

from sync.exchange.asking import sync
from sync.exchange.estimating import Estimate, estimate, known
from sync.exchange.fetching import fetch
from sync.exchange.joining import join
from sync.exchange.purse import KeptBack, Purse, agree, agreed
from sync.exchange.report import Held, Progress, Report

__all__ = ["Estimate", "Held", "KeptBack", "Progress", "Purse", "Report", "agree", "agreed", "estimate", "fetch", "join", "known", "sync"]
