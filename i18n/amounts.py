"""Money and sizes as people say them; converts no currency and measures no file."""

from decimal import Decimal, InvalidOperation

from i18n.bidi import END_ISOLATE, FIRST_STRONG_ISOLATE, Piece
from i18n.numbers import Number, number
from i18n.speech import language as language_now
from i18n.speech import speaking, t, tn

# ISO 4217: currencies without a smaller unit in use, of those met in Djibouti's funding.
_WHOLE_CURRENCIES = frozenset({"DJF", "JPY", "KMF", "RWF", "UGX", "XAF", "XOF"})


def money(amount: str | Number, currency: str, *, language: str | None = None) -> str:
    """An amount with its currency (ISO 4217): `2 500 000 FDJ`, `60 000 €`, `2,500,000 فرنك جيبوتي`.

    The amount may be decimal text, as records hold it. Cents are shown only where there are any.
    In Arabic the whole stands in a bidi isolate. Raises decimal.InvalidOperation for no number.
    """
    code = language or language_now()
    value = Decimal(str(amount))
    if not value.is_finite():
        raise InvalidOperation(f"{amount} is no amount")
    whole = currency in _WHOLE_CURRENCIES or value == round(value)
    figure = Piece(number(value, places=0 if whole else 2, language=code))
    with speaking(code):
        if currency == "DJF":
            said = t("DJF {amount}", amount=figure)
        elif currency == "EUR":
            said = t("€{amount}", amount=figure)
        elif currency == "USD":
            said = t("US${amount}", amount=figure)
        else:
            said = f"{figure}\u00a0{currency}"
    return f"{FIRST_STRONG_ISOLATE}{said}{END_ISOLATE}" if code == "ar" else said


def size(count: int, *, language: str | None = None) -> str:
    """A number of bytes by thousands: `2,1 Mo` in French, `2.1 ميغابايت` in Arabic.

    One decimal below ten units, none above; plain bytes below 1 000.
    """
    code = language or language_now()
    with speaking(code):
        if count < 1000:
            return tn("{n} byte", "{n} bytes", count)
        value, unit = Decimal(count) / 1000, 0
        while round(value) >= 1000 and unit < 3:
            value, unit = value / 1000, unit + 1
        amount = Piece(number(round(value, 1 if value < Decimal("9.95") else 0), language=code))
        if unit == 0:
            return t("{amount} KB", amount=amount)
        if unit == 1:
            return t("{amount} MB", amount=amount)
        return t("{amount} GB", amount=amount) if unit == 2 else t("{amount} TB", amount=amount)
