"""Adding oneself: by keyboard alone, in both directions, with words proposed or one's own, to the code on its sheet."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.shell.people.first_screen import FirstScreen
from desktop.shell.people.paper import write_paper
from desktop.shell.people.tiles import initials
from i18n import set_language
from sync import phrases

from .conftest import AMINA, HERS, Desks


def walk_to(desks: Desks, what: QPushButton) -> None:
    """Tab until this one has the keyboard."""
    for _ in range(40):
        if desks.focus() is what:
            return
        desks.press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never comes to “{what.text()}”")


@pytest.mark.parametrize("tongue", ["fr", "ar"])
def test_by_keyboard_alone(two, tongue):
    two.page.language_chosen.emit(tongue)
    ahead = Qt.Key.Key_Left if tongue == "ar" else Qt.Key.Key_Right
    for _ in range(6):
        two.press(ahead)
    assert two.focus().key == "stick", "the arrow that points ahead ends at the last tile"
    two.press(Qt.Key.Key_Right if tongue == "ar" else Qt.Key.Key_Left)
    assert two.focus().key == "add"
    two.press(Qt.Key.Key_Return)
    two.type("Hodan Ali")
    step = two.page.step
    words = step.words()
    assert len(words.split()) == phrases.WORDS and set(words.split()) <= set(phrases.words(tongue))
    walk_to(two, step.again)
    two.press(Qt.Key.Key_Space)
    assert step.words() != words
    words = step.words()
    walk_to(two, step.go)
    two.press(Qt.Key.Key_Space)
    two.type(words)
    two.rest()
    step = two.page.step
    assert not step.go.isEnabled(), "nobody goes on by accident from what is shown once"
    two.press(Qt.Key.Key_Space)  # the tick box has the keyboard
    walk_to(two, step.go)
    two.press(Qt.Key.Key_Space)
    assert two.desk.sessions.current.name == "Hodan Ali"
    two.lock()
    assert isinstance(two.page, FirstScreen) and two.focus().key == "person Hodan Ali"


def test_letters_walk_to_a_name(two):
    two.type("z", enter=False)
    assert two.focus().key == f"person {AMINA}", "nobody here begins so"
    two.type("ح", enter=False)
    assert two.focus().key.startswith("person ح")
    two.type("a", enter=False)
    assert two.focus().key == "add", "further on, the next name that begins so"
    two.type("A", enter=False)
    assert two.focus().key == f"person {AMINA}"


@pytest.mark.parametrize(("name", "fits"), [("", False), ("amina  houssein", False), ("a/b", False), ("CON", False), ("Amina H.", False), ("Amina bis", True)])
def test_a_name_that_cannot_be_says_why(two, name, fits):
    two.reception.show_adding()
    step = two.page.step
    two.type(name)
    assert (two.page.step is not step) is fits
    assert fits or two.page.step.line.accessibleDescription()


def test_a_text_of_ones_own_must_be_long_enough(two):
    two.reception.show_adding()
    two.type("Hodan")
    step = two.page.step
    step.ways._buttons["own"].click()
    two.type("vive djibouti")
    assert two.page.step is step and step.own.line.accessibleDescription()
    two.type(" et toutes ses mers")
    assert two.page.step is not step


def test_another_phrase_the_second_time_is_noticed_and_one_may_look_again(two):
    two.reception.show_adding()
    two.type("Hodan")
    two.page.step.submit()
    step = two.page.step
    two.type("autre chose")
    assert two.page.step is step and not two.people.known("Hodan")
    two.press(Qt.Key.Key_Escape)
    assert two.page.step.words()
    two.press(Qt.Key.Key_Escape)
    assert two.page.step.line.text() == "Hodan", "the name is still there"
    two.press(Qt.Key.Key_Escape)
    assert isinstance(two.page, FirstScreen)


def test_somebody_who_came_meanwhile_keeps_the_name(two):
    two.reception.show_adding()
    two.type("Hodan")
    words = two.page.step.words()
    two.page.step.submit()
    two.people.add("Hodan", HERS)
    two.type(words)
    two.rest()
    assert two.page.step.said.isVisible() and two.desk.sessions.current is None
    assert two.people.open("Hodan", HERS)


@pytest.mark.parametrize("tongue", ["fr", "ar"])
def test_the_sheet_with_the_code(qapp: QApplication, tmp_path, tongue):
    set_language(tongue)
    write_paper(str(tmp_path / "code.pdf"), AMINA, "ABCDE-FGHJK-MNPQR-STVWX-YZ012")
    write_paper(str(tmp_path / "code.png"), AMINA, "ABCDE-FGHJK-MNPQR-STVWX-YZ012")
    assert (tmp_path / "code.pdf").read_bytes().startswith(b"%PDF")
    picture = QImage(str(tmp_path / "code.png"))
    assert picture.width() >= 1000 and picture.pixelColor(5, 5) == Qt.GlobalColor.white


def test_a_sheet_that_cannot_be_written_says_so_and_is_asked_again(two, tmp_path):
    two.reception.show_adding()
    two.type("Hodan")
    words = two.page.step.words()
    two.page.step.submit()
    two.type(words)
    two.rest()
    step = two.page.step
    for ending in ("pdf", "png"):
        step.save(str(tmp_path / "no such folder" / f"code.{ending}"))
        assert step.said.isVisible() and not step.go.isEnabled() and not step.sure.isChecked()
    step.save(str(tmp_path / "code.png"))
    assert step.go.isEnabled() and step.sure.isChecked()


@pytest.mark.parametrize(("name", "letters"), [("Amina Houssein", "AH"), ("amina", "A"), ("حسن علي", "حع"), ("Fatouma Robleh Abdi", "FA"), ("(?)", "("), ("élise", "É")])
def test_initials(name, letters):
    assert "".join(one for one in initials(name) if one.isalnum() or one == "(") == letters
