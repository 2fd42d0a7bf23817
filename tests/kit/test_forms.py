"""Forms give back what was typed, name what changed, and go to what is wrong."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop.kit.forms import (
    Choice,
    Codes,
    Facts,
    Field,
    Form,
    Line,
    LongText,
    Money,
    Option,
    PartialDate,
    Reference,
    References,
    Switch,
    Texts,
    Words,
)
from desktop.kit.forms.field_row import FieldRow
from desktop.kit.forms.lines import _iso

FACTS = Facts((("text", "Fact", 2), ("date", "Date", 1)))
OPTIONS = [Option("DJ-OB", "Obock"), Option("DJ-TA", "Tadjourah")]


def nobody(text, deliver):
    deliver([Option("7", "Caritas")])


FIELDS = [
    Field("name", "Name", Texts(), required=True),
    Field("phone", "Phone", Line(ltr=True)),
    Field("region", "Region", Choice(OPTIONS, empty="none")),
    Field("domains", "Domains", Codes(OPTIONS)),
    Field("aliases", "Aliases", Words()),
    Field("founded", "Founded", PartialDate()),
    Field("budget", "Budget", Money()),
    Field("facts", "Facts", FACTS),
    Field("partner", "Partner", Reference(nobody)),
    Field("partners", "Partners", References(nobody)),
    Field("note", "Note", LongText()),
    Field("open", "Open", Switch("may be public")),
]
VALUES = {
    "name": {"fr": "Femmes d’Obock", "ar": "نساء أوبوك", "so": "Haween"}, "phone": "+253 77 12 34 56", "region": "DJ-OB",
    "domains": ["DJ-TA"], "aliases": ["AFO"], "founded": "2019-05", "budget": {"amount": "2500000", "currency": "DJF"},
    "facts": [{"text": "Receipt", "date": "2019", "unknown": "kept"}], "partner": "7", "partners": ["8", "9"],
    "note": "Two\nlines", "open": True,
}


def form(qtbot, values=VALUES, check=None) -> Form:
    made = Form("Edit", FIELDS, values, check=check)
    qtbot.addWidget(made)
    made.resize(800, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def test_values_come_back_as_they_went_in(qtbot):
    made = form(qtbot)
    assert made.values() == VALUES
    assert made.changed() == {}


def test_an_empty_form_is_empty(qtbot):
    empty = form(qtbot, {}).values()
    assert empty["name"] == {} and empty["domains"] == [] and empty["phone"] is None and empty["budget"] is None
    assert empty["open"] is False and empty["region"] is None


def test_changes_are_named_by_language(qtbot):
    made = form(qtbot)
    name = made.field("name").editor
    name.input_of("ar").setText("")
    name.input_of("so").setText("Haweenka")
    made.field("phone").editor.inputs()[0].setText("1")
    assert made.changed() == {"name.ar": None, "name.so": "Haweenka", "phone": "1"}


def test_codes_that_the_form_does_not_know_are_kept(qtbot):
    made = form(qtbot, {**VALUES, "region": "XX", "domains": ["NEW", "DJ-OB"]})
    assert made.changed() == {}
    assert made.values()["region"] == "XX" and set(made.values()["domains"]) == {"NEW", "DJ-OB"}


def check_phone(values):
    return {"phone": "A digit is missing"} if values["phone"] and len(values["phone"]) < 8 else {}


def test_a_field_is_checked_when_it_is_left_and_relieved_while_typing(qtbot):
    made = form(qtbot, check=check_phone)
    line = made.field("phone").editor.inputs()[0]
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "77")
    assert not made.field("phone").is_wrong
    made.field("note").editor.inputs()[0].setFocus()
    assert made.field("phone").is_wrong
    assert "A digit is missing" in line.accessibleDescription()
    qtbot.keyClicks(line, "123456")
    assert not made.field("phone").is_wrong


def test_save_goes_to_the_first_wrong_field_and_stays_enabled(qtbot):
    made = form(qtbot, check=lambda values: {"name.so": "Too long", "phone": "Wrong"})
    with qtbot.assertNotEmitted(made.save_requested):
        made._save.click()
    assert made._save.isEnabled()
    assert made.focusWidget() is made.field("name").editor.input_of("so")
    assert made.field("name").editor.input_of("so").isVisible()  # the fold opened


def test_save_gives_the_changes(qtbot):
    made = form(qtbot, check=check_phone)
    made.field("note").editor.inputs()[0].setPlainText("New")
    with qtbot.waitSignal(made.save_requested) as saved:
        qtbot.keyClick(made.field("note").editor.inputs()[0], Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert saved.args == [{"note": "New"}]


def test_a_draft_is_told_and_put_back(qtbot):
    made = form(qtbot)
    line = made.field("phone").editor.inputs()[0]
    with qtbot.waitSignal(made.draft_changed) as draft:
        qtbot.keyClicks(line, "9")
    other = form(qtbot)
    other.restore_draft(draft.args[0])
    assert other.changed() == made.changed() != {}


def test_words_become_chips_by_enter_comma_and_leaving(qtbot):
    made = form(qtbot, {})
    editor = made.field("aliases").editor
    line = editor.inputs()[0]
    qtbot.keyClicks(line, "AFO,")
    qtbot.keyClicks(line, "Femmes")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.keyClicks(line, "rest")
    assert editor.value() == ["AFO", "Femmes", "rest"]


@pytest.mark.parametrize(("typed", "kept"), [
    ("2019", "2019"), ("5/2019", "2019-05"), ("31/05/2019", "2019-05-31"), ("٣١/٠٥/٢٠١٩", "2019-05-31"),
    ("hier", "hier"), ("", None),
])
def test_dates_as_people_write_them(typed, kept):
    assert _iso(typed) == kept


def test_arabic_digits_and_spaces_in_amounts(qtbot):
    made = form(qtbot, {})
    made.field("budget").editor.inputs()[0].setText("٢ ٥٠٠ ٠٠٠")
    assert made.values()["budget"] == {"amount": "2500000", "currency": "DJF"}


def test_every_input_has_a_name(qtbot):
    made = form(qtbot)
    for path in VALUES:
        for widget in made.field(path).editor.inputs():
            assert widget.accessibleName(), path


def test_each_language_is_written_in_its_own_direction(qtbot):
    name = form(qtbot).field("name").editor
    assert name.input_of("ar").layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert name.input_of("fr").layoutDirection() == Qt.LayoutDirection.LeftToRight


def test_many_fields_come_a_few_a_turn_and_whoever_asks_has_them_at_once(qtbot):
    fields = [Field(f"f{n}", f"Field {n}", Texts()) for n in range(40)]
    made = Form("Long", fields, {"f39": {"fr": "Fin"}})
    qtbot.addWidget(made)
    made.show()
    assert made.changed() == {}
    assert len(made.findChildren(FieldRow)) < 40
    made.restore_draft({"f38": {"fr": "Brouillon"}})
    assert made.values()["f39"] == {"fr": "Fin"}
    assert made.changed() == {"f38.fr": "Brouillon"}
    assert len(made.findChildren(FieldRow)) == 40
    after, last = made.field("f39").editor.inputs()[-1], made._save
    while after is not last and not (after := after.nextInFocusChain()).focusPolicy() & Qt.FocusPolicy.TabFocus:
        pass
    assert after is last or made.field("f39").isAncestorOf(after)


def test_a_long_form_becomes_whole_by_itself(qtbot):
    made = Form("Long", [Field(f"f{n}", f"Field {n}", Texts()) for n in range(40)])
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: len(made.findChildren(FieldRow)) == 40)
