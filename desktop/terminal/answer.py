"""What a command answers: one document for programs, lines for people, an exit code; knows no command."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from i18n import Text
from sync.errors import Failure, Invalid

DONE, FAILED, MISUSED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Answer:
    """`document` is what `--json` prints; `lines` are made only when a person reads them."""

    document: dict[str, Any]
    lines: Callable[[], Iterable[str]]
    code: int = DONE


class Misuse(Failure):
    """The command is not written as expected: exit code 2."""

    code = "usage"


def write(answer: Answer, *, as_json: bool) -> int:
    """Print an answer on standard output; answers its exit code."""
    if as_json:
        print_json(answer.document)
    else:
        for line in answer.lines():
            print(line)
    return answer.code


def write_failure(failure: Failure, *, as_json: bool) -> int:
    """Say why it failed: a document on standard output for programs, a sentence on standard error for people."""
    problems = failure.problems if isinstance(failure, Invalid) else ()
    if as_json:
        error: dict[str, Any] = {"code": failure.code, "message": str(failure)}
        if problems:
            error["fields"] = [{"field": one.path, "message": str(one.message)} for one in problems]
        print_json({"error": error})
    elif len(problems) > 1:
        for one in problems:
            print(Text("{field}: {problem}", field=one.path, problem=one.message), file=sys.stderr)
    else:
        print(failure, file=sys.stderr)
    return FAILED


def write_misuse(message: str, usage: str, *, as_json: bool) -> int:
    """Say what is wrong with the words of the command."""
    if as_json:
        print_json({"error": {"code": "usage", "message": message}})
    print(message, file=sys.stderr)
    if usage:
        print(usage, file=sys.stderr)
    return MISUSED


def print_json(document: dict[str, Any]) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, ensure_ascii=False, indent=2))


def iso(milliseconds: int | None) -> str | None:
    """A moment as ISO 8601 in UTC; None for none, and for one that no calendar holds."""
    if milliseconds is None:
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
    except (OverflowError, ValueError, OSError):
        return None
