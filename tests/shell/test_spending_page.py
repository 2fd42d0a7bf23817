"""The page of data and cost: what was spent, and limits that hold at once and are kept; a real workspace."""

from __future__ import annotations

import json

import pytest
from PySide6.QtWidgets import QRadioButton

from desktop.kit.tasks import InlineTasks
from desktop.shell.choice import Choice
from desktop.shell.feature import Context, Events
from desktop.shell.preferences import Choices, Preferences
from desktop.shell.spending import choices_in, cost_of, hours_of, limits_in, rules_of
from desktop.shell.spending_page import SpendingPage
from i18n import set_language
from resources import KINDS
from sync import traffic
from sync.spending import Rules
from sync.workspace import Workspace


@pytest.fixture
def page(qtbot, tmp_path):
    ws = Workspace(tmp_path / "data", KINDS)
    made = []

    def show(**chosen) -> SpendingPage:
        if chosen:
            limits_in(tmp_path / "data").choose(**chosen)
        made.append(SpendingPage(Context(ws, InlineTasks(), lambda *_: None, lambda *_: None, Preferences(None), Events())))
        qtbot.addWidget(made[-1])
        made[-1].resize(1000, 700)
        made[-1].show()
        return made[-1]

    show.ws = ws
    yield show
    for one in made:
        one.hide()
    ws.close()


def plain(words: str) -> str:
    """Words without what only holds figures and units together."""
    return words.translate({0xA0: " ", 0x202F: " ", 0x2068: "", 0x2069: ""})


def press(page: SpendingPage, question: str, answer: str) -> None:
    card = next(one for one in page.findChildren(Choice) if one.name == question)
    next(one for one in card.findChildren(QRadioButton) if one.property("value") == answer).click()


def test_nothing_moved_yet_is_said_calmly(page):
    shown = page()
    assert plain(shown.month.figure.text()) == "0 octet"
    assert not shown.earlier.isVisible()


def test_this_month_by_kind_with_ones_own_share_and_the_money(page):
    traffic.add(page.ws, {"records_up": 2_000_000, "files_down": 8_000_000})
    with page.ws.store.transaction():
        page.ws.store.execute("INSERT INTO pub.traffic VALUES ('2001-02', 'records_up', 3000000)")
        page.ws.store.execute("UPDATE pub.traffic SET bytes = 10000000 WHERE way = 'files_down'")
    shown = page(cap=50, price="1.5")
    assert plain(shown.month.figure.text()) == "12 Mo sur 50 Mo"
    assert "18" in shown.month.meaning.text()
    assert "dont vous" in shown.month.meaning.text()
    assert ("Fichiers reçus", "10 Mo", "8 Mo") in [tuple(map(plain, row)) for row in shown.month._shown]
    assert shown.earlier.isVisible()
    assert list(map(plain, shown.earlier._shown[0][:2])) == ["février 2001", "3 Mo"]


def test_each_choice_holds_at_once_and_is_kept(page, tmp_path):
    shown = page()
    for question, answer in (("metered", "yes"), ("cap", "100"), ("large", "5"), ("hours", "22:00-06:00")):
        press(shown, question, answer)
    shown.price.setText("٠٫٥")
    shown.price.editingFinished.emit()
    kept = choices_in(tmp_path / "data")
    assert rules_of(kept) == Rules(metered=True, cap=100_000_000, large=5_000_000, hours=(22 * 60, 6 * 60))
    assert kept.price == "0.5"
    press(shown, "metered", "no")
    press(shown, "hours", "")
    assert rules_of(choices_in(tmp_path / "data")) == Rules(cap=100_000_000, large=5_000_000)


def test_a_price_that_is_none_is_not_kept_and_says_so(page, tmp_path):
    shown = page(price="2")
    shown.price.setText("cher")
    shown.price.editingFinished.emit()
    assert "nombre" in shown._wrong.text()
    assert choices_in(tmp_path / "data").price == "2"
    shown.price.setText("")
    shown.price.editingFinished.emit()
    assert shown._wrong.text() == ""
    assert choices_in(tmp_path / "data").price == ""


def test_a_limit_that_was_written_elsewhere_stays_chosen(page):
    shown = page(cap=35)
    card = next(one for one in shown.findChildren(Choice) if one.name == "cap")
    assert [plain(one.text()) for one in card.findChildren(QRadioButton) if one.isChecked()] == ["35 Mo"]


def test_the_page_speaks_arabic(page):
    set_language("ar")
    traffic.add(page.ws, {"records_up": 2_000_000})
    assert plain(page(cap=50).month.figure.text()) == "2 ميغابايت من 50 ميغابايت"


@pytest.mark.parametrize(("text", "wanted"), [("", None), ("22:00-06:00", (1320, 360)), ("7:05-23:59", (425, 1439)), ("24:00-06:00", None), ("x", None)])
def test_hours_as_they_are_written(text, wanted):
    assert hours_of(text) == wanted


@pytest.mark.parametrize("bad", [{"cap": -1}, {"cap": True}, {"cap": "50"}, {"metered": 1}, {"hours": "25:00-01:00"}, {"hours": 3}, {"price": "nan"},
                                 {"price": "-1"}, {"price": 2}, {"price": "9" * 40}, {"large": 10**9}, {"large": None}])
def test_damaged_limits_are_not_believed(bad, tmp_path):
    with pytest.raises(ValueError, match="no such preference"):
        Preferences(None).choose(**bad)
    (tmp_path / "preferences.json").write_text(json.dumps(bad), "utf-8")
    assert Preferences(tmp_path / "preferences.json").choices == Choices()


def test_the_cost_of_bytes():
    assert cost_of(1_500_000, "") is None
    assert cost_of(1_500_000, "2") == 3
