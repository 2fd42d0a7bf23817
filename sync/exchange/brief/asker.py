"""The replica's end of the brief form: writes requests, expands answers, and goes back to the plain form when that fails; knows no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sync import codec, ledger
from sync.change import Batch, Page
from sync.errors import Damaged
from sync.exchange.brief import messages
from sync.exchange.brief.batches import Own, fits, own, write_batch
from sync.exchange.brief.known import Ledgers
from sync.exchange.brief.pages import Place, read_page
from sync.exchange.brief.streams import Reader, Writer
from sync.exchange.words import Answer, Request
from sync.identity import SigningKey, key_id
from sync.proofs import ALTERED
from sync.record import Kinds
from sync.store import Store


class Asker:
    """One request and its answer. `store` gives the database of a scope, `key` is None for a guest."""

    def __init__(self, store: Callable[[str], Store], kinds: Kinds, authority: bytes, key: SigningKey | None) -> None:
        self.store = store
        self.kinds = kinds
        self.authority = authority
        self.key = key
        self._sent: list[Own] = []
        self._heads: dict[str, ledger.Head] = {}
        self._epoch = b""

    def message(self, request: Request, batches: list[Batch], heads: dict[str, ledger.Head]) -> bytes:
        """The request as carried. The batches of `request` itself are not looked at."""
        self._heads, self._sent, self._epoch = heads, [], request.epoch
        out = Writer()
        out.bare(messages.fixed_point(request.authority, request.epoch, [(scope, at.number, at.chain) for scope, at in heads.items()]))
        out.number(len(heads))
        for scope, at in heads.items():
            messages.write_scope(out, scope)
            out.number(at.number)
            out.number(ledger.floor(self.store(scope), scope) if at.number else 0)
        out.number(request.budget)
        messages.write_rest(out, request, 5)
        out.number(len(batches))
        for batch in batches:
            self._write(out, batch, heads.get(batch.scope))
        payload = out.finished()
        if self.key is None:
            return messages.whole_request(messages.NOBODY, messages.NOBODY, payload)
        proof = messages.authenticator(self.key, self.authority, payload)
        return messages.whole_request(key_id(self.key.public), proof, payload)

    def answer(self, data: bytes) -> tuple[Answer, Iterator[Page]] | None:
        """What came back, and its pages, each expanded when it is asked for: the ones before must be applied by then.

        None when the other end does not hold what the request left out.
        """
        if not messages.is_brief(data):
            raise Damaged(ALTERED)
        source = Reader(data[len(messages.HEAD) :])
        if source.count(messages.ANSWER) == messages.MISFIT:
            return None
        time = source.number()
        epoch = source.blob() or self._epoch
        heads = {}
        for _ in range(source.count(codec.MAX_MESSAGE)):
            scope = messages.read_scope(source)
            heads[scope] = source.signed() + (self._heads[scope].number if scope in self._heads else 0)
        receipts = [self._receipt(source) for _ in range(source.count(codec.MAX_MESSAGE))]
        astray = codec.unpack(source.words() or b"\x90", list[str])
        found = messages.made(Answer, [time, epoch, heads, [], receipts, astray, *messages.read_rest(source)])
        return found, self._pages(source)

    def _write(self, out: Writer, batch: Batch, at: ledger.Head | None) -> None:
        if self.key is None or not fits(batch, key_id(self.key.public)):
            out.number(messages.AS_IS)
            out.words(codec.pack(batch))
            return
        out.number(messages.BRIEF)
        messages.write_scope(out, batch.scope)
        self._sent.append(own(batch))
        write_batch(out, self._sent[-1], Ledgers(self.store(batch.scope), self.kinds, batch.scope, at.number + 1 if at else 1))

    def _receipt(self, source: Reader) -> list[object]:
        index = source.number()
        if not index:
            found: list[object] = codec.unpack(source.words(), list)
            return found
        if index > len(self._sent):
            raise Damaged(ALTERED)
        return [self._sent[index - 1].log, False, 0, None]

    def _pages(self, source: Reader) -> Iterator[Page]:
        for _ in range(source.count(codec.MAX_MESSAGE)):
            if source.count(messages.BRIEF) == messages.AS_IS:
                yield codec.unpack(source.words(), Page)
                continue
            scope = messages.read_scope(source)
            store = self.store(scope)
            at = ledger.head(store, scope)
            if at is None:
                raise Damaged(ALTERED)
            known = Ledgers(store, self.kinds, scope, at.number + 1)
            yield read_page(source, Place(at.epoch, at.number, at.chain), known, self._sent)
        source.end()
