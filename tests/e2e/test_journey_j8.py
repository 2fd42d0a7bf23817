"""J8, one PC and many people: the real window on real vaults, a real server process, and in the end a thief."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop.shell.people.first_screen import FirstScreen
from desktop.shell.people.idle import USUAL
from desktop.terminal import opening
from resources import KINDS
from sync.errors import Failure, Locked
from sync.exchange import join, sync
from sync.relay import courier, courier_writing
from sync.workspace import Workspace
from tests.e2e.programs import Server, running
from tests.shell.people.conftest import Desks, desks, texts  # noqa: F401 - fixtures of the window

NAMES = ("Amina Houssein", "Barkat Ali", "Choukri Omar", "Deka Robleh", "Filsan Daher", "حسن علي")
PHRASES = {name: f"sable lune panier corail {number}" for number, name in enumerate(NAMES)}
AMINA, BARKAT, *OTHERS = NAMES
NOTE, NEVER_SAID = "kanari-mimosa-4821", "kanari-acacia-9032"


class PC:
    """The shared PC, its window and its server."""

    def __init__(self, window: Desks, server: Server) -> None:
        self.window, self.server = window, server
        self.codes: dict[str, str] = {}
        for name in NAMES:
            _, self.codes[name] = window.people.add(name, PHRASES[name])
            with closing(opening.workspace(window.folder, name, PHRASES[name])) as ws:
                join(ws, server.url, server.invite(), name)

    def enter(self, name: str) -> Workspace:
        return self.window.enter(name, PHRASES[name]).workspace

    def idle(self) -> None:
        """Nobody touches the PC for five minutes."""
        self.window.clock.now += USUAL * 60
        self.window.desk._idle.look()
        self.window.rest()


@pytest.fixture
def pc(desks: Desks, tmp_path: Path) -> Iterator[PC]:  # noqa: F811 - the fixture imported above
    with running(tmp_path / "server") as server:
        made = PC(desks, server)
        server.stop()  # the day is offline: no window sends anything by itself
        desks.start()
        yield made
        desks.stop()


def test_one_pc_six_people_and_a_thief(pc: PC, tmp_path: Path, texts) -> None:  # noqa: F811
    a_guest_leaves_no_trace(pc)
    amina_is_locked_and_barkat_sees_nothing(pc, texts)
    amina_forgets_her_phrase(pc)
    ids = in_the_evening_one_sync_takes_everybodys(pc, tmp_path)
    the_pc_is_stolen(pc, tmp_path, ids)


def a_guest_leaves_no_trace(pc: PC) -> None:
    window = pc.window
    assert isinstance(window.page, FirstScreen) and len(window.page.tiles) == 2 + len(NAMES)
    before = _files(window.folder)
    window.page.guest_chosen.emit()
    window.rest()
    assert window.session.workspace.guest
    for page in ("directory", "library", "sync_room"):
        window.session.shell.navigate(page)
        window.rest()
    window.lock()
    assert list(window.desk.sessions) == [] and _files(window.folder) == before


def amina_is_locked_and_barkat_sees_nothing(pc: PC, texts) -> None:  # noqa: F811
    """She writes a note and saves a record; five minutes later the screen is locked, and whoever comes next finds nothing of it."""
    window = pc.window
    hers = pc.enter(AMINA)
    hers.add("organisation", {"name": {"fr": NEVER_SAID}})
    window.session.shell.navigate("notes")
    window.rest()
    page = window.session.shell.page("notes")
    page.begin()
    window.rest()
    page.desk.sheet.insertPlainText(NOTE)
    pc.idle()
    assert isinstance(window.page, FirstScreen) and window.desk.sessions.locked() == [AMINA]
    assert not {NOTE, NEVER_SAID} & set(texts(window.desk).split())

    his = pc.enter(BARKAT)
    for feature in ("home", "directory", "notes", "sync_room"):
        window.session.shell.navigate(feature)
        window.rest()
        said = texts(window.desk)
        assert NOTE not in said, feature
        assert NEVER_SAID not in said, feature
    assert {one.kind for one in his.outbox()} == {"person"}, "his own name, and nothing of hers"
    assert his.records("note") == [] and his.records("organisation") == []
    window.lock()

    window.enter(AMINA, PHRASES[AMINA])
    page = window.session.shell.page("notes")
    assert page.desk.sheet.toPlainText() == NOTE and hers.records("note") == [], "as she left it"
    window.session.shell.navigate("home")
    window.rest()
    assert [one["text"] for one in hers.records("note")] == [NOTE]
    window.desk.leave()
    window.rest()


def amina_forgets_her_phrase(pc: PC) -> None:
    """The printed code opens her space with no network, and she is told that it was used."""
    window = pc.window
    window.page.person_chosen.emit(AMINA)
    window.rest()
    window.page.forgotten.emit(AMINA)
    window.rest()
    window.type(pc.codes[AMINA])
    window.rest()
    words = window.page.step.words()
    window.page.step.submit()
    window.type(words)
    window.rest()
    window.page.step.sure.click()
    window.page.step.submit()
    window.rest()
    assert window.desk.sessions.current.name == AMINA
    assert "code de secours" in window.session.shell.notices.current.accessibleName(), "logged, and told"
    assert [one["text"] for one in window.session.workspace.records("note")] == [NOTE]
    with pytest.raises(Locked):
        window.people.open(AMINA, PHRASES[AMINA])
    PHRASES[AMINA] = words
    window.lock()


def in_the_evening_one_sync_takes_everybodys(pc: PC, tmp_path: Path) -> dict[str, str]:
    """Each change under its author's name; answers the ids by author."""
    window, ids = pc.window, {}
    for name in (BARKAT, *OTHERS):
        last = pc.enter(name)
        ids[name] = last.add("organisation", {"name": {"fr": f"Saisie de {name}"}}).id
        window.rest()
        window.desk.leave()
        window.rest()
    pc.server.start()
    with closing(opening.workspace(window.folder, name, PHRASES[name])) as last:
        report = sync(last)
        again = sync(last)
    assert (again.sent, again.carried, again.received) == (0, 0, 0)
    assert report.accepted == 1 and report.carried >= 5
    assert sum(one.accepted for one in report.brought) == 6, "one of each of the four others, and Amina’s record and note"
    with closing(Workspace(tmp_path / "elsewhere", KINDS)) as reader:
        join(reader, pc.server.url, pc.server.invite(), "Lectrice")
        sync(reader)
        for name, id in ids.items():
            assert [event.author.name for event in reader.history("organisation", id)] == [name]
        ids[AMINA] = next(one.id for one in reader.records("organisation") if one.title == NEVER_SAID)
        assert reader.history("organisation", ids[AMINA])[0].author.name == AMINA
        assert reader.records("note") == [], "what is hers alone reaches nobody"
    return ids


def the_pc_is_stolen(pc: PC, tmp_path: Path, ids: dict[str, str]) -> None:
    """Nothing private can be read; the server withdraws the device; what another had saved and copied to a stick arrives all the same."""
    window = pc.window
    pc.server.stop()
    his = pc.enter(BARKAT)
    late = his.add("organisation", {"name": {"fr": "Sur la clé"}}).id
    stick = tmp_path / "stick"
    stick.mkdir()
    courier_writing.write(his, stick, [])
    window.lock()
    hers = window.enter(AMINA, PHRASES[AMINA]).workspace
    hers.add("note", {"text": f"{NOTE} encore"})
    device = hers.vault.word("device")
    window.stop()

    for path in (one for one in (*window.folder.rglob("*"), *stick.rglob("*")) if one.is_file()):
        data = path.read_bytes()
        for form in _forms(NOTE):
            assert form not in data, f"{path.name} holds what is private"
    with pytest.raises(Failure):
        opening.workspace(window.folder, AMINA, "une phrase au hasard")

    pc.server.start()
    assert pc.server.ask("revoke", device)["revoked"] >= 1
    with closing(opening.workspace(window.folder, AMINA, PHRASES[AMINA])) as thief:
        thief.edit("organisation", ids[AMINA], {"phone": "+253 77 66 66 66"})
        report = sync(thief)
        assert (report.accepted, report.refused) == (0, 2), "what is sent in her name from there is refused: the note too"
    with closing(Workspace(tmp_path / "elsewhere", KINDS)) as reader:
        courier.read(reader, stick)
        sync(reader)
        assert reader.get("organisation", late).title == "Sur la clé", "nothing unsent by others is lost"
        assert reader.get("organisation", ids[AMINA])["phone"] is None and reader.get("organisation", ids[AMINA]).title == NEVER_SAID


def _forms(words: str) -> list[bytes]:
    plain = words.encode()
    shifted = [base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4] for shift in range(3)]
    return [plain, words.encode("utf-16-le"), words.encode("utf-16-be"), plain.hex().encode(), plain.hex().upper().encode(), *shifted]


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and os.access(path, os.R_OK)
            and not path.name.endswith(("-wal", "-shm"))}


