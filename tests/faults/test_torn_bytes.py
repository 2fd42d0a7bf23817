"""A page, an answer, a request or a batch with one bit turned or cut off, at every byte: nothing of it is taken, the digest stays."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from sync import codec, ledger
from sync.digests import settled
from sync.errors import Failure
from sync.exchange import answering
from sync.exchange.words import Answer, Envelope, Request, request_statement
from sync.identity import key_id
from sync.snapshots import loading, making
from tests.faults.amounts import LONG, tell
from tests.sync.network import Device, Network


def altered(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Every way: torn at each byte, and at each byte every bit turned; in the short form at every third byte, and one bit."""
    for place in range(0, len(data), 1 if LONG else 3):
        yield "torn", data[:place]
        for bit in range(8) if LONG else (place % 8,):
            yield "flipped", data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[tuple[Network, Device, Device]]:
    """Bilal has still to take a page, and ana to hand in a batch."""
    with Network(tmp_path) as network:
        ana, bilal = network.two()
        id = ana.ws.add("house", {"name": {"fr": "A", "ar": "أ"}, "phone": "1", "tags": ["red"]}).id
        network.heal()
        ana.ws.edit("house", id, {"phone": "2"})
        ana.ws.add("tree", {"name": {"fr": "Acacia"}})
        ana.sync()
        ana.ws.edit("house", id, {"street": "Rue 1"})
        ana.ws.add("house", {"name": {"fr": "B"}})
        yield network, ana, bilal


def state_of(device: Device) -> Any:
    return (list(device.ws.export_lines()), device.ws.digest(), {scope: head.number for scope, head in device.ws.heads().items()},
            device.ws.status().waiting)


def captured(device: Device) -> bytes:
    """The answer that this device would get now, without anything being taken."""
    kept: list[bytes] = []

    def keep(found: bytes) -> bytes:
        kept.append(found)
        return b"not ours"

    assert device.tries(keep) is not None
    return kept[0]


class Offered:
    """A device to which altered answers are offered, one after the other, each time in the same state."""

    def __init__(self, network: Network, device: Device) -> None:
        self.device = device
        self.counts: Counter[str] = Counter({"wrong": 0})
        self.before = state_of(device)
        right = network.copy(device, "right")
        right.sync()
        self.right = state_of(right)
        network.devices.remove(right)
        right.ws.close()
        self.kept = device.folder.with_name("kept")
        self._copied(device.folder, self.kept)

    def offer(self, how: str, answer: bytes) -> None:
        """Refused and nothing moved, or (a bit that carries no meaning) understood as exactly what the server said; all else is wrong."""
        self.counts[how] += 1
        failure = self.device.tries(lambda _: answer, lambda _: b"no more")
        after = state_of(self.device)
        if after != self.before:
            fits = all(after[1][scope] in (self.before[1][scope], self.right[1][scope]) for scope in self.right[1])
            self.counts["understood" if fits and after[3] == self.before[3] else "wrong"] += 1
            self._copied(self.kept, self.device.folder)
        elif failure is not None:
            self.counts[failure.code] += 1

    def _copied(self, source: Path, target: Path) -> None:
        self.device.ws.close()
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
        self.device.ws = self.device.open()


def test_no_altered_page_is_taken(filled: tuple[Network, Device, Device]) -> None:
    """Pages in an answer that is otherwise right."""
    network, _, bilal = filled
    answer = codec.unpack(codec.open_message(captured(bilal)), Answer)
    offered = Offered(network, bilal)
    for page in answer.pages:
        for how, data in altered(page):
            offered.offer(how, codec.seal_message(codec.pack(Answer(answer.time, answer.epoch, answer.heads, [data], [], []))))
    tell("page torn or flipped at every byte", pages=len(answer.pages), bytes=sum(map(len, answer.pages)), **offered.counts)
    assert len(answer.pages) == 2
    assert offered.counts["wrong"] == 0
    bilal.sync()
    assert state_of(bilal)[:3] == offered.right[:3]


def test_no_altered_answer_is_taken(filled: tuple[Network, Device, Device]) -> None:
    network, _, bilal = filled
    whole = captured(bilal)
    offered = Offered(network, bilal)
    for how, data in altered(whole):
        offered.offer(how, data)
    tell("answer torn or flipped at every byte", bytes=len(whole), **offered.counts)
    assert offered.counts["wrong"] == 0
    bilal.sync()
    assert state_of(bilal)[:3] == offered.right[:3]


def test_no_altered_request_or_batch_is_taken(filled: tuple[Network, Device, Device]) -> None:
    """At the authority: a request altered on its way, and a batch altered in a request that its sender signs anew."""
    network, ana, _ = filled
    with ana.ws.store.transaction():
        batches = [codec.pack(batch) for batch, _ in ana.ws.vault.batches(10**6)]
    counts: Counter[str] = Counter({"wrong": 0})
    whole = _request(ana, *map(codec.squeeze, batches))
    right = _after(network, whole)
    for how, data in altered(whole):
        counts[f"request {how}"] += 1
        _handed(network, data, right, counts)
    for batch in batches:
        for how, data in altered(batch):
            counts[f"batch {how}"] += 1
            _handed(network, _request(ana, codec.squeeze(data, 1)), right, counts)
    tell("request and batch torn or flipped at every byte", bytes=len(whole) + sum(map(len, batches)), **counts)
    assert counts["wrong"] == 0
    assert ana.sync().accepted == 2
    network.heal()
    network.in_step()


def _request(device: Device, *batches: bytes) -> bytes:
    key = device.ws.vault.key()
    payload = codec.pack(Request(b"", b"", {}, list(batches), 1000))
    return codec.seal_message(codec.pack(Envelope(key_id(key.public), key.sign(request_statement(payload)), payload)))


def test_no_altered_snapshot_is_loaded(filled: tuple[Network, Device, Device]) -> None:
    """Handed straight to the loader, as if the name of the file, which is its hash, had not refused it already."""
    network, _, bilal = filled
    kinds = network.authority.kinds
    out = BytesIO()
    making.make(network.store, kinds, "public", network.key, out, 6)
    store, counts = bilal.ws.public, Counter[str]({"wrong": 0})

    def loaded(data: bytes) -> tuple[Any, str]:
        found: list[Any] = []
        with suppress(_Undo), store.transaction():
            try:
                loading.load(store, kinds, BytesIO(data), network.key.public, "public")
                found = [_said(store, kinds), ""]
            except Failure as failure:
                found = [_said(store, kinds), failure.code]
            raise _Undo
        return found[0], found[1]

    before, (right, code) = _said(store, kinds), loaded(out.getvalue())
    assert code == "" and right != before
    for how, data in altered(out.getvalue()):
        counts[how] += 1
        after, code = loaded(data)
        counts[code or ("understood" if after == right else "wrong")] += 1
    tell("snapshot torn or flipped at every byte", bytes=len(out.getvalue()), **counts)
    assert counts["wrong"] == 0
    assert _said(store, kinds) == before
    bilal.sync()
    network.in_step()


def _said(store: Any, kinds: Any) -> Any:
    at = ledger.head(store, "public")
    return at, settled(store, kinds, "public")


class _Undo(Exception):
    """The state was seen; now as before."""


def _after(network: Network, data: bytes) -> tuple[Any, Any, str]:
    """What the authority holds before and after a request, and the code of its refusal; undone."""
    before, after, code = _held(network), None, ""
    with suppress(_Undo), network.store.transaction():
        try:
            answering.answer(network.authority, data)
        except Failure as failure:
            code = failure.code
        after = _held(network)
        raise _Undo
    return before, after, code


def _held(network: Network) -> Any:
    return network.digest(), network.verdicts()


def _handed(network: Network, data: bytes, right: tuple[Any, Any, str], counts: Counter[str]) -> None:
    before, after, code = _after(network, data)
    counts[code or ("set aside" if after == before else "understood" if after == right[1] else "wrong")] += 1
    assert not code or after == before
