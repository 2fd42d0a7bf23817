"""Markdown, plain text, HTML and EPUB files read into a Prose, on whatever thread asks; knows no widget."""

import base64
import binascii
import re
from html import escape

from markdown_it import MarkdownIt

from desktop.kit.reader import trouble
from desktop.kit.reader.compose import LONGEST, Block, blocks_of, cut
from desktop.kit.reader.decode import declared, text_of
from desktop.kit.reader.direction import first_strong, runs_right_to_left
from desktop.kit.reader.document import Line, Prose, headings_of, named, sections_of, stepped
from desktop.kit.reader.sniff import Kind
from desktop.kit.reader.source import Source

MOST_MEGABYTES = {Kind.TEXT: 24, Kind.MARKDOWN: 4, Kind.HTML: 6}
_HEAD = 16_000  # letters in which an HTML page says what it is
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_HTML_LANG = re.compile(r"""<html[^>]*\slang=["']?([\w-]+)""", re.IGNORECASE)
_HTML_DIR = re.compile(r"""<(?:html|body)[^>]*\sdir=["']?(rtl|ltr)""", re.IGNORECASE)


def read_written(source: Source, kind: Kind, language: str | None) -> Prose:
    """A Markdown, plain text or HTML file as a Prose. Raises Trouble."""
    data = source.whole(MOST_MEGABYTES[kind])
    if kind is Kind.TEXT:
        return plain(text_of(data, language), language)
    if kind is Kind.MARKDOWN:
        return markdown(text_of(data, language), language)
    name = declared(data)
    markup = data.decode(name, "replace") if name and not data.startswith((b"\xff\xfe", b"\xfe\xff")) else text_of(data, language)
    return page(markup, language)


def markdown(source: str, language: str | None) -> Prose:
    """Markdown with tables; raw HTML in it stays visible text."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 24}).enable(["table", "strikethrough"])
    rtl = runs_right_to_left(source, language)
    return _prose(blocks_of(parser.render(source), rtl, _no_picture), rtl, "")


def page(markup: str, language: str | None) -> Prose:
    """One HTML page; only pictures written inside it (data:) are shown."""
    said, way = _HTML_LANG.search(markup, 0, _HEAD), _HTML_DIR.search(markup, 0, _HEAD)
    language = language or (said.group(1) if said else None)
    rtl = way.group(1).lower() == "rtl" if way else runs_right_to_left(re.sub(r"<[^>]*>", " ", markup[:20_000]), language)
    pictures: list[str] = []

    def keep(source: str) -> int | None:
        if not source.lower().startswith("data:"):
            return None
        pictures.append(source)
        return len(pictures) - 1

    def picture(number: int) -> bytes | None:
        try:
            return base64.b64decode(pictures[number].partition(",")[2])
        except (binascii.Error, ValueError):
            return None

    title = _TITLE.search(markup, 0, _HEAD)
    made = _prose(blocks_of(markup, rtl, keep), rtl, " ".join(title.group(1).split()) if title else "")
    return Prose(made.title, rtl, made.sections, made.contents, picture, made.target)


def plain(text: str, language: str | None) -> Prose:
    """Plain text: an empty line ends a paragraph, a single line end is kept."""
    rtl = runs_right_to_left(text, language)
    blocks = []
    for paragraph in re.split(r"\n[ \t\f]*\n\s*", text.replace("\f", "\n\n").strip("\n")):
        for piece in cut(paragraph, LONGEST):
            if piece.strip():
                way = first_strong(piece)
                side = "rtl" if (rtl if way is None else way) else "ltr"
                lines = escape(piece, quote=False).replace("\n", "<br>").replace("\t", "&nbsp;&nbsp;&nbsp; ")
                blocks.append(Block(f'<p dir="{side}">{lines}</p>', piece))
    return _prose(blocks, rtl, "")


def _no_picture(_source: str) -> None:
    return None


def _prose(blocks: list[Block], rtl: bool, title: str) -> Prose:
    blocks = named(blocks, "h-")
    sections = tuple(sections_of(blocks))
    if not sections:
        raise trouble.empty()
    places = {name: number for number, section in enumerate(sections) for name in section.ids}
    headings = headings_of(blocks)
    steps = stepped((level for level, _words, _name in headings), 0)
    contents = tuple(
        Line(words, step, places[name], name) for step, (_level, words, name) in zip(steps, headings, strict=True)
    )

    def target(_part: str, href: str) -> tuple[int, str] | None:
        name = href.removeprefix("#")
        return (places[name], name) if href.startswith("#") and name in places else None

    return Prose(title or (headings[0][1] if headings else ""), rtl, sections, contents, target=target)
