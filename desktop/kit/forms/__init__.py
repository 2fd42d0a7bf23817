"""Forms: fields declared as data, one column, checked when left; knows no record."""

from desktop.kit.forms.form import Form
from desktop.kit.forms.kinds import (
    Choice,
    Codes,
    Facts,
    Field,
    Line,
    LongText,
    Money,
    Option,
    PartialDate,
    Reference,
    References,
    Section,
    Switch,
    Texts,
    Words,
)

__all__ = [
    "Choice", "Codes", "Facts", "Field", "Form", "Line", "LongText", "Money", "Option",
    "PartialDate", "Reference", "References", "Section", "Switch", "Texts", "Words",
]
