"""Files named by their hash: taken in from certified keys, given to anyone, both from any byte on; knows no record."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from i18n import Text
from server import state
from server.logs import KEY
from sync.errors import Failure, Invalid, NotFound, Refused
from sync.exchange.words import file_statement
from sync.files import LARGEST
from sync.identity import verifies

_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")
_SPARE = 200 * 1024 * 1024  # bytes of disk that uploads leave for the ledger
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


class _Whole(FileResponse):
    """Sent in larger pieces than usual: each costs a thread's turn, and one still leaves within a minute at 20 kbit/s."""

    chunk_size = 128 * 1024


router = APIRouter(tags=["files"])


@router.head("/files/{sha256}", summary="Whether a file is here, and how much of it", response_class=Response)
@router.get("/files/{sha256}", summary="The bytes of a file, from any offset on (Range)",
                  response_class=Response)
def fetch(request: Request, sha256: str) -> Response:
    """A file never changes under its name. Of an unfinished one, the header `Dalil-Held` tells how many bytes are here."""
    files = state.of(request).files
    if not files.here(sha256):
        raise _with(NotFound(Text("There is no file of that name.")), {"Dalil-Held": str(files.held(sha256))})
    path = files.path(sha256)
    _check_range(request.headers.get("range", ""), path.stat().st_size)
    return _Whole(path, media_type="application/octet-stream", headers={**_FOREVER, "ETag": f'"{sha256}"'})


@router.put("/files/{sha256}", summary="Hand in a file, from the byte on that an earlier attempt reached", response_class=JSONResponse)
async def take(request: Request, sha256: str, offset: int = 0, size: int = 0) -> Response:
    """`size` is of the whole file. `Dalil-Signature: <key>:<signature>` over the file's name and size, by a certified key."""
    here = state.of(request)
    here.files.path(sha256)
    if not 0 < size <= LARGEST or not 0 <= offset <= size:
        raise Invalid(Text("A file has between 1 byte and 2 GB, and continues within them."))
    await _check_signer(request, sha256, size)
    if not here.files.here(sha256):
        _check_room(request, size - here.files.held(sha256))
        if sha256 in here.uploads or (here.uploading is not None and here.uploading.available_tokens < 1):
            raise Failure(Text("This file is being handed in already. Try again in a moment."), "busy")
        here.uploads.add(sha256)
        try:
            held = await _append(request, sha256, offset, size)
        finally:
            here.uploads.discard(sha256)
    else:
        held = size
    return JSONResponse({"held": held}, headers={"Dalil-Held": str(held), "Cache-Control": "no-store"})


async def _append(request: Request, sha256: str, offset: int, size: int) -> int:
    """Write the body as it arrives, in a thread; what arrived before a cut is kept."""
    here = state.of(request)
    cut: list[Failure] = []

    def pieces() -> Iterator[bytes]:
        while True:
            try:
                message = anyio.from_thread.run(request.receive)
            except Failure as failure:
                cut.append(failure)
                return
            if message["type"] != "http.request":
                return
            if message.get("body"):
                yield message["body"]
            if not message.get("more_body"):
                return

    held = await anyio.to_thread.run_sync(lambda: here.files.append(sha256, offset, pieces(), size), limiter=here.uploading)
    if cut:
        raise cut[0]
    return held


async def _check_signer(request: Request, sha256: str, size: int) -> None:
    key, _, signature = request.headers.get("dalil-signature", "").partition(":")
    try:
        name, proof = bytes.fromhex(key), bytes.fromhex(signature)
    except ValueError:
        name, proof = b"", b""
    request.scope[KEY] = name.hex()
    signer = await state.of(request).ask(lambda authority: authority.trust.certified(name))
    if signer is None or not verifies(signer.key, file_statement(sha256, size), proof):
        raise Refused(Text("Only devices of the network hand in files. Join with a code first; your work waits safely."), "no_certificate")
    if signer.revoked:
        raise Refused(Text("This device was withdrawn from the network. Ask the secretariat."), "revoked")


def _check_room(request: Request, size: int) -> None:
    folder = state.of(request).files.folder
    while not folder.exists():
        folder = folder.parent
    if shutil.disk_usage(folder).free < size + _SPARE:
        raise Failure(Text("The server's disk has no room for this file. Tell the secretariat; the file stays safe here."), "disk_full")


def _check_range(asked: str, size: int) -> None:
    """Starlette answers ranges; a wrong one gets our own words (RFC 9110 §14.2: other units are as if not asked)."""
    if not asked.startswith("bytes="):
        return
    found = _RANGE.match(asked.replace(" ", ""))
    first, last = found.groups() if found else ("", "")
    beyond = first != "" and int(first) >= size
    backward = first != "" and last != "" and int(last) < int(first)
    nothing = first == "" and (last == "" or int(last) == 0)
    if found is None or beyond or backward or nothing:
        raise _with(Failure(Text("This part of the file does not exist: it has {size} bytes.", size=size), "range"),
                    {"Content-Range": f"bytes */{size}"})


def _with(failure: Failure, headers: dict[str, str]) -> Failure:
    failure.headers = headers  # type: ignore[attr-defined]  # read by failures.answer_in
    return failure
