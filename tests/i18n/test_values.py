"""Promises of values: one policy for numbers, dates, money, sizes, spans, phones and lists."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from i18n import Text, set_language, speaking, t, values

THIN, HARD = "\u202f", "\u00a0"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _usual_policy():
    yield
    set_language("fr")
    values.set_digits("latn")


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=3),
    st.sampled_from(["fr", "ar", "so", "aa", "en"]),
    st.sampled_from(["latn", "arab"]),
)
def test_numbers_are_those_of_cldr(value, language, digits):
    system = digits if language == "ar" else "latn"
    theirs = format_decimal(value, locale=f"{language}_DJ" if language != "en" else "en", numbering_system=system)
    with values.writing_digits(digits):
        ours = values.number(value, language=language)
    # Babel changes the marks and leaves the digits to its caller.
    ours = ours.translate({0x0660 + i: str(i) for i in range(10)})
    assert ours.replace("\u200e", "") == theirs.replace("\u200e", "").replace("\u061c", "")


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [
        (0, None, "0"),
        (-1234, None, f"-1{THIN}234"),
        (0.1, None, "0,1"),
        (2.5, 0, "2"),
        (1, 2, "1,00"),
        (float("nan"), None, "–"),
        (Decimal("Infinity"), None, "–"),
        (Decimal("-0.0004"), None, "0"),
        (10**30, None, THIN.join(["1"] + ["000"] * 10)),
    ],
)
def test_numbers_in_french(value, places, said):
    assert values.number(value, places=places) == said


def test_the_sign_stays_left_of_its_figure_in_arabic():
    assert values.number(-5, language="ar") == "\u200e-5"


@pytest.mark.parametrize(
    ("amount", "currency", "french", "arabic", "english"),
    [
        ("2500000", "DJF", f"2{THIN}500{THIN}000{HARD}FDJ", "2,500,000 فرنك جيبوتي", "DJF 2,500,000"),
        ("2500.40", "DJF", f"2{THIN}500{HARD}FDJ", "2,500 فرنك جيبوتي", "DJF 2,500"),
        (60000, "EUR", f"60{THIN}000{HARD}€", "60,000 يورو", "€60,000"),
        ("60000.5", "EUR", f"60{THIN}000,50{HARD}€", "60,000.50 يورو", "€60,000.50"),
        ("1000.00", "USD", f"1{THIN}000{HARD}$US", "1,000 دولار أمريكي", "US$1,000"),
        (3, "GBP", f"3{HARD}GBP", f"3{HARD}GBP", f"3{HARD}GBP"),
    ],
)
def test_money(amount, currency, french, arabic, english):
    assert values.money(amount, currency, language="fr") == french
    assert values.money(amount, currency, language="ar") == f"\u2068{arabic}\u2069"
    assert values.money(amount, currency, language="en") == english


def test_money_is_refused_when_it_is_no_number():
    for wrong in ("beaucoup", "", "NaN", "Infinity"):
        with pytest.raises(InvalidOperation):
            values.money(wrong, "DJF")


@pytest.mark.parametrize(
    ("count", "french", "arabic"),
    [
        (0, "0 octet", "0 بايت"),
        (1, "1 octet", "بايت واحد"),
        (2, "2 octets", "بايتان"),
        (999, "999 octets", "999 بايت"),
        (1000, f"1{HARD}Ko", "1 كيلوبايت"),
        (16_384, f"16{HARD}Ko", "16 كيلوبايت"),
        (999_499, f"999{HARD}Ko", "999 كيلوبايت"),
        (999_950, f"1{HARD}Mo", "1 ميغابايت"),
        (2_100_000, f"2,1{HARD}Mo", "2.1 ميغابايت"),
        (9_960_000, f"10{HARD}Mo", "10 ميغابايت"),
        (310_000_000, f"310{HARD}Mo", "310 ميغابايت"),
        (4_000_000_000, f"4{HARD}Go", "4 غيغابايت"),
        (5 * 10**15, f"5{THIN}000{HARD}To", "5,000 تيرابايت"),
    ],
)
def test_sizes(count, french, arabic):
    assert values.size(count, language="fr") == french
    assert values.size(count, language="ar") == arabic


@pytest.mark.parametrize(
    ("value", "style", "french", "arabic", "english"),
    [
        ("2019", "long", "2019", "2019", "2019"),
        ("2019", "short", "2019", "2019", "2019"),
        ("2019-05", "long", "mai 2019", "مايو 2019", "May 2019"),
        ("2019-05", "short", "05/2019", "\u206605/2019\u2069", "05/2019"),
        ("2019-01-01", "long", "1er janvier 2019", "1 يناير 2019", "1 January 2019"),
        ("2019-02-28", "long", "28 février 2019", "28 فبراير 2019", "28 February 2019"),
        ("2019-08-11", "full", "dimanche 11 août 2019", "الأحد، 11 أغسطس 2019", "Sunday, 11 August 2019"),
        ("2019-12-31", "short", "31/12/2019", "\u206631/12/2019\u2069", "31/12/2019"),
        (date(2019, 7, 5), "long", "5 juillet 2019", "5 يوليو 2019", "5 July 2019"),
        ("2019-07-05T10:00:00+03:00", "long", "5 juillet 2019", "5 يوليو 2019", "5 July 2019"),
    ],
)
def test_dates(value, style, french, arabic, english):
    assert values.date(value, style, language="fr") == french
    assert values.date(value, style, language="ar") == arabic
    assert values.date(value, style, language="en") == english


def test_arabic_months_are_those_of_djibouti():
    months = [values.date(f"2019-{month:02}", language="ar").split()[0] for month in range(1, 13)]
    assert months == [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ]


@pytest.mark.parametrize("wrong", ["", "hier", "2019-13", "2019-00", "2019-02-30", "19", "2019-5"])
def test_what_is_no_date_is_refused(wrong):
    with pytest.raises(ValueError, match=r".+"):
        values.date(wrong)


def test_moments():
    assert values.moment("2019-05-17T14:05:00") == "17 mai 2019 à 14:05"
    assert values.moment(datetime(2019, 5, 17, 0, 5, tzinfo=UTC), language="ar") == "17 مايو 2019، 00:05"


@pytest.mark.parametrize(
    ("span", "french", "arabic"),
    [
        ({"seconds": 0}, "à l’instant", "الآن"),
        ({"seconds": 59}, "à l’instant", "الآن"),
        ({"minutes": 1}, "il y a 1 minute", "منذ دقيقة"),
        ({"minutes": 2}, "il y a 2 minutes", "منذ دقيقتين"),
        ({"minutes": 59}, "il y a 59 minutes", "منذ 59 دقيقة"),
        ({"hours": 5}, "il y a 5 heures", "منذ 5 ساعات"),
        ({"hours": 23}, "il y a 23 heures", "منذ 23 ساعة"),
        ({"days": 1}, "il y a 1 jour", "منذ يوم"),
        ({"days": 2}, "il y a 2 jours", "منذ يومين"),
        ({"days": 3}, "il y a 3 jours", "منذ 3 أيام"),
        ({"days": 10}, "il y a 10 jours", "منذ 10 أيام"),
        ({"days": 11}, "il y a 11 jours", "منذ 11 يومًا"),
        ({"days": 18}, "il y a 18 jours", "منذ 18 يومًا"),
        ({"days": 59}, "il y a 59 jours", "منذ 59 يومًا"),
        ({"days": 60}, "il y a 1 mois", "منذ شهر"),
        ({"days": 100}, "il y a 3 mois", "منذ 3 أشهر"),
        ({"days": 400}, "il y a 13 mois", "منذ 13 شهرًا"),
        ({"days": 731}, "il y a 2 ans", "منذ سنتين"),
        ({"days": 4000}, "il y a 10 ans", "منذ 10 سنوات"),
        ({"minutes": -3}, "dans 3 minutes", "بعد 3 دقائق"),
        ({"hours": -1}, "dans 1 heure", "بعد ساعة"),
        ({"days": -18}, "dans 18 jours", "بعد 18 يومًا"),
        ({"days": -800}, "dans 2 ans", "بعد سنتين"),
    ],
)
def test_how_long_ago(span, french, arabic):
    when = NOW - timedelta(**span)
    assert values.ago(when, NOW, language="fr") == french
    assert values.ago(when, NOW, language="ar") == arabic


def test_days_are_counted_between_dates_too():
    assert values.ago(date(2026, 11, 23), NOW) == "aujourd’hui"
    assert values.ago(date(2026, 11, 5), date(2026, 11, 23)) == "il y a 18 jours"
    assert values.ago(date(2026, 11, 24), NOW, language="ar") == "بعد يوم"


def test_no_span_is_ever_of_nothing():
    """Between two units a span must not be said as 0 of the larger one."""
    for hours in range(24 * 800):
        for sign in (1, -1):
            assert " 0 " not in values.ago(NOW - sign * timedelta(hours=hours), NOW, language="en")


@pytest.mark.parametrize(
    ("seconds", "french", "arabic"),
    [
        (0, f"0{HARD}s", "0 ثانية"),
        (45, f"45{HARD}s", "45 ثانية"),
        (180, f"3{HARD}min", "3 دقائق"),
        (3594, f"1{HARD}h", "ساعة واحدة"),
        (8100, f"2{HARD}h 15{HARD}min", "ساعتان و15 دقيقة"),
        (86_399, "1 jour", "يوم واحد"),
        (3 * 86_400 + 4 * 3600, f"3 jours 4{HARD}h", "3 أيام و4 ساعات"),
    ],
)
def test_durations(seconds, french, arabic):
    assert values.duration(seconds, language="fr") == french
    assert values.duration(seconds, language="ar") == arabic


def test_the_length_of_a_project():
    assert values.months(12) == "12 mois"
    assert values.months(12, language="ar") == "12 شهرًا"


@pytest.mark.parametrize(
    ("typed", "shown", "dialled"),
    [
        ("77341256", "+253 77 34 12 56", "+25377341256"),
        ("+253 77 34 12 56", "+253 77 34 12 56", "+25377341256"),
        ("00253-21.35.10.20", "+253 21 35 10 20", "+25321351020"),
        ("٧٧٣٤١٢٥٦", "+253 77 34 12 56", "+25377341256"),
        ("\u206677 34 12 56\u2069", "+253 77 34 12 56", "+25377341256"),
        ("+33 6 12 34 56 78", "+33 6 12 34 56 78", "+33612345678"),
        ("18", "18", "18"),
    ],
)
def test_phones(typed, shown, dialled):
    for language in ("fr", "ar"):
        with speaking(language), values.writing_digits("arab"):
            assert values.phone(typed) == f"\u2066{shown}\u2069"
            assert values.dialled(values.phone(typed)) == dialled


def test_lists():
    assert values.listing(["a", "b", "c"]) == "a, b et c"
    assert values.listing(["a", "b"], "or") == "a ou b"
    assert values.listing(["a"]) == "a"
    assert values.listing([]) == ""
    assert values.listing(["أ", "ب", "ج"], language="ar") == "أ، ب وج"
    assert values.listing([Text("today"), 1500], language="ar") == "اليوم و1,500"


def test_a_list_of_latin_names_runs_right_to_left_in_arabic():
    names = values.listing(["GIZ", "UE"], language="ar")
    with speaking("ar"):
        assert t("{larger} {smaller}", larger=names, smaller="x") == ("\u2068GIZ\u2069 و\u2068UE\u2069 و\u2068x\u2069")


def test_one_choice_of_digits_holds_everywhere():
    values.set_digits("arab")
    with speaking("ar"):
        assert values.number(1234.5) == "١٬٢٣٤٫٥"
        assert values.date("2019-05-17") == "١٧ مايو ٢٠١٩"
        assert values.date("2019") == "٢٠١٩"
        assert values.money("2500", "DJF") == "\u2068٢٬٥٠٠ فرنك جيبوتي\u2069"
        assert values.ago(NOW - timedelta(days=18), NOW) == "منذ ١٨ يومًا"
        assert values.size(2_100_000) == "٢٫١ ميغابايت"
        assert values.moment("2019-05-17T14:05:00") == "١٧ مايو ٢٠١٩، ١٤:٠٥"
        with values.writing_digits("latn"):
            assert values.number(12) == "12"
    assert values.number(12, language="fr") == "12"
