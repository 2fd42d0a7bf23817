"""Promises of the sort keys: the reader's own order, the same in Python and in SQLite."""

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from i18n.collate import sort_all, sort_key


def in_order(names, language):
    return sorted(names, key=lambda name: sort_key(name, language))


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("fr", ["cote", "coté", "côte", "côté"]),
        ("fr", ["été", "etude", "Etude", "étude", "Étude", "etudes"]),
        ("fr", ["Lot 2", "Lot 10", "Lot 100"]),
        ("fr", ["oeuvre", "Œuvre", "ofu"]),
        ("fr", ["Ali", "Ali Sabieh", "Ali-Sabieh Sud", "Alice", "Art de vivre", "‘Arta"]),
        ("fr", ["2e chance", "Arta", "zèbre", "أوبوك", ""]),
        ("en", ["Arta", "zebra", "أوبوك"]),
        ("so", ["Arta", "Xirsi", "أوبوك"]),
        ("ar", ["2", "أوبوك", "تاجورة", "Arta", "zèbre", ""]),
        ("ar", ["إبل", "أوبوك", "البيئة", "تاجورة", "الجمعية", "مدرسة", "المشاريع"]),
        ("ar", ["اوبوك", "أوبوك"]),
        ("ar", ["مدرسه", "مدرسة", "مدرسين"]),
        ("ar", ["لوت ٢", "لوت 10"]),
    ],
)
def test_lists_stand_as_their_reader_expects(language, wanted):
    assert in_order(reversed(wanted), language) == wanted
    assert in_order(wanted, language) == wanted


def test_sqlite_sorts_alike():
    names = ["zèbre", "Étude", "étude", "أوبوك", "المشاريع", "Lot 10", "Lot 2", "", "2", "œuvre", "‘Arta", "Arta"]
    base = sqlite3.connect(":memory:")
    base.execute("create table list(name text, key text)")
    base.executemany("insert into list values (?, ?)", [(name, sort_key(name, "fr")) for name in names])
    assert [name for (name,) in base.execute("select name from list order by key")] == in_order(names, "fr")
    base.close()


@given(st.text(), st.sampled_from(["fr", "ar", "en"]))
def test_keys_fit_a_column_whatever_is_typed(text, language):
    key = sort_key(text, language)
    assert "\0" not in key
    assert len(key) < 40 * (len(text) + 2)
    key.encode("utf-16", "surrogatepass")


@given(st.text(min_size=1, max_size=40), st.text(alphabet="abcdéèœبتاأ ", min_size=1, max_size=10))
def test_bytes_and_characters_give_one_order(one, other):
    keys = [sort_key(one, "fr"), sort_key(other, "fr")]
    encoded = [key.encode("utf-8", "surrogatepass") for key in keys]
    assert (keys[0] < keys[1]) == (encoded[0] < encoded[1])


@given(st.text(alphabet="abcéEÉ بتأا", max_size=12))
def test_the_reader_moves_groups_not_the_order_inside_them(text):
    assert sort_key(text, "fr")[1:] == sort_key(text, "ar")[1:]


def test_a_pasted_page_does_not_fill_the_index():
    assert len(sort_key("é" * 100_000, "fr")) < 1000


@given(st.lists(st.one_of(st.text(), st.text("abÉÀÇœß1٣٠ .'’\n\r\u0301\u0653\u2028الوة漢²_-"))), st.sampled_from(["fr", "ar"]))
@example(["", "\n", "\u0301é\n\u0301", "É", "漢字 É", "ß\u0345"], "fr")
def test_many_names_at_once_get_the_keys_of_each_alone(texts, language):
    assert sort_all(texts, language) == [sort_key(text, language) for text in texts]


@given(st.text("abÉÀÇœ1٣ .'’\u0301\u0653الوة-"))
def test_a_sign_that_few_names_have_changes_no_look_at_the_others(text):
    assert sort_all([text, "漢"], "fr")[0] == sort_key(text, "fr")
