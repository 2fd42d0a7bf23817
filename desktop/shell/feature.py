"""What a feature tells the shell about itself, and what the shell hands to a feature; knows no widget's inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.kit.tasks import Runner
from desktop.shell.preferences import Preferences
from desktop.shell.syncer import Syncer
from i18n import Text

__all__ = ["Account", "Command", "Context", "Events", "Feature", "Hit", "Left", "Page", "PillState", "always"]


def always() -> bool:
    """Enabled at any time."""
    return True


@dataclass(frozen=True)
class Command:
    """An action as data: it feeds the palette, shortcuts, and the page of shortcuts.

    `keys` is a QKeySequence text ("Ctrl+N") or "". `run` takes nothing. `enabled` is asked each time.
    """

    id: str
    title: Text
    run: Callable[[], None]
    keys: str = ""
    icon: str = "command"
    enabled: Callable[[], bool] = always


@dataclass(frozen=True)
class Feature:
    """A subject in the rail. `page` makes a new page each time the language or the look changes; a guest has those `for_guests` only."""

    id: str
    title: Text
    icon: str
    order: int
    page: Callable[[Context], QWidget]
    commands: Callable[[Context], list[Command]] = field(default=lambda context: [])
    in_rail: bool = True
    for_guests: bool = True


class Events(QObject):
    """What happens to the data, for every page.

    Signals: `records_changed(changed)` with the workspace's `Changed(kinds, ids, origin)`, emitted on
    the screen's thread for local and distant edits alike; `sync_changed()` when the pill's facts may
    have changed.
    """

    records_changed = Signal(object)
    sync_changed = Signal()


class Navigate(Protocol):
    """`navigate("directory", "organisation", id)` shows that page and asks it to open that record."""

    def __call__(self, feature_id: str, kind: str = "", id: str = "") -> None: ...


class Notify(Protocol):
    """`notify(text)` or `notify(text, "Undo", undo)`: a notice at the foot of the window."""

    def __call__(
        self, text: str | Text, action: str | Text = "", on_action: Callable[[], None] | None = None
    ) -> None: ...


class Account(Protocol):
    """What a page may ask of whoever holds the session: how the work of whoever is here is locked."""

    @property
    def name(self) -> str:
        """What the person is called on this PC; "" for a guest and for whoever was never asked."""

    @property
    def lock(self) -> str:
        """What keeps it closed: "phrase", "computer" (nothing else) or "guest" (there is none)."""

    @property
    def minutes(self) -> int:
        """After how many minutes without a touch it locks."""

    @property
    def has_pin(self) -> bool:
        """Whether six figures reopen it."""

    def choose_minutes(self, minutes: int) -> None:
        """Lock after so long from now on."""

    def choose_pin(self, typed: str | None) -> None:
        """Let these six figures reopen it; None for none. ValueError when they are not six."""

    def show(self, page: str) -> None:
        """Show a page of no session: "phrase" (choose one), "code" (a new one), "add" (a person), "remove" (this one), "restore" (a backup)."""


@dataclass(frozen=True)
class Context:
    """What a page may use. `workspace` is whatever the app was started with (sync's Workspace), `syncer` its road out.

    `account` is None where a window stands alone, without a desk of people around it.
    """

    workspace: Any
    tasks: Runner
    navigate: Navigate
    notify: Notify
    preferences: Preferences
    events: Events
    syncer: Syncer | None = None
    account: Account | None = None


class Page(Protocol):
    """What a page may offer to the shell besides being a QWidget; each method is optional."""

    def open(self, kind: str, id: str) -> None:
        """Show that record."""

    def state(self) -> dict[str, Any]:
        """Selection, search text, unsaved draft: enough to stand up again in another language."""

    def restore(self, state: dict[str, Any]) -> None:
        """Stand up again from `state()` of the page before."""

    def keep(self) -> None:
        """Keep what is being typed in the person's file: the window is about to be taken apart."""


@dataclass(frozen=True)
class Left:
    """What a window says when it goes: the page in sight and the state of each, by the feature's id."""

    feature: str
    states: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Hit:
    """One result of the search over everything. `other` is the name in the other script."""

    feature_id: str
    kind: str
    id: str
    title: str
    other: str = ""
    meta: str = ""
    icon: str = "file"


@dataclass(frozen=True)
class PillState:
    """What the sync pill says: `state` names the look, `text` is the sentence.

    `state`: "current", "waiting", "old", "sending", "offline", "refused". `done` and `total` are
    bytes while sending; `detail` is the exact date for the tool tip. `on_stop` cancels a sending.
    """

    state: str
    text: str
    detail: str = ""
    done: int = 0
    total: int = 0
    on_stop: Callable[[], None] | None = None
