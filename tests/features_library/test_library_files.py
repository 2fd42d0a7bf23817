"""Files: fetched with progress, stopped, resumed; added, weighed, removed and brought back; never lost."""

from __future__ import annotations

import os
import threading
from functools import partial
from pathlib import Path

import pytest

from desktop.features.library.editor import NEW
from desktop.features.library.file_choice import FileChoice
from desktop.shell.spending import limits_in
from resources import KINDS, kept_files
from resources.policy import may
from sync import exchange, traffic
from sync.authority import Authority
from sync.files import CHUNK, Files
from sync.identity import SigningKey
from sync.relay.direct import Direct
from sync.store import SqliteStore
from sync.workspace import Workspace, wall_clock

SIZE = 6 * CHUNK + 11


class Gated(Direct):
    """A road on which pieces of a file pass one by one, when the test lets them."""

    def __init__(self, *what) -> None:
        super().__init__(*what)
        self.gate = threading.Semaphore(0)
        self.offsets: list[int] = []

    def fetch_file(self, sha256: str, offset: int):
        self.offsets.append(offset)
        for piece in super().fetch_file(sha256, offset):
            assert self.gate.acquire(timeout=20)
            yield piece


@pytest.fixture
def road(tmp_path: Path) -> Gated:
    authority = Authority(SqliteStore(tmp_path / "server.db"), KINDS, SigningKey(os.urandom(32)), may, wall_clock, os.urandom)
    authority.begin()
    made = Gated(authority, Files(tmp_path / "server"))
    yield made
    for _ in range(100):
        made.gate.release()


@pytest.fixture
def far(ws: Workspace, road: Gated, tmp_path: Path) -> tuple[str, dict]:
    """An item whose file is at the server only."""
    path = tmp_path / "book.txt"
    path.write_bytes(b"mot " * (SIZE // 4) + b"fin")
    file = road.files.take(path)
    with ws.together():
        ws.vault.keep("server", "http://127.0.0.1:9")
        id = ws.add("item", {"title": {"fr": "Loin"}, "language": "fr", "licence": "cc_by", "file": file}).id
    return id, file


def test_a_file_is_fetched_stopped_and_resumed_where_it_was_cut(desk, ws, road, far, qtbot) -> None:
    id, file = far
    one = desk(partial(exchange.fetch, carrier=road))
    one.open(id)
    panel = one.page.detail.panel
    panel.fetch_requested.emit()
    assert panel.bar is not None
    for _ in range(3):
        road.gate.release()
    qtbot.waitUntil(lambda: one.page.fetches.of(file["sha256"]).done >= 2 * CHUNK)
    assert 0 < panel.bar.value() < 1000
    assert panel._said.text()
    panel.stop_requested.emit()
    road.gate.release()
    one.settle()
    assert one.page.fetches.of(file["sha256"]) is None
    held = ws.files.held(file["sha256"])
    assert 0 < held < file["size"]
    assert one.page.detail.panel._shown == "absent"
    assert one.page.detail.dossier.held == held
    one.page.detail.panel.fetch_requested.emit()
    for _ in range(20):
        road.gate.release()
    one.settle()
    assert road.offsets == [0, held]
    assert ws.files.here(file["sha256"])
    assert one.page.detail.dossier.here


def test_offline_is_said_calmly_and_nothing_is_lost(desk, ws, far) -> None:
    id, _ = far
    one = desk()  # the server of `far` does not answer
    one.open(id)
    one.page.detail.panel.fetch_requested.emit()
    one.settle()
    assert one.page.detail.panel._shown == "failed:offline"
    assert "Réessayer" in one.buttons(one.page.detail.panel)


def test_a_file_over_the_limit_of_the_month_says_so_and_comes_when_asked_again(desk, ws, road, far) -> None:
    id, file = far
    one = desk(partial(exchange.fetch, carrier=road))
    limits_in(ws.folder).choose(cap=1)
    traffic.add(ws, {"records_down": 1_000_000})
    one.open(id)
    one.page.detail.panel.fetch_requested.emit()
    one.settle()
    panel = one.page.detail.panel
    assert panel._shown == "failed:cap"
    assert "Récupérer quand même" in one.buttons(panel)
    assert road.offsets == []
    for _ in range(20):
        road.gate.release()
    panel.fetch_requested.emit()
    one.settle()
    assert ws.files.here(file["sha256"])


def test_a_fetch_goes_on_while_one_looks_elsewhere_and_after_the_page_was_made_anew(desk, ws, road, far, qtbot) -> None:
    id, file = far
    one = desk(partial(exchange.fetch, carrier=road))
    one.open(id)
    one.page.detail.panel.fetch_requested.emit()
    again = desk(restored=one.page.state())
    assert again.page.fetches.of(file["sha256"]) is not None
    again.page.detail.panel.fetch_requested.emit()  # a second attempt is the same one
    for _ in range(20):
        road.gate.release()
    qtbot.waitUntil(lambda: one.tasks.is_idle)
    again.settle()
    assert road.offsets == [0]
    assert again.page.detail.dossier.here


def _added(one, path: Path, **values) -> str:
    one.page.edit("item", "", path)
    one.settle()
    form = one.page.editor.form
    for name, value in values.items():
        form.field(name).editor.set_value(value)
    form.submit()
    one.settle()
    assert one.page.view == "item"
    return one.page.detail.dossier.record.id


def test_a_document_is_added_offline_with_its_file(desk, ws, tmp_path) -> None:
    path = tmp_path / "registre_des_membres.md"
    path.write_text("# Registre\n", "utf-8")
    one = desk()
    id = _added(one, path, licence="cc_by", subjects=["association_life"])
    item = ws.get("item", id)
    assert item["title"] == {"fr": "registre des membres"}
    assert item["file"]["name"] == path.name
    assert ws.files.here(item["file"]["sha256"])
    assert ws.rows("SELECT count(*) FROM upload") == [(1,)]
    assert ws.draft("item", NEW) is None
    assert path.exists()


def test_under_an_unknown_licence_the_file_stays_until_the_licence_is_known(desk, ws, tmp_path) -> None:
    path = tmp_path / "chanson.txt"
    path.write_text("la la", "utf-8")
    one = desk()
    id = _added(one, path, licence="unknown")
    assert ws.rows("SELECT count(*) FROM upload") == [(0,)]
    assert one.page.detail.dossier.only_copy is not None
    one.page.edit("item", id)
    one.settle()
    one.page.editor.form.field("licence").editor.set_value("cc_by")
    one.page.editor.form.submit()
    one.settle()
    assert ws.rows("SELECT sha256 FROM upload") == [(ws.get("item", id)["file"]["sha256"],)]
    assert ws.get("item", id)["file"]["name"] == "chanson.txt"


def test_a_heavy_picture_gets_a_sentence_and_never_a_freeze(qtbot, tmp_path) -> None:
    photo = tmp_path / "photo.jpg"
    with photo.open("wb") as out:
        out.truncate(40_000_000)
    strip = FileChoice()
    qtbot.addWidget(strip)
    strip.take(photo)
    assert strip.path == photo
    assert "40" in strip.accessibleDescription()
    assert "image plus petite" in strip.accessibleDescription()
    for name, said in (("vide.pdf", "vide"), ("absent.pdf", "lu")):
        if name == "vide.pdf":
            (tmp_path / name).touch()
        strip.take(tmp_path / name)
        assert strip.path is None
        assert said in strip.accessibleDescription()
    strip.take(tmp_path)
    assert "dossier" in strip.accessibleDescription()
    huge = tmp_path / "film.mp4"
    with huge.open("wb") as out:
        out.truncate(2 * 1024**3 + 1)
    strip.take(huge)
    assert strip.path is None
    assert "2 Go" in strip.accessibleDescription().replace("\u00a0", " ")


def test_a_local_copy_is_removed_brought_back_and_never_when_it_is_the_only_one(desk, ws, tmp_path, qtbot) -> None:
    path = tmp_path / "guide.txt"
    path.write_text("texte", "utf-8")
    id = ws.add("item", {"title": {"fr": "Guide"}, "language": "fr", "licence": "cc_by"}).id
    ws.attach("item", id, path)
    sha256 = ws.get("item", id)["file"]["sha256"]
    one = desk()
    one.open(id)
    assert one.page.detail.dossier.only_copy is not None
    one.page.detail.panel.remove_requested.emit()  # even if something asked for it
    one.settle()
    assert ws.files.here(sha256)
    with ws.store.transaction():
        ws.store.execute("DELETE FROM upload")  # it has left
    one.open(id)
    one.page.detail.panel.remove_requested.emit()
    one.settle()
    assert not ws.files.here(sha256)
    assert not one.page.detail.dossier.here
    one.said[-1].act()
    one.settle()
    assert ws.files.here(sha256)
    assert one.page.detail.dossier.here


def test_a_draft_survives_and_a_deletion_is_undone(desk, ws, tmp_path) -> None:
    one = desk()
    one.page.add()
    one.settle()
    one.page.editor.form.field("title").editor.set_value({"fr": "Procès-verbal"})
    one.page.editor.form._on_cancel()
    one.settle()
    again = desk()
    again.page.open("item", NEW)
    again.settle()
    assert again.page.editor.form.values()["title"] == {"fr": "Procès-verbal"}
    again.page.editor._throw_away()
    again.settle()
    assert ws.draft("item", NEW) is None
    id = ws.add("item", {"title": {"fr": "À jeter"}}).id
    again.settle()
    again.open(id)
    again.page.detail._on_delete()
    again.settle()
    assert again.page.view == "browse"
    assert "À jeter" not in again.titles()
    again.said[-1].act()
    again.settle()
    assert "À jeter" in again.titles()


def test_a_wrong_form_keeps_what_was_typed(desk, ws, tmp_path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a", "utf-8")
    one = desk()
    one.page.edit("item", "", path)
    one.settle()
    form = one.page.editor.form
    form.field("title").editor.set_value({})
    form.field("author").editor.set_value("Amina")
    form.submit()
    assert form.field("title").is_wrong
    form.field("title").editor.set_value({"fr": "Un titre"})
    path.unlink()  # the stick was pulled out
    form.submit()
    one.settle()
    assert one.page.view == "editor"
    assert form.values()["author"] == "Amina"
    assert ws.records("item") == []


def test_files_of_an_item_can_be_attached_later(desk, ws, tmp_path) -> None:
    id = ws.add("item", {"title": {"fr": "Sans fichier"}, "licence": "cc_by"}).id
    path = tmp_path / "a.txt"
    path.write_text("a", "utf-8")
    one = desk()
    one.open(id)
    assert one.page.detail.panel._shown == "none"
    one.page.attach(id, path)
    one.settle()
    assert one.page.detail.dossier.here
    assert kept_files.held_together(ws, [ws.get("item", id)]) == 1
