"""A server put back from a backup gets back what was accepted since, over HTTP, by itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from sync.exchange import sync
from sync.workspace import Workspace
from tests.server_process import ServerProcess


def work_on(replicas: list[Workspace], count: int) -> None:
    """Each replica adds organisations and edits one of the others'."""
    for number in range(count):
        ws = replicas[number % len(replicas)]
        ws.add("organisation", {"name": {"fr": f"Association {number}"}, "phone": f"+253 77 {number:02d} 00 00"})
        found = ws.records("organisation")
        ws.edit("organisation", found[number % len(found)].id, {"website": f"https://{number}.dj"})
    for ws in [*replicas, *replicas]:
        sync(ws)


def test_restore_starts_a_new_epoch_and_replicas_bring_the_rest(tmp_path: Path, replica: Callable[..., Workspace]) -> None:
    server = ServerProcess(tmp_path / "data").start()
    replicas = [replica(server, "Amina"), replica(server, "Bilan")]
    work_on(replicas, 10)
    assert server.json("backup", str(tmp_path / "copy"))["bytes"] > 0
    late = replica(server, "Chafia")  # joined after the backup: only a page that the server lost knows her
    work_on([*replicas, late], 30)
    total = len(replicas[0].records("organisation"))
    assert server.stop() == 0
    other = ServerProcess(tmp_path / "again")
    assert other.run("restore", str(tmp_path / "copy")).returncode == 0
    other.port = server.port
    other.start()
    for ws in (late, *replicas, late, *replicas):
        sync(ws)
    wanted = other.json("digest")["scopes"]
    for ws in (late, *replicas):
        assert ws.digest() == wanted
        assert ws.status().waiting == 0
        assert ws.verify() == []
        assert len(ws.records("organisation")) == total
    assert other.json("verify")["ok"]
    other.close()


def test_a_database_that_somebody_put_back_unseen_is_noticed(tmp_path: Path, replica: Callable[..., Workspace]) -> None:
    """Nobody ran `restore`: a copy of the file was laid over it, and the server cannot know."""
    server = ServerProcess(tmp_path / "data").start()
    replicas = [replica(server, "Amina"), replica(server, "Bilan")]
    work_on(replicas, 6)
    assert server.stop() == 0
    shutil.copy(server.folder / "server.db", tmp_path / "old.db")
    server.start()
    work_on(replicas, 20)
    wanted = server.json("digest")["scopes"]["public"]
    total = len(replicas[0].records("organisation"))
    assert server.stop() == 0
    for end in ("-wal", "-shm"):
        (server.folder / f"server.db{end}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "old.db", server.folder / "server.db")
    server.start()
    assert server.json("digest")["scopes"]["public"] != wanted
    for ws in (*replicas, *replicas):
        sync(ws)
    found = server.json("digest")["scopes"]
    for ws in replicas:
        assert ws.digest() == found
        assert len(ws.records("organisation")) == total
    assert server.json("verify")["ok"]
    server.close()
