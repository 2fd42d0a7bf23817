"""Whether a record that was withdrawn for good had begun in a ledger: then nobody begins it again; knows no right and no rule."""

from __future__ import annotations

from collections.abc import Iterable

from sync import codec, entries
from sync.change import Change, Operation, Verdict
from sync.store import Store


def had_begun(store: Store, scope: str, record: str, latest: Iterable[entries.Row]) -> bool:
    """Whether a creation of the record was accepted, `latest` being entries that are not written yet.

    A server that was set back may have a deletion again before the creation that it had lost: then the record has not
    begun, and its creation is not too late. Of what was erased nobody knows what it was: it counts as one.
    """
    rows = store.rows("SELECT coalesce(body, remains) FROM entry WHERE record = ? AND scope = ? AND verdict = ?",
                      (record, scope, int(Verdict.ACCEPTED)))
    texts = [*(text for (text,) in rows),
             *(one.body or one.remains for one in latest if one.record == record and one.verdict == Verdict.ACCEPTED)]
    return any(text is None or codec.unpack(bytes(text), Change).operation == Operation.CREATE for text in texts)
