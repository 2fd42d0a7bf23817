"""What a field accepts, what it says of what it does not, and how its parts are written; the many that are right are told from the few that are not."""

from __future__ import annotations

from typing import Any

import pytest

from i18n import Text
from sync import codec, record
from sync import fields as shapes
from sync.change import Change, Write
from sync.errors import Invalid, NotFound
from sync.record import Field, Kind, Kinds, Record, Whole, best, text, texts
from sync.rules import is_well_formed
from sync.scopes import PUBLIC
from sync.tables import table_of
from sync.unread import Unread
from tests.sync.network import DOOR, HOUSE, Network

ID = "018f0000-0000-7000-8000-000000000001"


def said(shape: shapes.Shape, value: Any) -> list[str]:
    return [one.msgid for one in shape.problems(value)]


@pytest.mark.parametrize(("shape", "right", "wrong", "words"), [
    (shapes.Line(limit=5), "abc", 7, "must be text"),
    (shapes.Line(limit=5), "abc", "abcdef", "is the most"),
    (shapes.Line(), "abc", "a\u202eb", "invisible control characters"),
    (shapes.Line(), "no\u00a0break", "a\nb", "a single line"),
    (shapes.Line(long=True), "a\nb", " a", "invisible control characters"),
    (shapes.phone(), "+253 77 12 34 56", "call me", "not written as expected"),
    (shapes.email(), "nom@exemple.dj", "nom@", "not written as expected"),
    (shapes.decimal(), "11.5883", "11,5", "not written as expected"),
    (shapes.date(), "2019-05", "2019-13", "not written as expected"),
    (shapes.Code(lambda: {"red": Text("Colour")}), "red", "pink", "not in the list"),
    (shapes.Codes(lambda: {"red": Text("Colour")}), True, "yes", "added or removed"),
    (shapes.Words(), False, 1, "added or removed"),
    (shapes.Number(1, 9), 9, 10, "a whole number between"),
    (shapes.Number(1, 9), 1, True, "a whole number between"),
    (shapes.Switch(), True, 1, "yes or no"),
    (shapes.Reference("house"), ID, ID.upper(), "not the id of a record"),
    (shapes.money(), {"amount": "1", "currency": "DJF"}, "1 DJF", "must have the parts"),
    (shapes.money(), {"amount": "1", "currency": "DJF"}, {"amount": "1"}, "is missing"),
    (shapes.money(), {"amount": "1", "currency": "DJF"}, {"amount": "1", "currency": "djf"}, "not written as expected"),
    (shapes.file(), {"sha256": "a" * 64, "size": 1, "name": None}, {"sha256": "a" * 64, "size": 1, "more": 1}, "not a part"),
    (shapes.private_file(), {"sha256": "a" * 64, "size": 1, "key": "b" * 64}, {"sha256": "a" * 64, "size": 1}, "is missing"),
    (shapes.facts(), {"name": "a", "value": "b"}, {"name": "a", "value": ""}, "is missing"),
    (shapes.hours(), "08:00-12:00", "morning", "not written as expected"),
])
def test_a_value_is_right_or_is_said_to_be_wrong(shape: shapes.Shape, right: Any, wrong: Any, words: str) -> None:
    assert shape.fits(right)
    assert said(shape, right) == []
    assert not shape.fits(wrong)
    assert words in said(shape, wrong)[0]
    assert shape.all_fit([right] * 3)
    assert not shape.all_fit([right, wrong])


@pytest.mark.parametrize(("shape", "right", "wrong", "words"), [
    (shapes.Line(), "", None, ""),
    (shapes.Codes(lambda: {"red": Text("Colour")}), "red", "pink", "not in the list"),
    (shapes.Words(), "alias", "a\u202eb", "invisible control characters"),
    (shapes.Words(), "alias", "", "invisible control characters"),
    (shapes.Words(limit=5), "alias", "aliases", "is the most"),
    (shapes.Words(target="house"), ID, "house", "not the id of a record"),
    (shapes.facts(), "receipt", "k" * 65, "not the name of an entry"),
    (shapes.hours(), "mon", "someday", "not the name of an entry"),
    (shapes.Texts(), "fr", "de", "not one of the languages"),
])
def test_the_name_of_a_part_is_right_or_is_said_to_be_wrong(shape: shapes.Shape, right: str, wrong: str | None, words: str) -> None:
    assert list(shape.key_problems(right)) == []
    if wrong is not None:
        assert words in next(iter(shape.key_problems(wrong))).msgid


@pytest.mark.parametrize(("shape", "typed", "meant"), [
    (shapes.Line(), " a\u200bb ", "ab"), (shapes.Number(), "12", 12), (shapes.Number(), "dozen", "dozen"),
    (shapes.Switch(), " Yes", True), (shapes.Switch(), "0", False), (shapes.Switch(), "perhaps", "perhaps"), (shapes.Texts(), " a ", "a"),
])
def test_what_is_typed_becomes_what_is_meant_or_stays_as_it_is(shape: shapes.Shape, typed: str, meant: Any) -> None:
    assert shape.parse(typed) == meant


def test_a_whole_value_is_its_parts() -> None:
    for shape, whole in ((shapes.Line(), "a"), (shapes.Words(), ["a", "b"]), (shapes.Texts(), {"fr": "a", "ar": "b"}), (shapes.Line(), None), (shapes.Words(), None)):
        assert shape.join(shape.split(whole)) == whole
    assert shapes.Words().join({"a": False}) is None


BOOK = Kind("book", Text("Book"), Text("Books"), (PUBLIC,), title="name", fields=(
    texts("name", Text("Name"), required=True), text("author", Text("Author"), required=True), Field("free", shapes.Switch(), Text("Free")),
    Field("tags", shapes.Words(), Text("Tags")),
))


def test_a_kind_says_in_sentences_what_it_is_quick_to_refuse() -> None:
    for path, value, right in (("author", None, False), ("author", "A", True), ("free", None, True), ("unheard of", 1, True), ("tags#", True, False),
                               ("name.fr", None, True), ("name.de", "A", False)):
        assert BOOK.is_right(path, value) is right, path
        assert (list(BOOK.problems_of(path, value)) == []) is right, path
    assert not BOOK.are_right("author", ["A", None])
    with pytest.raises(NotFound):
        BOOK.split({"pages": 1})


def test_paths_from_everywhere_fill_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "PATHS", 50)
    monkeypatch.setattr("sync.tables.PATHS", 50)
    kind = Kind("free", Text("Free"), Text("Free"), (PUBLIC,), title="name", fields=(text("name", Text("Name")), Field("facts", shapes.Words(), Text("Facts"))))
    table = table_of(kind)
    for number in range(200):
        assert kind.is_right(f"facts#{number}", True)
        assert table.fresh("id", PUBLIC, 1, [("name", "A"), (f"facts#{number}", True)]) is not None
    assert max(len(kind._paths), len(kind._right), len(table._places)) <= 50


def test_a_creation_that_only_takes_elements_away_is_kept_whole() -> None:
    """Its columns cannot hold that somebody took away what was never there: the longer way keeps it."""
    assert table_of(HOUSE).fresh("id", PUBLIC, 1, [("name.fr", "A"), ("tags#red", False)]) is None


def test_a_check_sees_a_record_field_by_field() -> None:
    whole = Whole(BOOK, {"name.fr": "A", "name.ar": None, "author": "B", "tags#x": True})
    assert dict(whole) == {"name": {"fr": "A"}, "author": "B", "tags": ["x"]}
    assert len(whole) == 3
    assert "free" not in whole


def test_a_record_is_read_by_its_fields_alone(network: Network) -> None:
    ana = network.device("ana")
    id = ana.ws.add("house", {"name": {"fr": "A"}, "tags": ["red"]}).id
    found = ana.ws.get("house", id)
    assert found["phone"] is None
    with pytest.raises(KeyError):
        found["unheard of"]
    assert sorted(found) == ["name", "tags"]
    assert len(found) == 2
    assert best({"de": "Haus"}, "fr") == ""
    listed, = ana.ws.records("house")
    assert dict(listed) == dict(found)
    assert Record(HOUSE, id, PUBLIC, {}).title == ""


def test_a_row_answers_what_is_asked_for() -> None:
    row = Unread({"name": (0, None), "free": (1, bool), "author": (2, None)}, ("A", 0, None))
    assert dict(row) == {"name": "A", "free": False}
    assert len(row) == 2
    assert row.get("author") is None
    with pytest.raises(KeyError):
        row["author"]


@pytest.mark.parametrize(("value", "plain"), [
    ([1, "a", None, True], True), ([[[[[[1]]]]]], True), ([[[[[[[1]]]]]]], False), ([1.5], False), (b"bytes", False),
    ({"a": {"b": 1}}, True), ({1: "a"}, False), (2**63 - 1, True), (2**63, False),
])
def test_only_what_every_program_reads_alike_may_be_signed(value: Any, plain: bool) -> None:
    assert codec.plain(value) is plain
    assert is_well_formed(Change(b"r" * 16, "house", 0, 1, [Write("facts#a", value, [])])) is plain


@pytest.mark.parametrize("write", [Write("", "a", []), Write("p" * 301, "a", []), Write("phone", "a", [b"short"])])
def test_a_path_or_a_dot_of_another_length_is_not_well_formed(write: Write) -> None:
    assert not is_well_formed(Change(b"r" * 16, "house", 0, 1, [write]))


def test_a_kind_that_nobody_knows_is_named_and_a_new_record_says_all_its_faults(network: Network) -> None:
    with pytest.raises(NotFound) as unknown:
        Kinds((HOUSE, DOOR))["boat"]
    assert "house" in str(unknown.value)
    with pytest.raises(Invalid) as refused:
        network.device("ana").ws.add("house", {"phone": "a\u202eb", "colour": "pink"}, scope="network")
    assert {one.path for one in refused.value.problems} == {"phone", "colour", "name", "scope"}
    assert "colour" in repr(refused.value.problems)
