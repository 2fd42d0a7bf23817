"""HTTP connections that must say what they want in time and in few words; knows no route."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LONGEST_HEAD = 32 * 1024  # bytes of one request's headers


class PatientProtocol(HttpToolsProtocol):
    """uvicorn waits for ever for the end of a request's headers; this closes after `headers_within` seconds, or when they are too long.

    `most` is how many connections may be open: the next is closed unheard.
    """

    headers_within = 30.0
    most = 600

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline: asyncio.TimerHandle | None = None
        self._head = 0
        if len(self.connections) > self.most:
            transport.abort()
            return
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._head += len(data)
        super().data_received(data)
        if self._deadline is None:
            self._head = 0
        elif self._head > _LONGEST_HEAD:
            self._too_late()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._watch()  # a pause between requests is keep-alive's affair, one within the headers is not

    def on_headers_complete(self) -> None:
        self._forget()
        super().on_headers_complete()

    def _watch(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.headers_within, self._too_late)

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._forget()
        if not self.transport.is_closing():
            self.transport.abort()


def with_limits(headers_within: float, most: int) -> Any:
    """The protocol class with these limits, as uvicorn wants it: a class."""
    return type("LimitedProtocol", (PatientProtocol,), {"headers_within": headers_within, "most": most})
