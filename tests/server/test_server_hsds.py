"""The read API against the HSDS 3.1 schemas, which nobody here wrote, over the real data imported twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tests.server_process import ServerProcess


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path_factory.mktemp("server") / "data")
    process.json("import", str(shared / "data/hsds/examples/organization_full.json"))
    process.json("import", str(shared / "data/iati/dj_local_cso_receivers.csv"))
    process.json("import", str(shared / "data/geo/whosonfirst"))
    yield process.start()
    process.close()


@pytest.fixture(scope="module")
def validator(shared: Path) -> Draft202012Validator:
    folder = shared / "data/hsds/schema"
    known = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    registry = Registry().with_resources([(name, Resource.from_contents(one, default_specification=_draft())) for name, one in known.items()])
    schema = {key: value for key, value in known["organization.json"].items() if key not in ("$id", "$schema")}
    return Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _draft() -> Any:
    from referencing.jsonschema import DRAFT202012

    return DRAFT202012


def get(server: ServerProcess, path: str, **parameters: Any) -> Any:
    answer = requests.get(server.url + path, params=parameters, timeout=20)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("root", ["", "/hsds"])
def test_pages_cover_every_organisation_once_and_validate(server: ServerProcess, validator: Draft202012Validator, root: str) -> None:
    found: list[dict[str, Any]] = []
    page, last = 0, False
    while not last:
        page += 1
        answer = get(server, f"{root}/organizations", page=page, per_page=7, full=page % 2 == 0)
        assert answer["page_number"] == page
        assert answer["size"] == len(answer["contents"]) <= 7
        assert (answer["first_page"], answer["empty"]) == (page == 1, False)
        found += answer["contents"]
        last = answer["last_page"]
    assert answer["total_pages"] == page
    assert len({one["id"] for one in found}) == len(found) == answer["total_items"] > 30
    for one in found:
        validator.validate(one)
    validator.validate(get(server, f"{root}/organizations/{found[0]['id']}"))
    beyond = get(server, f"{root}/organizations", page=page + 1, per_page=7)
    assert (beyond["empty"], beyond["contents"], beyond["total_items"]) == (True, [], len(found))


def test_the_validator_can_fail(server: ServerProcess, validator: Draft202012Validator) -> None:
    one = get(server, "/organizations", per_page=1)["contents"][0]
    assert list(validator.iter_errors({**one, "email": 5}))


def test_services_and_the_description_of_the_api(server: ServerProcess) -> None:
    assert get(server, "/services") == {"total_items": 0, "total_pages": 0, "page_number": 1, "size": 0, "first_page": True, "last_page": True,
                                        "empty": True, "contents": []}
    assert get(server, "/hsds")["version"] == "3.1"
    assert requests.get(server.url, headers={"Accept": "application/json"}, timeout=20).json()["version"] == "3.1"
    assert requests.get(server.url + "/services/x", timeout=20).status_code == 404
    assert requests.get(server.url + "/organizations/x", timeout=20).status_code == 404


def test_search_folds_and_filters_narrow(server: ServerProcess) -> None:
    everything = get(server, "/organizations", per_page=500, full=True)
    caritas = get(server, "/organizations", search="cárItas")
    assert 0 < caritas["total_items"] < everything["total_items"]
    term = next(attribute["taxonomy_term"]["id"] for one in everything["contents"] for attribute in one.get("attributes", ()))
    assert 0 < get(server, "/organizations", taxonomy_term_id=term)["total_items"] <= everything["total_items"]
    assert get(server, "/organizations", taxonomy_id="another")["total_items"] == 0
    lines = requests.get(server.url + "/organizations", params={"format": "ndjson", "full": "true"}, timeout=20).text.splitlines()
    assert sorted(json.loads(line)["id"] for line in lines) == sorted(one["id"] for one in everything["contents"])


@pytest.mark.parametrize("wrong", [{"page": 0}, {"per_page": 0}, {"per_page": 9999}, {"page": "x"}, {"format": "xml"}])
def test_wrong_parameters_are_named(server: ServerProcess, wrong: dict[str, Any]) -> None:
    answer = requests.get(server.url + "/organizations", params=wrong, timeout=20)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")


def test_pages_for_people_need_nothing_from_elsewhere(server: ServerProcess) -> None:
    for language, direction in (("fr", "ltr"), ("ar", "rtl"), ("en", "ltr")):
        for path in ("/", "/docs"):
            page = requests.get(server.url + path, headers={"Accept-Language": language, "Accept": "text/html"}, timeout=20)
            assert f"<html lang={language} dir={direction}>" in page.text
            assert "http" not in page.text.replace(server.url, "")
            assert "<script" not in page.text
    operations = requests.get(server.url + "/docs", timeout=20).text
    document = requests.get(server.url + "/openapi.json", timeout=20).json()
    assert all(path in operations for path in document["paths"])


def test_contacts_are_never_given_out(server: ServerProcess, shared: Path) -> None:
    given = json.loads((shared / "data/hsds/examples/organization_full.json").read_text(encoding="utf-8"))
    names = [contact["name"] for contact in given["contacts"] if contact.get("name")]
    assert names
    text = requests.get(server.url + "/organizations", params={"format": "ndjson", "full": "true"}, timeout=20).text
    assert given["name"] in text
    assert not any(name in text for name in names)
