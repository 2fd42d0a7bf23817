"""undo and history as commands: what they answer, what they refuse, and what moderators alone may do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop import sample
from desktop.terminal.demo.examples import FISHERS
from desktop.terminal.demo.network import example_id
from resources import KINDS
from sync import exchange
from sync.workspace import Workspace
from tests.terminal.test_writing_commands import added, error_of, shown


def last_change(dalil: Any, id: str, data: Path | None = None) -> dict[str, Any]:
    return dalil("history", "organisation", id, "--json", data=data).json["items"][-1]


def test_a_save_is_undone_and_undone_again(dalil: Any) -> None:
    id = added(dalil, "--set", "name.fr=École", "--set", "phone=+253 27 00 00 01")
    change = dalil("edit", "organisation", id, "--set", "phone=+253 27 00 00 02", "--add", "domains=water", "--json").json["change"]
    said = dalil("undo", "organisation", id, change, "--json").json
    assert (said["id"], said["left"]) == (id, []) and said["change"]
    assert (shown(dalil, id)["phone"], shown(dalil, id)["domains"]) == ("+253 27 00 00 01", None)
    assert dalil("undo", "organisation", id, said["change"], "--field", "phone").code == 0
    assert shown(dalil, id)["phone"] == "+253 27 00 00 02"
    assert "Annulé" in dalil("undo", "organisation", id, change, "--field", "phone").out
    assert "rien" in dalil("undo", "organisation", id, change, "--field", "phone").out.lower()


def test_a_deletion_is_undone_from_its_history(dalil: Any) -> None:
    id = added(dalil)
    dalil("delete", "organisation", id)
    item = last_change(dalil, id)
    assert (item["field"], item["new"], item["state"]) == ("_life", "deleted", "waiting")
    assert dalil("undo", "organisation", id, item["change"], "--json").json["change"]
    assert shown(dalil, id)["id"] == id


def test_history_is_narrowed_to_a_field_and_to_the_last_ones(dalil: Any) -> None:
    id = added(dalil, "--set", "name.fr=École", "--set", "phone=+253 27 00 00 01")
    for number in range(2, 6):
        dalil("edit", "organisation", id, "--set", f"phone=+253 27 00 00 0{number}", "--set", f"name.fr=École {number}")
    items = dalil("history", "organisation", id, "--field", "phone", "--limit", "2", "--json").json["items"]
    assert [one["new"][-1] for one in items] == ["4", "5"]
    assert {one["field"] for one in dalil("history", "organisation", id, "--field", "name", "--json").json["items"]} == {"name.fr"}
    assert dalil("history", "organisation", id, "--limit", "0", "--json").json["items"] == []
    said = dalil("history", "organisation", id).out
    assert said.count("en attente") == 10 and items[-1]["change"] in said


@pytest.mark.parametrize(("words", "code"), [
    (("KIND", "CHANGE"), "not_found"),
    (("KIND", "CHANGE", "--field", "phone"), "not_found"),
    (("--device", "somebody", "--since", "1"), "refused"),
])
def test_what_cannot_be_undone_is_said(dalil: Any, words: tuple[str, ...], code: str) -> None:
    id = added(dalil)
    fill = {"KIND": ("organisation", id), "CHANGE": ("00" * 14,)}
    assert error_of(dalil("undo", *(part for word in words for part in fill.get(word, (word,))), "--json")) == code


@pytest.mark.parametrize("words", [
    (), ("organisation",), ("--device", "d"), ("--device", "d", "--since", "x"), ("organisation", "i", "c", "--since", "1"),
    ("organisation", "i", "c", "--list"), ("organisation", "i", "c", "--device", "d", "--since", "1")])
def test_half_a_command_is_misused(dalil: Any, words: tuple[str, ...]) -> None:
    said = dalil("undo", *words)
    assert said.code == 2
    assert "Usage" in said.err or "Emploi" in said.err or "undo" in said.err


def test_a_moderator_lists_and_undoes_what_a_device_did_and_a_member_may_not(dalil: Any, tmp_path: Path) -> None:
    network = sample.calm(tmp_path / "net")
    amina, organisation = network.workspace, example_id(FISHERS)
    device, since = amina.vault.word("device"), amina.heads()["public"].number + 1
    before = dict(amina.get("organisation", organisation))
    amina.edit("organisation", organisation, {"phone": "+253 27 99 99 99", "locality": "Ailleurs"})
    exchange.sync(amina, network.carrier)
    amina.close()
    office = Workspace(tmp_path / "net" / "secretariat", KINDS)
    exchange.sync(office, network.carrier)
    office.close()
    words = ("undo", "--device", device, "--since", str(since), "--scope", "public")
    assert error_of(dalil(*words, "--json", data=tmp_path / "net" / "moussa")) == "refused"
    data = tmp_path / "net" / "secretariat"
    listed = dalil(*words, "--list", "--json", data=data).json
    assert {one["field"]: one["back"] for one in listed["items"]} == {"phone": before["phone"], "locality": before["locality"]}
    assert listed["changes"] == []
    assert "+253" in dalil(*words, "--list", data=data).out.replace("\u00a0", " ")
    done = dalil(*words, "--json", data=data).json
    assert [one["id"] for one in done["changes"]] == [organisation]
    record = dalil("show", "organisation", organisation, "--json", data=data).json
    assert (record["phone"], record["locality"]) == (before["phone"], before["locality"])
    again = dalil(*words, "--json", data=data).json
    assert again["changes"] == [] and all(one["left"] for one in again["items"])
    assert dalil(*words, data=data).code == 0
