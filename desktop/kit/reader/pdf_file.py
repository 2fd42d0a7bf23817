"""A PDF through PDFium, one caller at a time: page sizes, pictures of pages, outline, hits; knows no widget."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, BinaryIO

import pypdfium2 as pdfium
from pypdfium2 import raw
from PySide6.QtGui import QImage

from desktop.kit.reader import trouble
from desktop.kit.reader.document import Line
from desktop.kit.reader.fold import spots
from desktop.kit.reader.source import Source
from desktop.kit.reader.trouble import Trouble
from i18n import Text
from sync.errors import Failure

MOST_PIXELS = 12_000_000  # of one rendered page: 48 MB
_LOCK = Lock()  # PDFium is not thread-safe, whatever the document
_GRID = 100_000


@dataclass(frozen=True)
class Hit:
    """One hit: page from 0; `boxes` (x, y, width, height) as shares 0..1 of the page, from its top left."""

    page: int
    boxes: tuple[tuple[float, float, float, float], ...]


class PdfFile:
    """An open PDF. `sizes` are (width, height) in points; `title` and `outline` may be empty."""

    def __init__(self, source: Source) -> None:
        """Raises Trouble: gone, locked with a password, damaged, or without pages."""
        with _LOCK:
            try:
                self._pdf = pdfium.PdfDocument(source.path or _Stream(source.open()), autoclose=True)
            except FileNotFoundError as error:
                raise trouble.vanished() from error
            except OSError as error:
                raise trouble.unreadable() from error
            except pdfium.PdfiumError as error:
                raise _refusal(error) from error
            try:
                self.sizes = tuple(self._size(n) for n in range(len(self._pdf)))
                self.title = self._pdf.get_metadata_value("Title").strip()
                self.outline = tuple(self._outline())
            except pdfium.PdfiumError as error:
                self._pdf.close()
                raise trouble.damaged() from error
        if not self.sizes:
            self.close()
            raise trouble.damaged()

    def render(self, number: int, width: int) -> QImage | None:
        """Page `number` at `width` pixels, less when it would be enormous; None when that page is damaged."""
        points = self.sizes[number]
        scale = min(width / points[0], (MOST_PIXELS / (points[0] * points[1])) ** 0.5)
        with _LOCK:
            if self._pdf is None:
                return None
            try:
                page = self._pdf[number]
                bitmap = page.render(scale=scale, force_bitmap_format=raw.FPDFBitmap_BGRx)
                image = QImage(
                    bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32
                ).copy()
                page.close()
            except pdfium.PdfiumError:
                return None
        return image

    def find(self, wanted: str, check: Callable[[], None]) -> list[Hit]:
        """Every hit of `wanted`, accents and case aside. `check()` is called before each page and may raise."""
        hits: list[Hit] = []
        for number in range(len(self.sizes)):
            check()
            with _LOCK:
                if self._pdf is None:
                    return hits
                try:
                    hits += self._page_hits(number, wanted)
                except pdfium.PdfiumError:
                    continue  # one damaged page hides its own words only
        return hits

    def close(self) -> None:
        with _LOCK:
            pdf, self._pdf = self._pdf, None
            if pdf is not None:
                pdf.close()

    def _size(self, number: int) -> tuple[float, float]:
        try:
            width, height = self._pdf.get_page_size(number)
        except pdfium.PdfiumError:
            width, height = 595.0, 842.0  # a damaged page keeps its place as an empty A4
        return max(width, 8.0), max(height, 8.0)

    def _outline(self) -> list[Line]:
        lines = []
        for mark in self._pdf.get_toc(max_depth=6):
            label, target = mark.get_title().strip(), mark.get_dest()
            page = None if target is None else target.get_index()
            if label and page is not None and 0 <= page < len(self.sizes) and len(lines) < 2_000:
                lines.append(Line(label, mark.level + 1, page))
        return lines

    def _page_hits(self, number: int, wanted: str) -> list[Hit]:
        page = self._pdf[number]
        words = page.get_textpage()
        try:
            return [
                Hit(number, tuple(self._boxes(page, words, start, length)))
                for start, length in spots(words.get_text_range(errors="replace"), wanted)
            ]
        finally:
            words.close()
            page.close()

    def _boxes(
        self, page: pdfium.PdfPage, words: pdfium.PdfTextPage, start: int, length: int
    ) -> list[tuple[float, float, float, float]]:
        first = raw.FPDFText_GetCharIndexFromTextIndex(words, start)
        last = raw.FPDFText_GetCharIndexFromTextIndex(words, start + length - 1)
        boxes = []
        for index in range(words.count_rects(first, last - first + 1) if 0 <= first <= last else 0):
            left, bottom, right, top = words.get_rect(index)
            (x0, y0), (x1, y1) = (_share(page, left, top), _share(page, right, bottom))
            boxes.append((min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)))
        return boxes


class _Stream:
    """Bytes for PDFium, which asks for them as it needs them. What cannot be read is short: PDFium says then that the file is damaged."""

    def __init__(self, data: BinaryIO) -> None:
        self._data = data
        self.seek, self.tell, self.read, self.close = data.seek, data.tell, data.read, data.close

    def readinto(self, room: Any) -> int:
        try:
            return int(self._data.readinto(room))  # type: ignore[attr-defined]  # every binary file has it
        except (OSError, Failure):  # this is called from C, where nothing can be raised
            return 0


def _share(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A place on the page as shares of what is seen of it, crop and rotation counted."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page.raw, 0, 0, _GRID, _GRID, 0, x, y, across, down)
    return across.value / _GRID, down.value / _GRID


def _refusal(error: pdfium.PdfiumError) -> Trouble:
    if error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
        return Trouble(Text("This document is locked with a password. Ask whoever sent it for a copy without one."))
    return trouble.damaged()
