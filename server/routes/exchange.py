"""The one request of a sync, and joining; opaque bytes and a code: knows no record."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from i18n import Text
from server import invitations, state
from server.logs import KEY
from sync.authority import Authority
from sync.errors import Failure, Invalid
from sync.exchange.answering import answer
from sync.relay import under_seal

MEDIA = "application/vnd.dalil"
_WRONG_CODE = ("code_unknown", "code_used", "code_expired")

router = APIRouter(tags=["sync"])


@router.post("/exchange", summary="Hand in batches of changes, take pages of the ledgers", response_class=Response,
             responses={200: {"content": {MEDIA: {}}}})
async def exchange(request: Request) -> Response:
    """Body and answer are messages of docs/sync.md. Repeating a request does no harm."""
    here = state.of(request)
    body = await request.body()

    def hear(key: bytes) -> None:
        request.scope[KEY] = key.hex()

    def work(authority: Authority) -> bytes:
        inside, seal = under_seal.opened(body, authority.key)
        return seal(answer(authority, inside, hear))

    found = await here.ask(work, here.exchanging)
    if here.publisher is not None:
        here.publisher.wake()
    return Response(found)  # every header is paid for by the byte; an answer to a POST is not kept by anyone unless it says so


@router.post("/join", summary="Be certified with an invitation code", response_class=JSONResponse)
async def join(request: Request) -> Response:
    """JSON `code`, `key` (hexadecimal Ed25519), `person`, `device` (UUIDs); the same key and code get the same answer again."""
    here = state.of(request)
    address = request.client.host if request.client else ""
    here.attempts.check(address)
    try:
        asked = msgspec.json.decode(await request.body(), type=invitations.Asked)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(Text("This request is not written as expected.")) from error
    try:
        joined = await here.ask(lambda authority: (authority.key.public, invitations.join(authority, asked)))
    except Failure as failure:
        if failure.code in _WRONG_CODE:
            here.attempts.note(address)
        raise
    public, found = joined
    return JSONResponse({"authority": public.hex(), "certificate": found.certificate, "role": found.role,
                         "organisation": "".join(found.organisations[:1]), "organisations": list(found.organisations)},
                        headers={"Cache-Control": "no-store"})
