"""The directory as the Human Services Data Specification 3.1 asks for it; public records only, and no contacts."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field

from i18n import Text
from resources.formats import hsds_write
from server import directory, languages, state
from server.directory import Asked
from sync.authority import Authority
from sync.errors import Invalid, NotFound
from sync.record import Record

_MOST = 500
_OPEN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=60", "Vary": "Accept-Language"}

router = APIRouter(tags=["hsds"])
Write = Callable[[Authority, list[Record]], list[dict[str, Any]]]


class Listing(BaseModel):
    """The parameters of a list, with the standard's names; those we do not know are as if not given."""

    page: int = Field(1, ge=1, le=10**9)
    per_page: int = Field(50, ge=1, le=_MOST)
    search: str = Field("", max_length=200)
    full: bool = False
    taxonomy_term_id: str = Field("", max_length=200)
    taxonomy_id: str = Field("", max_length=200)
    format: str = "json"


def about(request: Request) -> Response:
    """Which version of the standard this is, as its own API says it."""
    base = str(request.base_url).rstrip("/")
    return JSONResponse({"version": "3.1", "profile": "https://docs.openhumanservices.org/hsds/", "openapi_url": f"{base}/openapi.json"},
                        headers=_OPEN)


@router.get("/hsds", summary="Which version of HSDS this is", response_class=JSONResponse)
def about_hsds(request: Request) -> Response:
    return about(request)


@router.get("/organizations", summary="A page of the organisations", response_class=JSONResponse)
@router.get("/hsds/organizations", summary="A page of the organisations", response_class=JSONResponse)
async def organizations(request: Request, listing: Annotated[Listing, Query()]) -> Response:
    """Parameters and envelope are the standard's. `search` looks in names, folded: `ecole` finds `école`."""
    asked = Asked(listing.search, listing.taxonomy_term_id, listing.taxonomy_id)
    write = functools.partial(_nested if listing.full else _summaries, speak=_language(request))
    if listing.format == "ndjson":
        return StreamingResponse(_lines(request, asked, write), media_type="application/x-ndjson", headers=_OPEN)
    if listing.format != "json":
        raise Invalid(Text("There is no format called “{name}”. Known: {formats}.", name=listing.format[:40], formats="json, ndjson"))

    def work(authority: Authority) -> tuple[int, list[dict[str, Any]]]:
        directory.put_in_order(authority.store)
        with authority.store.snapshot() as store:
            total = directory.count(store, asked)
            records = directory.page(store, asked, listing.per_page, (listing.page - 1) * listing.per_page)
            return total, write(authority, records)

    total, contents = await state.of(request).ask(work)
    return JSONResponse(_enveloped(total, listing.page, listing.per_page, contents), headers=_OPEN)


@router.get("/organizations/{id}", summary="One organisation with what hangs on it", response_class=JSONResponse)
@router.get("/hsds/organizations/{id}", summary="One organisation with what hangs on it", response_class=JSONResponse)
async def organization(request: Request, id: str) -> Response:
    """Phone, locations, identifiers and domains are within; services are not yet recorded."""
    speak = _language(request)

    def work(authority: Authority) -> list[dict[str, Any]]:
        found = directory.one(authority.store, id)
        return [] if found is None else _nested(authority, [found], speak)

    written = await state.of(request).ask(work)
    if not written:
        raise NotFound(Text("There is no organisation with the id {id} here.", id=id[:60]))
    return JSONResponse(written[0], headers=_OPEN)


@router.get("/services", summary="A page of the services (none are recorded yet)", response_class=JSONResponse)
@router.get("/hsds/services", summary="A page of the services (none are recorded yet)", response_class=JSONResponse)
async def services(page: int = Query(1, ge=1), per_page: int = Query(50, ge=1, le=_MOST)) -> Response:
    return JSONResponse(_enveloped(0, page, per_page, []), headers=_OPEN)


@router.get("/services/{id}", summary="One service", response_class=JSONResponse)
@router.get("/hsds/services/{id}", summary="One service", response_class=JSONResponse)
async def service(id: str) -> Response:
    raise NotFound(Text("There is no service with the id {id} here.", id=id[:60]))


def _language(request: Request) -> str:
    return languages.asked(request.headers.get("accept-language", ""))


def _summaries(_: Authority, records: list[Record], speak: str) -> list[dict[str, Any]]:
    return [hsds_write.summary(record, speak) for record in records]


def _nested(authority: Authority, records: list[Record], speak: str) -> list[dict[str, Any]]:
    places = directory.places(authority.store, [record.id for record in records])
    return [hsds_write.organization(record, places.get(record.id, ()), speak) for record in records]


def _lines(request: Request, asked: Asked, write: Write) -> Iterator[bytes]:
    """Every organisation, one JSON line each; a connection is held a batch at a time, not for as long as the client reads."""
    last = ""
    while True:
        with state.of(request).pool.borrow() as authority:
            records = directory.after(authority.store, asked, last, 200)
            written = write(authority, records)
        for one in written:
            yield json.dumps(one, ensure_ascii=False).encode() + b"\n"
        if len(records) < 200:
            return
        last = records[-1].id


def _enveloped(total: int, page: int, per_page: int, contents: list[dict[str, Any]]) -> dict[str, Any]:
    """The Page of the standard's OpenAPI document: `size` is of this page, `total_items` of all."""
    pages = -(-total // per_page)
    return {
        "total_items": total, "total_pages": pages, "page_number": page, "size": len(contents),
        "first_page": page == 1, "last_page": page >= pages, "empty": not contents, "contents": contents,
    }
