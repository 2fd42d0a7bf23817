"""How much, how slowly and how many at once a client may send; knows no route's meaning."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from i18n import Text
from server.failures import answer_to
from sync import codec, files
from sync.errors import Failure

SLOWEST = 200  # bytes a second, on average: a tenth of 20 kbit/s
MANY = 64  # exchanges at once: most of them wait in one line, and the more do, the more are decided in one transaction
FEWER = 40  # of them where each takes a connection of PostgreSQL, which has a hundred for everybody
_DRAINED = 16 * 1024 * 1024  # bytes thrown away after a refusal, so that a well-meaning client reads it


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of one server. `patience`: seconds for headers, and without a byte of a body. `held`: bytes of bodies in memory."""

    patience: float = 30
    exchanges: int = MANY
    held: int = 256 * 1024 * 1024
    from_one_address: int = 48
    connections: int = 1200
    wrong_codes: int = 20

    def shared(self, processes: int) -> Bounds:
        """What each of several processes may take, so that all of them together take about as much as one."""
        def part(whole: int) -> int:
            return -(-whole // processes)

        return replace(self, exchanges=part(self.exchanges), held=part(self.held), wrong_codes=part(self.wrong_codes))

    def body(self, method: str, path: str) -> int:
        """The most bytes that a request may carry."""
        if method == "POST" and path == "/exchange":
            return codec.MAX_MESSAGE
        if method == "PUT" and path.startswith("/files/"):
            return files.LARGEST
        return 4096


class Limited:
    """Refuses what is too large, too slow or too much before anything else sees it."""

    def __init__(self, app: Any, bounds: Bounds, now: Callable[[], float]) -> None:
        self.app = app
        self.bounds = bounds
        self.now = now
        self.open: dict[str, int] = {}
        self.held = Held(bounds.held)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = dict(scope.get("headers", ()))
        send = self._patient(send)
        if scope["type"] != "http" or not (b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"):
            await self.app(scope, receive, send)
            return
        streamed = scope["method"] == "PUT"  # written to the disk as it comes
        body = _Body(receive, self.bounds.body(scope["method"], scope["path"]), self.bounds.patience, self.now, None if streamed else self.held)
        answer = _Answer(send, body)
        address = (scope.get("client") or ("",))[0]
        refusal = self._refusal(address, headers, body)
        if refusal is not None:
            await answer_to(refusal, headers.get(b"accept-language", b"").decode("latin-1"))(scope, body.receive, answer.send)
            return
        self.open[address] = self.open.get(address, 0) + 1
        try:
            await self.app(scope, body.receive, answer.send)
        finally:
            body.let_go()
            self.open[address] -= 1
            if not self.open[address]:
                del self.open[address]

    def _patient(self, send: Any) -> Any:
        """A client that stops reading its answer is left after a while; 64 KiB at 20 kbit/s take 26 seconds."""
        async def patient_send(message: Any) -> None:
            async with asyncio.timeout(4 * self.bounds.patience):
                await send(message)

        return patient_send

    def _refusal(self, address: str, headers: dict[bytes, bytes], body: _Body) -> Failure | None:
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > body.limit:
            return too_large(body.limit)
        if self.open.get(address, 0) >= self.bounds.from_one_address or self.held.full:
            return crowded()
        return None


class Held:
    """Bytes of bodies that are in memory, of all requests: what trickles takes no more room than what came of it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.bytes = 0

    @property
    def full(self) -> bool:
        """Whether there is no room for more."""
        return self.bytes >= self.most


class _Body:
    """A request's body as it arrives, counted and timed; only the time spent waiting for the client counts."""

    def __init__(self, receive: Any, limit: int, patience: float, now: Callable[[], float], held: Held | None) -> None:
        self._receive = receive
        self._held = held
        self.limit = limit
        self.patience = patience
        self.now = now
        self.taken = 0
        self.waited = 0.0
        self.done = False
        self.slow = False

    async def receive(self) -> Any:
        """The next message; raises Failure `too_large` or `too_slow`."""
        if self.done:
            return await self._receive()
        began = self.now()
        try:
            async with asyncio.timeout(self.patience):
                message = await self._receive()
        except TimeoutError:
            self.slow = True
            raise _too_slow() from None
        self.waited += self.now() - began
        self._take(len(message.get("body", b"")))
        self.done = message["type"] != "http.request" or not message.get("more_body", False)
        if not self.done and self._held is not None and self._held.full:
            raise crowded()
        if self.taken > self.limit:
            raise too_large(self.limit)
        if not self.done and self.waited > 2 * self.patience and self.taken < SLOWEST * self.waited:
            self.slow = True
            raise _too_slow()
        return message

    def _take(self, count: int) -> None:
        self.taken += count
        if self._held is not None:
            self._held.bytes += count

    def let_go(self) -> None:
        """Nobody holds the body any more."""
        if self._held is not None:
            self._held.bytes -= self.taken

    async def drain(self) -> None:
        """Throw away what a refused client still sends, for a moment: closing at once would lose the answer."""
        left = 0 if self.slow else _DRAINED
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                while left > 0:
                    message = await self._receive()
                    left -= len(message.get("body", b""))
                    if message["type"] != "http.request" or not message.get("more_body", False):
                        return


class _Answer:
    """An answer that came before the whole body did closes the connection, so that nobody sends for ever."""

    def __init__(self, send: Any, body: _Body) -> None:
        self._send = send
        self.body = body
        self.early = False

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start" and not self.body.done:
            self.early = True
            message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
        if self.early and message["type"] == "http.response.body" and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            await self.body.drain()
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)


def too_large(limit: int) -> Failure:
    return Failure(Text("What was sent is larger than {limit} bytes; send it in smaller parts.", limit=limit), "too_large")


def crowded() -> Failure:
    return Failure(Text("Many are asking at this moment. Nothing is lost; try again in a few seconds."), "crowded")


def _too_slow() -> Failure:
    return Failure(Text("What was sent came too slowly. Nothing is lost; try again on a better connection."), "too_slow")
