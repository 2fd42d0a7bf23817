"""The line of filters: choices with counts in menus, chips of what is chosen, words a moment after the last letter."""

from __future__ import annotations

import pytest

from desktop.kit.chips import Chip
from desktop.kit.filter_bar import ALL, RULE, Choice, FilterBar


@pytest.fixture
def bar(qtbot) -> FilterBar:
    made = FilterBar("Mot…", "Filtrer par mots", {"colour": ("Couleur", "domain"), "order": ("Ordre", "sort")})
    qtbot.addWidget(made)
    made.show()
    return made


COLOURS = [Choice("colour:red", "Rouge & rose", 3), Choice("colour:blue", "Bleu", 12, chosen=True), RULE, Choice("colour:green", "Vert", 0)]
ORDERS = [Choice("order:name", "Par nom", chosen=True, chip=False)]


def chips(bar: FilterBar) -> dict[str, str]:
    return {one.key: one.text() for one in bar.chips.findChildren(Chip)}


def test_a_menu_says_counts_and_what_nothing_fits_cannot_be_pressed(bar: FilterBar) -> None:
    bar.show_choices({"colour": COLOURS, "order": ORDERS})
    red, blue, rule, green = bar.menu("colour").actions()
    assert red.text().replace("\u2007", "") == "Rouge && rose\t3"
    assert [red.isEnabled(), blue.isEnabled(), green.isEnabled()] == [True, True, False]
    assert rule.isSeparator()
    assert red.icon().isNull() and not blue.icon().isNull()
    assert len({len(one.text().partition("\t")[2]) for one in (red, blue, green)}) == 1  # counts stand under one another
    assert bar.menu("order").actions()[0].text() == "Par nom"


def test_a_menu_without_choices_says_so(bar: FilterBar) -> None:
    (only,) = bar.menu("colour").actions()
    assert only.text()
    assert not only.isEnabled()


def test_what_is_chosen_is_a_chip_and_an_order_is_none(bar: FilterBar, qtbot) -> None:
    bar.show_choices({"colour": COLOURS, "order": ORDERS})
    assert chips(bar) == {"colour:blue": "Bleu · 12"}
    with qtbot.waitSignal(bar.pressed) as heard:
        bar.chips.findChild(Chip).click()
    assert heard.args == ["colour:blue"]


def test_the_last_chip_takes_all_away_when_more_than_one_thing_holds(bar: FilterBar) -> None:
    bar.show_choices({"colour": COLOURS}, others=1)
    assert list(chips(bar)) == ["colour:blue", ALL]


def test_a_choice_of_a_menu_is_told_by_its_key(bar: FilterBar, qtbot) -> None:
    bar.show_choices({"colour": COLOURS})
    menu = bar.menu("colour")
    with qtbot.waitSignal(bar.pressed) as heard:
        menu.actions()[0].trigger()
    assert heard.args == ["colour:red"]


def test_words_are_told_once_and_a_space_being_typed_stays(bar: FilterBar, qtbot) -> None:
    with qtbot.waitSignal(bar.written) as heard:
        qtbot.keyClicks(bar.text, "port ")
    assert heard.args == ["port"]
    bar.put_text("port")
    assert bar.text.text() == "port "
    with qtbot.assertNotEmitted(bar.written, wait=300):
        bar.put_text("autre")
    assert bar.text.text() == "autre"
