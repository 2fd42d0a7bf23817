"""What a fault of the program may leave behind: no picture of its memory, and no value in what is printed; knows no record.

Standard error often ends in a file (a session's log, the journal), and the
message of an exception may quote what somebody typed. So a fault says which
kind it is and where in the program, with every cause, and nothing else.
"""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType

from sync.errors import Failure


def be_discreet() -> None:
    """Call it once, before a vault is opened."""
    _keep_memory()
    sys.excepthook = _on_fault
    sys.unraisablehook = _on_unraisable
    threading.excepthook = _on_thread_fault


def said_of(error: BaseException | None, kind: type[BaseException], trace: TracebackType | None) -> str:
    """Lines on a fault: places in the program and kinds of exceptions, the first cause first; of a Failure its sentence without the values."""
    cause = None if error is None else error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [] if cause is None else [said_of(cause, type(cause), cause.__traceback__)]
    lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    sentence = f": {error.message.msgid}" if isinstance(error, Failure) else ""
    return "\n".join([*lines, f"{kind.__module__}.{kind.__qualname__}{sentence}"])


def _keep_memory() -> None:
    """A crash leaves no picture of the memory, in which keys and open records stand. On Windows the system's own settings decide."""
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _on_fault(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    sys.stderr.write(f"Dalil: a fault of the program (values are left out)\n{said_of(error, kind, trace)}\n")


def _on_unraisable(told: sys.UnraisableHookArgs) -> None:
    _on_fault(told.exc_type, told.exc_value, told.exc_traceback)


def _on_thread_fault(told: threading.ExceptHookArgs) -> None:
    _on_fault(told.exc_type, told.exc_value, told.exc_traceback)
