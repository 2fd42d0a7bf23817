"""A reader on real lanes, a shared folder of real files, and builders of hostile ones."""

import ctypes
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QApplication

import i18n
from desktop.kit import theme, tokens
from desktop.kit.reader import Place, Reader
from desktop.kit.tasks import Tasks

# PySide 6.12 gives back references of None, True and False it never took: harmless from Python 3.12 on,
# where these live for ever, fatal after some thousand calls on 3.11.
for _constant in (None, True, False):
    ctypes.c_ssize_t.from_address(id(_constant)).value += 1 << 40

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("DALIL_SHARED", ROOT.parent / "shared"))
OPF = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Essai</dc:title><dc:language>{language}</dc:language></metadata>
<manifest>{items}</manifest><spine{turning}>{refs}</spine></package>"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with i18n.speaking("en"):
        yield


@pytest.fixture
def arabic_book() -> Path:
    book = SHARED / "data" / "epub" / "regime-anticancer-arabic.epub"
    if not book.exists():
        pytest.skip("the shared data is not beside the project")
    return book


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


@pytest.fixture
def places() -> dict[str, Place]:
    return {}


@pytest.fixture
def visited() -> list[str]:
    return []


@pytest.fixture
def reader(qtbot, tasks: Tasks, places: dict[str, Place], visited: list[str]) -> Iterator[Reader]:
    theme.apply(QApplication.instance(), theme.Theme(tokens.LIGHT))
    made = Reader(tasks, recall=places.get, remember=places.__setitem__, open_address=visited.append)
    qtbot.addWidget(made)
    made.resize(1024, 768)
    made.show()
    yield made
    made.close_document()


@pytest.fixture
def pdf(tmp_path: Path, qapp: QApplication) -> Path:
    """Four pages or so of French, with accents."""
    path = tmp_path / "rapport.pdf"
    writer = QPdfWriter(str(path))
    writer.setTitle("Rapport annuel")
    document = QTextDocument()
    document.setDefaultFont(QFont("IBM Plex Sans Arabic", 12))
    document.setHtml("<h1>Rapport</h1>" + "<p>Les écoles de Dikhil ont reçu du matériel pour l’année.</p>" * 90)
    document.print_(writer)
    return path


@pytest.fixture
def make_epub(tmp_path: Path) -> Callable[..., Path]:
    """Builds a book: chapters by name, other members, spine names, language, direction."""

    def make(
        chapters: dict[str, str],
        others: dict[str, str | bytes] | None = None,
        spine: list[str] | None = None,
        language: str = "fr",
        turning: str = "",
        name: str = "book.epub",
    ) -> Path:
        names = spine or list(chapters)
        items = "".join(f'<item id="i{n}" href="{c}" media-type="application/xhtml+xml"/>' for n, c in enumerate(names))
        refs = "".join(f'<itemref idref="i{n}"/>' for n in range(len(names)))
        attribute = f' page-progression-direction="{turning}"' if turning else ""
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
            archive.writestr(
                "META-INF/container.xml",
                '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>',
            )
            archive.writestr("book.opf", OPF.format(language=language, items=items, refs=refs, turning=attribute))
            for member, text in {**chapters, **(others or {})}.items():
                archive.writestr(member, text)
        return path

    return make
