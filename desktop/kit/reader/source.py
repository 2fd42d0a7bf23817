"""What the reader reads: a file on a disk, or bytes that somebody opens for it and that stay in memory; knows no record."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop.kit.reader import trouble
from sync.errors import Failure, NotFound


@dataclass(frozen=True)
class Source:
    """One file to read.

    `key` is under what the reader keeps the place, `name` the name that the file had, and `opened` gives its bytes, from any place on;
    each call gives another stream. `path` is where it lies in clear, None for one that does not.
    """

    key: str
    name: str
    opened: Callable[[], BinaryIO]
    path: Path | None = None

    @property
    def suffix(self) -> str:
        """The ending of its name, small letters."""
        return Path(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """Its name without the ending."""
        return Path(self.name).stem

    def open(self) -> BinaryIO:
        """Its bytes. Raises Trouble when it is gone, closed to us, or not what was attached."""
        try:
            return self.opened()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError, NotFound) as error:
            raise trouble.vanished() from error
        except OSError as error:
            raise trouble.unreadable() from error
        except Failure as error:
            raise trouble.damaged() from error

    def head(self, most: int) -> bytes:
        """Its first bytes, at most so many. Raises Trouble."""
        with self.open() as stream:
            try:
                return stream.read(most)
            except OSError as error:
                raise trouble.unreadable() from error
            except Failure as error:
                raise trouble.damaged() from error

    def whole(self, most_megabytes: int) -> bytes:
        """All of it, in memory. Raises Trouble, also when it is larger than `most_megabytes`."""
        with self.open() as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
        if size > most_megabytes << 20:
            raise trouble.too_large((size + (1 << 20) - 1) >> 20, most_megabytes)
        return self.head((most_megabytes << 20) + 1)


def on_disk(path: Path | str) -> Source:
    """A file in clear."""
    file = Path(path)
    return Source(str(file), file.name, lambda: file.open("rb"), file)
