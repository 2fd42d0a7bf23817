"""The real server application over one folder, inside the test's own process, on a port that stays the same; knows no fault."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from server.app import application
from server.limits import Bounds
from server.pool import Pool
from server.premises import Premises
from server.publisher import Publisher


def free_port() -> int:
    """A port of loopback that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    """Serve a folder as long as the block lasts; answers the address."""
    premises = Premises(folder).enter()
    premises.set_up().store.close()
    bounds = Bounds()
    pool, files = Pool(premises.authority), premises.files()
    config = uvicorn.Config(application(pool, files, bounds, Publisher(pool, files)), log_config=None, access_log=False, lifespan="on", ws="none",
                            timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", port), backlog=64)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    end = time.monotonic() + 20
    pause = threading.Event()
    while not server.started:
        assert time.monotonic() < end, "the server did not start"
        pause.wait(0.005)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(20)
        listening.close()
