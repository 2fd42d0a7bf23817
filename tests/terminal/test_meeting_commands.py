"""`dalil share`, `dalil sync --via` another computer and `dalil nearby`, as real programs on loopback."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.programs import Server, command, dalil, running, surroundings


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path, Path]]:
    home = tmp_path_factory.mktemp("meeting")
    with running(home / "server") as server:
        for name in ("ana", "bilal"):
            dalil(home / name, "join", server.url, "--code", server.invite(), "--name", name)
        server.stop()
        yield server, home / "ana", home / "bilal"


@contextmanager
def sharing(folder: Path, *words: str) -> Iterator[int]:
    """`dalil share` on a folder; answers its port, and ends it as Ctrl+C does."""
    process = subprocess.Popen(command("desktop.__main__", "share", "--data", folder, *words), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               text=True, env=surroundings())
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("sharing on http://"), line
        yield urlsplit(line.split()[-1]).port or 0
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        process.stdout.close()


def test_two_folders_meet_without_a_server_and_a_third_road_brings_the_verdicts(joined: tuple[Server, Path, Path]) -> None:
    server, ana, bilal = joined
    dalil(ana, "add", "organisation", "--set", "name.fr=Pêcheuses d’Obock")
    dalil(bilal, "add", "organisation", "--set", "name.fr=Jardins de Dikhil")
    with sharing(bilal, "--name", "Salle", "--hidden") as port:
        found = dalil(ana, "sync", "--via", f"http://127.0.0.1:{port}")
        assert (found["name"], found["sent"], found["carried"], found["set_aside"]) == ("Salle", 1, 1, [])
        again = dalil(ana, "sync", "--via", f"dalil://127.0.0.1:{port}")
        assert (again["sent"], again["carried"], again["received"]) == (0, 0, 0)
    server.start()
    assert dalil(ana, "sync")["accepted"] == 1
    server.stop()
    with sharing(ana, "--hidden") as port:
        assert dalil(bilal, "sync", "--via", f"127.0.0.1:{port}")["received"] >= 1
    assert dalil(ana, "digest") == dalil(bilal, "digest")
    assert dalil(bilal, "status")["waiting"] == 0
    assert {one["name"]["fr"] for one in dalil(bilal, "list", "organisation")["items"]} == {"Pêcheuses d’Obock", "Jardins de Dikhil"}


def test_a_servers_address_keeps_working(joined: tuple[Server, Path, Path]) -> None:
    server, ana, _ = joined
    server.start()
    assert dalil(ana, "sync", "--via", server.url)["turns"] >= 1
    server.stop()


@pytest.mark.parametrize(("words", "code"), [
    (("sync", "--via", "dalil://127.0.0.1:1"), "nobody"), (("sync", "--via", "dalil://127.0.0.1:1/#0000"), "invalid"),
    (("sync", "--via", f"dalil://127.0.0.1:1/#{'00' * 4}"), "other_network"), (("sync", "--via", "http://127.0.0.1:1"), "offline"),
    (("sync", "--via", "dalil://"), "invalid"), (("share", "--port", "70000"), "usage"),
])
def test_what_cannot_be_is_said(joined: tuple[Server, Path, Path], words: tuple[str, ...], code: str) -> None:
    _, ana, _ = joined
    assert failed(ana, *words) == code


def test_somebody_who_has_not_joined_shares_nothing(tmp_path: Path) -> None:
    assert failed(tmp_path / "new", "share") == "not_joined"


def test_a_port_in_use_is_said(joined: tuple[Server, Path, Path]) -> None:
    _, ana, bilal = joined
    with sharing(bilal, "--hidden") as port:
        assert failed(ana, "share", "--port", str(port)) == "port"


def failed(folder: Path, *words: str) -> str:
    import json

    done = subprocess.run(command("desktop.__main__", *words, "--data", folder, "--json"), capture_output=True, text=True, env=surroundings(), timeout=120)
    assert done.returncode in (1, 2), done.stdout
    return str(json.loads(done.stdout)["error"]["code"])
