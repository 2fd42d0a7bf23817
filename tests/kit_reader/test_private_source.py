"""Files that lie encrypted are read in memory: text, PDF, picture, drawing, book; nothing in clear is written, and a damaged one is said."""

import io
import os

import pytest
from PySide6.QtGui import QColor, QImage

from desktop.kit.reader import Source
from sync import private_files as private
from sync.files import CHUNK, Files
from tests.sync.test_private_files import LETTER

WAIT = 8_000


@pytest.fixture
def sealed(tmp_path):
    """Attaches a file privately; answers its source, the source file taken away."""
    files = Files(tmp_path / "files")

    def take(path):
        value = private.take(files, LETTER, path, os.urandom)
        path.unlink()
        return Source(f"place {value['sha256']}", path.name, lambda: private.open_file(files, value)), files.path(value["sha256"])

    return take


def opened(qtbot, reader, source, media_type=""):
    with qtbot.waitSignal(reader.opened, timeout=WAIT) as signal:
        reader.open(source, media_type)
    return signal.args[0]


def refused(qtbot, reader, source, media_type=""):
    with qtbot.waitSignal(reader.failed, timeout=WAIT) as signal:
        reader.open(source, media_type)
    return signal.args[0].msgid


def test_text_a_picture_a_drawing_and_a_book(qtbot, reader, sealed, tmp_path, make_epub, places):
    (tmp_path / "liste.txt").write_text("Numéro de Hodan : 77 12 34 56\n" * 5000, "utf-8")
    source, _ = sealed(tmp_path / "liste.txt")
    assert opened(qtbot, reader, source) == "liste"
    assert "Hodan" in reader.prose.toPlainText()
    reader.turn(1)
    reader.close_document()
    assert list(places) == [source.key], "the place is kept under the name of the encrypted file"

    photo = QImage(3000, 1500, QImage.Format.Format_RGB32)
    photo.fill(QColor("teal"))
    assert photo.save(str(tmp_path / "photo.png"))
    opened(qtbot, reader, sealed(tmp_path / "photo.png")[0])
    assert reader.view is reader.picture

    (tmp_path / "plan.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>', "utf-8")
    opened(qtbot, reader, sealed(tmp_path / "plan.svg")[0])
    assert reader.view is reader.picture

    assert opened(qtbot, reader, sealed(make_epub({"a.xhtml": "<p>Un chapitre</p>"}))[0]) == "Essai"
    assert "Un chapitre" in reader.prose.toPlainText()


def test_a_pdf_is_read_page_by_page(qtbot, reader, sealed, pdf):
    assert pdf.stat().st_size > 100
    assert opened(qtbot, reader, sealed(pdf)[0], "application/pdf") == "Rapport annuel"
    qtbot.waitUntil(lambda: 0 in reader.pdf._cache, timeout=WAIT)
    reader.begin_find()
    with qtbot.waitSignal(reader.pdf.found, timeout=WAIT) as signal:
        qtbot.keyClicks(reader.find_bar.field, "ecoles")
    assert signal.args == [1, 90]


def test_what_is_damaged_or_gone_is_said(qtbot, reader, sealed, tmp_path, pdf):
    (tmp_path / "long.txt").write_bytes(b"word " * CHUNK)
    for path, ending in ((tmp_path / "long.txt", "text/plain"), (pdf, "application/pdf")):
        source, stored = sealed(path)
        whole = stored.read_bytes()
        stored.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert "damaged" in refused(qtbot, reader, source, ending)
        stored.write_bytes(whole[:-1])
        assert "damaged" in refused(qtbot, reader, source, ending)
        stored.unlink()
        assert "no longer where it was" in refused(qtbot, reader, source, ending)


def test_one_that_is_too_large_to_read_at_once_is_said(qtbot, reader):
    class Large(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return 200 << 20 if whence == os.SEEK_END else super().seek(offset, whence)

    assert "too large" in refused(qtbot, reader, Source("k", "large.txt", lambda: Large(b"word")))
