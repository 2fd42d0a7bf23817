"""Promises of the table of place names: true to its sources, and free of machine-made names."""

import csv
import json
import os
from pathlib import Path

import pytest

from i18n import names
from i18n.fold import fold
from i18n.names import also, indexed, other_spellings, places

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("DALIL_SHARED", ROOT.parent / "shared"))
GAZETTEER = SHARED / "data" / "geo" / "whosonfirst"

REGIONS = {
    "Arta": {"أرتا", "عرتا", "Carta"},
    "Ali Sabieh": {"علي صبيح", "Cali Sabiix"},
    "Tadjourah": {"Tadjoura", "Tājūrah", "تاجورة"},
    "Obock": {"أوبوك", "Obokh"},
    "Dikhil": {"دخيل", "Dikhiil"},
    "Djibouti": {"جيبوتي", "Jabuuti", "Gabuuti"},
}


@pytest.mark.parametrize(("name", "others"), REGIONS.items())
def test_regions_are_known_in_every_script(name, others):
    assert others <= also(name)
    for other in others:
        assert name in also(other)


def test_any_typing_of_a_name_is_understood():
    assert also("ALI-SABIEH") == also("‘Ali Sabieh") == also("Ali Sabieh")
    assert also("تاجوره") == also("تاجورة")
    assert also("Paris") == also("") == set()


def test_a_name_is_no_other_spelling_of_itself():
    for place in places():
        for spelling in place:
            assert fold(spelling) not in map(fold, also(spelling))


def test_other_spellings_of_a_text_are_what_it_does_not_say_yet():
    said = other_spellings("Femmes d’Ali Sabieh, تاجورة")
    assert "cali sabiix" in said
    assert "tadjourah" in said
    assert "تاجوره" not in said
    assert other_spellings("Association des femmes") == other_spellings("") == ""
    assert other_spellings("Ali, Sabri") == ""


def test_machine_made_names_are_not_in_the_table():
    known = {fold(spelling) for place in places() for spelling in place}
    for wrong in ("على صابح", "Autrement l’a trouvé", "As Evla", "إقليم عرتا", "Gobolka Carta", "Cercle de Tadjoura"):
        assert fold(wrong) not in known


def test_every_row_has_its_source_and_a_french_name():
    with names.TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) > 20
    for row in rows:
        assert row["french"]
        assert row["source"]
        assert None not in row


@pytest.mark.skipif(not GAZETTEER.exists(), reason="the shared gazetteer is not beside this clone")
def test_arabic_and_somali_names_are_those_of_the_gazetteer():
    attested = set()
    for path in GAZETTEER.glob("*.geojson"):
        properties = json.loads(path.read_text(encoding="utf-8"))["properties"]
        for key, values in properties.items():
            if key.startswith(("name:ara", "name:som")):
                attested |= set(map(fold, values))
    with names.TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        for spelling in filter(None, (row["arabic"] + "|" + row["somali"]).split("|")):
            if "this project" not in row["source"]:
                assert fold(spelling) in attested


def test_the_version_follows_the_table():
    assert len(names.table_version()) == 12


def test_what_is_indexed_is_the_text_folded_and_the_other_spellings_beside_it():
    texts = ["Association de Tadjoura", "", "Ali, conteur", "تعاونية علي صبيح", "École"]
    assert indexed(texts) == [f"{fold(text)} {other_spellings(text)}".strip() for text in texts]
