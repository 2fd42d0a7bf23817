"""From a path to something to show, off the screen's thread: told by its bytes, read by the room of its kind."""

from pathlib import Path

from PySide6.QtGui import QImage

from desktop.kit.reader.book import read_epub
from desktop.kit.reader.document import Prose
from desktop.kit.reader.pdf_file import PdfFile
from desktop.kit.reader.pictures import picture_file, svg_file
from desktop.kit.reader.prose import read_bytes, read_written
from desktop.kit.reader.sniff import Kind, kind_of

SVG_MEGABYTES = 8


def read(path: Path, media_type: str, language: str | None) -> Prose | PdfFile | QImage:
    """What is in the file. Raises Trouble with a sentence for the person."""
    kind = kind_of(path, media_type)
    if kind is Kind.EPUB:
        return read_epub(path)
    if kind is Kind.PDF:
        return PdfFile(path)
    if kind is Kind.PICTURE:
        return picture_file(path)
    if kind is Kind.SVG:
        return svg_file(read_bytes(path, SVG_MEGABYTES))
    return read_written(path, kind, language)
