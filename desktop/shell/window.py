"""The window: rail, top line and the pages; makes them anew when the look or the language changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QWidget

from desktop.kit import theme
from desktop.kit.banner import Notices
from desktop.kit.cards import column, row, rule
from desktop.kit.slices import Slices
from desktop.kit.tasks import Runner
from desktop.kit.tokens import NARROW
from desktop.shell.feature import Account, Command, Context, Events, Feature, Hit, Left, PillState
from desktop.shell.look import apply_look
from desktop.shell.mark import app_icon
from desktop.shell.page_stack import PageStack
from desktop.shell.pages import own_features
from desktop.shell.pill import SyncPill
from desktop.shell.preferences import Choices, Preferences
from desktop.shell.rail import Rail
from desktop.shell.search_box import SearchBox
from desktop.shell.syncer import Syncer
from i18n import Text, t

__all__ = ["Shell"]


class Shell(QMainWindow):
    """The frame around all features.

    Attributes: `context` is what pages get; `current_feature` is the id of the page in sight.
    """

    def __init__(
        self, features: Sequence[Feature], *, workspace: Any, tasks: Runner, preferences: Preferences, events: Events,
        search: Callable[[str], list[Hit]], person: Callable[[], str], sync_feature: str = "sync_room", syncer: Syncer | None = None,
        own: Sequence[Command] = (), left: Left | None = None, account: Account | None = None,
    ) -> None:
        """`search(text)` runs on the data lane; `person()` names who works here now; `own` are actions of whoever shows the window.

        `left` is what the window before it said when it went: this one stands up from there.
        """
        super().__init__()
        self._search, self._person, self._sync_feature, self._own = search, person, sync_feature, own
        self.context = Context(workspace, tasks, self.navigate, self.notify, preferences, events, syncer, account)
        ordered = sorted(features, key=lambda feature: feature.order)
        self._features = {feature.id: feature for feature in (*ordered, *own_features(self.commands))}
        self._pages: dict[str, QWidget] = {}
        self._states: dict[str, dict[str, Any]] = dict(left.states) if left else {}
        self._shortcuts: list[QShortcut] = []
        self._pill_state = PillState("current", "")
        self.current_feature = left.feature if left else next(iter(self._features))
        self._renewal = Slices(self)
        self._look = preferences.choices.look
        self.setMinimumSize(800, 600)
        self.resize(1024, 768)
        theme.dress(self)
        self._build()
        self.navigate(self.current_feature)
        self._unbind = preferences.on_change(self._on_preferences_change)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    def navigate(self, feature_id: str, kind: str = "", id: str = "") -> None:
        """Show the page of a feature and, when `id` is given, let it open that record. KeyError for an unknown one.

        A page that is opened for the first time comes into sight some turns later; the one before stays until then.
        """
        page = self.page(feature_id)
        self.current_feature = feature_id
        self._rail.show_chosen(feature_id)
        self._name_window()
        self._stack.bring(page)
        if id and hasattr(page, "open"):
            page.open(kind, id)

    def notify(self, text: str | Text, action: str | Text = "", on_action: Callable[[], None] | None = None) -> None:
        """Say something at the foot of the window, with an action such as "Undo"."""
        self.notices.show(text, action, on_action)

    def show_pill(self, state: PillState) -> None:
        """Let the sync pill say this."""
        self._pill_state = state
        self.pill.show_state(state)

    def page(self, feature_id: str) -> QWidget:
        """The page of a feature, made when it is first needed."""
        if feature_id not in self._pages:
            page = self._features[feature_id].page(self.context)
            self._pages[feature_id] = page
            page.setAccessibleName(str(self._features[feature_id].title))
            self._stack.addWidget(page)
            state = self._states.pop(feature_id, None)
            if state is not None and hasattr(page, "restore"):
                page.restore(state)
        return self._pages[feature_id]

    def commands(self) -> list[Command]:
        """All actions: of the shell, of the page in sight first, of the other features."""
        own = [
            Command("search", Text("Search everything"), self.search_box.start_search, "Ctrl+F", "search"),
            Command("palette", Text("Find an action"), self.search_box.start_palette, "Ctrl+K", "command"),
        ]
        going = [
            Command(f"go_{feature.id}", Text("Go to: {page}", page=feature.title), _Go(self, feature.id), _digit(n), feature.icon)
            for n, feature in enumerate(self._features.values())
        ]
        features = sorted(self._features.values(), key=lambda feature: feature.id != self.current_feature)
        return [*(c for feature in features for c in feature.commands(self.context)), *going, *own, *self._own]

    def leave(self) -> Left:
        """Let every page keep what is typed, and say how the next window stands up from here; this one is then done with."""
        self._renewal.drop()
        self._unbind()
        for page in self._pages.values():
            if hasattr(page, "keep"):
                page.keep()
        self._take_states()
        return Left(self.current_feature, self._states)

    def rebuild(self) -> None:
        """Put the choices in force and make everything anew, keeping what each page says of its state."""
        self._renewal.drop()
        self._make_frame()
        self._bring_back()

    def _make_frame(self) -> None:
        """The window without its pages, anew. What is in sight stays there as a picture until a page has come."""
        self.setUpdatesEnabled(False)
        self._take_states()
        self._pages = {}
        old = self.centralWidget()
        if old is not None:  # gone before the new style, and never without a window: Qt would style all of it once more
            old.hide()
            old.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        apply_look(QApplication.instance(), self.context.preferences.choices)
        theme.dress(self)
        self._build()

    def _take_states(self) -> None:
        for feature_id, page in self._pages.items():
            if hasattr(page, "state"):
                self._states[feature_id] = page.state()

    def _bring_back(self) -> None:
        try:
            self.navigate(self.current_feature)
        except Exception:
            self.setUpdatesEnabled(True)
            raise

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rail.set_narrow(self.width() < theme.px(NARROW))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.notices.clear()
        super().closeEvent(event)

    def _build(self) -> None:
        self._pages = {}
        centre = QWidget()
        centre.setObjectName("window")
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # so that no control is lit before one uses the keyboard
        whole = row(centre, gap=0)
        self._rail = self._make_rail()
        whole.addWidget(self._rail)
        whole.addWidget(rule(upright=True))
        right = column(gap=0)
        whole.addLayout(right, 1)
        self.setWindowIcon(app_icon())
        right.addWidget(self._make_top(centre))
        right.addWidget(rule())
        self._stack = PageStack()
        self._stack.arrived.connect(self._on_stack_arrived)
        right.addWidget(self._stack, 1)
        self.notices = Notices(self._stack)
        self.setCentralWidget(centre)
        self._rail.set_narrow(self.width() < theme.px(NARROW))
        self._bind_keys()
        centre.setFocus()

    def _make_rail(self) -> Rail:
        top = [(f.id, f.icon, str(f.title)) for f in self._features.values() if f.in_rail]
        foot = [("person", "person", self._person()), ("preferences", "settings", t("Preferences"))]
        rail = Rail(top, foot, t("Navigation"))
        rail.chosen.connect(self._on_rail_chosen)
        return rail

    def _make_top(self, centre: QWidget) -> QFrame:
        top = QFrame()
        top.setProperty("part", "bar")
        line = row(top, gap=16)
        line.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        self.search_box = SearchBox(self.context.tasks, self._search, self._enabled_commands, centre)
        self.search_box.hit_chosen.connect(self._on_hit_chosen)
        self.search_box.command_chosen.connect(self._on_command_chosen)
        self.pill = SyncPill()
        self.pill.show_state(self._pill_state)
        self.pill.pressed.connect(self._on_pill_pressed)
        line.addWidget(self.search_box, 3)
        line.addStretch(1)
        line.addWidget(self.pill)
        return top

    def _enabled_commands(self) -> list[Command]:
        return [command for command in self.commands() if command.id not in ("search", "palette") and command.enabled()]

    def _bind_keys(self) -> None:
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._shortcuts = []
        for keys in dict.fromkeys(command.keys for command in self.commands() if command.keys):  # one that two pages use is one shortcut
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setObjectName(keys)
            shortcut.activated.connect(self._on_shortcut_activated)
            self._shortcuts.append(shortcut)

    def _run(self, command_id: str) -> None:
        command = next((found for found in self.commands() if found.id == command_id), None)
        if command is not None and command.enabled():
            command.run()

    def _name_window(self) -> None:
        self.setWindowTitle(f"{self._features[self.current_feature].title} – Dalil")

    @Slot()
    def _on_stack_arrived(self) -> None:
        self.setUpdatesEnabled(True)

    @Slot(str)
    def _on_rail_chosen(self, key: str) -> None:
        self.navigate(key if key in self._features else "preferences")

    @Slot()
    def _on_pill_pressed(self) -> None:
        if self._sync_feature in self._features:
            self.navigate(self._sync_feature)

    @Slot(object)
    def _on_hit_chosen(self, hit: Hit) -> None:
        self.navigate(hit.feature_id, hit.kind, hit.id)

    @Slot(object)
    def _on_command_chosen(self, command: Command) -> None:
        self._run(command.id)

    @Slot()
    def _on_shortcut_activated(self) -> None:
        """The page in sight comes first among those whose actions have these keys."""
        keys = self.sender().objectName()
        command = next((found for found in self.commands() if found.keys == keys and found.enabled()), None)
        if command is not None:
            command.run()

    def _on_preferences_change(self, choices: Choices) -> None:
        if choices.look == self._look:
            return
        self._look = choices.look
        # After the control that was pressed has come back from its own signal, or it would be deleted under it.
        QTimer.singleShot(0, self, self._renew)

    @Slot()
    def _renew(self) -> None:
        self._renewal.begin([self._make_frame, self._bring_back])

    @Slot()
    def _on_color_scheme_changed(self) -> None:
        if self.context.preferences.choices.theme == "system":
            self._renew()


class _Go:
    """Running this shows a feature's page."""

    def __init__(self, shell: Shell, feature_id: str) -> None:
        self._shell, self._feature_id = shell, feature_id

    def __call__(self) -> None:
        self._shell.navigate(self._feature_id)


def _digit(place: int) -> str:
    return f"Alt+{place + 1}" if place < 9 else ""
