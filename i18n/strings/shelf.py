"""The catalogues on disk: `.po` that people edit and `.mo` that the app reads, written the same way every time."""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from i18n.catalogue import DOMAIN, compiled_file

LANGUAGES = ("fr", "ar", "so", "aa")

# Plural-Forms of each catalogue (CLDR's rules for whole numbers) and how many forms they have.
PLURALS = {
    "fr": (2, "nplurals=2; plural=(n > 1);"),
    "ar": (6, ("nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);")),
    "so": (2, "nplurals=2; plural=(n != 1);"),
    "aa": (2, "nplurals=2; plural=(n != 1);"),
}


@dataclass
class Entry:
    """One message. Attributes: English plural or None; its translations, one or as many as plural forms."""

    plural: str | None
    forms: list[str]


@dataclass
class Catalogue:
    """All messages of one language. Attributes: language code, English singular -> Entry."""

    language: str
    entries: dict[str, Entry] = field(default_factory=dict)

    def add(self, msgid: str, plural: str | None) -> Entry:
        """The entry of a message, made empty when new; a message that gains a plural begins anew."""
        count = PLURALS[self.language][0] if plural else 1
        known = self.entries.get(msgid)
        if known is None or (plural is not None and known.plural != plural):
            known = self.entries[msgid] = Entry(plural, [""] * count)
        return known

    def translated(self, msgid: str) -> bool:
        """Whether every form of a message is written."""
        return msgid in self.entries and all(self.entries[msgid].forms)


@contextmanager
def locked(locale: Path) -> Iterator[None]:
    """Hold the catalogues alone, so that several people may merge at one moment."""
    import fcntl  # Only the workshop needs it, and Windows lacks it.

    handle = os.open(locale, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def mo_file(locale: Path, language: str) -> Path:
    """Where the catalogue that the app reads stands."""
    return Path(compiled_file(language, locale))


def source_file(locale: Path, language: str) -> Path:
    """Where the catalogue that people edit stands."""
    return mo_file(locale, language).with_suffix(".po")


def read(locale: Path, language: str) -> Catalogue:
    """The catalogue of a language, empty when there is none yet. Raises ValueError for a line it cannot read."""
    path = source_file(locale, language)
    return parse(path.read_text(encoding="utf-8"), language) if path.exists() else Catalogue(language)


def write(locale: Path, language: str, catalogue: Catalogue) -> None:
    """Write both files of a language; nothing is touched when nothing changed."""
    for path, data in (
        (source_file(locale, language), render(catalogue).encode()),
        (mo_file(locale, language), compiled(catalogue)),
    ):
        if path.exists() and path.read_bytes() == data:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(path.suffix + ".new")
        draft.write_bytes(data)
        draft.replace(path)


def header(language: str) -> str:
    """The metadata a catalogue begins with; no dates and no tool, so that equal texts are equal bytes."""
    return (
        f"Project-Id-Version: {DOMAIN}\n"
        f"Language: {language}\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        f"Plural-Forms: {PLURALS[language][1]}\n"
    )


def render(catalogue: Catalogue) -> str:
    """The `.po` text: one entry after another by msgid, one line a string, no source places."""
    blocks = ["\n".join(('msgid ""', 'msgstr ""', *map(_quoted, header(catalogue.language).splitlines(True))))]
    for msgid, entry in sorted(catalogue.entries.items()):
        lines = [f"msgid {_quoted(msgid)}"]
        if entry.plural is None:
            lines.append(f"msgstr {_quoted(entry.forms[0])}")
        else:
            lines.append(f"msgid_plural {_quoted(entry.plural)}")
            lines += [f"msgstr[{i}] {_quoted(form)}" for i, form in enumerate(entry.forms)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def parse(text: str, language: str) -> Catalogue:
    """Read `.po` text (as written here or by a translator's editor; comments are not kept)."""
    catalogue = Catalogue(language)
    parts: dict[str, str] = {}
    last = ""

    def shelve() -> None:
        msgid = parts.pop("msgid", "")
        if msgid:
            plural = parts.pop("msgid_plural", None)
            forms = [parts[key] for key in sorted(parts)]
            catalogue.entries[msgid] = Entry(plural, forms)
        parts.clear()

    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip(" \t\r")
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            last, _, line = line.partition(" ")
            if last == "msgid":
                shelve()
            if not (last in ("msgid", "msgid_plural") or last.startswith("msgstr")):
                raise ValueError(f"{language}, line {number}: {raw[:60]!r} is no .po line")
            parts[last] = ""
        parts[last] += _unquoted(line)
    shelve()
    return catalogue


def compiled(catalogue: Catalogue) -> bytes:
    """The `.mo` bytes (GNU gettext's format, little-endian) of what is wholly translated."""
    pairs = {"": header(catalogue.language)}
    for msgid, entry in catalogue.entries.items():
        if all(entry.forms):
            key = msgid if entry.plural is None else f"{msgid}\0{entry.plural}"
            pairs[key] = "\0".join(entry.forms)
    table = sorted((key.encode(), value.encode()) for key, value in pairs.items())
    start = 28 + 16 * len(table)
    indexes: list[bytes] = []
    body = b""
    for side in (0, 1):
        for pair in table:
            indexes.append(struct.pack("<2I", len(pair[side]), start + len(body)))
            body += pair[side] + b"\0"
    count = len(table)
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, start)
    return head + b"".join(indexes) + body


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_PLAIN = {written[1]: plain for plain, written in _ESCAPES.items()}


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(char, char) for char in text) + '"'


def _unquoted(line: str) -> str:
    chars = iter(line.strip(" ")[1:-1])
    return "".join(_PLAIN[next(chars)] if char == "\\" else char for char in chars)
