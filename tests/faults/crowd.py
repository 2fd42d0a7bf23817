"""Many replicas in one light process: real keys, real signatures, real requests, but no database of their own; knows no fault.

    python crowd.py URL SECRET FIRST COUNT PUSHES CHANGES

Replica `n` has the key that `key_of` derives from SECRET and n, and calls from
an address of its own, as behind a proxy. It signs its batches with the real
code beforehand; then all push at once, each its next batch when the last was
answered, and come again after a moment when the server says that it is
crowded. Each answer also brings a page of the smallest size. One JSON line
tells the seconds of every push, waiting included.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

from sync import codec
from sync.change import START, Batch, Change, Operation, Write, log_id, log_link, log_statement
from sync.exchange.words import Answer, Envelope, Request, request_statement
from sync.identity import SigningKey, key_id

PATIENCE = 300  # seconds that one push may take before the run is given up


def key_of(secret: str, number: int) -> SigningKey:
    """The key of a replica."""
    return SigningKey(hashlib.sha256(f"{secret} {number}".encode()).digest())


def requests_of(key: SigningKey, number: int, pushes: int, changes: int) -> list[bytes]:
    """Signed requests, one a push, each with a batch that goes on where the last one ended."""
    name, nonce = key_id(key.public), hashlib.sha256(f"nonce {number}".encode()).digest()[:8]
    log, chain, n, found = log_id(name, "public", nonce), START, 0, []
    for push in range(pushes):
        first, before, bodies = n + 1, chain, []
        for place in range(changes):
            n += 1
            id = hashlib.sha256(f"{number} {push} {place}".encode()).digest()[:16]
            writes = [Write("name.fr", f"Association {number} {push} {place}", []), Write("phone", f"+253 77 {n:06}", []),
                      Write("region", "DJ-OB", [])]
            body = codec.pack(Change(id, "organisation", Operation.CREATE, 1_770_000_000_000 + n, writes))
            bodies.append(body)
            chain = log_link(chain, codec.commitment(codec.salt_of(_seed(number, n // codec.RUN), n), body))
        seeds = [(run, _seed(number, run)) for run in range(first // codec.RUN, n // codec.RUN + 1)]
        batch = Batch(name, "public", nonce, first, before, seeds, bodies, key.sign(log_statement(log, n, chain)))
        payload = codec.pack(Request(b"", b"", {}, [codec.squeeze(codec.pack(batch))], 1))
        found.append(codec.seal_message(codec.pack(Envelope(name, key.sign(request_statement(payload)), payload))))
    return found


def _seed(number: int, run: int) -> bytes:
    return hashlib.sha256(f"seed {number} {run}".encode()).digest()[:16]


class Replica:
    """One of the crowd: a connection that is opened again when it was closed."""

    def __init__(self, host: str, port: int, number: int, bodies: list[bytes]) -> None:
        self.where = host, port
        self.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.bodies = bodies
        self.random = random.Random(number)
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def push(self) -> None:
        """Every batch, one after the other."""
        for body in self.bodies:
            began = time.monotonic()
            while True:
                status, answer = await self._posted(body)
                self.statuses[status] += 1
                if status == 200:
                    receipt = codec.unpack(codec.open_message(answer), Answer).receipts[0]
                    assert receipt.reason is None, receipt
                    break
                assert time.monotonic() - began < PATIENCE, f"no answer but {status}"
                await asyncio.sleep(self.random.uniform(0.2, 1.0))
            self.seconds.append(time.monotonic() - began)
        if self.open is not None:
            self.open[1].close()

    async def _posted(self, body: bytes) -> tuple[int, bytes]:
        """Status and body of one request; 0 when the connection broke."""
        try:
            if self.open is None:
                self.open = await asyncio.open_connection(*self.where)
            reader, writer = self.open
            writer.write((f"POST /exchange HTTP/1.1\r\nHost: {self.where[0]}\r\nX-Forwarded-For: {self.address}\r\n"
                          f"Content-Type: application/vnd.dalil\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body)
            await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
            answer = await reader.readexactly(length)
            if "connection: close" in head or not length:
                writer.close()
                self.open = None
            return int(head.split()[1]), answer
        except (OSError, asyncio.IncompleteReadError):
            if self.open is not None:
                self.open[1].close()
            self.open = None
            return 0, b""


async def main(url: str, secret: str, first: int, count: int, pushes: int, changes: int) -> None:
    """Prepare, say so, wait for the word, push, tell."""
    place = urlsplit(url)
    assert place.hostname and place.port
    crowd = [Replica(place.hostname, place.port, number, requests_of(key_of(secret, number), number, pushes, changes))
             for number in range(first, first + count)]
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    await asyncio.gather(*(one.push() for one in crowd))
    took = time.monotonic() - began
    print(json.dumps({"seconds": [each for one in crowd for each in one.seconds], "took": took,
                      "statuses": sum((one.statuses for one in crowd), Counter())}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])))
