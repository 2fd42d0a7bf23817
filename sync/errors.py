"""Failures a person can meet, each with a stable code and a sentence; knows no screen and no command."""

from __future__ import annotations

from i18n import Text


class Failure(Exception):
    """Something could not be done, said so that a person knows what to do.

    `code` is stable and meant for programs; `message` says what is wrong,
    where, and what to do, in the reader's language.
    """

    code = "failed"

    def __init__(self, message: Text, code: str | None = None) -> None:
        super().__init__(message.msgid)
        self.message = message
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return str(self.message)


class Offline(Failure):
    """The server could not be reached, or answered too late."""

    code = "offline"


class NotADalilServer(Failure):
    """Something answered, and it was not a Dalil server (a captive portal, a wrong address)."""

    code = "not_a_dalil_server"


class Invalid(Failure):
    """What was typed or sent breaks a rule; `problems` names every field at fault."""

    code = "invalid"

    def __init__(self, message: Text, problems: tuple[Problem, ...] = (), code: str | None = None) -> None:
        super().__init__(message, code)
        self.problems = problems


class NotFound(Failure):
    """No record, field or change of that name is here."""

    code = "not_found"


class Refused(Failure):
    """The authority, or a right, says no."""

    code = "refused"


class Locked(Failure):
    """A person's file stays closed: their phrase is missing or wrong. `wait` says for how many seconds no other is tried."""

    code = "locked"

    def __init__(self, message: Text, wait: int = 0) -> None:
        super().__init__(message)
        self.wait = wait


class Damaged(Failure):
    """Bytes that do not verify: a torn page, an altered file, a corrupt database."""

    code = "damaged"


class Cancelled(Failure):
    """The person stopped it."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__(Text("Stopped. What had already arrived is kept."))


class Problem:
    """One fault of one field: `path` as written with --set (`name.fr`), `message` a sentence."""

    __slots__ = ("message", "path")

    def __init__(self, path: str, message: Text) -> None:
        self.path = path
        self.message = message

    def __repr__(self) -> str:
        return f"Problem({self.path!r}, {self.message.msgid!r})"


OURS = ("database", "disk_full", "disk", "read_only", "busy")  # codes of failures of the machine that decides, not of what was handed in
