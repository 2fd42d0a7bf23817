"""The rules of what may move: hours over midnight, the month's limit, what is large; pure, no road."""

from __future__ import annotations

import pytest

from sync.spending import FREE, METERED_LARGE, Occasion, Rules, copy_waits, file_waits, is_open, left_of, not_begun

ITSELF, ASKED, ANYWAY = Occasion.BY_ITSELF, Occasion.ASKED, Occasion.ANYWAY
MB = 1_000_000


@pytest.mark.parametrize(("hours", "minute", "open_"), [
    (None, 0, True), ((60, 120), 59, False), ((60, 120), 60, True), ((60, 120), 119, True), ((60, 120), 120, False),
    ((22 * 60, 6 * 60), 22 * 60 - 1, False), ((22 * 60, 6 * 60), 22 * 60, True), ((22 * 60, 6 * 60), 0, True),
    ((22 * 60, 6 * 60), 6 * 60 - 1, True), ((22 * 60, 6 * 60), 6 * 60, False), ((300, 300), 7, True),
])
def test_hours_also_over_midnight(hours: tuple[int, int] | None, minute: int, open_: bool) -> None:
    assert is_open(hours, minute) is open_


def test_the_hours_bind_only_what_begins_by_itself() -> None:
    rules = Rules(hours=(22 * 60, 6 * 60))
    assert not_begun(rules, ITSELF, 12 * 60, 0) == "hours"
    assert not_begun(rules, ITSELF, 23 * 60, 0) == ""
    assert not_begun(rules, ASKED, 12 * 60, 0) == not_begun(rules, ANYWAY, 12 * 60, 0) == ""


def test_at_the_limit_nothing_begins_by_itself_and_whoever_asks_is_not_stopped() -> None:
    rules = Rules(cap=10 * MB)
    assert not_begun(rules, ITSELF, 0, 10 * MB - 1) == ""
    assert not_begun(rules, ITSELF, 0, 10 * MB) == "cap"
    assert not_begun(rules, ASKED, 0, 11 * MB) == ""
    assert (left_of(rules, ASKED, 4 * MB), left_of(rules, ASKED, 11 * MB), left_of(rules, ANYWAY, 11 * MB)) == (6 * MB, 0, None)


def test_other_peoples_records_wait_at_the_limit_and_when_large_on_a_metered_link() -> None:
    assert copy_waits(FREE, ITSELF, 900 * MB, 0) == ""
    assert copy_waits(Rules(large=MB), ITSELF, 900 * MB, 0) == ""  # the limit for files is none for records where nothing is paid by the byte
    assert copy_waits(Rules(metered=True), ITSELF, METERED_LARGE, 0) == ""
    assert copy_waits(Rules(metered=True), ASKED, METERED_LARGE + 1, 0) == "large"
    assert copy_waits(Rules(metered=True), ANYWAY, METERED_LARGE + 1, 0) == ""
    assert copy_waits(Rules(cap=10 * MB), ASKED, 3 * MB, 7 * MB) == ""
    assert copy_waits(Rules(cap=10 * MB), ASKED, 3 * MB + 1, 7 * MB) == "cap"
    assert copy_waits(Rules(cap=10 * MB), ASKED, 0, 10 * MB) == "cap"


def test_files_wait_for_a_yes_and_never_go_by_themselves_on_a_metered_link() -> None:
    def waits(rules: Rules, occasion: Occasion, size: int, spent: int = 0, *, agreed: bool = False) -> str:
        return file_waits(rules, occasion, size, spent, agreed=agreed)

    assert waits(FREE, ITSELF, 900 * MB) == ""
    assert waits(Rules(large=MB), ITSELF, MB) == ""
    assert waits(Rules(large=MB), ITSELF, MB + 1) == waits(Rules(large=MB), ASKED, MB + 1) == "large"
    assert waits(Rules(large=MB), ITSELF, MB + 1, agreed=True) == waits(Rules(large=MB), ANYWAY, MB + 1) == ""
    assert waits(Rules(metered=True), ITSELF, 1) == "metered"
    assert waits(Rules(metered=True), ITSELF, 1, agreed=True) == waits(Rules(metered=True), ASKED, 1) == ""
    assert waits(Rules(metered=True), ASKED, METERED_LARGE + 1) == "large"
    assert waits(Rules(cap=MB), ASKED, 5 * MB, MB - 1) == ""  # as much of it leaves as the month holds
    assert waits(Rules(cap=MB), ASKED, 1, MB, agreed=True) == "cap"
    assert waits(Rules(cap=MB), ANYWAY, 1, MB) == ""
