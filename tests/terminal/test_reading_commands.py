"""list, search, status, digest, verify, import, export, and how answers read to people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def filled(dalil: Any) -> Any:
    """A folder with three organisations."""
    for words in (("name.fr=École d’Obock", "name.ar=مدرسة أوبوك", "region=DJ-OB", 'domains=["education","youth"]', "phone=+253 27 00 00 01"),
                  ("name.fr=Aide de Tadjourah", "region=DJ-TA", 'domains=["water"]'),
                  ("name.fr=Zone sans région",)):
        assert dalil("add", "organisation", *(part for word in words for part in ("--set", word))).code == 0
    return dalil


def names(said: Any) -> list[str]:
    assert said.code == 0, said.out + said.err
    return [one["name"]["fr"] for one in said.json["items"]]


def test_list_answers_all_in_the_order_of_the_language(filled: Any) -> None:
    said = filled("list", "organisation", "--json")
    assert said.json["total"] == 3
    assert names(said) == ["Aide de Tadjourah", "École d’Obock", "Zone sans région"]


@pytest.mark.parametrize(("where", "wanted"), [
    (["region=DJ-OB"], ["École d’Obock"]),
    (["domains=water"], ["Aide de Tadjourah"]),
    (["domains#youth=youth"], ["École d’Obock"]),
    (["domains#youth=water"], []),
    (["name=Aide de Tadjourah"], ["Aide de Tadjourah"]),
    (["phone=+253 27 00 00 01"], ["École d’Obock"]),
    (["name.fr=Zone sans région"], ["Zone sans région"]),
    (["name.ar=مدرسة أوبوك"], ["École d’Obock"]),
    (["region="], ["Zone sans région"]),
    (["phone="], ["Aide de Tadjourah", "Zone sans région"]),
    (["region=DJ-OB", "domains=education"], ["École d’Obock"]),
    (["region=DJ-OB", "domains=water"], []),
])
def test_list_narrows_by_every_where(filled: Any, where: list[str], wanted: list[str]) -> None:
    assert names(filled("list", "organisation", *(part for one in where for part in ("--where", one)), "--json")) == wanted


def test_limit_cuts_the_items_and_not_the_total(filled: Any) -> None:
    for words in ((), ("--where", "phone=")):
        said = filled("list", "organisation", *words, "--limit", "1", "--json").json
        assert (said["total"], len(said["items"])) == (3 if not words else 2, 1)


@pytest.mark.parametrize(("asked", "wanted"), [
    ("ecole", "École d’Obock"), ("اوبوك", "École d’Obock"),
    ("Tadjoura", "Aide de Tadjourah"), ("تاجورة", "Aide de Tadjourah"),
])
def test_search_finds_across_accents_and_scripts(filled: Any, asked: str, wanted: str) -> None:
    said = filled("search", asked, "--json")
    assert names(said)[:1] == [wanted]
    assert said.json["total"] == len(said.json["items"])
    assert names(filled("search", asked, "--kind", "project", "--json")) == []


def test_status_of_an_unjoined_folder(dalil: Any) -> None:
    status = dalil("status", "--json").json
    assert {"waiting", "refused", "conflicts", "last_accepted", "last_received"} <= set(status)
    assert (status["waiting"], status["last_accepted"], status["last_received"]) == (0, None, None)


def test_digest_verify_conflicts_of_an_empty_folder(dalil: Any) -> None:
    assert dalil("digest", "--json").json == {"scopes": {}}
    assert dalil("verify", "--json").json == {"ok": True, "problems": []}
    assert dalil("conflicts", "--json").json == {"items": []}


def test_global_options_before_and_after_the_command(dalil: Any) -> None:
    assert dalil("--json", "status").json == dalil("status", "--json").json
    assert dalil("--language", "en", "verify").out == dalil("verify", "--language", "en").out == "Everything holds.\n"


def test_no_words_open_the_app_and_self_test_the_self_test(dalil: Any, opened: list[Any], tmp_path: Path) -> None:
    assert dalil().code == 0
    assert dalil("--as", "Fatouma").code == 0
    assert dalil("--self-test").code == 0
    assert opened == [("app", (tmp_path / "data", None)), ("app", (tmp_path / "data", "Fatouma")), ("self-test", None)]


@pytest.mark.parametrize("words", [
    ("nonsense",), ("show", "organisation"), ("list",), ("list", "organisation", "--limit", "many"), ("settle", "x", "--field", "phone"),
    ("settle", "x", "--field", "phone", "--keep", "1", "--value", "a"), ("add", "organisation", "--set", "name.fr"),
    ("edit", "organisation", "x"), ("outbox", "burn", "x"), ("outbox", "cancel"), ("--language", "xx", "status"), ("status", "--nonsense"),
    ("join", "http://x"), ("add", "organisation", "--set"),
])
def test_misuse_is_exit_2_with_a_sentence(dalil: Any, words: tuple[str, ...]) -> None:
    said = dalil(*words)
    assert said.code == 2
    assert said.out == ""
    assert said.err.strip()
    asked = dalil(*words, "--json")
    assert asked.code == 2
    if words[-1] != "--set":  # there --json is taken as the value that is missing
        assert asked.json["error"]["code"] == "usage"


def test_help_names_every_command_and_how_one_is_written(dalil: Any) -> None:
    from desktop.terminal.words import COMMANDS

    said = dalil("--help")
    assert said.code == 0
    assert all(f"dalil {name}" in said.out for name in COMMANDS)
    for name, command in COMMANDS.items():
        one = dalil(name, "--help", "--language", "en")
        assert one.code == 0
        assert command.form in one.out
        assert str(command.purpose.say("en")) in one.out


def test_people_read_aligned_lines_in_their_language(filled: Any) -> None:
    french = filled("list", "organisation")
    lines = french.out.splitlines()
    assert len(lines) == 4
    assert len({line.index("Organisation") for line in lines[:3]}) == 1
    arabic = filled("--language", "ar", "show", "organisation", filled("list", "organisation", "--json").json["items"][1]["id"])
    assert "\u2066+253 27 00 00 01\u2069" in arabic.out


def test_language_comes_from_option_surroundings_preferences_system(dalil: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import i18n

    def spoken(*words: str) -> str:
        dalil(*words, "status")
        return i18n.language()

    assert spoken() == "fr"
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert spoken() == "en"
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "preferences.json").write_text('{"language": "ar", "digits": "latn"}', "utf-8")
    assert spoken() == "ar"
    monkeypatch.setenv("DALIL_LANGUAGE", "so")
    assert spoken() == "so"
    assert spoken("--language", "aa") == "aa"
    (tmp_path / "data" / "preferences.json").write_text("{torn", "utf-8")
    monkeypatch.delenv("DALIL_LANGUAGE")
    assert spoken() == "en"


def test_several_people_on_one_folder(dalil: Any) -> None:
    assert dalil("--as", "Amina", "add", "organisation", "--set", "name.fr=A").code == 0
    assert dalil("list", "organisation", "--json").json["total"] == 1  # the only person there is
    assert dalil("--as", "Hassan", "list", "organisation", "--json").json["total"] == 0
    said = dalil("status", "--json")
    assert said.code == 1
    assert said.json["error"]["code"] == "person_needed"
    assert "Amina" in said.json["error"]["message"]


def test_import_twice_adds_nothing_and_names_every_refused_row(dalil: Any, tmp_path: Path) -> None:
    table = tmp_path / "membres.csv"
    table.write_text("name.fr,region,phone\nÉcole,DJ-OB,+253 27 00 00 01\nAide,Nulle part,\n", "utf-8")
    first = dalil("import", str(table), "--as-format", "organisation", "--json").json
    assert (first["added"], first["updated"], first["unchanged"]) == (1, 0, 0)
    assert first["rejected"][0]["row"] == 3
    assert first["rejected"][0]["file"].endswith("membres.csv")
    assert first["rejected"][0]["reason"]
    assert "duplicates" in first
    second = dalil("import", str(table), "--as-format", "organisation", "--json").json
    assert (second["added"], second["unchanged"]) == (0, 1)
    assert dalil("import", str(table), "--as-format", "nonsense", "--json").json["error"]["code"] == "invalid"


def test_an_import_leaves_out_the_marks_that_only_the_secretariat_sets(dalil: Any, tmp_path: Path) -> None:
    table = tmp_path / "verifiees.csv"
    table.write_text("name.fr,verified,verified_how\nÉcole,2026-01-01,visit\n", "utf-8")
    said = dalil("import", str(table), "--as-format", "organisation")
    assert said.code == 0
    assert "marque de vérification de 1 fiche" in said.out
    item, = dalil("list", "organisation", "--json").json["items"]
    assert not item.get("verified")


def test_export_writes_a_whole_file_or_none(filled: Any, tmp_path: Path) -> None:
    said = filled("export", "hsds", str(tmp_path / "out.json"), "--json")
    assert said.json["records"] == 3
    assert len(json.loads((tmp_path / "out.json").read_text("utf-8"))) == 3
    failed = filled("export", "hsds", str(tmp_path / "no" / "out.json"), "--json")
    assert failed.code == 1
    assert failed.json["error"]["code"] == "file"
    assert filled("export", "hsds", str(tmp_path / "x"), "--kind", "project", "--json").json["error"]["code"] == "invalid"
    assert filled("export", "jsonl", str(tmp_path / "none.jsonl"), "--json").json["records"] == 0  # nothing is confirmed yet


def test_a_csv_that_was_exported_changes_nothing_when_it_comes_back(filled: Any, tmp_path: Path) -> None:
    id = filled("add", "organisation", "--set", "name.fr==1+1", "--set", "name.ar=جمعية; أخرى", "--set", 'aliases=["a;b","c"]',
                "--set", "note=deux\nlignes",
                "--set", 'facts={"receipt":{"name":"Récépissé","value":"12"}}', "--set", "phone=+253 27 00 00 09", "--json").json["id"]
    project = filled("add", "project", "--set", "title.fr=Puits", "--set", 'amount={"amount":"2500000.5","currency":"DJF"}', "--json").json["id"]
    for kind, count in (("organisation", 4), ("project", 1)):
        file = tmp_path / f"{kind}.csv"
        assert filled("export", "csv", str(file), "--kind", kind, "--json").json["records"] == count
        content = file.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert not any(cell.startswith(("=", "+")) for line in content.decode("utf-8-sig").splitlines() for cell in line.split(";"))
        again = filled("import", str(file), "--as-format", kind, "--json").json
        assert (again["added"], again["updated"], again["unchanged"], again["rejected"]) == (0, 0, count, [])
        file.write_text(content.decode("utf-8-sig").replace("2500000.5", "3000000").replace("00 00 09", "00 00 10"), "utf-8-sig")
        assert filled("import", str(file), "--as-format", kind, "--json").json["updated"] == 1
    assert filled("show", "organisation", id, "--json").json["phone"] == "+253 27 00 00 10"
    assert filled("show", "project", project, "--json").json["amount"] == {"amount": "3000000", "currency": "DJF"}


def test_a_data_folder_that_cannot_be_used_is_said(dalil: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", "utf-8")
    said = dalil("status", "--json", data=tmp_path / "file")
    assert said.code == 1
    assert said.json["error"]["code"] == "read_only"


def test_a_corrupt_copy_is_said_and_not_a_traceback(dalil: Any, tmp_path: Path) -> None:
    dalil("status")
    (tmp_path / "data" / "public.db").write_bytes(b"this is no database" * 500)
    for name in ("public.db-wal", "public.db-shm"):
        (tmp_path / "data" / name).unlink(missing_ok=True)
    said = dalil("status", "--json")
    assert said.code == 0
    assert "public.db.damaged-1" in said.err
    assert dalil("status", "--json").err == ""


def test_the_digits_that_a_person_chose_are_those_of_the_commands(dalil: Any, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "preferences.json").write_text('{"language": "ar", "digits": "arab"}', "utf-8")
    assert "٠" in dalil("status").out
    (tmp_path / "data" / "preferences.json").write_text('{"language": "ar", "digits": "latn"}', "utf-8")
    assert "٠" not in dalil("status").out


def test_a_damaged_copy_is_said_and_made_anew(dalil: Any, tmp_path: Path) -> None:
    """One byte of the head of the public file: the next command says it on standard error and goes on; what waits is there."""
    id = dalil("add", "organisation", "--set", "name.fr=Une association", "--set", "region=DJ-OB", "--json").json["id"]
    path = tmp_path / "data" / "public.db"
    data = bytearray(path.read_bytes())
    data[3] ^= 0xFF
    path.write_bytes(data)
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    told = dalil("--language", "en", "show", "organisation", id)
    assert told.code == 0
    assert "public.db.damaged-1" in told.err
    assert "Une association" in told.out
    assert dalil("verify", "--repair", "--json").json == {"ok": True, "problems": []}
