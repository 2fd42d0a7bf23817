"""A message that is translated when it is read, not when it is made; knows no screen."""

from __future__ import annotations

from i18n.speech import language as language_now
from i18n.speech import say


class Text:
    """A frozen message: its English source and the values of its fields.

    Make one where a sentence is decided (a check, a refusal, a command's title), say it where
    somebody reads it. `str(text)` speaks the language of the moment, so a kept Text follows a
    change of language. Equal when message and values are; hashable when its values are.

    Attributes: `msgid` (plain English), `plural` (English plural or None), `args` (name -> value:
    text, number, date or another Text).
    """

    __slots__ = ("_args", "msgid", "plural")

    msgid: str
    plural: str | None

    def __init__(self, msgid: str, /, **args: object) -> None:
        _fill_slots(self, msgid, None, args)

    @classmethod
    def counted(cls, one: str, many: str, n: int, /, **args: object) -> Text:
        """A message about `n` things, as `tn`: `Text.counted("{n} item", "{n} items", 3)`."""
        text = cls.__new__(cls)
        _fill_slots(text, one, many, {"n": n, **args})
        return text

    @classmethod
    def received(cls, msgid: str, plural: str | None, args: dict[str, object]) -> Text:
        """A message that travelled (a refusal's reason, a pickled one): its words are data here.

        What this program's catalogues do not know stays in English. Source code never writes
        messages this way: the workshop could not find them.
        """
        text = cls.__new__(cls)
        _fill_slots(text, msgid, plural, args)
        return text

    @property
    def args(self) -> dict[str, object]:
        return dict(self._args)

    def say(self, language: str | None = None) -> str:
        """The message in a language (the one spoken now when none is given)."""
        return say(self.msgid, self.plural, dict(self._args), language or language_now())

    def __str__(self) -> str:
        return self.say()

    def __repr__(self) -> str:
        parts = [repr(self.msgid), *(f"{name}={value!r}" for name, value in self._args)]
        return f"Text({', '.join(parts)})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Text):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Text is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Text is frozen: {name} cannot be deleted")

    def __reduce__(self) -> tuple[object, ...]:
        return Text.received, (self.msgid, self.plural, dict(self._args))

    def _identity(self) -> tuple[object, ...]:
        return self.msgid, self.plural, self._args


def _fill_slots(text: Text, msgid: str, plural: str | None, args: dict[str, object]) -> None:
    object.__setattr__(text, "msgid", msgid)
    object.__setattr__(text, "plural", plural)
    object.__setattr__(text, "_args", tuple(sorted(args.items())))
