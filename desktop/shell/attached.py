"""From a record's file to what the reader reads, in clear or not; knows no feature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.kit.reader import Source
from sync.private_files import open_file

__all__ = ["source_of"]


def source_of(ws: Any, value: Mapping[str, Any]) -> Source:
    """The bytes of a file that is on this PC, `value` as its record says. A private one is opened in memory, and no copy in clear is ever made."""
    path = None if value.get("key") else ws.files.path(value["sha256"])
    return Source(f"place {value['sha256']}", str(value.get("name") or ""), lambda: open_file(ws.files, value), path)
