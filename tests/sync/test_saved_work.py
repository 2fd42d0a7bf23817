"""What comes out of a person's damaged file, change by change: proven, to be looked at again, or counted as lost; never taken for what it is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sync import codec, repairing
from sync.change import Change
from tests.sync.network import Device, Network

Alter = Callable[[sqlite3.Connection], object]


@pytest.fixture
def ana(network: Network) -> Device:
    """Three changes accepted and three that wait, one draft."""
    found = network.device("ana")
    for number in range(3):
        found.ws.add("house", {"name": {"fr": f"Accepted {number}"}})
    found.sync()
    for number in range(3):
        found.ws.add("house", {"name": {"fr": f"Waits {number}"}})
    found.ws.keep_draft("house", "", {"name.fr": "Half typed"})
    return found


def file_of(device: Device) -> Path:
    return device.folder / "people" / "me.db"


def condemn(device: Device, alter: Alter) -> None:
    """Alter the person's file and have it read row by row when it is opened next."""
    device.ws.close()
    path = file_of(device)
    here = sqlite3.connect(path, isolation_level=None)
    alter(here)
    here.close()
    path.with_name("me.db.suspect").write_text("condemned")
    device.ws = device.open()


def waiting(device: Device) -> dict[str, bytes]:
    return {one.dot.hex(): one.body for one in device.ws.vault.waiting()}


def titles(device: Device) -> set[str]:
    return {one.title for one in device.ws.records("house")}


ALL = {f"{word} {number}" for word in ("Accepted", "Waits") for number in range(3)}


def joined_again(network: Network, device: Device) -> None:
    """The key was lost: the person joins with a new code, and what they saved leaves."""
    with device.ws.store.transaction():
        device.ws.vault.keep("authority", network.key.public)
    network.authority.certify(device.ws.vault.key().public, "018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002", "member")
    device.sync()
    device.sync()
    network.in_step()
    assert device.ws.status().waiting == 0
    assert titles(device) == ALL


def test_a_key_that_was_altered_signs_nothing_and_is_not_kept(network: Network, ana: Device) -> None:
    bodies = sorted(waiting(ana).values())
    condemn(ana, lambda here: here.execute("UPDATE setting SET value = ? WHERE name = 'key'", (b"k" * 32,)))
    said, = ana.ws.repaired
    assert (said.args["waiting"], said.args["doubtful"]) == (3, 0)
    assert "key in it is lost" in said.msgid
    assert ana.ws.vault.setting("key") != b"k" * 32
    assert sorted(waiting(ana).values()) == bodies
    assert ana.ws.draft("house", "") == {"name.fr": "Half typed"}
    joined_again(network, ana)


def test_a_key_that_is_gone_costs_no_change(network: Network, ana: Device) -> None:
    condemn(ana, lambda here: here.execute("DELETE FROM setting WHERE name = 'key'"))
    said, = ana.ws.repaired
    assert (said.args["waiting"], said.args["doubtful"]) == (3, 0)
    assert "key in it is lost" in said.msgid
    joined_again(network, ana)


def test_what_lost_its_seed_is_saved_again_and_travels(network: Network, ana: Device) -> None:
    """Nothing proves what was typed any more, and nothing speaks against it."""
    before = waiting(ana)
    condemn(ana, lambda here: here.execute("DELETE FROM own_seed"))
    said, = ana.ws.repaired
    assert (said.args["waiting"], said.args["doubtful"], said.args["lost"]) == (3, 0, 0)
    after = waiting(ana)
    assert sorted(after.values()) == sorted(before.values())
    assert after.keys().isdisjoint(before)
    ana.sync()
    network.in_step()
    assert ana.ws.status().waiting == 0
    assert titles(ana) == ALL


def test_a_text_that_was_altered_is_shown_to_its_author_and_never_sent(network: Network, ana: Device) -> None:
    dots = sorted(waiting(ana))

    def alter(here: sqlite3.Connection) -> None:
        row, body = here.execute("SELECT position, body FROM pending WHERE state = 'waiting' ORDER BY position").fetchone()
        here.execute("UPDATE pending SET body = ? WHERE position = ?", (body.replace(b"Waits 0", b"Waits 9"), row))

    condemn(ana, alter)
    said, = ana.ws.repaired
    assert (said.args["waiting"], said.args["doubtful"]) == (2, 1)
    assert set(waiting(ana)) < set(dots)
    doubtful, = (one for one in ana.ws.outbox() if one.state == "refused")
    assert "damaged part of the disk" in doubtful.reason.msgid
    ana.sync()
    network.in_step()
    assert titles(ana) == ALL - {"Waits 0"}
    ana.ws.resend(doubtful.change, {"name.fr": "Waits 0"})  # its author looked at it, corrected it, and sent it again
    ana.sync()
    assert titles(ana) == ALL


@pytest.mark.parametrize("alter", [
    "UPDATE pending SET log = 'text' WHERE position = (SELECT max(position) FROM pending)",
    "UPDATE pending SET n = 'text' WHERE position = (SELECT max(position) FROM pending)",
    "UPDATE pending SET body = x'c1' WHERE position = (SELECT max(position) FROM pending)",
    "UPDATE pending SET scope = 'public' || char(233) WHERE position = (SELECT max(position) FROM pending)",
    "no record",
])
def test_a_row_that_is_no_change_is_counted_as_lost_and_blocks_nothing(network: Network, ana: Device, alter: str) -> None:
    broken = codec.pack(Change(b"short", "house", 1, 1, []))
    condemn(ana, lambda here: here.execute("UPDATE pending SET body = ? WHERE position = (SELECT max(position) FROM pending)", (broken,))
            if alter == "no record" else here.execute(alter))
    said, = ana.ws.repaired
    assert (said.args["waiting"], said.args["doubtful"], said.args["lost"]) == (2, 0, 1)
    ana.sync()
    ana.sync()
    assert titles(ana) == ALL - {"Waits 2"}
    network.in_step()


def test_a_draft_that_is_none_is_left_out(ana: Device) -> None:
    def alter(here: sqlite3.Connection) -> None:
        here.execute("INSERT INTO draft VALUES ('house', 'a', x'c1'), ('house', 'b', x'90'), ('house', 'c', 'text')")

    condemn(ana, alter)
    assert ana.ws.repaired[0].args["drafts"] == 1
    assert ana.ws.draft("house", "") == {"name.fr": "Half typed"}
    assert ana.ws.draft("house", "a") is ana.ws.draft("house", "c") is None


def test_of_a_change_that_is_there_twice_the_decided_one_counts(network: Network, ana: Device) -> None:
    """A page that was freed may hold a row as it was before its verdict."""
    before = len(ana.ws.outbox())

    def alter(here: sqlite3.Connection) -> None:
        here.execute("CREATE TABLE copy AS SELECT * FROM pending")
        here.execute("DROP TABLE pending")
        here.execute("ALTER TABLE copy RENAME TO pending")  # without its rules, as rows from bare pages are
        for order in ("ASC", "DESC"):
            here.execute("INSERT INTO pending SELECT position + 1000, log, n, scope, dot, before, commitment, body, kind, record, 'waiting', tried, NULL, NULL"
                         f" FROM pending WHERE position < 1000 ORDER BY position {order}")

    condemn(ana, alter)
    assert ana.ws.repaired[0].args["waiting"] == 3
    ana.sync()
    ana.sync()
    network.in_step()
    assert titles(ana) == ALL
    assert len(ana.ws.outbox()) <= before


@pytest.mark.parametrize("how", ["whole", "no key", "altered"])
def test_a_kill_after_the_work_was_saved_saves_nothing_twice(network: Network, ana: Device, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def alter(here: sqlite3.Connection) -> None:
        if how == "no key":
            here.execute("DELETE FROM setting WHERE name = 'key'")
        if how == "altered":
            here.execute("UPDATE pending SET commitment = zeroblob(32) WHERE state = 'waiting'")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(repairing.saved_work, "show_again", killed)
        with pytest.raises(KeyboardInterrupt):
            condemn(ana, alter)
    ana.ws = ana.open()
    said, = ana.ws.repaired
    assert (said.args["waiting"], said.args["doubtful"]) == ((0, 3) if how == "altered" else (3, 0))
    assert len(waiting(ana)) == said.args["waiting"]
    assert sum(one.state == "refused" for one in ana.ws.outbox()) == said.args["doubtful"]
    if how == "no key":
        joined_again(network, ana)
