"""The form with which a PC joins: a real server takes it in; what answers in its place is named beside the address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.kit.tasks import Tasks
from desktop.shell.feature import Context, Events
from desktop.shell.join_form import JoinForm
from desktop.shell.preferences import Choices, Preferences
from resources import KINDS
from sync import applying, exchange, second_device, traffic
from sync.membership import membership
from sync.relay.holding import Holding
from sync.workspace import Workspace
from tests.portal import captive_portal
from tests.server_process import ServerProcess

CODE = "7K3M-9QXA-R2TB-W6HN"  # whole, and of no server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path_factory.mktemp("server") / "data").start()
    yield process
    process.close()


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(tmp_path / "data", KINDS)
    yield workspace
    workspace.close()


@pytest.fixture
def notices() -> list[str]:
    return []


@pytest.fixture
def join_form(qtbot, ws: Workspace, notices: list[str]) -> Iterator[JoinForm]:
    tasks = Tasks()

    def notify(text: object, *_action: object) -> None:
        notices.append(str(text))

    made = JoinForm(Context(ws, tasks, print, notify, Preferences(None, Choices()), Events()))
    qtbot.addWidget(made)
    made.show()
    yield made
    tasks.close()


def fill(join_form: JoinForm, url: str, code: str) -> dict[str, str]:
    typed = {"url": url, "code": code, "name": "Amina"}
    join_form.form.restore_draft(typed)
    return typed


def wrong(join_form: JoinForm) -> list[str]:
    return [path for path in ("url", "code", "name") if join_form.form.field(path).is_wrong]


def test_a_real_server_takes_this_pc_in(qtbot, join_form: JoinForm, ws: Workspace, server: ServerProcess, notices: list[str]) -> None:
    ws.add("organisation", {"name": {"fr": "Jeunes d’Arta"}})
    fill(join_form, server.url, server.invite().lower().replace("-", " "))
    with qtbot.waitSignal(join_form.joined, timeout=20_000):
        qtbot.keyClick(join_form.form.field("name").editor.inputs()[0], Qt.Key.Key_Return)
    assert ws.vault.word("server") == server.url
    assert ws.vault.word("name") == "Amina"
    assert ws.status().waiting == 0  # what was written before has left
    assert notices == ["Vous êtes dans le réseau. Sa copie est sur ce poste."]


def test_enter_while_it_is_asked_asks_no_second_time(qtbot, join_form: JoinForm, server: ServerProcess) -> None:
    fill(join_form, server.url, server.invite())
    with qtbot.waitSignal(join_form.joined, timeout=20_000):
        join_form.form.submit()
        with qtbot.assertNotEmitted(join_form.form.save_requested):
            join_form.form.submit()
    assert wrong(join_form) == []


def test_a_captive_portal_is_said_beside_the_address(qtbot, join_form: JoinForm, ws: Workspace) -> None:
    with captive_portal() as url:
        typed = fill(join_form, url, CODE)
        with qtbot.waitSignal(join_form.failed, timeout=20_000):
            join_form.form.submit()
    assert wrong(join_form) == ["url"]
    assert join_form.form.values() == typed
    assert not ws.vault.word("server")


def test_the_code_of_another_server_is_said_beside_the_code(qtbot, join_form: JoinForm, server: ServerProcess) -> None:
    fill(join_form, server.url, CODE)
    with qtbot.waitSignal(join_form.failed, timeout=20_000):
        join_form.form.submit()
    assert wrong(join_form) == ["code"]


def test_a_code_that_is_not_whole_is_said_before_anybody_is_asked(qtbot, join_form: JoinForm) -> None:
    fill(join_form, "http://127.0.0.1:9", "ABCD")
    with qtbot.assertNotEmitted(join_form.form.save_requested):
        join_form.form.submit()
    assert wrong(join_form) == ["code"]


def test_the_copy_waits_where_the_month_holds_none(qtbot, join_form: JoinForm, ws: Workspace, server: ServerProcess, notices: list[str]) -> None:
    """The rules of this computer hold for joining too; who joined is in all the same, and hears where the copy is."""
    (ws.folder / "limits.json").write_text('{"cap": 1}', "utf-8")
    traffic.add(ws, {"records_down": 2_000_000})
    fill(join_form, server.url, server.invite())
    with qtbot.waitSignal(join_form.joined, timeout=20_000):
        join_form.form.submit()
    assert ws.vault.word("server") == server.url
    assert notices == ["Vous êtes dans le réseau. Sa copie attend, selon les règles de connexion de ce poste : « Échanges » la fera venir."
                       .replace(" :", "\u00a0:").replace("« ", "«\u00a0").replace(" »", "\u00a0»")]
    assert ws.public.value("SELECT count(*) FROM entry") == 0


def test_who_has_no_internet_asks_on_paper_and_goes_where_the_code_is(join_form: JoinForm, ws: Workspace, notices: list[str], qtbot) -> None:
    fill(join_form, "", "")
    join_form.paper.requested.emit()
    form = join_form.request.form
    assert (join_form.form.isHidden(), join_form.request.isHidden()) == (True, False)
    assert form.values()["name"] == "Amina"
    form.restore_draft({"name": " ", "organisation": "x" * 201})
    form.submit()
    assert form.field("name").is_wrong
    assert form.field("organisation").is_wrong
    form.restore_draft({"name": "Amina Ali", "organisation": "Pêcheurs"})
    with qtbot.waitSignal(join_form.joined, timeout=5000):
        form.submit()
    found = applying.asked(ws)
    assert found is not None
    assert (found.name, found.organisation) == ("Amina Ali", "Pêcheurs")
    assert "bordereau" in notices[0]
    assert not join_form.form.isHidden()
    join_form.paper.requested.emit()
    join_form.request.left.emit()
    assert join_form.request is None


def test_a_request_that_cannot_be_kept_is_said_and_what_was_typed_stays(join_form: JoinForm, ws: Workspace, qtbot) -> None:
    join_form.paper.requested.emit()
    form = join_form.request.form
    form.restore_draft({"name": "Ami\u202ena"})
    form.submit()
    qtbot.waitUntil(lambda: not form.is_saving, timeout=5000)
    assert applying.code_waiting(ws) == ""
    assert form.values()["name"] == "Ami\u202ena"


def test_another_pc_of_ones_own_is_known_by_its_code(join_form: JoinForm, ws: Workspace, server: ServerProcess, tmp_path: Path, qtbot) -> None:
    other = Workspace(tmp_path / "other", KINDS)
    exchange.join(other, server.url, server.invite("editor"), "Amina")
    made = second_device.make(other)
    exchange.sync(other)
    join_form.paper.second_requested.emit()
    form = join_form.request.form
    form.submit()
    assert form.field("code").is_wrong
    form.restore_draft({"code": made.code})
    form.submit()
    qtbot.waitUntil(lambda: not form.is_saving, timeout=5000)  # its ticket has not come
    assert form.field("code").is_wrong
    there = Holding(ws, other.vault.setting("authority") or b"")
    there.take(list(Holding(other).give(there.have())))
    other.close()
    form.restore_draft({"code": made.code.lower()})
    with qtbot.waitSignal(join_form.joined, timeout=5000):
        form.submit()
    assert membership(ws).role == "editor"
    assert join_form.request is None
