"""Numbers as a reader writes them; needs no Babel, its tests compare it with Babel."""

from decimal import Decimal

from i18n.digits import arabic_indic, in_policy
from i18n.speech import language as language_now

Number = int | float | Decimal

# Group and decimal marks (CLDR 47: fr, ar-DJ written with 0-9, so, aa, en).
_MARKS = {
    "fr": ("\u202f", ","),
    "ar": (",", "."),
    "so": (",", "."),
    "aa": (",", "."),
    "en": (",", "."),
}
_MARKS_ARABIC_INDIC = ("٬", "٫")


def number(value: Number, *, places: int | None = None, language: str | None = None) -> str:
    """A number in groups of three: `1 234,5` in French.

    `places` fixes the decimals (rounded half to even); without it a whole number has none and any
    other as many as it needs, three at most. Years and codes are no numbers: pass them as text.
    What is not finite is a dash.
    """
    code = language or language_now()
    amount = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not amount.is_finite():
        return "–"
    # Formatting rounds with all digits kept; arithmetic would fail beyond 28 of them.
    whole, _, rest = f"{amount.copy_abs():,.{3 if places is None else places}f}".partition(".")
    if places is None:
        rest = rest.rstrip("0")
    group, mark = _MARKS_ARABIC_INDIC if arabic_indic(code) else _MARKS[code]
    written = whole.replace(",", group) + (mark + rest if rest else "")
    negative = amount < 0 and any(digit in "123456789" for digit in written)
    # U+200E keeps the sign on the left of its figure inside right-to-left text.
    sign = "" if not negative else "\u200e-" if code == "ar" else "-"
    return sign + in_policy(written, code)
