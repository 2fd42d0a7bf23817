"""Folders of older versions are brought up step by step; killed anywhere, a step is undone or done, and nothing unsent is lost."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sync import migrations
from sync.errors import Refused
from sync.migrations import STEPS
from sync.postgres_store import PostgresStore
from sync.store import SqliteStore, Store
from sync.workspace import Workspace
from tests.postgres import fresh_database
from tests.simulation.disk import laid_out, taken_in
from tests.sync.network import KINDS, Network
from tests.sync.old_folder import copied_into, network_in, opened

ROOT = Path(__file__).resolve().parents[2]
NEWEST = max(STEPS)
FILES = ("server.db", "ana/public.db", "ana/people/me.db", "bilal/public.db", "bilal/people/me.db")


class Killed(BaseException):
    """The program is gone."""


def stepped(folder: Path, version: int) -> Path:
    """The folder of version 1, brought to another version by the steps alone, as a program of then did it."""
    opened(1, folder)
    for file in FILES:
        store = SqliteStore(folder / file)
        database = {"server.db": "server", "public.db": "public", "me.db": "person"}[Path(file).name]
        for number in range(2, version + 1):
            migrations._take(store, database, number, STEPS[number])
        store.execute(f"PRAGMA user_version = {version}")
        store.close()
    return folder


def tables_of(store: Store) -> dict[str, set[Any]]:
    """What a database has, whatever the order in which it came: columns with their types, and indexes."""
    if isinstance(store, PostgresStore):
        columns = store.rows("SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = current_schema()")
        indexes = store.rows("SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = current_schema()")
    else:
        names = [name for (name,) in store.rows("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        columns = [(name, *row[1:4], row[5]) for name in names for row in store.rows(f"PRAGMA main.table_info({name})")]
        indexes = store.rows("SELECT tbl_name, sql FROM main.sqlite_master WHERE type = 'index'")
    found: dict[str, set[Any]] = {}
    for name, *rest in [*columns, *indexes]:
        found.setdefault(name, set()).add(tuple(rest))
    return found


def fresh_tables(folder: Path) -> dict[str, dict[str, set[Any]]]:
    """The tables that today's program makes in an empty folder, by file."""
    with Network(folder) as net:
        device = net.device("ana")
        return {"server.db": tables_of(net.store), "public.db": tables_of(device.ws.public), "me.db": tables_of(device.ws.private)}


@pytest.mark.parametrize("version", range(1, NEWEST + 1))
def test_an_old_folder_is_brought_up_and_works(tmp_path: Path, version: int) -> None:
    with network_in(stepped(tmp_path / "old", version)) as net:
        check_and_go_on(net)
        wanted = fresh_tables(tmp_path / "fresh")
        ana = net.devices[0].ws
        assert tables_of(net.store) == wanted["server.db"]
        assert tables_of(ana.public) == wanted["public.db"]
        assert tables_of(ana.private) == wanted["me.db"]
        assert {migrations.number_of(store) for store in (net.store, ana.public, ana.private)} == {NEWEST}
    assert list(tmp_path.rglob("*.before*")) == []


def test_an_old_server_on_postgresql_is_brought_up_and_works(tmp_path: Path, postgres: str) -> None:
    opened(1, tmp_path / "old")
    store = PostgresStore(fresh_database(postgres))
    copied_into(store, tmp_path / "old" / "server.db")
    with network_in(tmp_path / "old", store) as net:
        check_and_go_on(net)
        with Network(tmp_path / "fresh", store=PostgresStore(fresh_database(postgres))) as fresh:
            assert tables_of(net.store) == tables_of(fresh.store)


def check_and_go_on(net: Network) -> None:
    """Unsent work is there, nothing is at fault, and everything goes on."""
    ana, bilal = net.devices
    house = next(record for record in ana.ws.records("house") if record["phone"] == "1")
    assert sorted(item.state for item in ana.ws.outbox()) == ["accepted"] * 4 + ["carried"] * 2
    assert sorted(item.state for item in bilal.ws.outbox()) == ["accepted", "accepted", "refused", "waiting", "waiting"]
    assert bilal.ws.get("house", house.id)["phone"] == "unsent"
    assert bilal.ws.draft("house", house.id) == {"phone": "typing"}
    assert [one.field for one in ana.ws.conflicts()] == ["street"]
    net.in_step()
    net.heal()
    net.in_step()
    assert ana.ws.get("house", house.id)["phone"] == "unsent"
    assert {record["phone"] for record in bilal.ws.records("house")} == {"unsent", "4"}  # what waited at the server for its creation too
    assert [record["name"]["fr"] for record in ana.ws.records("tree", order="sort_fr")] == ["Acacia", "Unsent"]
    assert bilal.ws.search_ids("Maison", 5) == [("house", house.id)]
    bilal.ws.settle(house.id, "street", keep=1)
    net.device("late")
    net.heal()
    net.in_step()
    assert ana.ws.conflicts() == []


@contextmanager
def killed_at(number: int, ended: Callable[[Store], None]) -> Iterator[list[str]]:
    """End the program just before its statement of that number, or the next one before which it has written; answers what had run."""
    ran: list[str] = []
    kept = [(kind, name, getattr(kind, name)) for kind in (SqliteStore, PostgresStore) for name in ("execute", "many")]

    def counting(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(store: Store, sql: str, *rest: Any) -> Any:
            if len(ran) >= number and not (ran and ran[-1].startswith(("SELECT", "PRAGMA"))):  # else a kill here is the one before it
                ended(store)
                raise Killed
            ran.append(sql)
            return original(store, sql.replace("synchronous = FULL", "synchronous = OFF"), *rest)  # programs are killed here, disks are not
        return run

    for kind, name, original in kept:
        setattr(kind, name, counting(original))
    try:
        yield ran
    finally:
        for kind, name, original in kept:
            setattr(kind, name, original)


def attempt(run: Callable[[], Any], number: int) -> int | None:
    """Run until the statement of that number; how many had run then, or None when it came to its end before."""
    with killed_at(number, lambda store: store.close()) as ran:
        try:
            run()
        except (Killed, Exception):  # noqa: BLE001 - a driver may say that the connection is closed before our own word arrives
            return len(ran)
    return None


@contextmanager
def copied_before_each_statement(folder: Path, copies: Path) -> Iterator[list[Path]]:
    """A copy of a folder as its disk holds it before each statement, where that is another than before the one before: what a kill there leaves."""
    found: list[Path] = []
    last: dict[Path, bytes] = {}
    kept = [(name, getattr(SqliteStore, name)) for name in ("execute", "many")]

    def look() -> None:
        now = taken_in(folder, "-shm")
        if now != last:
            last.clear()
            last.update(now)
            found.append(copies / str(len(found)))
            laid_out(now, found[-1])

    def copying(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(store: Store, sql: str, *rest: Any) -> Any:
            look()
            return original(store, sql.replace("synchronous = FULL", "synchronous = OFF"), *rest)

        return run

    for name, original in kept:
        setattr(SqliteStore, name, copying(original))
    try:
        yield found
        look()
    finally:
        for name, original in kept:
            setattr(SqliteStore, name, original)


def test_a_replica_killed_at_every_statement_of_its_migration_loses_nothing(tmp_path: Path) -> None:
    opened(1, tmp_path / "kept")
    shutil.copytree(tmp_path / "kept" / "bilal", tmp_path / "now")
    with copied_before_each_statement(tmp_path / "now", tmp_path / "killed") as copies:
        Workspace(tmp_path / "now", KINDS).close()
    assert len(copies) > 25
    for number, folder in enumerate(copies):
        for file in ("public.db", "people/me.db"):
            whole(folder / file)
        with killed_at(10**9, lambda store: None):
            ws = Workspace(folder, KINDS)
            assert sorted(item.state for item in ws.outbox()) == ["accepted", "accepted", "refused", "waiting", "waiting"]
            assert ws.verify() == []
            ws.close()
        assert list(folder.rglob("*.before*")) == []
        if folder == copies[-1] or number % 10 == 0:
            shutil.copytree(tmp_path / "kept", tmp_path / f"network {number}", ignore=shutil.ignore_patterns("bilal"))
            shutil.move(folder, tmp_path / f"network {number}" / "bilal")
            with network_in(tmp_path / f"network {number}") as net:
                check_and_go_on(net)


def test_a_server_killed_at_every_statement_of_its_migration_loses_nothing(tmp_path: Path, store: Callable[[], Store]) -> None:
    opened(1, tmp_path / "old")
    copied_into(store(), tmp_path / "old" / "server.db")
    first = store()
    entries = first.rows("SELECT scope, number, commitment, body FROM entry ORDER BY scope, number")
    first.close()
    kills, number = 0, -1

    def start() -> None:
        found = store()
        try:
            Network(tmp_path / "old", 4, store=found)
        finally:
            found.close()

    while number is not None:
        number = attempt(start, number + 1)
        kills += number is not None
        again = store()
        assert migrations.number_of(again) in range(1, NEWEST + 1)
        assert ("remains" in again.columns("entry")) == (migrations.number_of(again) >= 2)
        assert bool(again.columns("forgotten")) == (migrations.number_of(again) >= 3)
        assert again.rows("SELECT scope, number, commitment, body FROM entry ORDER BY scope, number") == entries
        again.close()
    assert kills > 10
    with network_in(tmp_path / "old", store()) as net:
        check_and_go_on(net)


def whole(file: Path) -> None:
    """A file after a kill has the number of the tables that it has."""
    store = SqliteStore(file)
    number = migrations.number_of(store)
    assert ("remains" in store.columns("entry")) == (number >= 2)
    assert bool(store.columns("forgotten")) == (number >= 3)
    store.close()


@pytest.mark.parametrize("file", FILES)
def test_what_a_newer_program_wrote_is_refused_and_not_touched(tmp_path: Path, file: str) -> None:
    with network_in(opened(1, tmp_path / "old")):
        pass
    store = SqliteStore(tmp_path / "old" / file)
    store.execute("UPDATE schema_number SET number = ?", (NEWEST + 1,))
    store.execute("CREATE TABLE unheard_of (what TEXT)")
    store.execute("PRAGMA user_version = 77")
    store.close()
    before = digests(tmp_path / "old")
    with pytest.raises(Refused) as refused:
        network_in(tmp_path / "old")
    assert refused.value.code == "newer_folder"
    assert digests(tmp_path / "old") == before


def digests(folder: Path) -> dict[str, str]:
    """The bytes of every database of a folder, nobody being at it."""
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.rglob("*.db"))}


def test_a_folder_of_today_is_opened_with_one_look(tmp_path: Path) -> None:
    with Network(tmp_path) as net:
        device = net.device("ana")
        device.ws.close()
        with killed_at(10**9, lambda store: None) as ran:
            device.ws = device.open()
        looks = [sql for sql in ran if "user_version" in sql or "schema_number" in sql]
        assert looks == ["PRAGMA user_version"] * 2  # one a file
        assert not any(sql.startswith(("CREATE TABLE", "ALTER", "BEGIN")) for sql in ran)


def test_two_programs_that_start_at_once_bring_a_folder_up_once(tmp_path: Path) -> None:
    opened(1, tmp_path / "old")
    program = ("import sys; from pathlib import Path; from sync.workspace import Workspace; from tests.sync.network import KINDS;"
               "ws = Workspace(Path(sys.argv[1]), KINDS); print(len(ws.outbox()), ws.verify()); ws.close()")
    running = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "old" / "bilal")], cwd=ROOT, stdout=subprocess.PIPE, text=True)
               for _ in range(3)]
    assert [one.communicate()[0] for one in running] == ["5 []\n"] * 3
    assert list(tmp_path.rglob("*.before*")) == []


_ON_A_FULL_DISK = """
import json, shutil, sys
from pathlib import Path
from sync.errors import Failure
from sync.workspace import Workspace
from tests.sync.network import KINDS
from tests.sync.old_folder import opened
place, asked = Path(sys.argv[1]), sys.argv[2]
opened(1, place / "old")
folder = place / "old" / "bilal"
rest = shutil.disk_usage(place).free
room = {"none": 200_000, "copy": (folder / "public.db").stat().st_size + 40_000}[asked]
(place / "filler").write_bytes(bytes(rest - room))
if asked == "copy":
    shutil.disk_usage = lambda path: shutil._ntuple_diskusage(10**9, 0, 10**9)  # somebody else takes the room after we looked
told = ""
try:
    Workspace(folder, KINDS)
except Failure as failure:
    told = failure.code
left = sorted(file.name for file in folder.rglob("*.before*"))
(place / "filler").unlink()
ws = Workspace(folder, KINDS)
print(json.dumps([told, left, len(ws.outbox()), [str(one) for one in ws.verify()]]))
"""


@pytest.mark.skipif(shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode != 0,
                    reason="a small disk of our own needs user namespaces")
@pytest.mark.parametrize("room", ["none", "copy"])
def test_on_a_full_disk_the_folder_stays_as_it_was(tmp_path: Path, room: str) -> None:
    """On a disk of 3 MB: no room for the copy, or none left for the change once the copy is made."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "program.py").write_text(_ON_A_FULL_DISK, encoding="utf-8")
    command = f"mount -t tmpfs -o size=3m none {tmp_path}/disk && exec {sys.executable} {tmp_path}/program.py {tmp_path}/disk {room}"
    done = subprocess.run(["unshare", "-rm", "sh", "-c", command], cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0] == "disk_full"
    assert json.loads(done.stdout)[2:] == [5, []]


def test_the_copy_of_a_killed_migration_goes_when_it_is_done(tmp_path: Path) -> None:
    opened(1, tmp_path / "old")
    file = tmp_path / "old" / "bilal" / "public.db"
    kept = file.with_name("public.db.before")
    shutil.copy(file, kept)
    with network_in(tmp_path / "old"):
        assert not kept.exists()


def test_a_copy_that_a_faster_program_sweeps_in_the_middle_is_no_fault_of_the_disk(tmp_path: Path) -> None:
    store = SqliteStore(stepped(tmp_path / "old", 1) / "server.db")

    class Swept:
        def backup(self, copy: sqlite3.Connection) -> None:
            copy.execute("CREATE TABLE half (a)")
            migrations.copies.sweep(store)  # the other program, which is done
            raise sqlite3.OperationalError("disk I/O error")

    real, store.connection = store.connection, Mixed(store.connection, Swept())  # type: ignore[assignment]
    assert migrations.copies.keep(store) is None
    store.connection = real
    store.close()


class Mixed:
    """A connection of which one half is another's."""

    def __init__(self, real: sqlite3.Connection, other: Any) -> None:
        self.real, self.backup = real, other.backup

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)
