"""The real files of Djibouti are taken in, twice, and nothing is made up, lost without a word or merged."""

import os
from collections import Counter
from pathlib import Path

import pytest

from resources.formats import iati, stories, whosonfirst
from resources.formats.incoming import Incoming
from resources.importing import import_into
from resources.starter.derived_id import derived_id
from tests.resources.in_memory import Memory

DATA = Path(os.environ.get("DALIL_SHARED", Path(__file__).parents[3] / "shared")) / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not beside the project")


def test_the_places_of_the_country() -> None:
    memory = Memory()
    done = import_into(memory, DATA / "geo/whosonfirst")
    assert Counter(place["type"] for place in memory.records("place")) == {"region": 6, "locality": 43}
    assert done.added + len(done.rejected) == len(list((DATA / "geo/whosonfirst").glob("*.geojson")))
    assert all(str(one.reason) and one.file.name for one in done.rejected)
    obock = memory.get("place", derived_id("region", "DJ-OB"))
    assert obock["name"]["ar"] == "أوبوك"
    assert obock["latitude"] == "12.27878"
    assert memory.get("place", derived_id("locality", "890435321"))["name"]["ar"] == "علي صبيح"  # not the source's machine error
    arta = next(place for place in memory.records("place") if place["identifiers"] == {"wof": "1125818995"})
    assert arta["region"] == "DJ-AR"


def test_associations_and_their_projects_and_a_proposal_for_caritas() -> None:
    memory = Memory()
    done = import_into(memory, DATA / "iati/dj_local_cso_receivers.csv")
    assert done.rejected == []
    assert done.added == len(memory.values)
    caritas = next(group for group in done.duplicates if "CARITAS DE DJIBOUTI" in [record.title for record in group.records])
    assert {record.title for record in caritas.records} == {"CARITAS DE DJIBOUTI", "Caritas Djibouti"}
    assert len({record.id for record in caritas.records}) == 2  # proposed, not merged
    assert caritas.why.msgid == "The same name"
    project = memory.get("project", derived_id("project", "GB-CHC-285776-DJI001/Caritas Djibouti"))
    assert project["organisation"] == derived_id("organisation", "Caritas Djibouti")
    assert project["amount"] == {"amount": "14881.45", "currency": "USD"}
    assert project["sectors"] == ["11330", "12220", "72040"]
    assert project["domains"] == ["emergency", "health", "training"]


def test_the_whole_workbook_has_a_project_for_every_activity() -> None:
    read = [one for one in iati.read(DATA / "iati/DJ.xlsx") if isinstance(one, Incoming)]
    projects = {one.values["identifiers"]["iati"] for one in read if one.kind == "project"}
    assert len(projects) == 1787
    assert len({one.record_id for one in read}) == len(read)


def test_stories_come_with_their_text_and_licence_and_know_their_other_languages() -> None:
    memory = Memory()
    done = import_into(memory, DATA / "oer/african_storybook_parallel.json")
    assert done.added == 77
    assert done.rejected == []
    assert Counter(item["language"] for item in memory.records("item")) == {"en": 32, "ar": 30, "fr": 12, "so": 3}
    assert {item["licence"] for item in memory.records("item")} == {"cc_by"}
    same = [item for item in memory.records("item") if item["identifiers"] == {"asp": "0342"}]
    assert len(same) > 1
    name, text = memory.attached[next(item.id for item in same if item["language"] == "fr")]
    assert name == "story-0342.fr.md"
    assert text.decode().startswith("# Punition\n")


@pytest.mark.parametrize("path", ["geo/whosonfirst", "iati/dj_local_cso_receivers.csv", "oer/african_storybook_parallel.json",
                                  "hsds/examples/organization_full.json", "hsds/examples/tabular.json", "hsds/examples"])
def test_a_second_time_adds_nothing(path: str) -> None:
    memory = Memory()
    first = import_into(memory, DATA / path)
    before = {key: dict(values) for key, values in memory.values.items()}
    again = import_into(memory, DATA / path)
    assert first.added > 0
    assert (again.added, again.updated) == (0, 0)
    assert again.unchanged > 0
    assert memory.values == before


def test_what_a_person_wrote_emptied_or_deleted_since_stays_so() -> None:
    memory = Memory()
    import_into(memory, DATA / "iati/dj_local_cso_receivers.csv")
    edited, emptied, deleted = (record.id for record in memory.records("organisation")[:3])
    memory.edit("organisation", edited, {"name": {"fr": "Nom corrigé"}})
    memory.edit("organisation", emptied, {"source": None})
    memory.delete("organisation", deleted)
    done = import_into(memory, DATA / "iati/dj_local_cso_receivers.csv")
    assert (done.added, done.updated) == (0, 0)
    assert memory.get("organisation", edited)["name"] == {"fr": "Nom corrigé"}
    assert memory.get("organisation", emptied)["source"] is None
    assert ("organisation", deleted) not in memory.values


def test_an_empty_field_is_filled_in_once() -> None:
    memory = Memory()
    one = next(one for one in iati.read(DATA / "iati/dj_local_cso_receivers.csv") if isinstance(one, Incoming) and one.kind == "organisation")
    with memory.together():
        memory.add("organisation", {"name": {"fr": "Déjà là"}}, id=one.record_id)
    done = import_into(memory, DATA / "iati/dj_local_cso_receivers.csv")
    assert done.updated == 1
    assert memory.get("organisation", one.record_id)["name"] == {"fr": "Déjà là"}
    assert memory.get("organisation", one.record_id)["source"]


def test_readers_yield_right_records_only() -> None:
    from resources import KINDS
    for read in (whosonfirst.read(DATA / "geo/whosonfirst"), iati.read(DATA / "iati/dj_local_cso_receivers.csv"),
                 stories.read(DATA / "oer/african_storybook_parallel.json")):
        for one in read:
            if isinstance(one, Incoming):
                assert list(KINDS[one.kind].problems_of_new(KINDS[one.kind].split(one.values))) == []
