"""How many wrong phrases were typed, and how long the next one must wait: growing delays, never a lock-out; knows no phrase."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from i18n import Text
from sync import codec
from sync.errors import Failure, Locked
from sync.files_on_disk import write_whole

ENDING = ".tries"
FREE, FIRST, LONGEST = 3, 5, 60  # tries without a delay; seconds of the first delay, which doubles, and of the longest


class Tries:
    """The count beside a person's file: how many in a row, and when the last one was by a clock that only moves forward.

    That clock begins anew with the computer, and then the delay does too. No
    date is asked: a clock that is ten years off locks nobody out. The count
    slows whoever sits at the keyboard; who carries the disk away is slowed by
    argon2id alone.
    """

    def __init__(self, stem: Path, steady: Callable[[], float]) -> None:
        self.path = stem.with_name(stem.name + ENDING)
        self.steady = steady

    def wait(self) -> int:
        """For how many whole seconds nothing is tried yet."""
        count, at = self._read()
        if count < FREE:
            return 0
        now = self.steady()
        if at > now:  # the computer was started since
            self._keep(count, now)
            at = now
        left = at + min(FIRST * 2 ** min(count - FREE, 10), LONGEST) - now
        return max(0, int(-(-left // 1)))

    def begin(self) -> None:
        """Count a try before it is made, so that ending the program does not undo the count; Locked while it is too soon."""
        wait = self.wait()
        if wait:
            raise Locked(Text.counted("Several wrong phrases were typed. Wait {n} second, then try again.",
                                      "Several wrong phrases were typed. Wait {n} seconds, then try again.", wait), wait)
        self._keep(self._read()[0] + 1, self.steady())

    def clear(self) -> None:
        """The right phrase was typed."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _read(self) -> tuple[int, float]:
        try:
            count, at = codec.unpack(self.path.read_bytes(), tuple[int, int])
        except (OSError, Failure):
            return 0, 0
        return max(0, count), at / 1000

    def _keep(self, count: int, at: float) -> None:
        with suppress(OSError):  # a full disk must lock nobody out
            write_whole(self.path, codec.pack((count, int(at * 1000))))
