"""Values in a terminal read as on the screens, with every language of a text and the ids of other records."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.terminal.saying import NOTHING, said, said_part
from i18n import set_language
from resources import KINDS

ORGANISATION, PROJECT, PLACE = (KINDS[name] for name in ("organisation", "project", "place"))
ID = "0197f0a0-0000-7000-8000-000000000001"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("fr")


@pytest.mark.parametrize(("name", "value", "words"), [
    ("name", {"fr": "Pêcheurs", "en": "Fishers"}, "fr Pêcheurs  en Fishers"),
    ("region", "DJ-OB", "Obock"),
    ("phone", "+25377000011", "+253 77 00 00 11"),
    ("founded", "2019", "2019"),
    ("note", "", NOTHING),
])
def test_a_whole_value(name: str, value: object, words: str) -> None:
    assert _bare(said(ORGANISATION, name, value)) == words


def test_entries_stand_in_one_line() -> None:
    hours = {"mon": "8:00-12:00", "tue": "8:00-12:00"}
    assert _bare(said(PLACE, "hours", hours)) == "Monday: 8:00-12:00; Tuesday: 8:00-12:00"


def test_another_record_is_named_by_its_id() -> None:
    assert _bare(said(PROJECT, "organisation", ID)) == ID
    assert _bare(said_part(PROJECT, "organisation", ID)) == ID


@pytest.mark.parametrize(("path", "value", "words"), [
    ("name.fr", "Pêcheurs", "Pêcheurs"),
    ("domains#water", True, "Water and sanitation"),
    ("domains#water", False, NOTHING),
    ("domains#water", None, NOTHING),
    ("phone", "", NOTHING),
    ("field_of_a_newer_program", 3, "3"),
])
def test_a_part(path: str, value: object, words: str) -> None:
    assert _bare(said_part(ORGANISATION, path, value)) == words


def _bare(words: str) -> str:
    """Without marks of direction and with plain spaces."""
    return "".join(one for one in words if one not in "\u2066\u2067\u2068\u2069\u200e\u200f").replace("\u00a0", " ").replace("\u202f", " ")
