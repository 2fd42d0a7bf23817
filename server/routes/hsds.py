"""The directory as the Human Services Data Specification 3.1 asks for it; public records only, and no contacts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

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
async def organizations(request: Request, page: int = Query(1, ge=1, le=10**9), per_page: int = Query(50, ge=1, le=_MOST), search: str = Query("", max_length=200),
                        full: bool = False, taxonomy_term_id: str = Query("", max_length=200), taxonomy_id: str = Query("", max_length=200),
                        format: str = "json") -> Response:
    """Parameters and envelope are the standard's. `search` looks in names, folded: `ecole` finds `école`."""
    asked, speak = Asked(search, taxonomy_term_id, taxonomy_id), _language(request)
    if format == "ndjson":
        return StreamingResponse(_lines(request, asked, full, speak), media_type="application/x-ndjson", headers=_OPEN)
    if format != "json":
        raise Invalid(Text("There is no format called “{name}”. Known: {formats}.", name=format[:40], formats="json, ndjson"))

    def work(authority: Authority) -> tuple[int, list[dict[str, Any]]]:
        with authority.store.snapshot() as store:
            total = directory.count(store, asked)
            records = directory.page(store, asked, per_page, (page - 1) * per_page)
            return total, _written(authority, records, full, speak)

    total, contents = await state.of(request).ask(work)
    return JSONResponse(_enveloped(total, page, per_page, contents), headers=_OPEN)


@router.get("/organizations/{id}", summary="One organisation with what hangs on it", response_class=JSONResponse)
@router.get("/hsds/organizations/{id}", summary="One organisation with what hangs on it", response_class=JSONResponse)
async def organization(request: Request, id: str) -> Response:
    """Phone, locations, identifiers and domains are within; services are not yet recorded."""
    speak = _language(request)

    def work(authority: Authority) -> list[dict[str, Any]]:
        found = directory.one(authority.store, id)
        return [] if found is None else _written(authority, [found], True, speak)

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


def _written(authority: Authority, records: list[Record], full: bool, speak: str) -> list[dict[str, Any]]:
    if not full:
        return [hsds_write.summary(record, speak) for record in records]
    places = directory.places(authority.store, [record.id for record in records])
    return [hsds_write.organization(record, places.get(record.id, ()), speak) for record in records]


def _lines(request: Request, asked: Asked, full: bool, speak: str) -> Iterator[bytes]:
    """Every organisation, one JSON line each; a connection is held a batch at a time, not for as long as the client reads."""
    last = ""
    while True:
        with state.of(request).pool.borrow() as authority:
            records = directory.after(authority.store, asked, last, 200)
            written = _written(authority, records, full, speak)
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
