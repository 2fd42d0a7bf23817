"""An EPUB read into a Prose: its spine as sections, its contents with the headings they leave out; knows no widget."""

from collections import Counter
from functools import partial
from html import escape
from io import BytesIO
from urllib.parse import unquote

from desktop.kit.reader import trouble
from desktop.kit.reader.compose import Block, blocks_of
from desktop.kit.reader.direction import first_strong
from desktop.kit.reader.document import Line, Prose, Section, headings_of, named, sections_of, stepped
from desktop.kit.reader.source import Source
from desktop.kit.reader.trouble import Trouble
from i18n import t
from resources.formats.epub import Book, Entry, EpubError, inside, read_book

MOST_MEGABYTES = 96  # of a book that is read in memory


def read_epub(source: Source) -> Prose:
    """A book. Raises Trouble."""
    try:
        book = read_book(source.path or BytesIO(source.whole(MOST_MEGABYTES)))
    except EpubError as error:
        raise Trouble(error.text) from error
    except FileNotFoundError as error:
        raise trouble.vanished() from error
    except OSError as error:
        raise trouble.unreadable() from error
    return _Binding(book).prose()


class _Binding:
    """Gathers the parts of one book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._sections: list[Section] = []
        self._starts: dict[str, int] = {}
        self._headings: dict[str, list[tuple[int, str, str]]] = {}
        self._pictures: list[tuple[str, str]] = []
        self._places: dict[tuple[str, str], int] = {}

    def prose(self) -> Prose:
        for number, part in enumerate(self._book.parts):
            blocks = named(self._blocks(part), f"h{number}-")
            if not blocks:
                continue
            self._starts[part] = len(self._sections)
            self._headings[part] = headings_of(blocks)
            for section in sections_of(blocks, part):
                self._places |= {(part, name): len(self._sections) for name in section.ids}
                self._sections.append(section)
        if not self._sections:
            raise trouble.empty()
        return Prose(
            title=self._book.title,
            rtl=self._book.rtl,
            sections=tuple(self._sections),
            contents=tuple(self._contents()),
            picture=self._picture,
            target=self._target,
            close=self._book.close,
        )

    def _blocks(self, part: str) -> list[Block]:
        if part in self._book.missing:
            return [_note(t("This chapter is missing from the file."))]
        try:
            markup = self._book.markup(part)
        except EpubError as error:
            return [_note(str(error.text))]
        try:
            return blocks_of(markup, self._book.rtl, partial(self._keep_picture, part))
        except Trouble as error:
            return [_note(str(error.text))]

    def _keep_picture(self, part: str, source: str) -> int | None:
        if inside(part, source) is None:
            return None
        self._pictures.append((part, source))
        return len(self._pictures) - 1

    def _picture(self, number: int) -> bytes | None:
        return self._book.picture(*self._pictures[number])

    def _target(self, part: str, href: str) -> tuple[int, str] | None:
        name = inside(part, href)
        anchor = unquote(href.partition("#")[2])
        if name is None or name not in self._starts:
            return None
        return self._places.get((name, anchor), self._starts[name]), anchor

    def _contents(self) -> list[Line]:
        """The publisher's list; where it names a part once, the headings inside that part come under it."""
        named_once = Counter(entry.part for entry in self._book.contents)
        lines: list[Line] = []
        for entry in self._book.contents or [Entry("", 0, part, "") for part in self._starts]:
            if entry.part not in self._starts:
                continue
            if entry.label:
                place = self._places.get((entry.part, entry.anchor), self._starts[entry.part])
                lines.append(Line(entry.label, entry.level, place, entry.anchor))
            if named_once[entry.part] <= 1 and not entry.anchor:
                lines += self._inner(entry)
        return lines

    def _inner(self, entry: Entry) -> list[Line]:
        headings = [h for h in self._headings[entry.part] if h[1] != entry.label]
        steps = stepped((level for level, _words, _name in headings), entry.level)
        return [
            Line(words, step, self._places[entry.part, name], name)
            for step, (_level, words, name) in zip(steps, headings, strict=True)
        ]


def _note(words: str) -> Block:
    side = "rtl" if first_strong(words) else "ltr"
    return Block(f'<p dir="{side}"><i>{escape(words, quote=False)}</i></p>', words)
