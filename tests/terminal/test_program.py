"""`dalil` as a real process: what it imports, how it ends, and the demonstration with nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from desktop.terminal.columns import width

HEAVY = ("PySide6", "requests", "openpyxl", "babel", "qtawesome", "sqlalchemy", "rapidfuzz", "PIL", "importlib.metadata")


@pytest.mark.parametrize("words", [
    ("status",), ("status", "--json"), ("list", "organisation"), ("add", "organisation", "--set", "name.fr=A"), ("outbox",),
])
def test_everyday_commands_import_nothing_heavy(program: Any, words: tuple[str, ...]) -> None:
    said = program(*words, IMPORTS="1")
    assert said.code == 0
    imported = {line.rpartition("|")[2].strip() for line in said.err.splitlines() if line.startswith("import time:")}
    assert "sync.workspace" in imported
    assert not [name for name in imported if name.partition(".")[0] in HEAVY or name in HEAVY]


def test_a_real_process_prints_one_document_and_its_code(program: Any) -> None:
    added = program("add", "organisation", "--set", "name.ar=جمعية", "--json", LANG="C")
    assert added.code == 0
    assert list(added.json) == ["id", "change"]
    assert added.err == ""
    assert program("show", "organisation", added.json["id"], "--json").json["name"] == {"ar": "جمعية"}
    refused = program("show", "organisation", "none", "--json")
    assert refused.code == 1
    assert refused.json["error"]["code"] == "not_found"
    assert program("nonsense").code == 2


def test_two_processes_write_one_folder_at_once(program: Any) -> None:
    program("status")
    done: list[Any] = []
    threads = [threading.Thread(target=lambda at=at: done.append(program("add", "organisation", "--set", f"name.fr=Numéro {at}"))) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.code for one in done] == [0] * 4, done
    assert program("list", "organisation", "--json").json["total"] == 4


def test_a_reader_who_has_enough_is_no_error(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "desktop", "--data", str(tmp_path / "data"), "--help"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert "Traceback" not in running.stderr.read()


def test_torn_bytes_in_a_word_are_misuse(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("only POSIX hands over bytes that are no text")
    start = [sys.executable.encode(), b"-m", b"desktop", b"--data", str(tmp_path / "data").encode()]
    words = [*start, b"add", b"organisation", b"--set", b"name.fr=\xff"]
    done = subprocess.run(words, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert done.stderr


def test_columns_measure_marks_and_isolates_as_nothing() -> None:
    assert width("\u2066+253\u2069") == 4
    assert width("مُدَرِّس") == 4
    assert width("école") == 5


def _servers_in(folder: str) -> list[str]:
    """Processes whose command names a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if folder.encode() in words:
            found.append(process.name)
    return found


@pytest.mark.timeout(300)
def test_the_demonstration_holds_and_leaves_nothing_behind(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")} | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "desktop", "demo", "--json", "--language", "ar"], capture_output=True, text=True,
                          encoding="utf-8", env=env, check=False)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["ok"], answer["failed"]) == (0, True, []), done.stderr[-3000:]
    assert len(answer["digest"]["public"]) == 64
    assert answer["pictures"]
    assert all(Path(one).is_file() for one in answer["pictures"])
    assert "\u2066+253 77 00 00 11\u2069" in done.stderr
    assert "أوبوك" in done.stderr
    assert not list(tmp_path.glob("dalil-demo-*"))
    assert not _servers_in(str(tmp_path))


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_the_demonstration_stops_the_server_too(tmp_path: Path, number: int) -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")} | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-m", "desktop", "demo", "--language", "en"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, encoding="utf-8", env=env) as running:
        assert running.stdout is not None
        assert "127.0.0.1" in running.stdout.readline()
        assert _servers_in(str(tmp_path))
        running.send_signal(number)
        _, told = running.communicate(timeout=60)
    assert running.returncode == 130, told
    assert "Traceback" not in told
    assert not list(tmp_path.glob("dalil-demo-*"))
    assert not _servers_in(str(tmp_path))


def test_the_demonstration_never_touches_a_folder_with_something_in_it(program: Any, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "precious").write_text("x", "utf-8")
    said = program("demo", "--json")
    assert said.code == 1
    assert json.loads(said.out)["error"]["code"] == "invalid"
    assert [one.name for one in (tmp_path / "data").iterdir()] == ["precious"]
