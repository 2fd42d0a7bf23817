"""The HTTP application: routes, failures and limits put together; knows no database."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from i18n import Text
from server.attempts import Attempts
from server.dated import Dated
from server.failures import INTERNAL, answer_in
from server.limits import Bounds, Limited
from server.logs import Logged
from server.pool import Pool
from server.publisher import Publisher
from server.routes import applications, exchange, files, hsds, pages
from server.state import State
from sync.errors import Failure
from sync.files import Files


def application(pool: Pool, folder: Files, bounds: Bounds, publisher: Publisher | None) -> Any:
    """The ASGI application over a pool of authorities and a folder of files; without a publisher another process makes snapshots."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.dalil.open_gates()
        if publisher is not None:
            publisher.start()
        yield
        if publisher is not None:
            publisher.close()
        pool.close()

    app = FastAPI(title="Dalil", version="1", docs_url=None, redoc_url=None, lifespan=lifespan, description=(
        "Directory and library of the civil society of Djibouti. Sync is described in docs/sync.md; /hsds follows HSDS 3.1."))
    app.state.dalil = State(pool, folder, bounds, Attempts(time.monotonic, bounds.wrong_codes), publisher)
    for part in (exchange.router, applications.router, files.router, hsds.router, pages.router):
        app.include_router(part)
    app.add_exception_handler(Failure, _failed)
    app.add_exception_handler(HTTPException, _not_there)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(Exception, _unforeseen)
    return Dated(Logged(Limited(Shortcut(app), bounds, time.monotonic)))


class Shortcut:
    """The one request of every sync goes past the router, which costs more than the answer to who has nothing to say; all others go on."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._route = next(one for one in exchange.router.routes if getattr(one, "path", "") == "/exchange")

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != "/exchange" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        scope["app"], scope["route"] = self.app, self._route
        request = Request(scope, receive)
        try:
            answer = await exchange.exchange(request)
        except Failure as failure:
            answer = answer_in(request, failure)
        except ClientDisconnect as error:
            answer = await _left(request, error)
        await answer(scope, receive, send)


async def _failed(request: Request, failure: Any) -> Response:
    return answer_in(request, failure)


async def _not_there(request: Request, error: Any) -> Response:
    if error.status_code == 405:
        return answer_in(request, Failure(Text("This address is not asked in that way. The list of what can be asked is at /docs."), "method"))
    return answer_in(request, Failure(Text("There is nothing at this address. The list of what can be asked is at /docs."), "not_found"))


async def _left(_request: Request, _error: Any) -> Response:
    return Response(status_code=400)  # nobody reads it; the log tells that the request was cut


async def _unforeseen(request: Request, _error: Any) -> Response:
    return answer_in(request, INTERNAL)  # raised again afterwards: Logged notes its kind and place


async def _misread(request: Request, error: Any) -> Response:
    first = error.errors()[0]
    return answer_in(request, Failure(Text("“{field}” is not as expected.", field=str(first["loc"][-1])[:40]), "invalid"))
