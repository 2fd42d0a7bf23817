"""What a computer that shares answers to each question of a visitor; knows no socket and no screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Any

from sync import codec, unsent
from sync.errors import Damaged, Failure, Offline
from sync.files import LARGEST as LARGEST_FILE
from sync.relay.holding import Holding, Item
from sync.relay.lan_body import Body, file_pieces
from sync.relay.lan_limits import Held
from sync.relay.lan_words import (
    ANSWER,
    ASKED,
    FILES,
    GIVE,
    HAVE,
    KIND,
    LARGEST,
    MANY_ITEMS,
    MANY_NAMES,
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
    mark,
    packed,
)
from sync.relay.shared_files import SharedFiles
from sync.workspace import Workspace

_RANGE = re.compile(r"bytes=([0-9]{1,12})-\Z")
_OFFSET = re.compile(r"offset=([0-9]{1,12})(&unsent)?\Z")

Begin = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(slots=True)
class Counts:
    """What happened since sharing began: addresses that came, items given and taken, files and bytes both ways. No name of anybody."""

    visitors: int = 0
    given: int = 0
    taken: int = 0
    refused: int = 0
    files: int = 0
    bytes: int = 0


class Host:
    """Answers visitors from one data folder: from whoever is unlocked there, else as a guest. One question at a time touches the records."""

    def __init__(self, guest: Callable[[], Workspace], authority: bytes, name: str, told: Callable[[], None]) -> None:
        self._open_guest = guest
        self._guest: Workspace | None = None
        self._person: Workspace | None = None
        self._authority = authority
        self.name = name
        self.counts = Counts()
        self._told = told
        self._lock = Lock()
        self._came: set[str] = set()
        self._held = Held(LARGEST + LARGEST // 4)
        self._arriving: set[str] = set()
        self._shared: tuple[Workspace, SharedFiles] | None = None

    def use(self, person: Workspace | None) -> None:
        """Serve from a person's unlocked workspace, or from what a guest may read. After this answers, the one before may be closed."""
        with self._lock:
            self._person = person

    def close(self) -> None:
        """Nobody asks any more."""
        with self._lock:
            self._person = self._shared = None
            if self._guest is not None:
                self._guest.close()
                self._guest = None

    def __call__(self, environ: dict[str, Any], begin: Begin) -> Iterable[bytes]:
        """A WSGI application."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self._note(str(environ.get("REMOTE_ADDR", "")))
        try:
            if (method, path) == ("GET", HAVE):
                return self._answer(begin, self._have())
            if (method, path) == ("POST", GIVE):
                return self._give(environ, begin)
            if (method, path) == ("POST", TAKE):
                return self._take(environ, begin)
            if (method, path) == ("POST", FILES):
                return self._files(environ, begin)
            if path.startswith(FILES + "/") and method in ("GET", "HEAD", "PUT"):
                name = path.removeprefix(FILES + "/")
                return self._put_file(environ, begin, name) if method == "PUT" else self._file(environ, begin, name, head=method == "HEAD")
        except Offline:
            return self._refuse(begin, HTTPStatus.BAD_REQUEST, "cut")
        except Damaged as failure:
            return self._refuse(begin, HTTPStatus.REQUEST_ENTITY_TOO_LARGE if failure.code == "too_large" else HTTPStatus.BAD_REQUEST, failure.code)
        except Failure as failure:
            return self._refuse(begin, HTTPStatus.FORBIDDEN, failure.code)
        return self._refuse(begin, HTTPStatus.NOT_FOUND, "not_found")

    # records

    def _have(self) -> bytes:
        with self._lock:
            holding = self._holding()
            holding.seal()
            return packed(Here(self.name, holding.have()))

    def _give(self, environ: dict[str, Any], begin: Begin) -> Iterable[bytes]:
        with self._body(environ, ASKED) as body:
            asked: Ask = codec.unpack(body.all(), Ask)
        without, found, size, more = set(asked.without), list[Item](), 0, False
        with self._lock:
            for item in self._holding().give(asked.have):
                if mark(item) in without or len(item.data) > LARGEST - ASKED:
                    continue
                if size and (size + len(item.data) > ANSWER or len(found) >= MANY_ITEMS):
                    more = True
                    break
                found.append(item)
                size += len(item.data)
        self._count(given=len(found), bytes=size)
        begin("200 OK", [("Content-Type", KIND)])
        return framed(found, more=more)

    def _take(self, environ: dict[str, Any], begin: Begin) -> Iterable[bytes]:
        with self._body(environ, LARGEST) as body:
            items = list(Unframed(body, LARGEST))
            with self._lock:
                taken = self._holding().take(items)
        self._count(taken=taken.received + taken.parcels + taken.sealed, refused=len(taken.set_aside), bytes=body.size)
        return self._answer(begin, packed(Answered(taken.received, taken.sealed, taken.parcels, len(taken.set_aside))))

    # files

    def _files(self, environ: dict[str, Any], begin: Begin) -> Iterable[bytes]:
        with self._body(environ, ASKED) as body:
            asked: FilesAsked = codec.unpack(body.all(), FilesAsked)
        with self._lock:
            shared = self._shared_files()
            there = [name for name in asked.wanted[:MANY_NAMES] if shared.here(name) is not None]
            lacking = shared.lacking()[:MANY_NAMES]
        return self._answer(begin, packed(FilesTold(there, lacking, [name for name in there if unsent.noted(shared.ws.files, name)])))

    def _file(self, environ: dict[str, Any], begin: Begin, name: str, *, head: bool) -> Iterable[bytes]:
        with self._lock:
            shared = self._shared_files()
            size, path = shared.here(name), None
            if size is not None:
                path = shared.ws.files.path(name)
        if size is None or path is None:
            return self._refuse(begin, HTTPStatus.NOT_FOUND, "not_found")
        size = path.stat().st_size
        found = _RANGE.match(environ.get("HTTP_RANGE", ""))
        offset = min(int(found[1]), size) if found else 0
        headers = [("Content-Type", "application/octet-stream"), ("Accept-Ranges", "bytes"), ("Content-Length", str(size - offset))]
        if found:
            headers.append(("Content-Range", f"bytes {offset}-{size - 1}/{size}"))
        begin("206 Partial Content" if found else "200 OK", headers)
        self._count(files=int(not head), bytes=0 if head else size - offset)
        return () if head else file_pieces(path, offset)

    def _put_file(self, environ: dict[str, Any], begin: Begin, name: str) -> Iterable[bytes]:
        found = _OFFSET.match(environ.get("QUERY_STRING", ""))
        with self._lock:
            shared = self._shared_files()
            wish = shared.wish(name)
            if wish is None or found is None or int(found[1]) > wish.held or name in self._arriving:
                return self._refuse(begin, HTTPStatus.CONFLICT, "not_wanted")
            self._arriving.add(name)
        try:
            with self._body(environ, LARGEST_FILE, streamed=True) as body:
                if int(found[1]) + body.left > wish.size:
                    raise Damaged(ODD)
                held = shared.ws.files.append(name, int(found[1]), body.pieces(), wish.size)
            if found[2] and held == wish.size:
                unsent.note(shared.ws.files, name)
        finally:
            with self._lock:
                self._arriving.discard(name)
        self._count(files=1, bytes=body.size)
        return self._answer(begin, packed(shared.ws.files.held(name)))

    # what all of them need

    def _holding(self) -> Holding:
        return Holding(self._workspace(), self._authority)

    def _shared_files(self) -> SharedFiles:
        ws = self._workspace()
        if self._shared is None or self._shared[0] is not ws:
            self._shared = (ws, SharedFiles(ws))
        return self._shared[1]

    def _workspace(self) -> Workspace:
        if self._person is not None:
            return self._person
        if self._guest is None:
            self._guest = self._open_guest()
        return self._guest

    def _body(self, environ: dict[str, Any], most: int, *, streamed: bool = False) -> Body:
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdigit() or int(length) > most:
            raise Damaged(TOO_MUCH, "too_large")
        return Body(environ["wsgi.input"], int(length), None if streamed else self._held)

    def _answer(self, begin: Begin, body: bytes) -> Iterable[bytes]:
        begin("200 OK", [("Content-Type", KIND), ("Content-Length", str(len(body)))])
        return (body,)

    def _refuse(self, begin: Begin, status: HTTPStatus, code: str) -> Iterable[bytes]:
        """A refusal closes the connection: nobody reads on through a body that is not wanted."""
        body = packed(Refusal(code))
        begin(f"{status.value} {status.phrase}", [("Content-Type", KIND), ("Content-Length", str(len(body))), ("Connection", "close")])
        return (body,)

    def _note(self, address: str) -> None:
        with self._lock:
            new = address not in self._came and len(self._came) < MANY_NAMES
            if new:
                self._came.add(address)
                self.counts.visitors += 1
        if new:
            self._told()

    def _count(self, **more: int) -> None:
        with self._lock:
            for name, count in more.items():
                setattr(self.counts, name, getattr(self.counts, name) + count)
        self._told()
