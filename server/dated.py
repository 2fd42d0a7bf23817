"""The Date of an answer, where somebody may keep the answer; knows no route's meaning."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any


class Dated:
    """Dates every answer but that of a sync: it says the time inside, nobody keeps it, and 37 bytes are paid for."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def dated_send(message: Any) -> None:
            if message["type"] == "http.response.start" and (message["status"], scope["path"]) != (200, "/exchange"):
                message = {**message, "headers": [*message.get("headers", ()), (b"date", formatdate(usegmt=True).encode())]}
            await send(message)

        await self.app(scope, receive, dated_send if scope["type"] == "http" else send)
