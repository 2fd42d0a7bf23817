"""What the pictures of the pages show and how one comes there; draws none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from desktop.app import App
from desktop.shell.meeting import Meeting
from i18n import language
from sync.relay.lan_server import Counts
from sync.relay.local import Address
from sync.relay.nearby import Neighbour

__all__ = ["SCENES", "Scene", "Subjects"]


@dataclass(frozen=True, slots=True)
class Subjects:
    """The records that the pictures show."""

    organisation: str
    item: str


Step = Callable[[App, Subjects], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture's name, and how one comes to it: between two steps everything comes to rest. `mood` is the sample network it is taken in."""

    name: str
    steps: tuple[Step, ...]
    mood: str = "calm"


def _page(feature: str, kind: str = "", id: str = "") -> Step:
    return lambda app, _: app.shell.navigate(feature, kind, id)


def _organisation(feature: str) -> Step:
    return lambda app, subjects: app.shell.navigate(feature, "organisation", subjects.organisation)


def _item(app: App, subjects: Subjects) -> None:
    app.shell.navigate("library", "item", subjects.item)


def _tab(tab: str) -> Step:
    def go(app: App, _: Subjects) -> None:
        app.shell.navigate("sync_room")
        page = app.shell.page("sync_room")
        page.restore({**page.state(), "tab": tab})

    return go


def _offline(app: App, _: Subjects) -> None:
    app.shell.navigate("sync_room")
    app.syncer.start()


def _map(app: App, _: Subjects) -> None:
    app.shell.page("directory").side.leave_form()  # the picture before: a form stays before the map
    app.shell.navigate("directory", "view", "map")


def _read(app: App, subjects: Subjects) -> None:
    app.shell.page("library").detail.read_requested.emit(subjects.item)


def _stick_here() -> Path:
    """A stick beside where the program stands: no folder of this machine is in the picture."""
    stick = Path("حافظة USB" if language() == "ar" else "CLÉ USB")
    stick.mkdir(exist_ok=True)
    return stick


def _stick(app: App, _: Subjects) -> None:
    app.shell.page("sync_room").stick.choose_for_writing(_stick_here())


def _stick_away(app: App, _: Subjects) -> None:
    app.shell.page("sync_room").stick.close_card()


@dataclass
class _Sharing:
    """A sharing as it reads in the middle of a day: the addresses of real cards would be those of the machine that draws."""

    counts: Counts = field(default_factory=lambda: Counts(visitors=3, given=41, taken=12, files=2))

    def addresses(self) -> list[Address]:
        return [Address("192.168.43.20", 47825), Address("10.0.0.7", 47825)]


class _Meeting(Meeting):
    """Three computers nearby."""

    def neighbours(self) -> list[Neighbour]:
        library = {"ar": "مكتبة علي صبيح"}.get(language(), "Bibliothèque d’Ali Sabieh")
        assamo = {"ar": "تعاونية أسامو"}.get(language(), "Coopérative Assamo")
        names = ((library, 31, True), ("", 33, True), (assamo, 40, False))
        return [Neighbour(str(number), name, Address(f"192.168.43.{number}", 47825), ours) for name, number, ours in names]


def _backup(app: App, _: Subjects) -> None:
    stick = _stick_here()
    app.shell.navigate("backup")
    app.shell.page("backup").choose_place(stick)


def _nearby(app: App, _: Subjects) -> None:
    app.shell.navigate("nearby")
    page = app.shell.page("nearby")
    meeting = _Meeting(app.workspace, app.tasks, page)
    meeting.sharing, meeting.looking = _Sharing(), True  # type: ignore[assignment]
    page.sharing.show_meeting(meeting)
    page.visiting.show_meeting(meeting)


def _second_note(app: App, _: Subjects) -> None:
    rows = app.shell.page("notes").listing.list.rows
    for place in range(rows.rowCount()):
        if rows.row_at(place).title == "Réunion du lundi":  # in the sample; another folder shows what it has
            app.shell.navigate("notes", "note", rows.row_at(place).id)
            return


def _with_a_file(app: App, _: Subjects) -> None:
    page = app.shell.page("notes")
    arabic = language() == "ar"
    bill = Path("عرض سعر الخزان.md" if arabic else "Devis de la citerne.md")  # where the pictures are made, nothing of it stays
    bill.write_text("# خزان ماء، ٣٠٠٠ لتر\n\nالتسليم في خور أنغار خلال أسبوعين.\n" if arabic else
                    "# Citerne de 3 000 litres\n\nLivrée à Khor Angar en deux semaines.\n", "utf-8")
    if page.desk.paper.file is None:
        page.filing.attach(bill)


def _ask_for_a_copy(app: App, _: Subjects) -> None:
    app.shell.page("notes").desk.file.ask()


def _read_its_file(app: App, _: Subjects) -> None:
    app.shell.page("notes").desk.file.link.click()


def _new_note(app: App, _: Subjects) -> None:
    app.shell.navigate("notes", "note", "new")


SCENES = (
    Scene("home", (_page("home"),)),
    Scene("directory", (_page("directory", "view", "list"),)),
    Scene("directory-detail", (_organisation("directory"),)),
    Scene("directory-form", (_page("directory", "action", "edit"),)),
    Scene("history", (_organisation("history"),), "troubled"),
    Scene("directory-map", (_map,)),
    Scene("library", (_page("library"),)),
    Scene("library-detail", (_item,)),
    Scene("reader", (_item, _read)),
    Scene("notes", (_page("notes"), _second_note)),
    Scene("notes-file", (_page("notes"), _second_note, _with_a_file)),
    Scene("notes-file-copy", (_ask_for_a_copy,)),
    Scene("notes-file-read", (_read_its_file,)),
    Scene("notes-new", (_new_note,)),
    Scene("preferences", (_page("preferences"),)),
    Scene("home-needs", (_page("home"),), "troubled"),
    Scene("directory-contested", (_organisation("directory"),), "troubled"),
    Scene("nearby", (_nearby,), "troubled"),
    Scene("sync-stick", (_page("sync_room"), _stick), "troubled"),
    Scene("backup", (_backup,), "troubled"),
    Scene("sync-conflict", (_stick_away, _tab("settle")), "troubled"),
    Scene("sync-waiting", (_tab("waiting"),), "troubled"),
    Scene("sync-refused", (_tab("refused"),), "troubled"),
    Scene("sync-offline", (_offline,), "troubled"),
)
