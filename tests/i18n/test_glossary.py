"""Promises of the glossary: whole, one word per thing, and nothing unverified in Somali and Afar."""

import csv
import re
import unicodedata
from pathlib import Path

import pytest

GLOSSARY = Path(__file__).resolve().parents[2] / "i18n" / "glossary.csv"

# The kinds and fields of the command line and the wire, and the roles.
PROMISED = {
    "organisation",
    "project",
    "place",
    "item",
    "collection",
    "contact",
    "note",
    "name",
    "acronym",
    "aliases",
    "region",
    "locality",
    "domains",
    "publics",
    "languages",
    "phone",
    "email",
    "website",
    "address",
    "founded",
    "guest",
    "member",
    "editor",
    "trainer",
    "moderator",
    "partner",
    "administrator",
    "funder",
    "conflict",
    "settle",
    "waiting",
    "refused",
    "copy",
    "sync",
    "outbox",
    "usb_stick",
}


@pytest.fixture(scope="module")
def rows():
    with GLOSSARY.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        assert reader.fieldnames == ["french", "identifier", "arabic", "somali", "afar", "note"]
        return list(reader)


def test_every_row_is_whole(rows):
    for row in rows:
        assert None not in row, row
        assert None not in row.values(), row
        assert row["french"], row
        assert re.fullmatch(r"[a-z][a-z_]*", row["identifier"]), row
        assert row["arabic"], row
        for value in row.values():
            assert value == value.strip() == unicodedata.normalize("NFC", value), row


def test_each_column_is_in_its_script(rows):
    for row in rows:
        assert re.fullmatch(r"[\u0621-\u0652 ]+|مفتاح USB", row["arabic"]), row
        assert not re.search(r"[\u0600-\u06ff]|'", row["french"]), row


def test_one_thing_has_one_word(rows):
    identifiers = [row["identifier"] for row in rows]
    assert len(identifiers) == len(set(identifiers))
    french = [row["french"] for row in rows]
    assert len(french) == len(set(french))


def test_the_promised_terms_are_there(rows):
    known = {row["identifier"] for row in rows}
    assert known >= PROMISED


def test_somali_and_afar_words_say_who_verified_them(rows):
    for row in rows:
        if row["somali"] or row["afar"]:
            assert "verified:" in row["note"], row
