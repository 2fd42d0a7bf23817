"""A member hands in somebody's request to join; sealed bytes in, a word out: knows no name."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from server import applications, state
from server.logs import KEY

router = APIRouter(tags=["sync"])


@router.post("/applications", summary="Hand in a sealed request to join", response_class=JSONResponse)
async def apply(request: Request) -> Response:
    """The letter as body, `Dalil-Signature: key:signature` of the member who carries it; answers `state`: waiting, admitted or refused."""
    here = state.of(request)
    body = await request.body()
    key, _, signature = request.headers.get("dalil-signature", "").partition(":")
    try:
        name, proof = bytes.fromhex(key), bytes.fromhex(signature)
    except ValueError:
        name, proof = b"", b""
    request.scope[KEY] = name.hex()
    found = await here.ask(lambda authority: applications.receive(authority, body, name, proof))
    return JSONResponse({"state": found}, headers={"Cache-Control": "no-store"})
