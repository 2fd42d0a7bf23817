"""The brief form of one live exchange: both ends hold what it leaves out, and expand before they check; knows no HTTP.

What is signed, stored and carried elsewhere stays the canonical form.
`streams`, `numbers`, `texts` write columns of bytes, `changes` a run of
changes, `batches` and `pages` what goes up and comes down, `known` asks a
database for what both ends hold, `asker` and `answerer` are the two ends.
"""

from sync.exchange.brief.answerer import answer, asker_of
from sync.exchange.brief.asker import Asker
from sync.exchange.brief.messages import is_brief

__all__ = ["Asker", "answer", "asker_of", "is_brief"]
