"""Running text in one calm column, section after section; reads no file and loads no address."""

import re
from html import escape

from PySide6.QtCore import QByteArray, QEvent, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit

from desktop.kit import theme
from desktop.kit.reader import typeset
from desktop.kit.reader.document import Line, Prose
from desktop.kit.reader.fold import spots
from desktop.kit.reader.pictures import picture_of
from desktop.kit.reader.place import Place
from desktop.kit.tasks import Job, Lane, Runner, Task
from desktop.kit.tokens import MARGIN, READING

_PICTURE = re.compile(r'<img src="dalil:(\d+)" alt="([^"]*)">')
_MARKED = 400  # hits coloured in one section; more would only slow the page


class ProseView(QTextBrowser):
    """Shows one section of a Prose at a time.

    Signals: `moved(section, count)` section from 0; `found(current, count)` current from 1, 0 when none;
    `link_chosen(address)` for an address outside the document.
    """

    moved = Signal(int, int)
    found = Signal(int, int)
    link_chosen = Signal(str)

    _prose: Prose | None = None  # here already, because Qt sends change events while it builds

    def __init__(self, tasks: Runner) -> None:
        super().__init__()
        self._tasks = tasks
        self._section = 0
        self._percent = 100
        self._images: dict[int, QImage | None] = {}
        self._showing: Task | None = None
        self._finding: Task | None = None
        self._wanted = ""
        self._hits: list[tuple[int, int]] = []
        self._hit = -1
        self._next: Line | float | None = None
        self._shown: QTextDocument | None = None
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QTextBrowser, QTextBrowser:focus { border: none; padding: 0px; background: palette(base); }")
        self.anchorClicked.connect(self._on_anchor_clicked)

    def show_document(self, prose: Prose, place: Place) -> None:
        """Show `prose` from `place`."""
        self.release()
        self._prose, self._percent = prose, place.percent
        self._open(min(place.section, len(prose.sections) - 1), min(max(place.share, 0.0), 1.0))

    def contents(self) -> tuple[Line, ...]:
        return () if self._prose is None else self._prose.contents

    def place(self) -> Place:
        bar = self.verticalScrollBar()
        return Place(self._section, bar.value() / bar.maximum() if bar.maximum() else 0.0, self._percent)

    def go_to(self, line: Line) -> None:
        self._open(line.section, line)

    def turn(self, step: int) -> None:
        """One section on or back; nothing at either end."""
        if self._prose is not None and 0 <= self._section + step < len(self._prose.sections):
            self._open(self._section + step, 0.0)

    def set_percent(self, percent: int) -> None:
        """Text size; the line being read stays in sight."""
        share = self.place().share
        self._percent = percent
        if self._prose is not None:
            self._open(self._section, share)

    def find(self, wanted: str) -> None:
        """Look for `wanted` in the whole document; answers by `found`."""
        if self._finding is not None:
            self._finding.cancel()
        self._wanted = wanted
        if self._prose is None or not wanted.strip():
            self._on_hits_found([])
            return
        prose = self._prose

        def look(_job: Job) -> list[tuple[int, int]]:
            return prose.find(wanted)

        self._finding = self._tasks.run(Lane.FREE, look, self._on_hits_found)

    def find_step(self, step: int) -> None:
        """The next hit (1) or the one before (-1), round the end."""
        if self._hits:
            self._hit = (self._hit + step) % len(self._hits)
            self._show_hit()

    def release(self) -> None:
        """Let go of the document and of whatever is under way for it."""
        for task in (self._showing, self._finding):
            if task is not None:
                task.cancel()
        prose, self._prose = self._prose, None
        self._images, self._hits, self._hit, self._wanted = {}, [], -1, ""
        self.setExtraSelections([])
        self.document().clear()
        if prose is not None:
            prose.close()

    def loadResource(self, kind: int, name: QUrl) -> object:
        """Nothing is ever loaded by an address: pictures are given to the document beforehand."""
        return QByteArray()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._prose is not None:
            self.set_percent(self._percent)  # the colours stand in the document's own style sheet

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._centre()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        on = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_Space: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Backspace: -1}.get(event.key())
        if on == 1 and bar.value() == bar.maximum():
            self.turn(1)
        elif on == -1 and bar.value() == bar.minimum() and self._section > 0:
            self._open(self._section - 1, 1.0)
        elif on is not None:
            bar.setValue(bar.value() + on * round(bar.pageStep() * 0.9))
        else:
            super().keyPressEvent(event)

    def _open(self, number: int, then: Line | float | None) -> None:
        if self._showing is not None:
            self._showing.cancel()
        self._section, self._next = number, then
        prose = self._prose
        wanted = [n for n in prose.sections[number].pictures if n not in self._images]
        if not wanted:
            self._compose()
            return
        side = 2 * theme.px(READING)

        def decode(job: Job) -> dict[int, QImage | None]:
            made = {}
            for picture in wanted:
                job.check()
                data = prose.picture(picture)
                made[picture] = None if data is None else picture_of(data, side)
            return made

        self._showing = self._tasks.run(Lane.FREE, decode, self._on_pictures_decoded)

    @Slot(object)
    def _on_pictures_decoded(self, images: dict[int, QImage | None]) -> None:
        self._images = images  # only the section in sight keeps its pictures
        self._compose()

    def _compose(self) -> None:
        section = self._prose.sections[self._section]
        document = QTextDocument(self)  # set apart, so that it is laid out once and not at each change
        document.setUndoRedoEnabled(False)
        typeset.prepare(document, self._percent)
        for number, image in self._images.items():
            if image is not None:
                document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(f"dalil:{number}"), image)
        document.setHtml(_PICTURE.sub(self._picture_tag, section.html))
        typeset.finish(document, self._prose.rtl)
        self._centre()
        shown, self._shown = self._shown, document
        self.setDocument(document)
        if shown is not None:
            shown.deleteLater()
        self.setAccessibleName(self._prose.title)
        self._mark_hits()
        self._settle()
        self.moved.emit(self._section, len(self._prose.sections))

    def _picture_tag(self, match: re.Match[str]) -> str:
        image = self._images.get(int(match.group(1)))
        if image is None:
            return f"<i>[{match.group(2)}]</i>" if match.group(2) else ""
        wide, high = self._column(), max(self.height() - 2 * MARGIN, 240)
        scale = min(wide / image.width(), high / image.height(), 1.0)
        size = f'width="{max(round(image.width() * scale), 1)}" height="{max(round(image.height() * scale), 1)}"'
        return f'<img src="dalil:{match.group(1)}" {size} alt="{escape(match.group(2))}">'

    def _settle(self) -> None:
        then, self._next = self._next, None
        bar = self.verticalScrollBar()
        if isinstance(then, Line) and then.anchor:
            bar.setValue(0)
            self.scrollToAnchor(then.anchor)
            bar.setValue(bar.value() - theme.px(16))
        elif isinstance(then, float):
            bar.setValue(round(then * bar.maximum()))
        elif then is None and self._hit >= 0:
            self._mark_hits()
        else:
            bar.setValue(0)

    def _column(self) -> int:
        bar = self.verticalScrollBar().sizeHint().width()
        return max(min(theme.px(READING), READING * 2, self.width() - 2 * MARGIN - bar), 120)

    def _centre(self) -> None:
        bar = self.verticalScrollBar().sizeHint().width()
        side = max((self.width() - bar - self._column()) // 2, 0)
        self.setViewportMargins(side, 0, side, 0)

    @Slot(object)
    def _on_hits_found(self, hits: list[tuple[int, int]]) -> None:
        self._hits = hits
        self._hit = next((n for n, (section, _nth) in enumerate(hits) if section >= self._section), 0) if hits else -1
        if hits:
            self._show_hit()
        else:
            self.setExtraSelections([])
            self.found.emit(0, 0)

    def _show_hit(self) -> None:
        section = self._hits[self._hit][0]
        if section != self._section:
            self._open(section, None)
        else:
            self._mark_hits()
        self.found.emit(self._hit + 1, len(self._hits))

    def _mark_hits(self) -> None:
        """Colour the hits of this section and bring the one in turn into sight."""
        if self._hit < 0:
            self.setExtraSelections([])
            return
        section, nth = self._hits[self._hit]
        marks = []
        for number, (start, length) in enumerate(spots(self.document().toPlainText(), self._wanted)):
            mine = section == self._section and number == nth
            if number >= _MARKED and not mine:
                continue
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self.document())
            mark.cursor.setPosition(start)
            mark.cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            mark.format = QTextCharFormat()
            mark.format.setBackground(theme.colour("accent" if mine else "accent_soft"))
            mark.format.setForeground(theme.colour("on_accent" if mine else "text"))
            marks.append(mark)
            if mine:
                self._bring_into_sight(mark.cursor)
        self.setExtraSelections(marks)

    def _bring_into_sight(self, cursor: QTextCursor) -> None:
        box = self.cursorRect(cursor)
        if not 0 <= box.top() <= self.viewport().height() - 2 * box.height():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + box.top() - self.viewport().height() // 3)

    @Slot(QUrl)
    def _on_anchor_clicked(self, address: QUrl) -> None:
        text = address.toString()
        target = self._prose.target(self._prose.sections[self._section].part, text)
        if target is not None:
            self._open(target[0], Line("", 1, target[0], target[1]))
        elif address.scheme().lower() in {"http", "https", "mailto"}:
            self.link_chosen.emit(text)
