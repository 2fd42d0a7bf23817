"""What the kinds promise to everybody else."""

import subprocess
import sys

import pytest

from i18n import Text
from resources import KINDS, codes
from resources.contact import scope_for
from resources.search import words_of
from sync.record import Record
from sync.scopes import NETWORK, PUBLIC

OWNER = "01890000-0000-7000-8000-000000000001"


def problems(kind: str, values: dict) -> list[str]:
    return [one.path for one in KINDS[kind].problems_of_new(KINDS[kind].split(values))]


def test_the_kinds_that_the_wire_names() -> None:
    assert set(KINDS) == {"organisation", "contact", "project", "place", "item", "collection", "person", "note"}
    for kind in KINDS.values():
        assert kind.title in kind.by_name
        assert len({field.name for field in kind.fields}) == len(kind.fields)


@pytest.mark.parametrize(("kind", "values"), [
    ("organisation", {"name": {"ar": "جمعية أوبوك"}, "domains": ["water", "health"], "region": "DJ-OB",
                      "facts": {"receipt": {"name": "Récépissé", "value": "12/2019", "date": "2019"}}}),
    ("contact", {"organisation": OWNER, "name": "A", "phone": "+253 77 12 34 56", "consent": "network", "consent_date": "2024"}),
    ("project", {"title": {"fr": "Puits"}, "amount": {"amount": "2500000", "currency": "DJF"}, "sectors": ["14030"]}),
    ("place", {"type": "digital_space", "name": {"fr": "Espace"}, "hours": {"mon": "08:00-12:00"}}),
    ("item", {"title": {"fr": "Guide"}, "licence": "unknown", "subjects": ["budget", "water"]}),
    ("collection", {"title": {"fr": "Débuter"}, "items": [OWNER]}),
    ("person", {"name": "Amina"}),
    ("note", {"text": "Rappeler la trésorière lundi."}),
    ("note", {"title": "Rappeler la trésorière", "about": OWNER}),
])
def test_a_right_record_has_no_problem_and_comes_back_whole(kind: str, values: dict) -> None:
    assert problems(kind, values) == []
    joined = KINDS[kind].join(KINDS[kind].split(values))
    assert joined == {**values, **({"domains": sorted(values["domains"])} if "domains" in values else {})}


@pytest.mark.parametrize(("kind", "values", "path"), [
    ("organisation", {}, "name"),
    ("organisation", {"name": {"fr": ""}}, "name"),
    ("organisation", {"name": {"de": "x"}}, "name.de"),
    ("organisation", {"name": {"fr": "x" * 100_000}}, "name.fr"),
    ("organisation", {"name": {"fr": "a\u202eb"}}, "name.fr"),
    ("organisation", {"name": {"fr": "x"}, "region": "FR-75"}, "region"),
    ("organisation", {"name": {"fr": "x"}, "latitude": "11.5"}, "longitude"),
    ("organisation", {"name": {"fr": "x"}, "latitude": "95", "longitude": "42"}, "latitude"),
    ("organisation", {"name": {"fr": "x"}, "verified_how": "visit"}, "verified"),
    ("contact", {"organisation": OWNER, "name": "A", "phone": "77123456"}, "consent"),
    ("contact", {"organisation": OWNER, "name": "A", "consent": "network", "consent_date": "2024"}, "phone"),
    ("contact", {"organisation": OWNER, "name": "A", "phone": "77123456", "consent": "moderators"}, "consent"),
    ("project", {"title": {"fr": "x"}, "start": "2024-05", "end": "2023"}, "end"),
    ("project", {"title": {"fr": "x"}, "sectors": ["99999"]}, "sectors#99999"),
    ("place", {"name": {"fr": "x"}}, "type"),
    ("note", {}, "text"),
    ("note", {"about": OWNER}, "text"),
])
def test_a_wrong_record_names_the_field(kind: str, values: dict, path: str) -> None:
    assert path in problems(kind, values)


def test_search_words_hold_names_in_every_language_and_the_names_of_codes() -> None:
    kind = KINDS["organisation"]
    record = Record(kind, OWNER, PUBLIC, {"name": {"fr": "Eau pour tous", "ar": "الماء للجميع"}, "acronym": "EPT",
                                          "domains": ["health"], "region": "DJ-OB"})
    names, other = words_of(record)
    assert "ما جميع" in names
    assert "ept" in names.split()
    assert "health" in other.split()
    assert "obock" in other.split()
    assert "اوبوك" in other.split()
    for kind in KINDS.values():
        assert kind.search is None or kind.search(Record(kind, OWNER, PUBLIC, {})) == ("", "")


def test_a_contact_lives_where_its_person_allows() -> None:
    assert KINDS["contact"].scopes[0] == NETWORK
    assert KINDS["contact"].final
    assert scope_for("public") == PUBLIC
    assert scope_for("network") == NETWORK
    assert scope_for("moderator") == "moderator"
    assert scope_for(None) == NETWORK
    assert {scope_for(code) for code in codes.CONSENTS} == set(KINDS["contact"].scopes)


def test_every_code_has_a_name_and_every_sector_a_domain() -> None:
    for choices in (codes.REGIONS, codes.DOMAINS, codes.PUBLICS, codes.SUBJECTS, codes.SECTORS, codes.LICENCES):
        assert choices
        assert all(isinstance(name, Text) and str(name) for name in choices.values())
    for code in codes.SECTORS:
        assert set(codes.domains_of_sector(code)) <= set(codes.DOMAINS)
    assert codes.domains_of_sector("11330") == ("training",)
    assert codes.domains_of_sector("122") == ("health",)
    assert codes.domains_of_sector("99810") == codes.domains_of_sector("") == ("other",)


def test_importing_the_kinds_brings_no_heavy_library() -> None:
    heavy = ("openpyxl", "requests", "rapidfuzz", "PySide6", "fastapi", "sqlalchemy", "jsonschema")
    script = f"import resources, sys; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
