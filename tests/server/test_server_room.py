"""Bodies in memory have a limit together, of what has come of them and not of what was announced; room that was taken is given back."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from server.limits import Bounds, Limited
from sync.errors import Failure

ROOM = 1000


class Server:
    """The limits alone, over an application that reads a body and waits to be told to answer."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.limited = Limited(self._application, Bounds(held=ROOM), time.monotonic)

    async def _application(self, scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def ask(self, *pieces: bytes, method: str = "POST", path: str = "/exchange", then: asyncio.Event | None = None) -> int:
        """The status of a request with a body in pieces, the last of which comes after `then`."""
        left, found = list(pieces), [0]

        async def receive() -> Any:
            piece = left.pop(0)
            if not left and then is not None:
                await then.wait()
            return {"type": "http.request", "body": piece, "more_body": bool(left)}

        async def send(message: Any) -> None:
            found[0] = message.get("status", found[0])

        headers = [(b"content-length", str(sum(map(len, pieces))).encode())]
        try:
            await self.limited({"type": "http", "method": method, "path": path, "headers": headers, "client": ("192.0.2.1", 1)}, receive, send)
        except Failure as failure:  # the application's own layer answers it
            return {"crowded": 503}[failure.code]
        return found[0]


def test_who_finds_no_room_is_told_to_come_again_and_room_comes_back() -> None:
    async def story() -> list[int]:
        server = Server()
        first = asyncio.create_task(server.ask(bytes(ROOM)))
        await asyncio.sleep(0)
        while server.limited.held.bytes < ROOM:
            await asyncio.sleep(0)
        refused = await server.ask(bytes(10))
        server.go_on.set()
        return [await first, refused, await server.ask(bytes(ROOM)), await server.ask(bytes(10)), server.limited.held.bytes]

    assert asyncio.run(story()) == [200, 503, 200, 200, 0]


def test_a_body_that_was_announced_and_does_not_come_takes_no_room() -> None:
    async def story() -> list[int]:
        server, never = Server(), asyncio.Event()
        server.go_on.set()
        slow = [asyncio.create_task(server.ask(b"x", bytes(100 * ROOM), then=never)) for _ in range(20)]
        for _ in range(50):
            await asyncio.sleep(0)
        held = server.limited.held.bytes
        found = await server.ask(bytes(ROOM // 2))
        for one in slow:
            one.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return [held, found, server.limited.held.bytes]

    assert asyncio.run(story()) == [20, 200, 0]


def test_a_body_that_would_fill_more_than_there_is_ends_and_gives_its_room_back() -> None:
    async def story() -> list[int]:
        server = Server()
        server.go_on.set()
        return [await server.ask(bytes(ROOM), bytes(ROOM), bytes(ROOM)), server.limited.held.bytes]

    assert asyncio.run(story()) == [503, 0]


def test_a_file_is_written_as_it_comes_and_takes_no_room() -> None:
    async def story() -> list[int]:
        server = Server()
        server.go_on.set()
        return [await server.ask(bytes(ROOM), bytes(ROOM), method="PUT", path="/files/x"), server.limited.held.bytes]

    assert asyncio.run(story()) == [200, 0]
