"""A link that loses, doubles, delays, tears and alters messages as its fates say; knows no record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import msgspec

from i18n import Text
from sync import codec
from sync.change import Page
from sync.errors import Failure, Offline
from sync.exchange.words import Answer, BatchReceipt
from tests.simulation.server import Server

FATES = ("lost request", "lost answer", "twice", "late", "slow", "slow answer", "torn request", "torn answer", "flipped request",
         "flipped answer", "altered answer", "old answer", "another's answer")


class Link:
    """One replica's road to the server; `fates` are taken one an exchange, then all goes well."""

    road = "server"

    def __init__(self, server: Server, late: list[bytes], others: list[bytes], protocol: int) -> None:
        self.protocol = protocol
        self.server = server
        self.late = late
        self.others = others
        self.fates: list[str] = []
        self.chance = Random(0)
        self.meanwhile: Callable[[], None] = lambda: None
        self.parted = False
        self.answers: list[bytes] = []
        self.met: list[str] = []
        self.bytes_up = self.bytes_down = self.turns = 0

    def exchange(self, body: bytes) -> bytes:
        """Carry a request there and its answer back, or not."""
        fate = self.fates.pop(0) if self.fates else ""
        if self.parted:
            raise Offline(Text("cut"))
        self.turns += 1
        self.bytes_up += len(body)
        try:
            found = self._carried(body, fate)
        except Failure as failure:
            self.met.append(f"{fate or 'well'}:{len(body)}:{failure.code}")
            raise
        self.met.append(f"{fate or 'well'}:{len(body)}>{len(found)}")
        self.bytes_down += len(found)
        return found

    def exchange_while(self, body: bytes, work: Callable[[], None]) -> bytes:
        """The same; the answer is there before the work is done."""
        found = self.exchange(body)
        work()
        return found

    def _carried(self, body: bytes, fate: str) -> bytes:
        chance = self.chance
        if fate == "lost request":
            raise Offline(Text("cut"))
        if fate == "late":
            self.late.append(body)
            raise Offline(Text("cut"))
        if fate == "old answer" and self.answers:
            return chance.choice(self.answers)
        if fate == "another's answer" and self.others:
            return chance.choice(self.others)
        if fate == "slow":
            self.meanwhile()
        if fate == "twice":
            self.server.answer(body)
        if fate == "torn request":
            body = body[: chance.randrange(len(body))]
        if fate == "flipped request":
            body = flipped(body, chance)
        found = self.server.answer(body)
        self.answers = [*self.answers[-3:], found]
        self.others[:] = [*self.others[-7:], found]
        if fate == "slow answer":
            self.meanwhile()
        if fate == "lost answer":
            raise Offline(Text("cut"))
        if fate == "torn answer":
            return found[: chance.randrange(len(found))]
        if fate == "flipped answer":
            return flipped(found, chance)
        if fate == "altered answer":
            return altered(found, chance)
        return found

    def join(self, request: dict[str, str]) -> dict[str, Any]:
        """Certify a key."""
        self.server.authority.certify(bytes.fromhex(request["key"]), request["person"], request["device"], request["role"])
        return {"authority": self.server.key.public.hex(), "role": request["role"]}

    def held(self, sha256: str) -> int:
        """Files are another test's work."""
        return 0

    def send_file(self, sha256: str, size: int, offset: int, pieces: Iterator[bytes], key: bytes, signature: bytes) -> None:
        """Files are another test's work."""

    def fetch_file(self, sha256: str, offset: int) -> Iterator[bytes]:
        """The bytes of a snapshot from an offset on, as far as the link holds."""
        fate = self.fates.pop(0) if self.fates else ""
        if self.parted or fate in ("lost request", "late"):
            raise Offline(Text("cut"))
        data = b"".join(self.server.files.read(sha256, offset))
        self.met.append(f"{fate or 'well'}:file {offset}+{len(data)}")
        if fate in ("flipped answer", "altered answer") and data:
            data = flipped(data, self.chance)
        if fate in ("slow", "slow answer"):
            self.meanwhile()
        if fate in ("torn answer", "lost answer", "torn request"):
            yield data[: self.chance.randint(0, len(data))]
            raise Offline(Text("cut"))
        yield data


def flipped(data: bytes, chance: Random) -> bytes:
    """One bit of a message the other way round: anywhere, or inside what was compressed."""
    if len(data) > 6 and chance.random() < 0.5:
        try:
            inner = bytearray(codec.open_message(data))
        except Failure:
            return data[:-1]
        inner[chance.randrange(len(inner))] ^= 1 << chance.randrange(8)
        return codec.seal_message(bytes(inner))
    found = bytearray(data)
    found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def altered(data: bytes, chance: Random) -> bytes:
    """An answer as a clever relay would rewrite it: pages gone, doubled, in another order, a value changed, a head moved."""
    try:
        answer = codec.unpack(codec.open_message(data), Answer)
    except Failure:
        return data[:-1]
    pages, heads, receipts, epoch = list(answer.pages), dict(answer.heads), list(answer.receipts), answer.epoch
    way = chance.choice(("order", "double", "drop", "value", "verdict", "cut", "head", "receipt", "epoch"))
    if way == "order":
        chance.shuffle(pages)
    elif way == "head" and heads:
        scope = chance.choice(sorted(heads))
        heads[scope] = max(0, heads[scope] + chance.choice((-1, 1, 5)))
    elif way == "epoch":
        epoch = chance.randbytes(8)
    elif way == "receipt":
        receipts = [BatchReceipt(one.log, not one.forked, one.waiting, one.reason) for one in receipts]
    elif pages:
        at = chance.randrange(len(pages))
        if way == "double":
            pages.insert(at, pages[at])
        elif way == "drop":
            del pages[at]
        else:
            pages[at] = _page(pages[at], way, chance)
    return codec.seal_message(codec.pack(msgspec.structs.replace(answer, pages=pages, heads=heads, receipts=receipts, epoch=epoch)))


def _page(data: bytes, way: str, chance: Random) -> bytes:
    page = codec.unpack(data, Page)
    at = chance.randrange(len(page.entries))
    one = page.entries[at]
    if way == "cut":
        changed = page.entries[:at] or page.entries[1:]
        return codec.pack(msgspec.structs.replace(page, entries=changed))
    if way == "verdict" or one.body is None:
        one = msgspec.structs.replace(one, verdict=3 - one.verdict)
    else:
        one = msgspec.structs.replace(one, body=one.body.replace(b"v", b"w", 1))
    return codec.pack(msgspec.structs.replace(page, entries=[*page.entries[:at], one, *page.entries[at + 1 :]]))
