"""In the evening one sync sends what six people saved, downloads what is public once, and leaves everybody with everything."""

from __future__ import annotations

from pathlib import Path

from server import invitations
from server.premises import Premises
from tests.counting import counted
from tests.e2e.programs import Server, running
from tests.e2e.shared_pc import PC
from tests.faults.amounts import chance, tell

NAMES = ("amina", "bahdon", "charmarke", "degmo", "elmi", "fozia")
RECORDS, NOTE = 250, 4_000  # new public records, each with a note of so many letters that hardly pack


def invited(server: Server) -> str:
    authority = Premises(server.folder).authority()
    try:
        return invitations.invite(authority, "member", (), 30)
    finally:
        authority.store.close()


def test_six_outboxes_leave_with_one_download(tmp_path: Path) -> None:
    dice = chance("evening")
    shared, alone, far = PC(tmp_path / "shared"), PC(tmp_path / "alone"), PC(tmp_path / "far")
    with running(tmp_path / "server") as server:
        for pc, names in ((shared, NAMES), (alone, ("only",)), (far, ("writer",))):
            for name in names:
                with pc.sits(name) as one:
                    one.does("join", server.url, invited(server), name.title())
                    one.does("sync")
        for pc, name in ((shared, NAMES[0]), (alone, "only")):
            with pc.sits(name) as one:
                one.does("sync")  # everybody's name
        saved = {}
        for name in NAMES:
            with shared.sits(name) as one:
                saved[name] = [one.does("add", "organisation", {"name": {"fr": f"De {name} {number}"}}) for number in range(3)]
                one.does("add", "note", {"text": f"à {name}"})
        with far.sits("writer") as one:
            for number in range(RECORDS):
                one.does("add", "organisation", {"name": {"fr": f"Du large {number}"}, "note": dice.randbytes(NOTE // 2).hex()})
            one.does("sync")
        with counted(server.port) as line, alone.sits("only") as one:
            one.does("reached", line.url)
            assert one.does("sync")["received"] >= RECORDS
            one_person = line.down
        with counted(server.port) as line, shared.sits(NAMES[3]) as one:
            one.does("reached", line.url)
            found = one.does("sync")
            assert (found["accepted"], found["carried"], found["set_aside"]) == (4, 20, [])  # each save of the five others is a parcel
            six = line.down
            line.reset()
            assert one.does("sync")["received"] == 0
            again = line.both
    for name in NAMES:
        with shared.sits(name) as one:  # the server is gone
            assert {each["state"] for each in one.does("outbox")} == {"accepted"}, name
            read = one.does("records", "organisation")
            assert len(read) == RECORDS + 3 * len(NAMES), name
            assert all(id in read for ids in saved.values() for id in ids)
            assert [each["text"] for each in one.does("records", "note").values()] == [f"à {name}"]
            assert one.does("verify") == []
    tell("evening of six people", one_person=one_person, six_people=six, ratio=round(six / one_person, 3), second_sync=again)
    assert one_person > 1_000_000 / 2.2  # a megabyte of letters that stand for four bits each
    assert six <= 1.1 * one_person
