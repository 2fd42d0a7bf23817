"""Running until told to stop: a socket, the ready line, a clean end; knows no route."""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
from types import FrameType

import uvicorn

from i18n import Text
from server.app import application
from server.limits import Bounds
from server.logs import Lines, say
from server.pool import Pool
from server.premises import Premises
from server.protocol import with_limits
from sync.errors import Failure

_TO_FINISH = 25  # seconds that what is in flight gets when the server is told to stop


class _Server(uvicorn.Server):
    """Says on standard output where it listens, once it can answer."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            sys.stdout.write(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}\n")
            sys.stdout.flush()


def serve(premises: Premises, host: str, port: int, bounds: Bounds) -> None:
    """Answer until SIGTERM or SIGINT; what is in flight is finished. Port 0 takes a free one."""
    listening = _listen(host, port)
    pool = Pool(premises.authority)
    files = premises.files()
    premises.set_up().store.close()
    _log_as_lines()
    gc.collect()
    gc.freeze()  # what was imported stays, and need not be looked through for cycles again and again
    gc.set_threshold(20_000, 20, 20)
    config = uvicorn.Config(
        application(pool, files, bounds), log_config=None, access_log=False, server_header=False, date_header=False, lifespan="on", ws="none",
        http=with_limits(bounds.patience, bounds.connections), limit_concurrency=bounds.connections,
        timeout_keep_alive=20, timeout_graceful_shutdown=_TO_FINISH, h11_max_incomplete_event_size=32 * 1024)
    server = _Server(config)

    def told_to_stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # uvicorn puts its own handlers above these and, when done, raises the signal again: being told to stop is no failure
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, told_to_stop)
    server.run(sockets=[listening])
    say(level="info", event="stopped")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's wait off only where the protocol is named: without it, a small answer waits 40 ms for the other end's acknowledgement
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(512)
    except (OSError, OverflowError) as error:
        listening.close()
        raise Failure(Text("The server cannot listen on {address}: {why}. Choose another port.", address=f"{host}:{port}",
                           why=getattr(error, "strerror", None) or str(error)), "port") from error
    return listening


def _log_as_lines() -> None:
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        logger.handlers = [Lines()] if name == "uvicorn" else []
    logging.getLogger("uvicorn.error").propagate = True
    driver = logging.getLogger("psycopg")
    driver.propagate, driver.handlers = False, [Lines("the database driver met a broken connection")]
