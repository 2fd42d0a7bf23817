"""The reader of library files: text, contents, search, size, position, and nothing else; fetches nothing."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QHideEvent, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.kit.reader import loading, trouble
from desktop.kit.reader.bars import PositionBar, ToolBar
from desktop.kit.reader.contents_drawer import ContentsDrawer
from desktop.kit.reader.direction import first_strong, runs_right_to_left
from desktop.kit.reader.document import Line, Prose
from desktop.kit.reader.find_bar import FindBar
from desktop.kit.reader.link_bar import LinkBar
from desktop.kit.reader.pdf_file import PdfFile
from desktop.kit.reader.pdf_view import PdfView
from desktop.kit.reader.picture_view import PictureView
from desktop.kit.reader.place import Place, next_percent
from desktop.kit.reader.prose_view import ProseView
from desktop.kit.reader.source import Source, on_disk
from desktop.kit.reader.trouble import Trouble
from desktop.kit.states import States
from desktop.kit.tasks import Job, Lane, Runner, Task
from desktop.kit.text import turn

ROOM_FOR_DRAWER = 860  # pixels of width under which the contents start folded


class Reader(QWidget):
    """Opens one file at a time.

    Signals: `opened(title)`; `failed(Text)`, the sentence that stands in the reader too;
    `moved(section, count)`, section from 0.
    `recall(key)` and `remember(key, place)` keep where one stopped; the key is the source’s, of a file its path as text.
    `open_address` opens a web or mail address the person has seen and agreed to.
    """

    opened = Signal(str)
    failed = Signal(object)
    moved = Signal(int, int)

    def __init__(
        self,
        tasks: Runner,
        *,
        recall: Callable[[str], Place | None] | None = None,
        remember: Callable[[str, Place], None] | None = None,
        open_address: Callable[[str], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._recall, self._remember = recall, remember
        self._open_address = open_address or _open_in_browser
        self._request: tuple[Source, str, str | None, str | None] | None = None
        self._loading: Task | None = None
        self._key = ""
        self._rtl = False
        self.prose, self.pdf, self.picture = ProseView(tasks), PdfView(tasks), PictureView()
        self.view: ProseView | PdfView | PictureView | None = None
        self._build()
        self._connect()

    def open(self, path: Path | str | Source, media_type: str, language: str | None = None, title: str | None = None) -> None:
        """Show the file at `path`, or of a source; answers by `opened` or `failed`. `language` (as `ar`) decides the direction."""
        self.close_document()
        source = path if isinstance(path, Source) else on_disk(path)
        self._request = (source, media_type, language, title)
        self.tools.title.setText(title or "")
        self._states.show_loading()

        def work(job: Job) -> tuple[str, Prose | PdfFile | QImage]:
            content = loading.read(source, media_type, language)
            if job.cancelled and not isinstance(content, QImage):
                content.close()
            return source.key, content

        self._loading = self._tasks.run(Lane.FREE, work, self._on_file_read, self._on_file_failed)

    def close_document(self) -> None:
        """Remember the place, let go of the file, show nothing."""
        if self._loading is not None:
            self._loading.cancel()
        self.keep_place()
        if self.view is not None:
            self.view.release()
        self.view, self._key = None, ""
        self.find_bar.hide()
        self.find_bar.field.clear()
        self.link_bar.hide()
        self.drawer.show_lines(())
        self.drawer.hide()
        self._rule.hide()
        self.tools.contents.hide()
        self.tools.allow(sizes=False, finding=False)
        self.position.show_place(0, 0)

    def is_right_to_left(self) -> bool:
        """The direction of the open document."""
        return self._rtl

    def begin_find(self) -> None:
        """Open the search in the document, with the selected words when there are any."""
        if self.view is None or self.view is self.picture:
            return
        self.find_bar.show()
        chosen = self.prose.textCursor().selectedText() if self.view is self.prose else ""
        self.find_bar.begin(chosen if len(chosen) < 80 else "")

    def end_find(self) -> None:
        self.find_bar.hide()
        if self.view is not None:
            self.view.find("")
            self.view.setFocus()

    def turn(self, step: int) -> None:
        """One chapter or page on (1) or back (-1) in reading order."""
        if self.view is not None:
            self.view.turn(step)

    def resize_text(self, step: int) -> None:
        """Larger (1), smaller (-1), or as it was (0)."""
        if self.view is not None:
            percent = next_percent(self.view.place().percent, step) if step else 100
            self.view.set_percent(percent)
            self.tools.show_percent(percent)
            self.keep_place()

    def toggle_contents(self) -> None:
        """Unfold or fold the contents list."""
        if self.tools.contents.isHidden():
            return
        self.drawer.setVisible(self.drawer.isHidden())
        self.tools.contents.setChecked(not self.drawer.isHidden())
        self._rule.setVisible(not self.drawer.isHidden())
        if not self.drawer.isHidden():
            self.drawer.take_focus()
        elif self.view is not None:
            self.view.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            for part in (self.tools, self.find_bar, self.drawer):
                part.retranslate()
            self._point()

    def hideEvent(self, event: QHideEvent) -> None:
        self.keep_place()
        super().hideEvent(event)

    def _build(self) -> None:
        self.tools, self.position = ToolBar(), PositionBar()
        self.find_bar, self.link_bar, self.drawer = FindBar(), LinkBar(), ContentsDrawer()
        self._stack = QStackedWidget()
        for view in (self.prose, self.pdf, self.picture):
            self._stack.addWidget(view)
        self._states = States(self._stack)
        self._body = QWidget()
        across = QHBoxLayout(self._body)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self._rule = _rule("upright")
        across.addWidget(self.drawer)
        across.addWidget(self._rule)
        across.addWidget(self._states, 1)
        down = QVBoxLayout(self)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        for part in (self.tools, _rule("rule"), self.find_bar, self.link_bar):
            down.addWidget(part)
        down.addWidget(self._body, 1)
        down.addWidget(self.position)
        self.drawer.hide()
        self.find_bar.hide()
        self.position.hide()
        self.tools.allow(sizes=False, finding=False)
        self.tools.contents.hide()
        self._rule.hide()

    def _connect(self) -> None:
        self.tools.contents_requested.connect(self.toggle_contents)
        self.tools.find_requested.connect(self.begin_find)
        self.tools.size_requested.connect(self.resize_text)
        self.position.turn_requested.connect(self.turn)
        self.drawer.chosen.connect(self._on_drawer_chosen)
        self.find_bar.wanted.connect(self._on_find_bar_wanted)
        self.find_bar.stepped.connect(self._on_find_bar_stepped)
        self.find_bar.closed.connect(self.end_find)
        self.link_bar.agreed.connect(self._on_link_bar_agreed)
        self.link_bar.closed.connect(self._on_link_bar_closed)
        for view in (self.prose, self.pdf, self.picture):
            view.moved.connect(self._on_view_moved)
            view.found.connect(self.find_bar.show_found)
        self.prose.link_chosen.connect(self.link_bar.ask)
        for keys, act in (
            ("Ctrl+F", self.begin_find), ("F3", partial(self._on_find_bar_stepped, 1)),
            ("Shift+F3", partial(self._on_find_bar_stepped, -1)), ("F9", self.toggle_contents),
            ("Ctrl++", partial(self.resize_text, 1)), ("Ctrl+=", partial(self.resize_text, 1)),
            ("Ctrl+-", partial(self.resize_text, -1)), ("Ctrl+0", partial(self.resize_text, 0)),
            ("Ctrl+PgDown", partial(self.turn, 1)), ("Ctrl+PgUp", partial(self.turn, -1)),
            ("Ctrl+Right", self._turn_right), ("Ctrl+Left", self._turn_left),
        ):
            made = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(act)

    def _turn_right(self) -> None:
        self.turn(-1 if self._rtl else 1)

    def _turn_left(self) -> None:
        self.turn(1 if self._rtl else -1)

    @Slot(object)
    def _on_file_read(self, outcome: tuple[str, Prose | PdfFile | QImage]) -> None:
        key, content = outcome
        source, _media_type, language, title = self._request
        place = (self._recall(key) if self._recall else None) or Place()
        self._key = key
        if isinstance(content, Prose):
            self.view, self._rtl, own = self.prose, content.rtl, content.title
        elif isinstance(content, PdfFile):
            self.view, own = self.pdf, content.title
            self._rtl = _direction(title or own, language)
        else:
            self.view, self._rtl, own = self.picture, _direction(title or "", language), ""
        shown = title or own or source.stem
        self.tools.title.setText(shown)
        self.tools.show_percent(place.percent)
        self.tools.allow(sizes=True, finding=self.view is not self.picture)
        self._point()
        self._stack.setCurrentWidget(self.view)
        self._states.show_content()
        self._layout_now()
        self.view.show_document(content, place)
        self._show_contents()
        self.view.setFocus()
        self.opened.emit(shown)

    @Slot(object)
    def _on_file_failed(self, error: Exception) -> None:
        known = error if isinstance(error, Trouble) else trouble.damaged()
        self._rtl = QApplication.isRightToLeft()  # what is said now is ours, not the document's
        self._point()
        self._states.show_failed(known.text, self._on_retry)
        self.failed.emit(known.text)
        if known is not error:
            raise error  # a fault of ours: the person has a sentence, the log gets the rest

    def _on_retry(self) -> None:
        if self._request is not None:
            self.open(*self._request)

    def _show_contents(self) -> None:
        lines = self.view.contents()
        self.drawer.show_lines(lines)
        self.tools.contents.setVisible(len(lines) > 1)
        self.drawer.setVisible(len(lines) > 1 and self.width() >= ROOM_FOR_DRAWER)
        self.tools.contents.setChecked(not self.drawer.isHidden())
        self._rule.setVisible(not self.drawer.isHidden())
        self.drawer.mark(self.view.place().section)

    def _layout_now(self) -> None:
        self.layout().activate()
        self._body.layout().activate()

    def _point(self) -> None:
        """Turn drawer, text and arrows the way the document runs."""
        way = Qt.LayoutDirection.RightToLeft if self._rtl else Qt.LayoutDirection.LeftToRight
        turn(self._body, way)
        turn(self.tools, way)
        self.position.point(rtl=self._rtl, app_rtl=QApplication.isRightToLeft())

    def keep_place(self) -> None:
        """Remember where one is now."""
        if self._remember is not None and self.view is not None and self._key:
            self._remember(self._key, self.view.place())

    @Slot(int, int)
    def _on_view_moved(self, section: int, count: int) -> None:
        self.position.show_place(section, count)
        self.drawer.mark(section)
        self.moved.emit(section, count)

    @Slot(object)
    def _on_drawer_chosen(self, line: Line) -> None:
        self.view.go_to(line)

    @Slot(str)
    def _on_find_bar_wanted(self, words: str) -> None:
        if self.view is not None:
            self.view.find(words)

    @Slot(int)
    def _on_find_bar_stepped(self, step: int) -> None:
        if self.view is not None:
            self.view.find_step(step)

    @Slot(str)
    def _on_link_bar_agreed(self, address: str) -> None:
        self._open_address(address)

    @Slot()
    def _on_link_bar_closed(self) -> None:
        self.link_bar.hide()
        if self.view is not None:
            self.view.setFocus()


def _direction(title: str, language: str | None) -> bool:
    """For pages that are pictures: the language, the title, and at last the app itself decide."""
    if language or first_strong(title) is not None:
        return runs_right_to_left(title, language)
    return QApplication.isRightToLeft()


def _rule(part: str) -> QFrame:
    made = QFrame()
    made.setProperty("part", part)
    return made


def _open_in_browser(address: str) -> None:
    QDesktopServices.openUrl(QUrl(address))
