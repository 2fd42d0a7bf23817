"""The commands of dalil-server: imports told row by row, digests, damage named, backups, and plain words when it fails."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.exchange import sync
from sync.workspace import Workspace
from tests.postgres import fresh_database
from tests.server_process import ROOT, ServerProcess


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that is not running; commands need none."""
    db = fresh_database(request.getfixturevalue("postgres")) if request.param == "postgresql" else ""
    process = ServerProcess(tmp_path / "data", db)
    yield process
    process.close()


def test_an_import_tells_every_rejected_row_and_adds_nothing_twice(server: ServerProcess, shared: Path, tmp_path: Path) -> None:
    table = tmp_path / "associations.csv"
    table.write_text("name.fr,region,phone\nAssociation Une,DJ-OB,77 12 34 56\nAssociation Deux,XX-YY,\n,DJ-TA,\n", encoding="utf-8")
    first = server.json("import", str(table), "--as-format", "organisation")
    assert (first["added"], first["refused"]) == (1, 0)
    assert [(Path(one["file"]).name, one["row"]) for one in first["rejected"]] == [("associations.csv", 3), ("associations.csv", 4)]
    assert all(one["reason"] for one in first["rejected"])
    second = server.json("import", str(table), "--as-format", "organisation")
    assert (second["added"], second["updated"], second["unchanged"], second["accepted"]) == (0, 0, 1, 0)
    stories = server.json("import", str(shared / "data/oer/african_storybook_parallel.json"))
    assert stories["accepted"] >= stories["added"] > 50
    told = server.run("import", str(table), "--as-format", "organisation")
    assert "associations.csv" in told.stdout
    assert told.returncode == 0
    assert server.json("verify") == {"ok": True, "problems": []}


def test_an_import_while_the_server_runs_reaches_replicas(server: ServerProcess, replica: Callable[..., Workspace], shared: Path) -> None:
    server.start()
    ws = replica(server, "Amina")
    added = server.json("import", str(shared / "data/geo/whosonfirst"))["added"]
    assert sync(ws).received >= added > 6
    assert ws.digest() == server.json("digest")["scopes"]


def test_global_options_stand_before_or_after(tmp_path: Path) -> None:
    before = _run("--data", str(tmp_path / "a"), "--json", "digest")
    after = _run("digest", "--json", "--data", str(tmp_path / "a"))
    assert before.stdout == after.stdout
    assert set(json.loads(before.stdout)["scopes"]) == {"control", "public", "network"}
    by_environment = _run("digest", "--json", DALIL_SERVER_DATA=str(tmp_path / "a"))
    assert by_environment.stdout == before.stdout


def test_failures_are_said_and_coded(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    data = ("--data", str(tmp_path / "data"))
    for words, code in (
        (("revoke", "nobody", *data), "not_found"),
        (("import", str(tmp_path / "absent.csv"), *data), "not_found"),
        (("invite", "--org", "nobody", *data), "not_found"),
        (("digest", "--data", str(tmp_path / "file")), "read_only"),
        (("digest", *data, "--db", "mysql://user:password@host/x"), "invalid"),
        (("digest", *data, "--db", "postgresql://127.0.0.1:1/x"), "database"),
        (("serve", *data, "--files", "s3://bucket"), "invalid"),
        (("serve", *data, "--port", "70000"), "port"),
        (("restore", str(tmp_path), *data), "not_found"),
    ):
        done = _run(*words, "--json") if words[0] == "serve" else ServerProcess(tmp_path / "data").said(*words, "--json")
        assert done.returncode == 1, words
        told = json.loads(done.stdout)["error"]
        assert told["code"] == code
        assert told["message"] in done.stderr
        assert "Traceback" not in done.stderr
        assert "password" not in done.stderr
    assert _run("nonsense").returncode == 2
    assert _run("invite", "--role", "king", *data).returncode == 2
    assert _run(*data).returncode == 2


def test_the_key_is_secret_and_the_only_one_that_fits(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data")
    server.json("digest")
    key = server.folder / "authority.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    kept = key.read_text()
    key.unlink()
    assert json.loads(server.run("digest", "--json").stdout)["error"]["code"] == "other_key"
    key.write_text("torn")
    assert json.loads(server.run("digest", "--json").stdout)["error"]["code"] == "damaged"
    key.write_text(kept)
    server.json("digest")


def test_tampering_with_the_database_is_named(tmp_path: Path, replica: Callable[..., Workspace]) -> None:
    server = ServerProcess(tmp_path / "data").start()
    ws = replica(server, "Amina")
    saved = ws.add("organisation", {"name": {"fr": "Vraie"}, "website": "https://vraie.dj"})
    sync(ws)
    assert server.stop() == 0
    with sqlite3.connect(server.folder / "server.db") as database:
        database.execute("UPDATE organisation SET website = 'https://fausse.dj' WHERE id = ?", (saved.id,))
    done = server.run("verify")
    assert done.returncode == 1
    assert saved.id in done.stdout


def test_a_backup_made_while_it_runs_is_a_whole_server(tmp_path: Path, replica: Callable[..., Workspace]) -> None:
    server = ServerProcess(tmp_path / "data").start()
    ws = replica(server, "Amina")
    item = ws.add("item", {"title": {"fr": "Guide"}})
    (tmp_path / "guide.txt").write_text("bonjour")
    ws.attach("item", item.id, tmp_path / "guide.txt")
    sync(ws)
    assert server.json("backup", str(tmp_path / "copy"))["bytes"] > 0
    assert server.run("backup", str(tmp_path / "copy")).returncode == 1
    wanted = server.json("digest")
    assert server.stop() == 0
    other = ServerProcess(tmp_path / "again")
    assert other.run("restore", str(tmp_path / "copy")).returncode == 0
    assert other.run("restore", str(tmp_path / "copy")).returncode == 1
    assert other.json("digest") == wanted
    assert other.json("verify")["ok"]
    other.port = server.port
    other.start()
    ws.add("organisation", {"name": {"fr": "Après"}})
    assert sync(ws).accepted == 1
    other.close()


def _run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "server", *words], cwd=ROOT, env={**os.environ, "DALIL_LANGUAGE": "en", **environment},
                          capture_output=True, text=True, timeout=60, check=False)
