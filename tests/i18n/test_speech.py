"""Promises of t, tn and Text: the right language, plural and fields, for everybody at once."""

import copy
import pickle
import subprocess
import sys
import threading
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import i18n
from i18n import Text, catalogue, set_language, speaking, t, template, tn
from i18n.strings import shelf


@pytest.fixture(autouse=True)
def _french_again():
    yield
    set_language("fr")


def test_french_is_spoken_first():
    assert i18n.language() == "fr"
    assert t("today") == "aujourd’hui"
    assert i18n.direction() == "ltr"


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "بعد أقل من يوم"),
        (1, "بعد يوم"),
        (2, "بعد يومين"),
        (3, "بعد 3 أيام"),
        (10, "بعد 10 أيام"),
        (11, "بعد 11 يومًا"),
        (99, "بعد 99 يومًا"),
        (100, "بعد 100 يوم"),
        (102, "بعد 102 يوم"),
        (103, "بعد 103 أيام"),
        (111, "بعد 111 يومًا"),
        (1000, "بعد 1,000 يوم"),
    ],
)
def test_arabic_has_six_plurals(n, said):
    with speaking("ar"):
        assert tn("in {n} day", "in {n} days", n) == said


@pytest.mark.parametrize(
    ("language", "n", "said"),
    [
        ("fr", 0, "dans 0 jour"),
        ("fr", 1, "dans 1 jour"),
        ("fr", 2, "dans 2 jours"),
        ("en", 0, "in 0 days"),
        ("en", 1, "in 1 day"),
        ("en", 2, "in 2 days"),
    ],
)
def test_plurals_of_latin_languages(language, n, said):
    with speaking(language):
        assert tn("in {n} day", "in {n} days", n) == said


@pytest.mark.parametrize("language", ["so", "aa"])
def test_what_somali_and_afar_lack_is_said_in_french(language):
    with speaking(language):
        assert t("today") == "aujourd’hui"
        assert t("no catalogue has this") == "no catalogue has this"


def test_fall_back_goes_by_message_and_ends_in_english(tmp_path):
    for language, entries in {
        "ar": {"a": shelf.Entry(None, ["ألف"])},
        "fr": {"a": shelf.Entry(None, ["a fr"]), "b": shelf.Entry(None, ["b fr"])},
        "so": {"b": shelf.Entry(None, [""])},
    }.items():
        shelf.write(tmp_path, language, shelf.Catalogue(language, entries))
    arabic, somali = catalogue.load("ar", tmp_path), catalogue.load("so", tmp_path)
    assert [arabic.gettext(msgid) for msgid in "abc"] == ["ألف", "b fr", "c"]
    assert [somali.gettext(msgid) for msgid in "abc"] == ["a fr", "b fr", "c"]
    assert catalogue.load("aa", tmp_path).gettext("b") == "b fr"


def test_empty_message_is_empty_not_the_catalogue_header():
    assert t("") == ""


def test_threads_and_blocks_keep_their_own_language():
    heard = {}
    both = threading.Barrier(2)

    def request(language):
        with speaking(language):
            both.wait()
            heard[language] = t("today")
            both.wait()

    threads = [threading.Thread(target=request, args=(code,)) for code in ("ar", "en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {"ar": "اليوم", "en": "today"}
    assert t("today") == "aujourd’hui"
    with speaking("ar"), pytest.raises(ZeroDivisionError), speaking("en"):
        1 / 0  # noqa: B018 - the block must close on any way out
    assert i18n.language() == "fr"


def test_a_kept_text_follows_the_language():
    text = Text("{larger} {smaller}", larger=Text("today"), smaller=2500)
    assert str(text) == f"{text}" == "aujourd’hui 2\u202f500"
    set_language("ar")
    assert str(text) == "اليوم و2,500"
    assert text.say("en") == "today 2,500"
    with speaking("en"):
        assert str(text) == "today 2,500"
    assert str(Text.counted("in {n} day", "in {n} days", 2)) == "بعد يومين"
    assert Text("{date}, {time}", date=date(2019, 5, 1), time="x").say("fr") == "1er mai 2019 à x"


def test_a_text_is_a_value():
    text = Text("in {n} day", n=1)
    assert text == Text("in {n} day", n=1)
    assert text != Text("in {n} day", n=2)
    assert text != Text.counted("in {n} day", "in {n} days", 1)
    assert text != "in 1 day"
    assert len({text, Text("in {n} day", n=1), Text("today")}) == 2
    assert pickle.loads(pickle.dumps(text)) == copy.deepcopy(text) == text
    with pytest.raises(AttributeError):
        text.msgid = "other"
    with pytest.raises(AttributeError):
        del text.msgid
    text.args["n"] = 5
    assert text.args == {"n": 1}


def test_a_forgotten_field_fails_here_and_never_shows_braces_to_people():
    with pytest.raises(KeyError, match="name"):
        t("Hello {name}")
    template.set_missing("ellipsis")
    try:
        assert t("Hello {name}") == "Hello …"
        assert Text("in {n} day", plural=3).say("en") == "in … day"
    finally:
        template.set_missing("raise")


def test_braces_typed_by_people_stay_theirs():
    assert t("{larger} {smaller}", larger="{smaller}", smaller="{x!r}") == "{smaller} {x!r}"
    assert template.fill("{{a}} {b}", {"b": 1}, "en") == "{a} 1"


@pytest.mark.parametrize(
    ("language", "value", "said"),
    [
        ("ar", "أوبوك", "أوبوك"),
        ("ar", "GIZ", "\u2068GIZ\u2069"),
        ("ar", "+253 77 34 12 56", "\u2068+253 77 34 12 56\u2069"),
        ("ar", "2019-05-01", "\u20682019-05-01\u2069"),
        ("ar", "42", "42"),
        ("fr", "GIZ", "GIZ"),
        ("fr", "+253 77 34 12 56", "+253 77 34 12 56"),
        ("fr", "جمعية", "\u2068جمعية\u2069"),
        ("ar", "\u2066+253\u2069", "\u2066+253\u2069"),
    ],
)
def test_what_runs_against_the_sentence_is_isolated(language, value, said):
    assert template.fill("{x}", {"x": value}, language) == said


@given(st.text(), st.sampled_from(list(i18n.LANGUAGES)))
def test_any_name_survives_a_sentence(name, language):
    said = template.fill("<{x}>", {"x": name}, language)
    assert said in (f"<{name}>", f"<\u2068{name}\u2069>")


@pytest.mark.parametrize("wrong", ["de", "", "FR"])
def test_unknown_languages_are_refused(wrong):
    with pytest.raises(ValueError, match="no such language"):
        set_language(wrong)
    with pytest.raises(ValueError, match="no such language"), speaking(wrong):
        pass


def test_the_nearest_language_of_a_system():
    assert i18n.nearest("ar_DJ.UTF-8", "fr") == "ar"
    assert i18n.nearest("de-DE", "fr-FR") == "fr"
    assert i18n.nearest("C", "so") == "so"
    assert i18n.nearest("C.UTF-8", otherwise="en") == "en"


def test_importing_costs_little_and_brings_neither_babel_nor_qt():
    """At most three times what gettext and re cost by themselves (about 15 ms in all on a quiet machine)."""

    def spent(module):
        script = f"import time; start = time.process_time(); import {module}; print(time.process_time() - start)"
        return min(float(run_python(script)) for _ in range(3))

    assert spent("i18n") < 3 * spent("gettext, contextvars, re")
    script = "import sys, i18n; i18n.t('today'); print(*sys.modules)"
    loaded = set(run_python(script).split())
    assert not loaded & {"babel", "PySide6", "fastapi", "i18n.strings", "i18n.values", "i18n.names", "logging", "pathlib"}


def run_python(script):
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
