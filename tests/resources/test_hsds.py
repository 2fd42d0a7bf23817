"""What the read API says of an organisation is right by the standard's own schemas, and comes home unchanged."""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from resources import KINDS
from resources.formats import hsds_write
from resources.importing import import_into
from sync.record import Record
from tests.resources.in_memory import Memory

SCHEMA = Path(os.environ.get("DALIL_SHARED", Path(__file__).parents[3] / "shared")) / "data/hsds/schema"
pytestmark = pytest.mark.skipif(not SCHEMA.is_dir(), reason="the shared data is not beside the project")
ID = "01890000-0000-7000-8000-000000000001"

FULL = Record(KINDS["organisation"], ID, "public", {
    "name": {"fr": "Eau pour tous", "ar": "الماء للجميع"}, "acronym": "EPT", "phone": "+253 77 12 34 56", "email": "a@exemple.dj",
    "website": "https://exemple.dj", "founded": "2019-05", "region": "DJ-OB", "locality": "Obock", "address": "Rue 1\nBP 2",
    "latitude": "11.96306", "longitude": "43.29056", "domains": ["health", "water"], "identifiers": {"iati": "DJ-1"},
})
SMALL = Record(KINDS["organisation"], ID, "public", {"name": {"ar": "جمعية"}})
PLACE = Record(KINDS["place"], "01890000-0000-7000-8000-000000000002", "public", {"type": "office", "name": {"fr": "Bureau"}, "region": "DJ-OB"})


def faults(document: dict) -> list[str]:
    def schema(uri: str) -> Resource:
        return Resource.from_contents(json.loads((SCHEMA / uri.rpartition("/")[2]).read_text()), default_specification=DRAFT202012)

    validator = Draft202012Validator({"$ref": "organization.json"}, registry=Registry(retrieve=schema), format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(document)]


@pytest.mark.parametrize("record", [FULL, SMALL])
def test_an_organisation_is_valid_by_the_schemas(record: Record) -> None:
    assert faults(hsds_write.summary(record)) == []
    assert faults(hsds_write.organization(record, [PLACE], "ar")) == []
    assert faults({"id": 5}) != []  # the check can fail


def test_it_comes_home_under_its_own_id(tmp_path: Path) -> None:
    (tmp_path / "o.json").write_text(json.dumps(hsds_write.organization(FULL)))
    memory = Memory()
    assert import_into(memory, tmp_path / "o.json").added == 1
    home = memory.get("organisation", ID)
    for name in ("phone", "email", "website", "latitude", "longitude", "region", "locality", "identifiers"):
        assert home[name] == FULL[name]


def test_a_bad_phone_and_contacts_are_left_out_with_a_word(tmp_path: Path) -> None:
    (tmp_path / "o.json").write_text(json.dumps({"id": "x", "name": "Eau", "description": "", "legal_status": "ong", "website": "pas un site",
                                                 "phones": [{"number": "appelez"}], "contacts": [{"name": "Amina"}]}))
    memory = Memory()
    done = import_into(memory, tmp_path / "o.json")
    assert done.added == 1
    assert len(done.rejected) == 3
    (record,) = memory.records("organisation")
    assert record["phone"] is None
    assert "Amina" not in json.dumps(dict(record))
