"""What a demonstration tells, and what of it did not hold; knows no network."""

from __future__ import annotations

import sys
from typing import Any

from desktop.terminal.answer import DONE, FAILED, print_json
from i18n import t, tn


class Steps:
    """Lines as they happen, and at the end whether everything held. With `as_json` lines go to standard error."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.failed: list[str] = []
        self.facts: dict[str, Any] = {}
        self._number = 0

    def begin(self, line: str) -> None:
        """A new numbered step."""
        self._number += 1
        self.say(f"{self._number:2}. {line}")

    def say(self, line: str) -> None:
        """One line, at once: whoever watches sees it when it is true."""
        print(line, file=sys.stderr if self.as_json else sys.stdout, flush=True)

    def detail(self, line: str) -> None:
        """A line under a step."""
        self.say("    " + line)

    def expect(self, holds: object, claim: str) -> None:
        """Remember a claim that does not hold (`holds` is not truthy)."""
        if not holds:
            self.failed.append(claim)
            self.detail(t("This did not hold: {claim}", claim=claim))

    def end(self) -> int:
        """Say the outcome; answers the exit code."""
        if self.as_json:
            print_json({"ok": not self.failed, "failed": self.failed, **self.facts})
        if self.failed:
            self.say(tn("{n} thing did not hold:", "{n} things did not hold:", len(self.failed)))
            for claim in self.failed:
                self.detail(claim)
            return FAILED
        self.say(t("Everything held."))
        return DONE
