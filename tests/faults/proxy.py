"""A bad link on loopback: everything between a client and a server passes here and may be cut, late, doubled, torn or altered; knows no wire."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens on one connection. `up` and `down` are bytes after which each direction is cut; `alter` turns a bit of the
    answers' byte of that number, `alter_up` of the requests'; `late` is seconds before each piece; `double` sends each request twice."""

    up: int | None = None
    down: int | None = None
    alter: int | None = None
    alter_up: int | None = None
    late: float = 0
    double: bool = False


@dataclass(slots=True)
class Line:
    """One direction of a slow link that all connections share: bytes a second, seconds on the way."""

    rate: float = 0
    way: float = 0
    free: float = 0
    carried: int = 0

    def arrival(self, size: int, now: float) -> float:
        """When a piece that is sent now arrives."""
        self.carried += size
        if not self.rate:
            return now + self.way
        self.free = max(self.free, now) + size / self.rate
        return self.free + self.way


@dataclass(slots=True)
class Proxy:
    """Where it listens, and what has passed."""

    url: str = ""
    connections: int = 0
    up: Line = None  # type: ignore[assignment]
    down: Line = None  # type: ignore[assignment]


@contextmanager
def proxied(port: int, plan: Callable[[int], Fault] = lambda _: Fault(), rate: float = 0, way: float = 0) -> Iterator[Proxy]:
    """A proxy to a port of loopback; `plan` gives the fault of each connection by its number."""
    found = Proxy(up=Line(rate, way), down=Line(rate, way))
    loop, ready = asyncio.new_event_loop(), threading.Event()
    stopping = asyncio.Event()

    async def serve() -> None:
        tasks: set[asyncio.Task[None]] = set()

        async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            number, found.connections = found.connections, found.connections + 1
            try:
                await _carry(reader, writer, port, plan(number), found)
            except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                writer.close()
                tasks.discard(task)

        server = await asyncio.start_server(met, "127.0.0.1", 0)
        found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await stopping.wait()
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(20)
        loop.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, fault: Fault, found: Proxy) -> None:
    there, back = await asyncio.open_connection("127.0.0.1", port)
    try:
        up = _doubled(reader, back, port) if fault.double else _pump(reader, back, found.up, fault.up, fault.alter_up, fault.late)
        both = [asyncio.ensure_future(up), asyncio.ensure_future(_pump(there, writer, found.down, fault.down, fault.alter, fault.late))]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if both[0].done() and both[0].exception() is None and both[0].result():
                await asyncio.wait(both[1:])  # the client said all it had to say
        finally:
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)
    finally:
        back.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line, cut: int | None, alter: int | None, late: float) -> bool:
    """Carry bytes on; True at their end, False when they were cut."""
    passed, loop = 0, asyncio.get_running_loop()
    waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)

    async def deliver() -> None:
        while True:
            when, data = await waiting.get()
            if not data:
                return
            await asyncio.sleep(max(0, when - loop.time()))
            writer.write(data)
            await writer.drain()

    delivery = asyncio.ensure_future(deliver())
    try:
        while data := await reader.read(1400 if line.rate else 65536):
            if late:
                await asyncio.sleep(late)
            if alter is not None and passed <= alter < passed + len(data):
                place = alter - passed
                data = data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]
            ended = cut is not None and passed + len(data) >= cut
            data = data[: cut - passed] if ended and cut is not None else data
            passed += len(data)
            if data:
                await waiting.put((line.arrival(len(data), loop.time()), data))
            if ended:
                break
        else:
            await waiting.put((0, b""))
            await delivery
            with suppress(OSError):
                writer.write_eof()
            return True
        await waiting.put((0, b""))
        await delivery
        return False
    finally:
        delivery.cancel()


async def _doubled(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> bool:
    """Carry each whole request twice: once on a connection of its own whose answer nobody reads, once as usual."""
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return True
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        first, once = await asyncio.open_connection("127.0.0.1", port)
        once.write(head + body)
        await once.drain()
        await first.read(65536)
        once.close()
        writer.write(head + body)
        await writer.drain()
