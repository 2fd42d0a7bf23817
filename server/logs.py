"""One JSON line a request on standard error: what was asked and how it went, never who or what about."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import time
import traceback
from typing import Any

from server.failures import INTERNAL, answer_to

KEY = "dalil.key"  # where a route notes the name of the key that signed a request


def say(**facts: Any) -> None:
    """Write one line. Callers give facts about the traffic only: no names, no phones, no query strings."""
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    sys.stderr.write(json.dumps({"time": moment, **facts}, ensure_ascii=False) + "\n")
    sys.stderr.flush()


class Lines(logging.Handler):
    """What a library reports, in the same form. `event` stands for its own words where these might quote data."""

    def __init__(self, event: str = "") -> None:
        super().__init__()
        self.event = event

    def emit(self, record: logging.LogRecord) -> None:
        facts = {"kind": type(record.exc_info[1]).__name__} if record.exc_info and record.exc_info[1] else {}
        say(level=record.levelname.lower(), event=self.event or record.getMessage().split("\n", 1)[0], **facts)


class Logged:
    """The outermost layer: counts, times, writes the line, and answers 500 when something unforeseen escapes."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        count = {"up": 0, "down": 0, "status": 0}

        async def counted_receive() -> Any:
            message = await receive()
            count["up"] += len(message.get("body", b""))
            return message

        async def counted_send(message: Any) -> None:
            if message["type"] == "http.response.start":
                count["status"] = message["status"]
            count["down"] += len(message.get("body", b""))
            await send(message)

        began = time.monotonic()
        fault: dict[str, Any] = {}
        try:
            await self.app(scope, counted_receive, counted_send)
        except Exception as error:  # noqa: BLE001 - the last line of defence: told in the log by kind and place, never by its words
            fault = {"error": type(error).__name__, "at": _place(error)}
            if not count["status"]:
                await answer_to(INTERNAL)(scope, counted_receive, counted_send)
        finally:
            key = scope.get(KEY)
            say(method=scope["method"], path=_template(scope), status=count["status"], ms=round((time.monotonic() - began) * 1000, 1),
                up=count["up"], down=count["down"], **({"key": key[:6]} if key else {}), **fault)


def _template(scope: dict[str, Any]) -> str:
    """The route's own path (`/files/{sha256}`), never what stood in its place."""
    return str(getattr(scope.get("route"), "path", "") or "-")


def _place(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return f"{last[0].filename.rsplit('/', 1)[-1]}:{last[0].lineno}" if last else ""
