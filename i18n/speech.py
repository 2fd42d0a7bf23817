"""Which language is spoken now, and saying a message in it; knows no value formats beyond fields."""

from contextvars import ContextVar, Token

from i18n.bidi import RIGHT_TO_LEFT
from i18n.catalogue import catalogue_of
from i18n.template import fill

# Each language by its own name (CLDR 47), in the order in which they are offered.
LANGUAGES = {
    "fr": "Français",
    "ar": "العربية",
    "so": "Soomaali",
    "aa": "Qafar",
    "en": "English",
}

_everywhere = "fr"
_here: ContextVar[str | None] = ContextVar("language", default=None)


def language() -> str:
    """Code of the language spoken now: of this context (`speaking`), otherwise of the process."""
    return _here.get() or _everywhere


def set_language(code: str) -> None:
    """Choose the language of the whole process. Raises ValueError for one the product has not."""
    global _everywhere  # noqa: PLW0603 - one reader sits before one process; servers use speaking()
    _everywhere = _known(code)


class speaking:  # noqa: N801 - it is used as a word: `with speaking("ar"):`
    """Speak a language inside the block only: one request, one export, one projector page.

    Safe across threads and asyncio tasks. Raises ValueError for a language the product has not.
    """

    def __init__(self, code: str) -> None:
        self._code = _known(code)
        self._before: Token[str | None] | None = None

    def __enter__(self) -> None:
        self._before = _here.set(self._code)

    def __exit__(self, *error: object) -> None:
        if self._before is not None:
            _here.reset(self._before)


def direction(code: str | None = None) -> str:
    """`"rtl"` or `"ltr"`: the writing direction of a language (now's, when none is given)."""
    return "rtl" if (code or language()) in RIGHT_TO_LEFT else "ltr"


def nearest(*tags: str, otherwise: str = "fr") -> str:
    """The first of these language tags (`ar_DJ.UTF-8`, `fr-FR`, `so`) that the product speaks."""
    for tag in tags:
        code = tag.replace("_", "-").split("-")[0].split(".")[0].strip().lower()
        if code in LANGUAGES:
            return code
    return otherwise


def t(msgid: str, /, **args: object) -> str:
    """The message in the language spoken now.

    `msgid` is plain literal English, `{fields}` are filled from the keywords.
    """
    code = language()
    return fill(_single(msgid, code), args, code)


def tn(one: str, many: str, n: int, /, **args: object) -> str:
    """The message for `n` things in the language spoken now; `{n}` is filled by itself."""
    code = language()
    return fill(catalogue_of(code).ngettext(one, many, n), {"n": n, **args}, code)


def say(msgid: str, plural: str | None, args: dict[str, object], code: str) -> str:
    """The message, singular or counted by `args["n"]`, in one given language."""
    if plural is None:
        return fill(_single(msgid, code), args, code)
    return fill(catalogue_of(code).ngettext(msgid, plural, args["n"]), args, code)


def _single(msgid: str, code: str) -> str:
    # gettext keeps the catalogue's header under the empty message.
    return catalogue_of(code).gettext(msgid) if msgid else ""


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"no such language: {code!r} (there are {', '.join(LANGUAGES)})")
    return code
