"""In which form a replica asks: briefly where bytes are paid for and the server understands it, plainly otherwise; knows no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from sync import codec, ledger
from sync.change import Batch, Page
from sync.errors import Failure
from sync.exchange import brief
from sync.exchange.words import Answer, Envelope, Healing, Request, request_statement
from sync.identity import fingerprint, key_id
from sync.record import Kinds
from sync.relay.carrier import Carrier
from sync.store import Store
from sync.workspace import Workspace

# what a request is answered with by a server that does not know its form, or does not hold what it leaves out
_NOT_UNDERSTOOD = ("newer_version", "damaged", "invalid")


class Tongue:
    """The form of one sync's requests. Whatever goes wrong with the brief one, the rest of the sync is in the plain one."""

    def __init__(self, ws: Workspace, carrier: Carrier, kinds: Kinds, store: Callable[[str], Store], exchange: Callable[[bytes], bytes]) -> None:
        self.ws = ws
        self.exchange = exchange
        self.authority = ws.vault.setting("authority") or b""
        self.brief = carrier.protocol >= codec.BRIEF and bool(self.authority) and ws.vault.word("speaks") != str(codec.PROTOCOL)
        self._asker = brief.Asker(store, kinds, self.authority, None if ws.guest else ws.vault.key())

    def fall_back(self) -> bool:
        """Speak plainly from here on; whether that is something new."""
        new, self.brief = self.brief, False
        return new

    def misheard(self, found: Answer) -> bool:
        """Whether a batch was set aside that perhaps came out wrong at the other end: it is sent again, plainly."""
        return any(receipt.reason is not None for receipt in found.receipts) and self.fall_back()

    def ask(self, request: Request, batches: list[Batch], heads: dict[str, ledger.Head]) -> tuple[Answer, Iterator[Page]]:
        """What the other side answers, and its pages, each opened when its turn comes."""
        if self.brief:
            found = self._briefly(request, batches, heads)
            if found is not None:
                return found
            self.fall_back()
        return self._plainly(request, batches)

    def show(self, shown: Healing) -> Answer:
        """What a server that was set back answers to this. Plainly, and so from here on: it does not hold what the brief form leaves out."""
        self.fall_back()
        return self._plainly(self._showing(shown), [])[0]

    def show_as_guest(self, shown: Healing) -> Answer:
        """The same to a server that does not know this device any more."""
        self.fall_back()
        return self._said(Envelope(b"", b"", codec.pack(self._showing(shown))))

    def _showing(self, shown: Healing) -> Request:
        return Request(fingerprint(self.authority), b"", {}, [], 0, healing=shown)

    def _briefly(self, request: Request, batches: list[Batch], heads: dict[str, ledger.Head]) -> tuple[Answer, Iterator[Page]] | None:
        try:
            return self._asker.answer(self.exchange(self._asker.message(request, batches, heads)))
        except Failure as failure:
            if failure.code not in _NOT_UNDERSTOOD:
                raise
            if failure.code == "newer_version":
                self._learn(codec.PROTOCOL)
            return None

    def _plainly(self, request: Request, batches: list[Batch]) -> tuple[Answer, Iterator[Page]]:
        squeezed = [codec.squeeze(codec.pack(one)) for one in batches]
        payload = codec.pack(msgspec.structs.replace(request, batches=squeezed))
        envelope = Envelope(b"", b"", payload) if self.ws.guest else self._signed(payload)
        found = self._said(envelope)
        return found, (codec.unpack(data, Page) for data in found.pages)

    def _said(self, envelope: Envelope) -> Answer:
        found = codec.unpack(codec.open_message(self.exchange(codec.seal_message(codec.pack(envelope)))), Answer)
        self._learn(found.speaks)
        return found

    def _signed(self, payload: bytes) -> Envelope:
        key = self.ws.vault.key()
        return Envelope(key_id(key.public), key.sign(request_statement(payload)), payload)

    def _learn(self, speaks: int) -> None:
        """Remember what the server understands, so that a turn is not spent on asking it again."""
        if self.ws.vault.word("speaks") != str(speaks):
            with self.ws.store.transaction():
                self.ws.vault.keep("speaks", str(speaks))
