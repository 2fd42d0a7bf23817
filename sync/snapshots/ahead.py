"""An iterator that another thread works through, a little ahead of whoever takes what it makes; knows nothing of what that is."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

Made = TypeVar("Made")
_AHEAD = 1  # made and not yet taken; another is in the making


def ahead(make: Callable[[], Iterator[Made]]) -> Iterator[Made]:
    """What `make()` yields or raises, in its order. Worth it where its work is done in C without the interpreter's lock.

    Closed before its end, or left by whoever takes, it waits until the thread has put down what it was making.
    """
    given: queue.Queue[tuple[Made | None, BaseException | None]] = queue.Queue(_AHEAD)
    left = threading.Event()

    def hand_over(one: Made | None, failure: BaseException | None) -> None:
        while not left.is_set():
            try:
                given.put((one, failure), timeout=0.1)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            for one in make():
                hand_over(one, None)
                if left.is_set():
                    return
        except BaseException as failure:  # noqa: BLE001 - it is raised where what was made is taken
            hand_over(None, failure)
        else:
            hand_over(None, StopIteration())

    thread = threading.Thread(target=work, name="ahead", daemon=True)
    thread.start()
    try:
        while True:
            one, failure = given.get()
            if isinstance(failure, StopIteration):
                return
            if failure is not None:
                raise failure
            yield one  # type: ignore[misc]  # there is one where nothing failed
    finally:
        left.set()
        thread.join()
