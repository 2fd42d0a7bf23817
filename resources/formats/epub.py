"""EPUB 2 and 3 books: parts, contents and direction of a file nobody vouches for; knows no screen and fetches nothing."""

import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from i18n import Text

MEMBERS = 5_000
MEMBER_BYTES = 48 << 20
PART_BYTES = 6 << 20  # of text: the longest novels hold less in one chapter
BOOK_BYTES = 512 << 20
RATIO = 250  # prose packs about 1:4 and flat drawings about 1:50; only bombs pass this
RATIO_FREE_BYTES = 1 << 20

RTL_LANGUAGES = frozenset({"ar", "dv", "fa", "he", "ku-arab", "ps", "sd", "syr", "ug", "ur", "yi"})
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError, RuntimeError, ValueError
)
_FONT_LOCKS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_INNER_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_PROLOGUE = 4096  # letters in which a document type stands, if there is one
_EMPTY_TAG = re.compile(r"<([A-Za-z][\w:-]*)((?:\s[^<>]*?)?)/>")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


class EpubError(ValueError):
    """A book that cannot be opened; `text` says what is wrong and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


@dataclass(frozen=True)
class Entry:
    """One line of the contents: `level` from 1; `part` a name inside the book; `anchor` an id there or ''."""

    label: str
    level: int
    part: str
    anchor: str


@dataclass(frozen=True)
class Book:
    """An opened book. `parts` are names in reading order; those listed in `missing` are not in the file.

    Markup from `markup()` is as untrusted as the file: clean it before showing it.
    """

    title: str
    titles: dict[str, str]
    language: str
    rtl: bool
    parts: tuple[str, ...]
    missing: frozenset[str]
    contents: tuple[Entry, ...]
    _zip: zipfile.ZipFile = field(repr=False, compare=False)

    def markup(self, part: str) -> str:
        """XHTML of one part, made readable for an HTML parser. Raises EpubError when it is damaged."""
        data = _read(self._zip, part)
        if len(data) > PART_BYTES:
            raise _too_large(part)
        return as_html(_decode(data))

    def picture(self, part: str, source: str) -> bytes | None:
        """Bytes of an image named `source` inside `part`; None when it is remote, missing or damaged."""
        name = inside(part, source)
        if name is None:
            return None
        try:
            return _read(self._zip, name)
        except EpubError:
            return None

    def close(self) -> None:
        self._zip.close()


def read_book(path: Path | BinaryIO) -> Book:
    """Open the book at `path`, or whose bytes these are. Raises EpubError (not a book, locked, a bomb, damaged) or OSError."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError) as error:
        raise EpubError(Text("This book is damaged or incomplete. Ask for the file again.")) from error
    try:
        _check_size(archive)
        _check_locks(archive)
        return _book(archive)
    except BaseException:
        archive.close()
        raise


def inside(base: str, href: str) -> str | None:
    """The member that `href`, written in member `base`, points to; None when it leaves the book."""
    try:
        split = urlsplit(href.strip())
    except ValueError:
        return None
    if split.scheme or split.netloc:
        return None
    if not split.path:
        return base
    plain = unquote(split.path)
    if plain.startswith("/") or "\\" in plain or "\0" in plain:
        return None
    name = posixpath.normpath(posixpath.join(posixpath.dirname(base), plain))
    return None if name.startswith("../") or name in {"..", "."} else name


def as_html(markup: str) -> str:
    """XHTML as an HTML5 parser expects it: no inner DTD (entities stay unexpanded), no <title/>-like empty tags."""
    start = markup.find("<!DOCTYPE", 0, _PROLOGUE)
    inner = _INNER_DOCTYPE.match(markup, start) if start >= 0 else None
    plain = markup if inner is None else markup[: inner.start()] + markup[inner.end() :]

    def opened(match: re.Match[str]) -> str:
        name, rest = match.groups()
        return match.group() if name.lower() in _VOID else f"<{name}{rest}></{name}>"

    return _EMPTY_TAG.sub(opened, plain)


def _check_size(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    swollen = any(
        info.file_size > RATIO_FREE_BYTES and info.file_size > RATIO * max(info.compress_size, 1) for info in infos
    )
    if len(infos) > MEMBERS or sum(info.file_size for info in infos) > BOOK_BYTES or swollen:
        raise EpubError(
            Text("This book unpacks to far more than a book holds, so it was not opened. Ask who sent it for another copy.")
        )


def _check_locks(archive: zipfile.ZipFile) -> None:
    locked = any(info.flag_bits & 1 for info in archive.infolist())
    if "META-INF/encryption.xml" in archive.NameToInfo:
        methods = [
            node.get("Algorithm", "")
            for node in _xml(archive, "META-INF/encryption.xml").iter()
            if _local(node) == "EncryptionMethod"
        ]
        locked = locked or any(method not in _FONT_LOCKS for method in methods)
    if locked:
        raise EpubError(Text("This book is locked by its publisher. Ask for a copy without a lock."))


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.NameToInfo.get(name)
    if info is None:
        raise EpubError(Text("A part of this book is missing: {name}. Ask for the file again.", name=name))
    if info.file_size > MEMBER_BYTES:
        raise _too_large(name)
    try:
        with archive.open(info) as stream:
            data = stream.read(MEMBER_BYTES + 1)
    except _UNREADABLE as error:
        raise _damaged(name) from error
    if len(data) > MEMBER_BYTES:
        raise _damaged(name)
    return data


def _too_large(name: str) -> EpubError:
    return EpubError(Text("A part of this book is too large to show: {name}. Ask for another copy.", name=name))


def _damaged(name: str) -> EpubError:
    return EpubError(Text("A part of this book is damaged: {name}. Ask for the file again.", name=name))


def _decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    declared = re.match(rb"""\s*<\?xml[^>]*encoding=["']([\w.-]+)["']""", data)
    for name in (declared.group(1).decode("ascii") if declared else "utf-8", "utf-8-sig"):
        try:
            return data.decode(name).lstrip("\ufeff")
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("utf-8", "replace")


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    try:
        return fromstring(_read(archive, name), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        if isinstance(error, EpubError):
            raise
        raise _damaged(name) from error


def _local(node: Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _find(root: Element, name: str) -> Iterator[Element]:
    return (node for node in root.iter() if _local(node) == name)


def _words(node: Element) -> str:
    return " ".join("".join(node.itertext()).split())


def _book(archive: zipfile.ZipFile) -> Book:
    if "META-INF/container.xml" not in archive.NameToInfo:
        raise EpubError(Text("This file is an archive, but not a book. Ask for the book itself (a file ending in .epub)."))
    roots = [node.get("full-path", "") for node in _find(_xml(archive, "META-INF/container.xml"), "rootfile")]
    package_name = inside("", roots[0]) if roots and roots[0] else None
    if package_name is None:
        raise _damaged("META-INF/container.xml")
    package = _xml(archive, package_name)
    items = {node.get("id", ""): node for node in _find(package, "item")}
    spine = next(_find(package, "spine"), None)
    parts: list[str] = []
    for ref in [] if spine is None else _find(spine, "itemref"):
        item = items.get(ref.get("idref", ""))
        name = None if item is None else inside(package_name, item.get("href", ""))
        if name is not None and name not in parts:
            parts.append(name)
    missing = frozenset(name for name in parts if name not in archive.NameToInfo)
    if len(missing) == len(parts):
        raise EpubError(Text("Nothing to read was found in this book. Ask for the file again."))
    language = next((_words(node) for node in _find(package, "language")), "")
    turning = "" if spine is None else spine.get("page-progression-direction", "")
    title, titles = _titles(package)
    return Book(
        title=title,
        titles=titles,
        language=language,
        rtl=turning == "rtl" or (turning != "ltr" and language.lower().split("-")[0] in RTL_LANGUAGES),
        parts=tuple(parts),
        missing=missing,
        contents=_contents(archive, package_name, items, spine),
        _zip=archive,
    )


def _titles(package: Element) -> tuple[str, dict[str, str]]:
    """The main title, and its other scripts by language (`alternate-script`, EPUB 3)."""
    node = next(_find(package, "title"), None)
    if node is None:
        return "", {}
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    mine = "#" + node.get("id", "")
    others = {
        meta.get(lang, ""): _words(meta)
        for meta in _find(package, "meta")
        if meta.get("property") == "alternate-script" and meta.get("refines") == mine and meta.get(lang)
    }
    return _words(node), others


def _contents(
    archive: zipfile.ZipFile, package_name: str, items: dict[str, Element], spine: Element | None
) -> tuple[Entry, ...]:
    """The contents as the publisher wrote them; a damaged list is no reason to refuse the book."""
    nav = next((i for i in items.values() if "nav" in i.get("properties", "").split()), None)
    ncx = items.get("" if spine is None else spine.get("toc", ""))
    for item, read in ((nav, _nav_entries), (ncx, _ncx_entries)):
        name = None if item is None else inside(package_name, item.get("href", ""))
        if name is None:
            continue
        try:
            found = tuple(read(_xml(archive, name), name))
        except EpubError:
            continue
        if found:
            return found
    return ()


def _entry(label: str, level: int, base: str, href: str) -> Iterator[Entry]:
    part = inside(base, href)
    if label and part is not None:
        yield Entry(label, level, part, unquote(href.partition("#")[2]))


def _nav_entries(root: Element, base: str) -> Iterator[Entry]:
    kind = "{http://www.idpf.org/2007/ops}type"
    navs = list(_find(root, "nav"))
    toc = next((n for n in navs if "toc" in n.get(kind, "").split()), navs[0] if navs else None)
    stack = [] if toc is None else [(toc, 0)]
    while stack:
        node, level = stack.pop()
        if _local(node) == "a":
            yield from _entry(_words(node), max(level, 1), base, node.get("href", ""))
        deeper = level + (_local(node) == "ol")
        stack += [(child, deeper) for child in reversed(list(node))]


def _ncx_entries(root: Element, base: str) -> Iterator[Entry]:
    stack = [(node, 0) for node in _find(root, "navMap")]
    while stack:
        node, level = stack.pop()
        if _local(node) == "navPoint":
            label = next((_words(n) for n in node if _local(n) == "navLabel"), "")
            source = next((n.get("src", "") for n in node if _local(n) == "content"), "")
            yield from _entry(label, level, base, source)
        points = [n for n in node if _local(n) == "navPoint"]
        stack += [(child, level + 1) for child in reversed(points)]
