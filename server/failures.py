"""Failures as an HTTP answer: a status, a stable code, a sentence in the language asked; knows no route."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from i18n import Text
from server import languages
from sync.errors import Failure

_STATUS = {
    "invalid": 400, "damaged": 400, "not_found": 404, "too_many": 429, "too_large": 413, "too_slow": 408, "range": 416, "method": 405,
    "busy": 503, "database": 503, "crowded": 503, "disk_full": 507, "disk": 507, "read_only": 507, "file": 507, "internal": 500,
}
_LATER = {"busy": 5, "database": 5, "crowded": 10, "too_many": 60}  # seconds after which asking again makes sense
INTERNAL = Failure(Text("Something went wrong on the server. Nothing was half done; try again in a moment."), "internal")


def answer_to(failure: Failure, header: str = "", headers: dict[str, str] | None = None) -> Response:
    """The JSON answer; `header` is the Accept-Language of whoever asked. Other codes are refusals: 403."""
    more = {"Cache-Control": "no-store", **(headers or {})}
    if failure.code in _LATER:
        more.setdefault("Retry-After", str(_LATER[failure.code]))
    return JSONResponse({"error": _told(failure, languages.asked(header))}, _STATUS.get(failure.code, 403), more)


def answer_in(request: Request, failure: Failure) -> Response:
    """The answer to a request that failed."""
    return answer_to(failure, request.headers.get("accept-language", ""), getattr(failure, "headers", None))


def _told(failure: Failure, language: str) -> dict[str, Any]:
    text = failure.message
    told: dict[str, Any] = {
        "code": failure.code, "message": text.say(language),
        "messages": {each: text.say(each) for each in ("fr", "ar", "en")},
    }
    if not text.args:
        told["msgid"] = text.msgid  # a program that knows the sentence says it in its own reader's language
    return told
