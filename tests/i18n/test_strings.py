"""Promises of the translators' workshop, and that this tree keeps its rules."""

import gettext
import io
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from i18n.strings import shelf
from i18n.strings.check import problems_of
from i18n.strings.extract import Message, extract, texts_of
from i18n.strings.merge import merge
from i18n.strings.rules import faults
from i18n.strings.shelf import Catalogue, Entry

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "i18n" / "locale"

HEAD = "from i18n import t, tn, Text\nimport i18n\n"


@pytest.fixture(scope="module")
def problems():
    return problems_of(ROOT, LOCALE)


def shown(found):
    return "\n" + "\n".join(found)


def test_every_text_has_french_and_arabic(problems):
    assert not problems.untranslated, shown(problems.untranslated)


def test_every_text_in_the_source_is_plain_literal_english(problems):
    assert not problems.calls, shown(problems.calls)


def test_every_translation_keeps_the_rules(problems):
    assert not problems.rules, shown(problems.rules)


def test_what_the_app_reads_is_what_people_edited(problems):
    assert not problems.stale, shown(problems.stale)


def test_catalogues_are_written_the_same_way_every_time():
    for language in shelf.LANGUAGES:
        path = shelf.source_file(LOCALE, language)
        assert path.read_text(encoding="utf-8") == shelf.render(shelf.read(LOCALE, language))


@pytest.mark.parametrize("language", shelf.LANGUAGES)
def test_other_programs_read_our_catalogues(language):
    """Babel's reader of .po and the standard library's of .mo agree with ours."""
    ours = shelf.read(LOCALE, language)
    theirs = read_po(io.BytesIO(shelf.source_file(LOCALE, language).read_bytes()))
    forms = {(one.id[0] if one.pluralizable else one.id): list(one.string) if one.pluralizable else [one.string] for one in theirs if one.id}
    assert forms == {msgid: entry.forms for msgid, entry in ours.entries.items()}
    assert theirs.num_plurals == shelf.PLURALS[language][0]


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ('t("a")', Message("a", None, "x.py:3")),
        ('t("a " "b")', Message("a b", None, "x.py:3")),
        ('i18n.t("a")', Message("a", None, "x.py:3")),
        ('i18n.Text.counted("a", "b", 3)', Message("a", "b", "x.py:3")),
        ('tn("{n} a", "{n} b", 3)', Message("{n} a", "{n} b", "x.py:3")),
        ('Text("a {x}", x=1)', Message("a {x}", None, "x.py:3")),
        ('Text("a {x}", **more)', Message("a {x}", None, "x.py:3")),
        ('t(f"a {x}")', "x.py:3: t() takes plain literal English"),
        ("t(name)", "x.py:3: t() takes plain literal English"),
        ('t("a" + name)', "x.py:3: t() takes plain literal English"),
        ('tn("a", many, 3)', "x.py:3: tn() takes plain literal English"),
        ("Text(a if b else c)", "x.py:3: Text() takes plain literal English"),
        ('t("a {x}")', "x.py:3: no value for x"),
        ('tn("a {x}", "b {n}", 3)', "x.py:3: no value for x"),
    ],
)
def test_calls_in_the_source(call, found):
    (said,) = texts_of(HEAD + call, "x.py")
    assert said == found or (isinstance(said, str) and said.startswith(str(found)))


def test_only_our_own_words_are_heard():
    assert not list(texts_of("def t(x): ...\nt(name)\nother.t(name)", "x.py"))
    assert not list(texts_of("from i18n import language\nlanguage()\nfoo.Text(bar)", "x.py"))
    assert list(texts_of("from i18n import t as say\nsay('a')", "x.py")) == [Message("a", None, "x.py:2")]
    assert list(texts_of("from i18n.text import Text\nText('a')", "x.py"))


def test_one_english_text_has_one_plural(tmp_path):
    (tmp_path / "sync").mkdir()
    (tmp_path / "sync" / "a.py").write_text(HEAD + 'tn("{n} a", "{n} b", 1); tn("{n} a", "{n} c", 1); t("z")')
    found = extract(tmp_path)
    assert [message.msgid for message in found.messages] == ["z", "{n} a"]
    assert len(found.problems) == 1
    assert "another plural" in found.problems[0]


@pytest.mark.parametrize(
    ("language", "msgid", "form", "fault"),
    [
        ("fr", "Save?", "Enregistrer ?", "no-break space"),
        ("fr", "Save?", "Enregistrer?", "no-break space"),
        ("fr", "Note: x", "Note : x", "no-break space"),
        ("fr", "“x”", "« x »", "no-break space"),
        ("fr", "the file", "l'élément", "straight apostrophe"),
        ("fr", "{a} of {b}", "{a} de", "{b} is missing"),
        ("fr", "{a}", "{a} {c}", "unknown field {c}"),
        ("fr", "{a}", "{a} {:d}", "braces do not make a field"),
        ("ar", "Save?", "حفظ?", "Latin punctuation"),
        ("ar", "a, b", "أ, ب", "Latin punctuation"),
        ("fr", "a ", "a", "begins or ends"),
        ("so", "{a}", "b", "{a} is missing"),
    ],
)
def test_broken_rules_are_named(language, msgid, form, fault):
    (found,) = faults(language, msgid, Entry(None, [form]))
    assert fault in found
    assert msgid in found


@pytest.mark.parametrize(
    ("language", "msgid", "form"),
    [
        ("fr", "Save?", "Enregistrer\u00a0?"),
        ("fr", "Save?!", "Enregistrer\u202f?!"),
        ("fr", "See http://x.dj/?a=1 at 10:30", "Voir http://x.dj/?a=1 à 10:30"),
        ("fr", "“{a}”: no", "«\u00a0{a}\u00a0»\u00a0: non, l’autre"),
        ("ar", "Save?", "حفظ؟"),
        ("ar", "“{a}”", "«{a}»"),
        ("fr", "a", ""),
    ],
)
def test_good_typography_passes(language, msgid, form):
    assert faults(language, msgid, Entry(None, [form])) == []


def test_rules_of_plurals():
    six = ["لا تعديل", "تعديل واحد", "تعديلان", "{n} تعديلات", "{n} تعديلًا", "{n} تعديل"]
    assert faults("ar", "{n} change", Entry("{n} changes", six)) == []
    assert "6" in faults("ar", "{n} change", Entry("{n} changes", six[:2]))[0]
    assert "is empty" in faults("ar", "{n} change", Entry("{n} changes", [*six[:5], ""]))[0]
    assert "{n} is missing" in faults("ar", "{n} change", Entry("{n} changes", [*six[:3], "x", *six[4:]]))[0]
    # In French the first form says 0 and 1 alike: it must show the figure.
    assert "{n} is missing" in faults("fr", "{n} a", Entry("{n} b", ["une", "{n} b"]))[0]


lines = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
entries = st.one_of(
    lines.map(lambda form: Entry(None, [form])),
    st.tuples(lines, lines, lines).map(lambda each: Entry(each[0], [each[1], each[2]])),
)


@given(st.dictionaries(lines, entries))
def test_catalogues_come_back_as_they_were_written(written):
    catalogue = Catalogue("fr", written)
    assert shelf.parse(shelf.render(catalogue), "fr") == catalogue
    read = gettext.GNUTranslations(io.BytesIO(shelf.compiled(catalogue)))
    for msgid, entry in written.items():
        if entry.plural is None:
            assert read.gettext(msgid) == entry.forms[0]
        else:
            assert [read.ngettext(msgid, entry.plural, n) for n in (1, 2)] == entry.forms


def test_merging_takes_the_good_refuses_the_bad_and_is_repeatable(tmp_path):
    document = {
        "Yes": {"fr": "Oui", "ar": "نعم"},
        "Sure?": {"fr": "Sûr ?", "ar": "متأكد؟"},
        "{n} a|||{n} b": {"fr": ["{n} a", "{n} b"], "ar": ["{n} x"]},
        "No": {"xx": "?"},
    }
    first = merge(tmp_path, document)
    assert (first.added, first.changed, first.same, len(first.refused)) == (4, 0, 0, 3)
    before = {path.name: path.read_bytes() for path in tmp_path.rglob("*.?o")}
    second = merge(tmp_path, document)
    assert (second.added, second.changed, second.same) == (0, 0, 4)
    assert before == {path.name: path.read_bytes() for path in tmp_path.rglob("*.?o")}
    third = merge(tmp_path, {"Yes": {"fr": "Ouais"}})
    assert third.changed == 1
    assert "Oui" in third.notes[0]


def test_an_untranslated_text_a_stale_file_and_a_wrong_call_are_found(tmp_path):
    (tmp_path / "sync").mkdir()
    (tmp_path / "sync" / "a.py").write_text(HEAD + 't("Yes"); t("No"); t(name)')
    locale = tmp_path / "locale"
    merge(locale, {"Yes": {"fr": "Oui", "ar": "نعم"}, "No": {"fr": "Non"}})
    found = problems_of(tmp_path, locale)
    assert len(found.calls) == 1
    assert found.untranslated == ["sync/a.py:3: 'No' has no ar"]
    assert found.rules == found.stale == []
    path = shelf.source_file(locale, "fr")
    path.write_text(path.read_text().replace("Oui", "Ouais"))
    assert problems_of(tmp_path, locale).stale == ["fr: the .mo is not the .po; run make strings"]


def test_helpers_who_merge_at_one_moment_lose_nothing(tmp_path):
    count = 6
    script = (
        "import json, sys; from pathlib import Path; from i18n.strings import shelf; "
        "from i18n.strings.merge import merge\n"
        "locale, number = Path(sys.argv[1]), sys.argv[2]\n"
        "for turn in range(5):\n"
        "    with shelf.locked(locale):\n"
        "        merge(locale, {f'text {number} {turn}': {'fr': 'texte', 'ar': 'نص'}})\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(i)], cwd=ROOT) for i in range(count)]
    assert [process.wait(60) for process in running] == [0] * count
    assert len(shelf.read(tmp_path, "ar").entries) == 5 * count


def test_the_words_of_the_workshop_answer():
    run = subprocess.run([sys.executable, "-m", "i18n.strings", "report"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.split()[0] for line in run.stdout.splitlines()] == ["fr", "ar", "so", "aa"]
    run = subprocess.run([sys.executable, "-m", "i18n.strings"], cwd=ROOT, capture_output=True, check=False)
    assert run.returncode == 2
