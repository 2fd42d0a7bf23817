"""What is made ahead in another thread comes in order, fails where it failed, and leaves no thread behind."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

import pytest

from sync.snapshots.ahead import ahead


def working() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "ahead"]


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_what_is_made_comes_in_order(count: int) -> None:
    assert list(ahead(lambda: iter(range(count)))) == list(range(count))
    assert not working()


def test_a_failure_comes_after_what_was_made_before_it() -> None:
    def make() -> Iterator[int]:
        yield 1
        raise OSError("torn")

    made = ahead(make)
    assert next(made) == 1
    with pytest.raises(OSError, match="torn"):
        next(made)
    assert not working()


def test_who_leaves_early_ends_the_thread_and_what_it_held() -> None:
    closed = threading.Event()

    def make() -> Iterator[int]:
        try:
            yield from range(10**6)
        finally:
            closed.set()

    made = ahead(make)
    assert next(made) == 0
    made.close()
    assert not working()
    assert closed.wait(5)


def test_whoever_takes_slowly_gets_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The maker waits while nobody takes, and looks now and then whether anybody still will."""
    waited = threading.Event()
    put = queue.Queue.put

    def noted(self: queue.Queue[object], item: object, block: bool = True, timeout: float | None = None) -> None:
        try:
            put(self, item, block, timeout)
        except queue.Full:
            waited.set()
            raise

    monkeypatch.setattr(queue.Queue, "put", noted)
    made = ahead(lambda: iter(range(10)))
    assert next(made) == 0
    assert waited.wait(20)
    assert list(made) == list(range(1, 10))
    assert not working()
