"""Which kind of file this really is: its first bytes decide, the announced media type only breaks ties; opens nothing else."""

import re
from enum import Enum

from desktop.kit.reader import trouble
from desktop.kit.reader.decode import bare_utf16
from desktop.kit.reader.source import Source

HEAD = 4096


class Kind(Enum):
    """The kinds the reader shows."""

    MARKDOWN = "markdown"
    TEXT = "text"
    HTML = "html"
    EPUB = "epub"
    PDF = "pdf"
    PICTURE = "picture"
    SVG = "svg"


_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
# Bytes no text has, even in the oldest encodings (tab, line ends, form feed and escape are text).
_NEVER_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_XML_PROLOGUE = re.compile(rb"\A\s*(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE\s+svg[^>]*>|\s)*", re.DOTALL | re.IGNORECASE)
_HTML_START = re.compile(rb"\A\s*(?:<!doctype\s+html|<html|<head|<body|<!--)", re.IGNORECASE)


def kind_of(source: Source, media_type: str) -> Kind:
    """The kind of a file. Raises Trouble when it is empty, gone, or of no kind shown here."""
    head = source.head(HEAD)
    if not head.strip(b"\0 \t\r\n"):
        raise trouble.empty()
    return kind_of_bytes(head, media_type, source.suffix)


def kind_of_bytes(head: bytes, media_type: str, suffix: str) -> Kind:
    """The kind told by the first bytes, then by the announced type, then by the file's ending."""
    announced = media_type.partition(";")[0].strip().lower()
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if b"mimetypeapplication/epub+zip" in head[:120] or "epub" in announced or suffix == ".epub":
            return Kind.EPUB
        raise trouble.unknown()
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return Kind.PICTURE
    if _NEVER_TEXT.search(head) and not head.startswith(_UTF16) and bare_utf16(head) is None:
        if announced in {"application/pdf", "application/epub+zip"} or announced.startswith("image/"):
            raise trouble.damaged()
        raise trouble.unknown()
    prologue = _XML_PROLOGUE.match(head.removeprefix(b"\xef\xbb\xbf"))
    rest = head.removeprefix(b"\xef\xbb\xbf")[prologue.end() if prologue else 0 :]
    if rest[:4] == b"<svg" or announced == "image/svg+xml":
        return Kind.SVG
    return _written_kind(head, announced, suffix)


def _written_kind(head: bytes, announced: str, suffix: str) -> Kind:
    if announced in {"application/pdf", "application/epub+zip"} or announced.startswith("image/"):
        raise trouble.damaged()
    if announced in {"text/html", "application/xhtml+xml"} or _HTML_START.match(head.removeprefix(b"\xef\xbb\xbf")):
        return Kind.HTML
    if "markdown" in announced or suffix in {".md", ".markdown"}:
        return Kind.MARKDOWN
    return Kind.TEXT
