"""From a source to something to show, off the screen's thread: told by its bytes, read by the room of its kind."""

from PySide6.QtGui import QImage

from desktop.kit.reader.book import read_epub
from desktop.kit.reader.document import Prose
from desktop.kit.reader.pdf_file import PdfFile
from desktop.kit.reader.pictures import picture_file, picture_in, svg_file
from desktop.kit.reader.prose import read_written
from desktop.kit.reader.sniff import Kind, kind_of
from desktop.kit.reader.source import Source

SVG_MEGABYTES = 8
PICTURE_MEGABYTES = 96  # of one that is read in memory


def read(source: Source, media_type: str, language: str | None) -> Prose | PdfFile | QImage:
    """What is in the file. Raises Trouble with a sentence for the person."""
    kind = kind_of(source, media_type)
    if kind is Kind.EPUB:
        return read_epub(source)
    if kind is Kind.PDF:
        return PdfFile(source)
    if kind is Kind.PICTURE:
        return picture_in(source.whole(PICTURE_MEGABYTES)) if source.path is None else picture_file(source.path)
    if kind is Kind.SVG:
        return svg_file(source.whole(SVG_MEGABYTES))
    return read_written(source, kind, language)
