"""Search, directory, library and home on a real workspace that holds the real data, and at the size of a big network."""

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from i18n import set_language
from resources import KINDS, directory, duplicates, home, library
from resources.importing import import_into
from resources.search import matching_ids, search, words_of
from sync.workspace import Workspace

DATA = Path(os.environ.get("DALIL_SHARED", Path(__file__).parents[3] / "shared")) / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not beside the project")
SOURCES = ("geo/whosonfirst", "iati/dj_local_cso_receivers.csv", "oer/african_storybook_parallel.json")


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = Workspace(tmp_path_factory.mktemp("data"), KINDS)
    for source in SOURCES:
        import_into(workspace, DATA / source)
    yield workspace
    workspace.close()


def titles(ws: Workspace, text: str, kind: str | None = None) -> list[str]:
    return [hit.record.title for hit in search(ws, text, kind).hits]


def test_importing_into_a_real_workspace_twice_adds_nothing(ws: Workspace) -> None:
    before = home.totals(ws)
    assert before["place"] == 49
    assert before["item"] == 77
    for source in SOURCES:
        again = import_into(ws, DATA / source)
        assert (again.added, again.updated) == (0, 0)
    assert home.totals(ws) == before


@pytest.mark.parametrize(("typed", "first"), [
    ("اوبوك", "Obock"), ("Tadjoura", "Tadjourah"), ("تاجورة", "Tadjourah"), ("TADJ", "Tadjourah"),
    ("femmes tadj", "Association Des Femmes De Tadjourah"), ("ecologie", "Association Ecologie Du Village"),
    ("ADEPF", "Association Djiboutienne Pour L'Equilibre Et La Promotion De La Famille"), ("الدجاجه والنسر", "الدجاجة والنسر"),
])
def test_what_people_type_finds_what_they_mean(ws: Workspace, typed: str, first: str) -> None:
    assert titles(ws, typed)[0] == first
    assert not any(hit.fuzzy for hit in search(ws, typed).hits)


def test_a_typing_error_finds_what_looks_like_it(ws: Workspace) -> None:
    found = search(ws, "caritsa")
    assert all(hit.fuzzy for hit in found.hits)
    assert "Caritas Djibouti" in [hit.record.title for hit in found.hits]
    assert search(ws, "zzzzqqq").total == 0
    assert search(ws, "  ").total == 0
    assert search(ws, '" OR title : * NEAR(').total == 0  # what is typed is never query language


def test_search_is_limited_to_a_kind_and_a_number(ws: Workspace) -> None:
    assert {hit.record.kind.name for hit in search(ws, "tadjourah", "place").hits} == {"place"}
    found = search(ws, "association", limit=3)
    assert len(found.hits) == 3 < found.total


def test_every_record_is_found_by_the_first_word_of_its_own_title(ws: Workspace) -> None:
    for record in ws.records("organisation"):
        word = words_of(record)[0].split()[0]
        assert record.id in matching_ids(ws, word, "organisation")


def test_lists_and_counts_agree_with_counting_by_hand(ws: Workspace) -> None:
    everyone = ws.records("organisation")
    counted = directory.counts(ws)
    assert counted.total == len(everyone)
    assert counted.by_region == dict(Counter(record["region"] or "" for record in everyone))
    assert counted.by_domain == dict(Counter(domain for record in everyone for domain in record["domains"] or ()))
    domain = max(counted.by_domain, key=lambda code: counted.by_domain[code])
    for chosen in (directory.Filter(region="DJ-DJ"), directory.Filter(domain=domain), directory.Filter(text="femmes"),
                   directory.Filter(text="femmes", domain=domain)):
        page = directory.organisations(ws, chosen, limit=None)
        assert 0 < page.total == len(page.records) == directory.counts(ws, chosen).total < counted.total
        assert directory.organisations(ws, chosen, limit=1).total == page.total
    left = directory.choices_left(ws, directory.Filter(region="DJ-DJ"))
    assert left.by_region == counted.by_region
    assert left.total == counted.by_region["DJ-DJ"]


def test_pages_follow_each_other_in_the_order_of_the_language(ws: Workspace) -> None:
    whole = [record.id for record in directory.organisations(ws, limit=None).records]
    paged = [record.id for start in range(0, 40, 7) for record in directory.organisations(ws, limit=7, offset=start).records]
    assert paged == whole
    set_language("ar")
    try:
        assert {record.id for record in directory.organisations(ws, limit=None).records} == set(whole)
    finally:
        set_language("fr")


def test_what_belongs_to_an_organisation(ws: Workspace) -> None:
    caritas = search(ws, "Caritas Djibouti", "organisation").hits[0].record
    assert [project["identifiers"]["iati"] for project in directory.projects_of(ws, caritas.id)] == ["GB-CHC-285776-DJI001"]
    funder = search(ws, "Catholic Agency For Overseas Development", "organisation").hits[0].record
    assert [project["organisation"] for project in directory.projects_of(ws, funder.id)] == [caritas.id]  # as a partner
    values = {"organisation": caritas.id, "role": "Accueil", "phone": "21350000", "consent": "network", "consent_date": "2026"}
    with_contact = ws.add("contact", values)
    assert [contact.id for contact in directory.contacts_of(ws, caritas.id)] == [with_contact.id]
    assert {place["region"] for place in directory.places_in(ws, "DJ-OB")} == {"DJ-OB"}
    assert len(directory.places_in(ws, type="region")) == 6
    assert "Obock" in directory.localities(ws, "DJ-OB")


def test_the_library_by_language_by_subject_and_by_what_is_here(ws: Workspace) -> None:
    assert library.counts(ws).by_language == {"ar": 30, "en": 32, "fr": 12, "so": 3}
    assert library.items(ws, library.Filter(language="fr"), limit=5).total == 12
    assert library.items(ws, library.Filter(kept=True)).total == 77
    assert library.items(ws, library.Filter(subject="water")).total == 0
    french = search(ws, "Punition", "item").hits[0].record
    others = library.in_other_languages(ws, french)
    assert others
    assert {item["identifiers"]["asp"] for item in others} == {french["identifiers"]["asp"]}
    assert "fr" not in {item["language"] for item in others}
    chosen = ws.add("collection", {"title": {"fr": "Pour commencer"}, "items": [french.id, "01890000-0000-7000-8000-000000000009"]})
    collection = ws.get("collection", chosen.id)
    assert [item.id for item in library.items_of(ws, collection)] == [french.id]
    assert [one.id for one in library.collections_of(ws, french.id)] == [chosen.id]


def test_a_name_like_one_that_is_there_is_offered_while_typing(ws: Workspace) -> None:
    offered = duplicates.near(ws, {"name": {"fr": "Caritas de Djibuti"}})
    assert {one.record.title for one in offered} >= {"Caritas Djibouti", "CARITAS DE DJIBOUTI"}
    assert duplicates.near(ws, {"name": {"fr": "Association des femmes de Randa"}}) == []
    assert duplicates.near(ws, {"acronym": "adepf", "name": {"fr": "Équilibre"}})[0].why.msgid == "The same acronym"
    own = search(ws, "Association Paix Et Lait", "organisation").hits[0].record
    assert duplicates.near(ws, dict(own), but=own.id) == []


def test_what_is_to_be_confirmed(ws: Workspace) -> None:
    today = dt.date(2026, 3, 31)
    recent, old = (record.id for record in ws.records("organisation", limit=2))
    everyone = home.to_confirm(ws, today, limit=None).total
    ws.edit("organisation", recent, {"verified": "2025-04-01", "verified_how": "visit"})
    ws.edit("organisation", old, {"verified": "2024-12", "verified_how": "phone"})
    page = home.to_confirm(ws, today, limit=None)
    assert page.total == everyone - 1
    assert page.records[0].id == old
    assert recent not in {record.id for record in page.records}
    assert home.in_conflict(ws) == []
