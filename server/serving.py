"""Running until told to stop: a socket, the ready line, a clean end; knows no route and no other process."""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from types import FrameType

import uvicorn

from i18n import Text
from server.app import application
from server.limits import Bounds
from server.logs import Lines, say
from server.pool import Pool
from server.premises import Premises
from server.protocol import with_limits
from server.publisher import Publisher
from sync.errors import Failure

_OPEN = 8192  # files and connections
_BACKLOG = 1024  # connections that the system holds for us
_ACCEPTED = 4  # of them that one process takes before it looks around: else one of several takes most of a crowd
_SWITCH = 0.000_5  # seconds after which a thread of Python gives way: the one that decides, with the lock, comes back ten times sooner
TO_FINISH = 25  # seconds that what is in flight gets when the server is told to stop


class _Server(uvicorn.Server):
    """Calls `ready` once it can answer."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        for one in sockets or ():
            one.listen(_BACKLOG)  # again: asyncio took the number below for this one too
        if self.started:
            self._ready()


def serve(premises: Premises, host: str, port: int, bounds: Bounds) -> None:
    """Answer until SIGTERM or SIGINT; what is in flight is finished. Port 0 takes a free one."""
    listening = listen(host, port)
    premises.set_up().store.close()
    log_as_lines()
    answer(premises, listening, bounds, publishing=True, ready=lambda: tell_address(listening))
    say(level="info", event="stopped")


def answer(premises: Premises, listening: socket.socket, bounds: Bounds, *, publishing: bool, ready: Callable[[], None],
           attended: Connection | None = None) -> None:
    """Answer on a socket until told to stop, or until the other end of `attended` is no more."""
    pool, files = Pool(premises.authority), premises.files()
    gc.collect()
    gc.freeze()  # what was imported stays, and need not be looked through for cycles again and again
    gc.set_threshold(20_000, 20, 20)
    sys.setswitchinterval(_SWITCH)
    config = uvicorn.Config(
        application(pool, files, bounds, Publisher(pool, files) if publishing else None), log_config=None, access_log=False, server_header=False,
        date_header=False, lifespan="on", ws="none", http=with_limits(bounds.patience, bounds.connections), limit_concurrency=bounds.connections,
        timeout_keep_alive=20, timeout_graceful_shutdown=TO_FINISH, backlog=_ACCEPTED)
    server = _Server(config, ready)

    def told_to_stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # uvicorn puts its own handlers above these and, when done, raises the signal again: being told to stop is no failure
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, told_to_stop)
    if attended is not None:
        threading.Thread(target=_end_with, args=(attended, server), daemon=True).start()
    server.run(sockets=[listening])


def _end_with(attended: Connection, server: uvicorn.Server) -> None:
    with suppress(EOFError, OSError):
        attended.recv_bytes()
    server.should_exit = True


def tell_address(listening: socket.socket) -> None:
    """Say on standard output where the server listens: it can answer now."""
    host, port = listening.getsockname()[:2]
    sys.stdout.write(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}\n")
    sys.stdout.flush()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; Failure `port` when it cannot be had."""
    _allow_many()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's wait off only where the protocol is named: without it, a small answer waits 40 ms for the other end's acknowledgement
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        raise Failure(Text("The server cannot listen on {address}: {why}. Choose another port.", address=f"{host}:{port}",
                           why=getattr(error, "strerror", None) or str(error)), "port") from error
    return listening


def _allow_many() -> None:
    """Every connection is an open file, and the usual limit of a thousand of them would turn people away."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, _OPEN)), hard))


def log_as_lines() -> None:
    """What libraries report goes into the log in its own form."""
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        logger.handlers = [Lines()] if name == "uvicorn" else []
    logging.getLogger("uvicorn.error").propagate = True
    driver = logging.getLogger("psycopg")
    driver.propagate, driver.handlers = False, [Lines("the database driver met a broken connection")]
