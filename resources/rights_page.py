"""The table of rights as a page for people, `docs/droits.md`, made from the policy; knows no screen.

`python -m resources.rights_page PATH` writes it. A test compares it with the policy.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from i18n import Text
from resources import KINDS, policy
from sync import identity
from sync.actor import Actor
from sync.record import Kind
from sync.rules import OPERATIONS

LANGUAGES: Final = ("fr", "ar", "en")
ROLES: Final = {policy.GUEST: Text("Guest"), **identity.ROLES}
WRITING: Final = {
    "create": Text("create"), "edit": Text("change"), "delete": Text("delete"), "restore": Text("bring back"), "verify": Text("mark as verified"),
}
_ME, _OTHER = "me", "other"
# What each class of scopes is called, with a scope of it: one's own first, then another's.
SCOPES: Final = {
    "public": ((Text("Public"), "public"),),
    "network": ((Text("Members of the network"), "network"),),
    "moderator": ((Text("Secretariat"), "moderator"),),
    "org": ((Text("Their own organisation"), f"org:{_ME}"), (Text("Another organisation"), f"org:{_OTHER}")),
    "person": ((Text("Their private place"), f"person:{_ME}"), (Text("Somebody else’s private place"), f"person:{_OTHER}")),
}
_NAMES: Final = ((Text("Their own name"), _ME), (Text("Somebody else’s name"), _OTHER))
_TITLE: Final = Text("Who may do what")
_HEAD: Final = Text(
    "This page is made from the program’s own table, which the server asks for every change and the app asks to show what may be done. "
    "A number stands for the reason that is said when something is refused.")
_READING: Final = Text("Who reads what")
_CHANGING: Final = Text("Who changes what")
_PLACE: Final = Text("Where it stands")
_RECORDS: Final = Text("Records")
_REASONS: Final = Text("The reasons")
_STAYS: Final = Text("A record stays where it was created. A number or a name that fewer people may see is a record of its own.")
_ALL: Final = Text("everything")
_NOTHING: Final = Text("nothing")
_YES: Final = Text("yes")
_NO: Final = Text("no")


@dataclass(frozen=True)
class _Row:
    """A line of a table: what it is about, and the cell of each role."""

    about: str
    cell: Callable[[Actor], str]


def page() -> str:
    """The whole page, in French, Arabic and English."""
    parts = [_Section(speak).text() for speak in LANGUAGES]
    return " · ".join([f"# {_TITLE.say('fr')}", _TITLE.say("ar"), _TITLE.say("en")]) + "\n\n" + "\n".join(parts)


class _Section:
    """The page in one language; reasons are numbered as they are met."""

    def __init__(self, speak: str) -> None:
        self.speak = speak
        self._comma = "، " if speak == "ar" else ", "
        self.reasons: list[Text] = []

    def text(self) -> str:
        say = self._say
        reading = self._table(_PLACE, list(self._places()))
        changing = self._table(_RECORDS, list(self._kinds()))
        reasons = "\n".join(f"{number}. {say(reason)}" for number, reason in enumerate(self.reasons, 1))
        return (f"## {say(_TITLE)}\n\n{say(_HEAD)}\n\n### {say(_READING)}\n\n{reading}\n\n{say(_STAYS)}\n\n"
                f"### {say(_CHANGING)}\n\n{changing}\n\n### {say(_REASONS)}\n\n{reasons}\n")

    def _places(self) -> Iterator[_Row]:
        for name in policy.READERS:
            for about, scope in SCOPES[name]:
                yield _Row(self._say(about), lambda actor, scope=scope: self._reads(actor, scope))

    def _kinds(self) -> Iterator[_Row]:
        for kind in KINDS.values():
            for name in kind.scopes:
                about, scope = SCOPES[name][0]  # what belongs to others nobody reads, so nobody writes it
                words = f"{self._say(kind.plural)} ({self._say(about)})"
                if kind.name == "person":
                    yield from (_Row(self._say(whose), self._writer(kind, scope, id)) for whose, id in _NAMES)
                else:
                    yield _Row(words if len(kind.scopes) > 1 else self._say(kind.plural), self._writer(kind, scope, _OTHER))

    def _writer(self, kind: Kind, scope: str, id: str) -> Callable[[Actor], str]:
        return lambda actor: self._writes(actor, kind, scope, id)

    def _reads(self, actor: Actor, scope: str) -> str:
        reason = policy.may(actor, "read", "", None, scope)
        return self._say(_YES) if reason is None else f"{self._say(_NO)} ({self._number(reason)})"

    def _writes(self, actor: Actor, kind: Kind, scope: str, id: str) -> str:
        asked = [*OPERATIONS.values(), *sorted(set(kind.rights.values()))]
        answers = {one: policy.may(actor, one, kind.name, {"id": id}, scope) for one in asked}  # type: ignore[arg-type]
        refused = {one: reason for one, reason in answers.items() if reason is not None}
        numbers = ", ".join(str(number) for number in sorted({self._number(reason) for reason in refused.values()}))
        if not refused:
            return self._say(_ALL)
        if len(refused) == len(asked):
            return f"{self._say(_NOTHING)} ({numbers})"
        what = self._comma.join(self._say(WRITING[one]) for one in refused)
        return f"{self._say(Text('everything but: {what}', what=what))} ({numbers})"

    def _number(self, reason: Text) -> int:
        if reason not in self.reasons:
            self.reasons.append(reason)
        return self.reasons.index(reason) + 1

    def _table(self, about: Text, rows: list[_Row]) -> str:
        """Roles side by side; those that have everything alike share a column."""
        columns: dict[tuple[str, ...], list[str]] = {}
        for role, label in ROLES.items():
            actor = Actor(role) if role == policy.GUEST else Actor(role, _ME, (_ME,))
            columns.setdefault(tuple(row.cell(actor) for row in rows), []).append(self._say(label))
        lines = [[self._say(about), *(self._comma.join(labels) for labels in columns.values())], ["---"] * (len(columns) + 1)]
        lines += [[row.about, *(column[at] for column in columns)] for at, row in enumerate(rows)]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def _say(self, text: Text) -> str:
        return text.say(self.speak)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
