"""The pages of a PDF one under another, drawn off the screen's thread as they come into sight; reads no file."""

from bisect import bisect_right
from collections import OrderedDict

from PySide6.QtCore import QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from desktop.kit import theme
from desktop.kit.reader.document import Line
from desktop.kit.reader.pdf_file import Hit, PdfFile
from desktop.kit.reader.place import Place
from desktop.kit.tasks import Job, Lane, Runner, Task
from desktop.kit.tokens import MARGIN

CACHE_BYTES = 96 << 20
WIDEST = 900  # pixels of a page at 100 %, so that a wide window does not make giant letters
GAP = 16


class PdfView(QAbstractScrollArea):
    """Signals: as ProseView; a section is a page."""

    moved = Signal(int, int)
    found = Signal(int, int)
    link_chosen = Signal(str)

    def __init__(self, tasks: Runner) -> None:
        super().__init__()
        self._tasks = tasks
        self._pdf: PdfFile | None = None
        self._percent = 100
        self._tops: list[int] = []
        self._pages: list[QRect] = []  # in the scrolled area
        self._cache: OrderedDict[int, tuple[int, QImage | None]] = OrderedDict()
        self._drawing: Task | None = None
        self._drawn: tuple[int, int] = (-1, 0)
        self._finding: Task | None = None
        self._hits: list[Hit] = []
        self._hit = -1
        self._page = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self._on_bar_value_changed)

    def show_document(self, pdf: PdfFile, place: Place) -> None:
        """Show `pdf` from `place`; it is closed by `release`."""
        self.release()
        self._pdf, self._percent = pdf, place.percent
        self._lay_out()
        self._return_to(place)
        self._tell()
        self.viewport().update()

    def contents(self) -> tuple[Line, ...]:
        return () if self._pdf is None else self._pdf.outline

    def place(self) -> Place:
        page = self._page_at(self.verticalScrollBar().value())
        if not self._pages:
            return Place(percent=self._percent)
        share = (self.verticalScrollBar().value() - self._pages[page].top()) / self._pages[page].height()
        return Place(page, min(max(share, 0.0), 1.0), self._percent)

    def go_to(self, line: Line) -> None:
        self._return_to(Place(line.section))

    def turn(self, step: int) -> None:
        """One page on or back."""
        if self._pages:
            self._return_to(Place(min(max(self._page + step, 0), len(self._pages) - 1)))

    def set_percent(self, percent: int) -> None:
        """Zoom; 100 fits the width."""
        place = self.place()
        self._percent = percent
        self._lay_out()
        self._return_to(place)
        self.viewport().update()

    def find(self, wanted: str) -> None:
        if self._finding is not None:
            self._finding.cancel()
        pdf = self._pdf
        if pdf is None or not wanted.strip():
            self._on_hits_found([])
            return

        def look(job: Job) -> list[Hit]:
            return pdf.find(wanted, job.check)

        self._finding = self._tasks.run(Lane.FREE, look, self._on_hits_found)

    def find_step(self, step: int) -> None:
        if self._hits:
            self._hit = (self._hit + step) % len(self._hits)
            self._show_hit()

    def release(self) -> None:
        for task in (self._drawing, self._finding):
            if task is not None:
                task.cancel()
        pdf, self._pdf = self._pdf, None
        self._drawing = None
        self._cache.clear()
        self._hits, self._hit, self._page, self._pages, self._tops = [], -1, -1, [], []
        if pdf is not None:
            # Closing waits for the page being drawn, so it is not done here.
            self._tasks.run(Lane.FREE, _Closing(pdf))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.colour("sunken"))
        if not self._pages:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        bar, across = self.verticalScrollBar(), self.horizontalScrollBar()
        missing = None
        for number in self._seen():
            box = self._pages[number].translated(-across.value(), -bar.value())
            held = self._cache.get(number)
            if held is None or held[0] != self._pixels(number):
                missing = number if missing is None else missing
            painter.fillRect(box, QColor(Qt.GlobalColor.white))
            if held is not None and held[1] is not None:
                painter.drawImage(box, held[1])
            painter.setPen(theme.colour("line"))
            painter.drawRect(box.adjusted(-1, -1, 0, 0))
            self._paint_hits(painter, number, box)
        if missing is None:
            missing = self._ahead()
        if missing is not None:
            self._draw(missing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        place = self.place()
        super().resizeEvent(event)
        self._lay_out()
        if self._pages:
            self._return_to(place)

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        steps = {
            Qt.Key.Key_Down: 48, Qt.Key.Key_Up: -48,
            Qt.Key.Key_PageDown: bar.pageStep() * 9 // 10, Qt.Key.Key_Space: bar.pageStep() * 9 // 10,
            Qt.Key.Key_PageUp: -bar.pageStep() * 9 // 10, Qt.Key.Key_Backspace: -bar.pageStep() * 9 // 10,
            Qt.Key.Key_Home: -bar.maximum(), Qt.Key.Key_End: bar.maximum(),
        }
        if event.key() in steps:
            bar.setValue(bar.value() + steps[event.key()])
        else:
            event.ignore()

    def _lay_out(self) -> None:
        if self._pdf is None:
            return
        room = self.maximumViewportSize().width() - self.verticalScrollBar().sizeHint().width()
        target = max(min(room - 2 * MARGIN, theme.px(WIDEST)), 120) * self._percent / 100
        scale = target / max(width for width, _height in self._pdf.sizes)
        whole = max(round(target) + 2 * MARGIN, self.viewport().width())
        self._pages, top = [], MARGIN
        for width, height in self._pdf.sizes:
            wide, high = max(round(width * scale), 1), max(round(height * scale), 1)
            self._pages.append(QRect((whole - wide) // 2, top, wide, high))
            top += high + GAP
        self._tops = [page.top() for page in self._pages]
        view = self.viewport().size()
        self.verticalScrollBar().setRange(0, max(top - GAP + MARGIN - view.height(), 0))
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(48)
        self.horizontalScrollBar().setRange(0, max(whole - view.width(), 0))
        self.horizontalScrollBar().setPageStep(view.width())
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().maximum() // 2)

    def _return_to(self, place: Place) -> None:
        if self._pages:
            page = self._pages[min(max(place.section, 0), len(self._pages) - 1)]
            self.verticalScrollBar().setValue(page.top() - (GAP if place.share == 0 else 0) + round(place.share * page.height()))
            self._tell()

    def _page_at(self, y: int) -> int:
        return max(bisect_right(self._tops, y + GAP) - 1, 0)

    def _seen(self) -> range:
        top = self.verticalScrollBar().value()
        return range(self._page_at(top), min(self._page_at(top + self.viewport().height()) + 1, len(self._pages)))

    def _pixels(self, number: int) -> int:
        return round(self._pages[number].width() * self.devicePixelRatioF())

    def _ahead(self) -> int | None:
        """The page after those in sight, so that it is ready when it comes."""
        number = self._seen().stop
        return number if number < len(self._pages) and number not in self._cache else None

    def _draw(self, number: int) -> None:
        if self._drawing is not None:
            return
        pdf, width = self._pdf, self._pixels(number)
        self._drawn = (number, width)

        def render(_job: Job) -> QImage | None:
            return pdf.render(number, width)

        self._drawing = self._tasks.run(Lane.FREE, render, self._on_page_drawn)
        if self._drawing.state != "waiting":
            self._drawing = None

    @Slot(object)
    def _on_page_drawn(self, image: QImage | None) -> None:
        self._drawing = None
        number, width = self._drawn
        self._cache[number] = (width, image)
        self._cache.move_to_end(number)
        while len(self._cache) > 3 and sum(i.sizeInBytes() for _w, i in self._cache.values() if i is not None) > CACHE_BYTES:
            self._cache.popitem(last=False)
        self.viewport().update()

    @Slot(object)
    def _on_hits_found(self, hits: list[Hit]) -> None:
        self._hits = hits
        self._hit = next((n for n, hit in enumerate(hits) if hit.page >= self._page), 0) if hits else -1
        if hits:
            self._show_hit()
        else:
            self.viewport().update()
            self.found.emit(0, 0)

    def _show_hit(self) -> None:
        hit = self._hits[self._hit]
        page = self._pages[hit.page]
        top = page.top() + round((hit.boxes[0][1] if hit.boxes else 0) * page.height())
        bar = self.verticalScrollBar()
        if not bar.value() + GAP <= top <= bar.value() + self.viewport().height() - 3 * GAP:
            bar.setValue(top - self.viewport().height() // 3)
        self.viewport().update()
        self.found.emit(self._hit + 1, len(self._hits))

    def _paint_hits(self, painter: QPainter, number: int, box: QRect) -> None:
        for index, hit in enumerate(self._hits):
            if hit.page == number:
                ink = theme.colour("accent")
                ink.setAlpha(110 if index == self._hit else 45)
                for x, y, wide, high in hit.boxes:
                    at = QRectF(x * box.width(), y * box.height(), wide * box.width(), high * box.height())
                    painter.fillRect(at.translated(box.topLeft()).adjusted(-1, -1, 1, 1), ink)

    @Slot(int)
    def _on_bar_value_changed(self, _value: int) -> None:
        self._tell()

    def _tell(self) -> None:
        """Say which page is being read: the one a third down the view."""
        if not self._pages:
            return
        page = self._page_at(self.verticalScrollBar().value() + self.viewport().height() // 3)
        if page != self._page:
            self._page = page
            self.moved.emit(page, len(self._pages))


class _Closing:
    """Closes a PDF on the lane where its pages were drawn."""

    def __init__(self, pdf: PdfFile) -> None:
        self._pdf = pdf

    def __call__(self, _job: Job) -> None:
        self._pdf.close()
