"""The self-test holds on this tree, and names what a broken part or page does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import qWarning

from desktop import selftest, selftest_parts
from desktop.kit import icons


class Lines(list):
    """What the journal said."""

    def __call__(self, line: str) -> None:
        self.append(line)


@pytest.fixture
def journal():
    made = selftest.Journal(Lines(), "en")
    made.listen()
    yield made
    made.stop_listening()


@pytest.mark.parametrize("part", selftest_parts.PARTS.values(), ids=lambda part: part.__name__)
def test_every_part_is_here(qapp, part):
    from desktop.kit import theme

    theme.apply(qapp, theme.Theme())
    part()


def test_every_page_opens(qapp, monkeypatch, capsys):
    """One language in one light: `dalil --self-test` on the bundle walks through all."""
    monkeypatch.setattr(selftest, "LANGUAGES", {"ar": "العربية"})
    monkeypatch.setattr(selftest, "THEMES", ("dark",))
    code = selftest.main()
    said = capsys.readouterr().out
    assert code == 0, said
    assert ": fr people\n" in said and ": ar people\n" in said
    for page in ("home", "directory view map", "library item new", "sync_room", "preferences", "reader"):
        assert f": ar dark {page}\n" in said


def test_a_check_that_holds_is_one_line(journal):
    with journal.check("Nothing"):
        pass
    assert journal.say == ["holds: Nothing"]
    assert journal.failures == 0


def test_a_warning_of_qt_is_a_failure(qapp, journal):
    with journal.check("Warned"):
        qWarning("QPainter::begin: nothing to paint on")
    assert journal.failures == 1
    assert journal.say[0] == "failed: Warned"
    assert "nothing to paint on" in journal.say[1]


def test_an_exception_is_a_failure_and_the_next_check_runs(journal):
    with journal.check("Broken"):
        raise KeyError("page")
    with journal.check("Next"):
        pass
    assert journal.failures == 1
    assert "KeyError" in "\n".join(journal.say)
    assert journal.say[-1] == "holds: Next"


def test_an_exception_in_a_slot_is_a_failure(qtbot, journal):
    from PySide6.QtCore import QObject, Signal

    class Asker(QObject):
        asked = Signal()

        def answer(self):
            raise ValueError("in a slot")

    with journal.check("Slot"):
        asker = Asker()
        asker.asked.connect(asker.answer)
        asker.asked.emit()
    assert journal.failures == 1
    assert "in a slot" in "\n".join(journal.say)


@pytest.mark.qt_log_ignore("QPaint", extend=True)  # the drawing is given up half-way
def test_an_icon_that_is_not_in_the_face_is_found(qapp, monkeypatch):
    monkeypatch.setitem(icons.NAMES, "no_such_icon", "there-is-no-such-drawing")
    with pytest.raises((KeyError, AssertionError)):
        selftest_parts.drawings()


def test_a_page_of_one_colour_is_found(qtbot):
    from PySide6.QtWidgets import QWidget

    blank = QWidget()
    qtbot.addWidget(blank)
    blank.setAutoFillBackground(True)
    with pytest.raises(AssertionError, match="nothing is drawn"):
        selftest.draw(blank)
