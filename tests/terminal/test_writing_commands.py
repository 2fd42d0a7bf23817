"""add, edit, delete, attach, outbox and what they refuse: the contract of the command line, without any server."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

NOWHERE = "018cc251-f400-7ace-9146-bd2cf6267cff"


def added(dalil: Any, *words: str, kind: str = "organisation") -> str:
    said = dalil("add", kind, *(words or ("--set", "name.fr=Association des pêcheuses")), "--json")
    assert said.code == 0, said.out
    return said.json["id"]


def shown(dalil: Any, id: str, kind: str = "organisation") -> dict[str, Any]:
    return dalil("show", kind, id, "--json").json


def error_of(said: Any) -> str:
    assert said.code == 1
    assert set(said.json) == {"error"}
    assert said.json["error"]["message"]
    return said.json["error"]["code"]


def test_add_answers_an_id_and_a_change(dalil: Any) -> None:
    said = dalil("add", "organisation", "--set", "name.fr=École du port", "--set", "region=DJ-OB", "--json")
    assert said.code == 0
    assert uuid.UUID(said.json["id"]).version == 7
    assert said.json["change"]
    assert said.err == ""


def test_add_without_json_prints_the_id_alone(dalil: Any) -> None:
    said = dalil("add", "organisation", "--set", "name.fr=École")
    assert uuid.UUID(said.out.strip())


def test_show_gives_fields_by_name_and_a_token(dalil: Any) -> None:
    id = added(dalil, "--set", "name.fr=École", "--set", "name.ar=مدرسة", "--set", "phone=+253 27 00 00 01", "--set", "founded=2019",
               "--set", 'domains=["education","youth"]', "--set", 'facts={"receipt":{"name":"Récépissé","value":"12","date":"2019-05"}}')
    record = shown(dalil, id)
    assert record["id"] == id
    assert record["kind"] == "organisation"
    assert record["name"] == {"fr": "École", "ar": "مدرسة"}
    assert record["domains"] == ["education", "youth"]
    assert record["facts"]["receipt"]["date"] == "2019-05"
    assert record["founded"] == "2019"
    assert record["email"] is None
    assert isinstance(record["seen"], str)
    assert record["seen"]


def test_edit_sets_empties_adds_and_removes(dalil: Any) -> None:
    id = added(dalil, "--set", "name.fr=École", "--set", "phone=+253 27 00 00 01", "--set", 'domains=["education"]', "--set", 'aliases=["A","B"]')
    said = dalil("edit", "organisation", id, "--set", "phone=", "--set", "name.en=School", "--add", "domains=water", "--remove", "domains=education",
                 "--remove", "aliases=A", "--json")
    assert said.json["id"] == id
    assert said.json["change"]
    record = shown(dalil, id)
    assert record["phone"] is None
    assert record["name"] == {"fr": "École", "en": "School"}
    assert record["domains"] == ["water"]
    assert record["aliases"] == ["B"]


def test_one_edit_is_one_change(dalil: Any) -> None:
    id = added(dalil)
    dalil("edit", "organisation", id, "--set", "phone=+253 27 00 00 01", "--add", "domains=water", "--set", "note=A")
    items = dalil("outbox", "--json").json["items"]
    assert len(items) == 2
    assert set(items[0]["fields"]) == {"phone", "domains#water", "note"}


def test_emptying_one_language_keeps_the_others(dalil: Any) -> None:
    id = added(dalil, "--set", "name.fr=École", "--set", "name.ar=مدرسة")
    dalil("edit", "organisation", id, "--set", "name.ar=")
    assert shown(dalil, id)["name"] == {"fr": "École"}


def test_money_is_an_amount_as_text_with_its_currency(dalil: Any) -> None:
    id = added(dalil, "--set", "title.fr=Puits", "--set", 'amount={"amount":"2500000","currency":"DJF"}', kind="project")
    assert shown(dalil, id, "project")["amount"] == {"amount": "2500000", "currency": "DJF"}


def test_an_entry_of_a_map_is_written_by_its_path(dalil: Any) -> None:
    id = added(dalil, "--set", "type=digital_space", "--set", "name.fr=Espace", "--set", "hours#mon=08:00-12:00", kind="place")
    dalil("edit", "place", id, "--set", "hours#tue=09:00-12:00", "--remove", "hours=mon")
    assert shown(dalil, id, "place")["hours"] == {"tue": "09:00-12:00"}


def test_nothing_different_is_no_change(dalil: Any) -> None:
    id = added(dalil, "--set", "name.fr=École", "--set", "note=A")
    said = dalil("edit", "organisation", id, "--set", "note=A", "--remove", "domains=water", "--json")
    assert said.code == 0
    assert said.json == {"id": id, "change": ""}


def test_seen_is_the_form_opened_then_and_belongs_to_its_record(dalil: Any) -> None:
    id, other = added(dalil), added(dalil)
    token = shown(dalil, id)["seen"]
    assert dalil("edit", "organisation", id, "--set", "note=A", "--seen", token, "--json").code == 0
    assert error_of(dalil("edit", "organisation", other, "--set", "note=A", "--seen", token, "--json")) == "invalid"
    assert error_of(dalil("edit", "organisation", id, "--set", "note=A", "--seen", "nonsense!", "--json")) in ("invalid", "damaged")


def test_a_deleted_record_is_not_found_and_keeps_its_history(dalil: Any) -> None:
    id = added(dalil)
    assert dalil("delete", "organisation", id, "--json").json["change"]
    assert error_of(dalil("show", "organisation", id, "--json")) == "not_found"
    items = dalil("history", "organisation", id, "--json").json["items"]
    assert items[-1]["field"] == "_life"
    assert items[-1]["new"] == "deleted"


def test_history_says_who_wrote_what_and_when(dalil: Any) -> None:
    id = added(dalil, "--set", "name.fr=École")
    dalil("edit", "organisation", id, "--set", "name.fr=Lycée")
    last = dalil("history", "organisation", id, "--json").json["items"][-1]
    assert {"field", "old", "new", "person", "device", "time", "road", "number"} <= set(last)
    assert (last["field"], last["old"], last["new"], last["road"], last["number"]) == ("name.fr", "École", "Lycée", "here", None)
    assert last["time"].endswith("+00:00")
    assert "T" in last["time"]


def test_outbox_lists_and_cancels(dalil: Any) -> None:
    id = added(dalil, "--set", "name.fr=École")
    item = dalil("outbox", "--json").json["items"][0]
    assert {"change", "id", "kind", "fields", "state", "reason"} <= set(item)
    assert (item["id"], item["kind"], item["state"], item["reason"], item["fields"]) == (id, "organisation", "waiting", None, {"name.fr": "École"})
    assert dalil("outbox", "cancel", item["change"]).code == 0
    assert dalil("outbox", "--json").json == {"items": []}
    assert error_of(dalil("show", "organisation", id, "--json")) == "not_found"
    assert error_of(dalil("outbox", "--json", "cancel", item["change"])) == "not_found"
    assert error_of(dalil("outbox", "resend", "no-hex", "--json")) == "not_found"


def test_attach_keeps_the_file_and_fetch_finds_it(dalil: Any, tmp_path: Path) -> None:
    id = added(dalil, "--set", "title.fr=Guide", kind="item")
    file = tmp_path / "guide.md"
    file.write_text("# Guide", "utf-8")
    assert dalil("attach", "item", id, str(file), "--json").json["change"]
    kept = shown(dalil, id, "item")["file"]
    assert kept["name"] == "guide.md"
    assert kept["size"] == 7
    fetched = dalil("fetch", id, "--json").json
    assert Path(fetched["path"]).read_bytes() == file.read_bytes()
    assert fetched["sha256"] == kept["sha256"]


@pytest.mark.parametrize(("words", "code"), [
    (("add", "organization", "--set", "name.fr=A"), "not_found"),
    (("add", "organisation", "--set", "nom=A"), "not_found"),
    (("add", "organisation", "--set", "phone.fr=A"), "not_found"),
    (("add", "organisation", "--set", "name.xx=A"), "invalid"),
    (("add", "organisation", "--set", "name=A"), "invalid"),
    (("add", "organisation"), "invalid"),
    (("add", "organisation", "--set", "name.fr=A", "--set", "region=Obock"), "invalid"),
    (("add", "organisation", "--set", "name.fr=A", "--set", "phone=abc"), "invalid"),
    (("add", "organisation", "--set", "name.fr=A", "--set", "facts={oops"), "invalid"),
    (("add", "organisation", "--set", "name.fr=A", "--set", "domains=[1]"), "invalid"),
    (("add", "organisation", "--set", "name.fr=A", "--set", 'domains=["unheard"]'), "invalid"),
    (("add", "organisation", "--set", "name.fr=A", "--set", "domains#water=perhaps"), "invalid"),
    (("add", "organisation", "--set", "name.fr=A", "--set", "note=" + "x" * 100_000), "invalid"),
    (("add", "organisation", "--set", "name.fr=A", "--set", "note=" + "[" * 50_000), "invalid"),
    (("add", "organisation", "--set", "name.fr=A", "--scope", "control"), "invalid"),
    (("show", "organisation", NOWHERE), "not_found"),
    (("show", "organisation", "not-an-id"), "not_found"),
    (("edit", "organisation", NOWHERE, "--set", "note=A"), "not_found"),
    (("delete", "organisation", NOWHERE), "not_found"),
    (("history", "organisation", NOWHERE), "not_found"),
    (("fetch", NOWHERE), "not_found"),
    (("attach", "organisation", NOWHERE, "/nowhere"), "not_found"),
    (("attach", "item", NOWHERE, "/nowhere"), "not_found"),
    (("settle", NOWHERE, "--field", "phone", "--keep", "1"), "not_found"),
    (("list", "organisation", "--where", "nom=A"), "not_found"),
    (("search", "a", "--kind", "organization"), "not_found"),
    (("export", "pdf", "/tmp/nothing"), "invalid"),
    (("import", "/nowhere.csv"), "not_found"),
    (("sync",), "not_joined"),
    (("join", "http://127.0.0.1:9", "--code", "abc"), "code_unknown"),
    (("--as", "../me", "status"), "invalid"),
])
def test_each_refusal_has_a_stable_code_and_exit_1(dalil: Any, words: tuple[str, ...], code: str) -> None:
    said = dalil(*words, "--json")
    assert error_of(said) == code
    assert said.err == ""


def test_add_to_what_is_no_set_is_refused(dalil: Any) -> None:
    id = added(dalil)
    assert error_of(dalil("edit", "organisation", id, "--add", "phone=+253 27 00 00 01", "--json")) == "invalid"
    assert error_of(dalil("edit", "organisation", id, "--remove", "name=fr", "--json")) == "invalid"


def test_every_wrong_field_is_named(dalil: Any) -> None:
    error = dalil("add", "organisation", "--set", "name.fr=A", "--set", "phone=abc", "--set", "region=Obock", "--json").json["error"]
    assert {one["field"] for one in error["fields"]} == {"phone", "region"}
    said = dalil("add", "organisation", "--set", "name.fr=A", "--set", "phone=abc", "--set", "region=Obock")
    assert said.code == 1
    assert said.out == ""
    assert "phone" in said.err
    assert "region" in said.err


def test_control_and_direction_characters_never_enter_a_name(dalil: Any) -> None:
    id = added(dalil, "--set", "name.fr=Éc\u202eole\x07\u200b")
    assert shown(dalil, id)["name"] == {"fr": "École"}


def test_a_refused_add_leaves_nothing(dalil: Any) -> None:
    dalil("add", "organisation", "--set", "name.fr=A", "--set", "phone=abc")
    assert dalil("list", "organisation", "--json").json == {"total": 0, "items": []}
    assert dalil("outbox", "--json").json["items"] == []
