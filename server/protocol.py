"""HTTP connections that must say what they want in time; knows no route."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class PatientProtocol(H11Protocol):
    """uvicorn waits for ever for the end of a request's headers; this closes after `headers_within` seconds.

    `most` is how many connections may be open: the next is closed unheard.
    """

    headers_within = 30.0
    most = 600

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline: asyncio.TimerHandle | None = None
        if len(self.connections) > self.most:
            transport.abort()
            return
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # IDLE with bytes at hand: headers have begun and not ended; a pause between requests is keep-alive's affair
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._watch()
        else:
            self._forget()

    def _watch(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.headers_within, self._too_late)

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.abort()


def with_limits(headers_within: float, most: int) -> Any:
    """The protocol class with these limits, as uvicorn wants it: a class."""
    return type("LimitedProtocol", (PatientProtocol,), {"headers_within": headers_within, "most": most})
