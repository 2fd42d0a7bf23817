"""What a planted fault is; knows none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Plant = Callable[[], tuple[Any, str, Any]]  # what is replaced, its name, what stands there instead
