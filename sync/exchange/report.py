"""What a sync says of itself: how far it is, and at the end what it moved; knows no turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from i18n import Text

if TYPE_CHECKING:
    from sync.exchange.brought import Brought


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync is: `done` of `total` entries received, bytes both ways, and the name of a file on its way.

    `left` is about how many bytes of records are still to move, `files` how
    many of files wait to leave, and `seconds` how long both take at the pace
    so far, None while nobody can say.
    """

    done: int
    total: int
    bytes_up: int
    bytes_down: int
    file: str = ""
    left: int = 0
    files: int = 0
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Something that waits by the rules of this computer.

    `what` is "records" or "file", `why` "cap", "large" or "metered"; `size` about how many bytes; `sha256` names a file.
    """

    what: str
    why: str
    size: int
    sha256: str = ""


@dataclass(slots=True)
class Report:
    """What one sync moved. Counts are changes; `received` counts other people's, `carried` parcels of others that were handed in.

    `brought` says what became of these and of what was known already, by author;
    `set_aside` says why a batch was not taken, `held` what waits by the rules of this computer.
    """

    sent: int = 0
    accepted: int = 0
    refused: int = 0
    received: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    turns: int = 0
    files: int = 0
    carried: int = 0
    brought: list[Brought] = field(default_factory=list)
    set_aside: list[Text] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


Watch = Callable[[Progress], None]
Stop = Callable[[], bool]


def watched(pieces: Iterator[bytes], offset: int, size: int, watch: Watch, stop: Stop, name: str) -> Iterator[bytes]:
    """The pieces, with progress told, until they end or the person stops."""
    done = offset
    for piece in pieces:
        if stop():
            return
        yield piece
        done += len(piece)
        watch(Progress(done, size, 0, done, name))
