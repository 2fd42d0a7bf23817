"""Clean HTML to a flat row of blocks a page can be cut between; knows no file, no Qt and no network."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from desktop.kit.reader.clean import BLOCKS, GROUPS, cleaned
from desktop.kit.reader.direction import first_strong
from desktop.kit.reader.mirror import mirrored

DEEPEST = 8  # lists in tables in quotations: deeper ones only make the page freeze
LONGEST = 5_000  # letters in one paragraph; longer ones are cut between words
_NESTING = frozenset("blockquote dl ol table ul".split())
_SINGLE = frozenset({"br", "hr", "img"})
_SPAN = 20
_CELL = re.compile(r"^<(td|th)\b")


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, list, table or picture: its HTML, its plain text, `level` 1-6 of a heading or 0."""

    html: str
    text: str
    level: int = 0
    ids: tuple[str, ...] = ()
    pictures: tuple[int, ...] = ()


@dataclass
class _Open:
    """A block being written."""

    tag: str
    rtl: bool | None
    html: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    own_ids: tuple[str, ...] = ()
    pictures: list[int] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    attributes: str = ""


def blocks_of(markup: str, rtl: bool, picture: Callable[[str], int | None]) -> list[Block]:
    """The blocks of untrusted `markup`, cleaned.

    `rtl`: direction where nothing says otherwise. `picture(src)` answers the number of a picture
    inside the document, or None: then its alternative text stands in its place.
    """
    composer = _Composer(rtl, picture)
    composer.feed(cleaned(markup))
    composer.close()
    composer.finish()
    return composer.blocks


class _Composer(HTMLParser):
    def __init__(self, rtl: bool, picture: Callable[[str], int | None]) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._rtl = rtl
        self._picture = picture
        self._ways: list[bool | None] = []
        self._waiting_ids: list[str] = []
        self._open: _Open | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._open is not None and self._open.tag != "":
            self._inner(tag, given)
            return
        if tag in GROUPS:
            self.finish()
            way = {"rtl": True, "ltr": False}.get(given.get("dir", "").lower())
            self._ways.append(way if way is not None else (self._ways[-1] if self._ways else None))
            if given.get("id"):
                self._waiting_ids.append(given["id"])
        elif tag in BLOCKS:
            self.finish()
            self._begin(tag, given)
            if tag == "hr":
                self.finish()
        else:
            if self._open is None:
                self._begin("", {})
            self._inner(tag, given)

    def handle_endtag(self, tag: str) -> None:
        block = self._open
        if block is not None and tag in block.stack:
            while True:
                last = block.stack.pop()
                block.html.append(f"</{last}>")
                if last in {"li", "td", "th", "p", "tr", "dt", "dd"}:
                    block.text.append("\n")
                if last == tag:
                    return
        if block is not None and tag == block.tag:
            self.finish()
        elif tag in GROUPS and (block is None or block.tag == ""):
            self.finish()
            if self._ways:
                self._ways.pop()

    def handle_data(self, data: str) -> None:
        if self._open is None:
            if not data.strip():
                return
            self._begin("", {})
        block = self._open
        block.html.append(escape(data, quote=False))
        block.text.append(data)

    def finish(self) -> None:
        """Close the block being written, if any."""
        block, self._open = self._open, None
        if block is None:
            return
        block.html += [f"</{tag}>" for tag in reversed(block.stack)]
        text = _plain(block.text, block.tag == "pre")
        if not text and not block.pictures and block.tag != "hr":
            self._waiting_ids += block.ids
            return
        tag = block.tag or "p"
        way = block.rtl if block.rtl is not None else first_strong(text)
        way = self._rtl if way is None else way
        if tag in {"p", "pre"} and len(text) > LONGEST:
            pieces = cut(text, LONGEST)
            self.blocks += [
                Block(f'<p dir="{_dir(way)}">{escape(piece, quote=False)}</p>', piece, ids=tuple(block.ids) * (n == 0))
                for n, piece in enumerate(pieces)
            ]
            return
        level = int(tag[1]) if len(tag) == 2 and tag[1].isdigit() else 0
        names = "".join(f'<a name="{escape(name)}"></a>' for name in block.own_ids if tag in {"p", "pre"} or level)
        inside = _table(block.html, way) if tag == "table" else block.html
        side = "" if tag == "table" else f' dir="{_dir(way)}"'
        html = "<hr>" if tag == "hr" else f'<{tag}{side}{block.attributes}>{names}{"".join(inside)}</{tag}>'
        self.blocks.append(Block(html, text, level, tuple(block.ids), tuple(block.pictures)))

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        way = {"rtl": True, "ltr": False}.get(given.get("dir", "").lower(), self._ways[-1] if self._ways else None)
        ids = self._waiting_ids + ([given["id"]] if given.get("id") else [])
        self._open = _Open(tag, way, ids=ids, own_ids=tuple(ids))
        self._waiting_ids = []
        if tag == "ol":
            self._open.attributes = _number("start", given.get("start", ""), 9_999)
        if tag == "table":
            self._open.attributes = ' border="1" cellspacing="0" cellpadding="8" width="100%"'

    def _inner(self, tag: str, given: dict[str, str]) -> None:
        block = self._open
        if given.get("id"):
            block.ids.append(given["id"])
            block.html.append(f'<a name="{escape(given["id"])}"></a>')
        if tag == "img":
            self._show_picture(given)
        elif tag in _SINGLE:
            block.html.append(f"<{tag}>")
            block.text.append("\n")
        elif len(block.stack) < 64 and (tag not in _NESTING or sum(t in _NESTING for t in block.stack) < DEEPEST):
            block.html.append(f"<{tag}{_kept(tag, given)}>")
            block.stack.append(tag)

    def _show_picture(self, given: dict[str, str]) -> None:
        block = self._open
        number = self._picture(given["src"]) if given.get("src") else None
        words = given.get("alt", "").strip()
        if number is not None:
            block.html.append(f'<img src="dalil:{number}" alt="{escape(words)}">')
            block.pictures.append(number)
        elif words:
            block.html.append(f"<i>[{escape(words)}]</i>")
            block.text.append(f"[{words}]")


def _kept(tag: str, given: dict[str, str]) -> str:
    if tag == "a" and given.get("href"):
        return f' href="{escape(given["href"])}"'
    if tag in {"td", "th"}:
        return _number("colspan", given.get("colspan", ""), _SPAN) + _number("rowspan", given.get("rowspan", ""), _SPAN)
    if tag == "table":
        return ' border="1" cellspacing="0" cellpadding="8"'
    if tag in {"p", "li", "td", "th", "div"} and given.get("dir", "").lower() in {"rtl", "ltr"}:
        return f' dir="{given["dir"].lower()}"'
    return ""


def _table(pieces: list[str], rtl: bool) -> list[str]:
    """The inside of a table with the direction on each cell: on the table itself, Qt loses its lines."""
    turned = mirrored(pieces) if rtl else pieces
    return [_CELL.sub(rf'<\1 dir="{_dir(rtl)}"', piece) if piece.startswith("<t") and "dir=" not in piece else piece for piece in turned]


def _number(name: str, value: str, most: int) -> str:
    return f' {name}="{min(max(int(value), 1), most)}"' if value.isascii() and value.isdigit() and len(value) < 9 else ""


def _dir(rtl: bool) -> str:
    return "rtl" if rtl else "ltr"


def _plain(pieces: list[str], kept: bool) -> str:
    text = "".join(pieces)
    return text.strip("\n") if kept else "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip()).strip()


def cut(text: str, longest: int) -> list[str]:
    """`text` in pieces of at most `longest` letters, between words where there are any."""
    pieces, at = [], 0
    while at < len(text):
        end = min(at + longest, len(text))
        if end < len(text):
            space = max(text.rfind(" ", at, end), text.rfind("\n", at, end))
            end = space + 1 if space > at + longest // 2 else end
        pieces.append(text[at:end])
        at = end
    return pieces
