"""What a person decides here, as work for the data lane; each checks that the world is still as it was shown. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from desktop.features.sync_room.snapshot import Dispute, Errand
from desktop.kit.tasks import Job
from i18n import Text
from sync.change import Operation
from sync.errors import Refused

__all__ = ["Resend", "SaveAgain", "Settle", "TakeBack", "ThrowAway"]


@dataclass(frozen=True)
class Settle:
    """End a conflict by keeping the value at a place (from 0) or writing another. Answers the dispute."""

    ws: Any
    dispute: Dispute
    place: int | None = None
    value: Any = None

    def __call__(self, _job: Job) -> Dispute:
        shown = self.dispute
        now = next((one for one in self.ws.conflicts() if (one.id, one.field) == (shown.id, shown.path)), None)
        if now is not None and sorted(map(repr, (v.value for v in now.values))) != sorted(map(repr, shown.values)):
            raise Refused(Text("Somebody wrote another value meanwhile. Look at it, then choose."), "changed_meanwhile")
        if self.place is None:
            self.ws.settle(shown.id, shown.path, value=self.value)
        else:
            places = [repr(v.value) for v in now.values] if now else []
            wanted = repr(shown.values[self.place])
            self.ws.settle(shown.id, shown.path, keep=places.index(wanted) + 1 if now else self.place + 1)
        return shown


@dataclass(frozen=True)
class TakeBack:
    """Cancel a change that never left. Answers the work that saves it again."""

    ws: Any
    errand: Errand

    def __call__(self, _job: Job) -> SaveAgain:
        one = self.errand
        scope = self.ws.get(one.kind, one.id).scope if one.operation == Operation.CREATE else ""
        self.ws.cancel(one.change)
        return SaveAgain(self.ws, one, scope)


@dataclass(frozen=True)
class SaveAgain:
    """Save once more what was taken back."""

    ws: Any
    errand: Errand
    scope: str = ""

    def __call__(self, _job: Job) -> None:
        one = self.errand
        match Operation(one.operation):
            case Operation.CREATE:
                self.ws.create(one.kind, one.parts, self.scope, one.id)
            case Operation.DELETE:
                self.ws.delete(one.kind, one.id)
            case Operation.RESTORE:
                self.ws.restore(one.kind, one.id)
            case _:
                self.ws.write(one.kind, one.id, one.parts)


@dataclass(frozen=True)
class Resend:
    """Send again what was refused, with what was typed since."""

    ws: Any
    errand: Errand
    values: dict[str, Any] = field(default_factory=dict)

    def __call__(self, _job: Job) -> Errand:
        self.ws.resend(self.errand.change, self.values)
        return self.errand


@dataclass(frozen=True)
class ThrowAway:
    """Forget a refused change for good."""

    ws: Any
    change: str

    def __call__(self, _job: Job) -> None:
        self.ws.cancel(self.change)
