"""The road to another PC on the local network, as its visitor: each question once, with patience and limits; knows no record."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError, LocationValueError
from urllib3.util import SKIP_HEADER, Timeout

from i18n import Text
from sync import codec
from sync.errors import Damaged, Failure, Invalid, Offline, Refused
from sync.relay.holding import OTHER, Item
from sync.relay.lan_words import (
    ANSWER,
    ASKED,
    CUT,
    FILES,
    GIVE,
    HAVE,
    KIND,
    LARGEST,
    ODD,
    TAKE,
    TOO_MUCH,
    Answered,
    Ask,
    FilesAsked,
    FilesTold,
    Here,
    Refusal,
    Unframed,
    framed,
    packed,
)
from sync.relay.local import Address

PATIENCE = Timeout(connect=5, read=30)  # seconds to connect, and without a byte
GRACE, SLOWEST = 30.0, 2_000  # seconds, and bytes a second beyond them: who trickles is left
SMALL = 8 * 1024 * 1024  # bytes of an answer that holds no items
PIECE = 256 * 1024


class LanCarrier:
    """One visit to one address, over one kept-alive connection, through no proxy. Bytes count bodies, turns questions."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.bytes_up = self.bytes_down = self.turns = 0
        self._connections = urllib3.PoolManager(maxsize=1)
        self._headers = dict.fromkeys(("User-Agent", "Accept-Encoding"), SKIP_HEADER)

    def have(self) -> Here:
        """Who is there, and what they have."""
        found: Here = self._asked("GET", HAVE, None, Here)
        return found

    def given(self, ask: Ask) -> Iterator[Item]:
        """What they give, as it comes; Offline where it was cut, and what came before counts. Returns whether they have more."""
        body = packed(ask)
        with self._answer("POST", GIVE, body) as answer:
            items = Unframed(_Body(answer, self._passed), LARGEST + ANSWER)
            yield from items
        return items.more

    def bring(self, items: list[Item]) -> Answered:
        """Hand items over."""
        found: Answered = self._asked("POST", TAKE, b"".join(framed(items, more=False)), Answered)
        return found

    def files(self, wanted: list[str]) -> FilesTold:
        """Which of these files are there, and which ones they lack."""
        found: FilesTold = self._asked("POST", FILES, packed(FilesAsked(wanted)), FilesTold)
        return found

    def fetch_file(self, sha256: str, offset: int) -> Iterator[bytes]:
        """The bytes of a file from an offset on."""
        with self._answer("GET", f"{FILES}/{sha256}", None, {"Range": f"bytes={offset}-"} if offset else {}) as answer:
            if offset and answer.status != 206:
                raise Damaged(ODD)
            body = _Body(answer, self._passed)
            while piece := body.read(PIECE):
                yield piece

    def send_file(self, sha256: str, offset: int, size: int, pieces: Iterable[bytes], *, unsent: bool = False) -> None:
        """Hand in a file from an offset on, `unsent` where the server may lack it; Refused `not_wanted` where another visitor was faster."""
        headers = {"Content-Length": str(size - offset), "Content-Type": "application/octet-stream"}
        self._asked("PUT", f"{FILES}/{sha256}?offset={offset}{'&unsent' if unsent else ''}", self._counted(pieces), int, headers)

    def close(self) -> None:
        """Let the connection go."""
        self._connections.clear()

    def _asked(self, method: str, path: str, body: Any, type: Any, headers: dict[str, str] | None = None) -> Any:
        with self._answer(method, path, body, headers or {}) as answer:
            return codec.unpack(_Body(answer, self._passed).all(SMALL), type)

    @contextmanager
    def _answer(self, method: str, path: str, body: Any, headers: dict[str, str] | None = None) -> Iterator[urllib3.BaseHTTPResponse]:
        self.turns += 1
        self.bytes_up += len(body) if isinstance(body, bytes) else 0
        if isinstance(body, bytes) and len(body) > LARGEST + ASKED:
            raise Damaged(TOO_MUCH, "too_large")
        try:
            answer = self._connections.request(method, self.address.url + path, body=body, headers={**self._headers, **(headers or {})},
                                               timeout=PATIENCE, retries=False, redirect=False, preload_content=False, decode_content=False)
        except LocationValueError as error:
            raise Invalid(Text("“{typed}” is not the address of a computer. Example: 192.168.1.20:47825", typed=self.address.host)) from error
        except (HTTPError, UnicodeError) as error:
            raise self._nobody() from error
        try:
            if answer.status not in (200, 206):
                raise self._failure(answer)
            if path == HAVE and answer.headers.get("Content-Type") != KIND:
                raise self._stranger()
            yield answer
        except (HTTPError, OSError) as error:
            raise Offline(CUT, "cut") from error
        finally:
            answer.close()

    def _failure(self, answer: urllib3.BaseHTTPResponse) -> Failure:
        """Our own sentence for the code of a refusal: nobody's words are shown from here."""
        if answer.headers.get("Content-Type") != KIND:
            return self._stranger()
        code = codec.unpack(_Body(answer, self._passed).all(4096), Refusal).code
        if code == "other_network":
            return Refused(OTHER, "other_network")
        if code in ("too_large", "crowded"):
            return Refused(TOO_MUCH, code)
        if code == "cut":
            return Offline(CUT, "cut")
        return Refused(Text("The other computer could not do this ({code}). Nothing is lost; try again in a moment.", code=code[:20]), code[:20])

    def _nobody(self) -> Offline:
        return Offline(Text("Nobody shares at {address}. Is the other computer on, on the same network, and sharing?"
                            " On Windows, its firewall must let Dalil through on private networks.", address=self._place()), "nobody")

    def _stranger(self) -> Refused:
        return Refused(Text("What answers at {address} is not a computer that shares with Dalil. Check the address.", address=self._place()),
                       "not_sharing")

    def _place(self) -> str:
        return f"{self.address.host}:{self.address.port}"

    def _passed(self, count: int) -> None:
        self.bytes_down += count

    def _counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.bytes_up += len(piece)
            yield piece


class _Body:
    """An answer's body, counted; one that trickles is left."""

    def __init__(self, answer: urllib3.BaseHTTPResponse, passed: Any) -> None:
        self._answer = answer
        self._passed = passed
        self._waited = 0.0
        self._came = 0

    def read(self, size: int, /) -> bytes:
        if self._waited > GRACE + self._came / SLOWEST:
            raise Offline(Text("The other computer answers too slowly. What had arrived is kept; try again nearer to it."), "slow")
        began = time.monotonic()
        found = self._answer.read1(min(size, PIECE))
        self._waited += time.monotonic() - began
        self._came += len(found)
        self._passed(len(found))
        return found

    def all(self, most: int) -> bytes:
        found = bytearray()
        while piece := self.read(PIECE):
            found += piece
            if len(found) > most:
                raise Damaged(ODD, "too_large")
        return bytes(found)
