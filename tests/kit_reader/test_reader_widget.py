"""The reader as a person meets it: opens, turns, finds, remembers, and stays usable after every bad file."""

import random
import zlib

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QImageWriter, QTextDocument

from desktop.kit.reader import Place
from desktop.kit.reader.pictures import picture_file

WAIT = 8_000

# Qt says on its log what it met in the damaged pictures that these tests feed it.
pytestmark = pytest.mark.qt_log_ignore("JPEG", "libpng", "Corrupt", "svg", "propagateSizeHints")


def opened(qtbot, reader, path, media_type="", **given):
    with qtbot.waitSignal(reader.opened, timeout=WAIT) as signal:
        reader.open(path, media_type, **given)
    return signal.args[0]


def refused(qtbot, reader, path, media_type=""):
    with qtbot.waitSignal(reader.failed, timeout=WAIT) as signal:
        reader.open(path, media_type)
    return str(signal.args[0])


def test_arabic_book_opens_right_to_left_with_its_contents_at_the_start(qtbot, reader, arabic_book):
    assert opened(qtbot, reader, arabic_book, "application/epub+zip") == "Le Vrai Régime anti-cancer"
    assert reader.is_right_to_left()
    assert {"ما هو السرطان؟", "أهمّية جيناتنا"} <= set(reader.drawer.labels())
    drawer = reader.drawer.mapTo(reader, QPoint(0, 0)).x()
    assert reader.drawer.isVisible() and drawer > reader.prose.mapTo(reader, QPoint(0, 0)).x()
    line = next(line for line in reader.prose.contents() if line.label == "أهمّية جيناتنا")
    reader.drawer.chosen.emit(line)
    assert reader.position.position.text().strip("\u2066\u2069") == "4 / 8"
    assert reader.prose.document().firstBlock().textDirection() == Qt.LayoutDirection.RightToLeft
    assert reader.prose.viewport().width() <= 680


def test_cover_picture_comes_from_inside_and_nothing_else_loads(qtbot, reader, arabic_book):
    opened(qtbot, reader, arabic_book)
    kind = QTextDocument.ResourceType.ImageResource.value
    qtbot.waitUntil(lambda: isinstance(reader.prose.document().resource(kind, QUrl("dalil:0")), QImage), timeout=WAIT)
    assert reader.prose.loadResource(kind, QUrl("file:///etc/passwd")).isEmpty()


def test_find_goes_round_and_counts_across_chapters(qtbot, reader, arabic_book):
    opened(qtbot, reader, arabic_book)
    reader.begin_find()
    with qtbot.waitSignal(reader.prose.found, timeout=WAIT) as signal:
        reader.find_bar.field.insert("سرطان")  # QTest types ASCII only
        reader.find_bar.field.textEdited.emit("سرطان")
    current, count = signal.args
    assert current == 1 and count > 20
    sections = set()
    for _ in range(count):
        qtbot.keyClick(reader.find_bar.field, Qt.Key.Key_Return)
        sections.add(reader.prose.place().section)
    assert len(sections) > 3
    assert reader.find_bar.count.text() == f"1 of {count}"
    qtbot.keyClick(reader.find_bar.field, Qt.Key.Key_Escape)
    assert reader.find_bar.isHidden() and reader.prose.extraSelections() == []


def test_place_and_size_are_remembered(qtbot, reader, arabic_book, places):
    opened(qtbot, reader, arabic_book)
    for _ in range(4):
        reader.turn(1)
    reader.resize_text(1)
    kept = reader.prose.place()
    reader.close_document()
    assert places[str(arabic_book)] == Place(4, kept.share, 115)
    opened(qtbot, reader, arabic_book)
    assert (reader.prose.place().section, reader.prose.place().percent) == (4, 115)


def test_keys_turn_pages_the_way_the_script_runs(qtbot, reader, arabic_book):
    opened(qtbot, reader, arabic_book)
    qtbot.keyClick(reader, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: reader.prose.place().section == 1, timeout=WAIT)
    qtbot.keyClick(reader, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: reader.prose.place().section == 0, timeout=WAIT)


def test_links_open_only_after_the_address_was_shown(qtbot, reader, tmp_path, visited):
    path = tmp_path / "a.md"
    path.write_text("[click](https://exa\u006dple.dj/\u00e9?x=1) and [in](#x) and [tel](tel:123)", "utf-8")
    opened(qtbot, reader, path, "text/markdown")
    reader.prose.anchorClicked.emit(QUrl("tel:123"))
    reader.prose.anchorClicked.emit(QUrl("file:///etc/passwd"))
    assert reader.link_bar.isHidden() and visited == []
    reader.prose.anchorClicked.emit(QUrl("https://ex\u0430mple.dj/é"))  # a Cyrillic letter poses as Latin
    assert reader.link_bar.isVisible() and "xn--" in reader.link_bar.words() and visited == []
    reader.link_bar._open.click()
    assert len(visited) == 1 and visited[0].startswith("https://xn--")


def test_pdf_shows_pages_and_finds_without_accents(qtbot, reader, pdf):
    assert opened(qtbot, reader, pdf, "application/pdf") == "Rapport annuel"
    qtbot.waitUntil(lambda: 0 in reader.pdf._cache, timeout=WAIT)
    image = reader.pdf._cache[0][1]
    assert image.width() > 600 and any(image.pixelColor(x, y) != QColor("white") for x in range(0, 600, 3) for y in range(60, 300, 3))
    reader.begin_find()
    with qtbot.waitSignal(reader.pdf.found, timeout=WAIT) as signal:
        qtbot.keyClicks(reader.find_bar.field, "ecoles")
    assert signal.args == [1, 90]
    reader.pdf.find_step(-1)
    assert reader.pdf.place().section > 0
    assert reader.pdf._hits[0].boxes


def test_photo_is_turned_as_its_camera_says_and_kept_small(qtbot, reader, tmp_path):
    photo = QImage(6_000, 3_000, QImage.Format.Format_RGB32)
    photo.fill(QColor("teal"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"jpeg").write(photo)
    jpeg = bytes(buffer.data().data())
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:])
    image = picture_file(path)
    assert (image.width(), image.height()) == (1_280, 2_560)
    opened(qtbot, reader, path, "image/jpeg")
    assert reader.tools._find.isHidden()


def test_svg_cannot_reach_out_or_multiply(qtbot, reader, tmp_path):
    path = tmp_path / "a.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 20"><script>x</script>'
        '<image xlink:href="file:///etc/passwd" width="9" height="9"/><rect width="40" height="20" fill="#0B6E75"/></svg>'
    )
    opened(qtbot, reader, path, "image/svg+xml")
    assert reader.picture._sheet.image.pixelColor(300, 300) == QColor("#0B6E75")
    uses = "".join(f'<g id="g{n}">' + f'<use xlink:href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 12))
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><g id="g0"/>{uses}</svg>')
    assert "damaged" in refused(qtbot, reader, path, "image/svg+xml")


def _bad_files(tmp_path, pdf, arabic_book):
    whole = pdf.read_bytes()
    header = b"IHDR" + (30_000).to_bytes(4, "big") * 2 + b"\x08\x06\0\0\0"
    start = b"\0\0\0\0IDAT" + zlib.crc32(b"IDAT").to_bytes(4, "big")
    png = b"\x89PNG\r\n\x1a\n\0\0\0\r" + header + zlib.crc32(header).to_bytes(4, "big") + start
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as stream:
        stream.write(b"mot " * 2_000)
        stream.truncate(100 << 20)
    return {
        "cut pdf": (whole[:400], "application/pdf", "damaged or incomplete"),
        "pdf in name only": (b"hello", "application/pdf", "damaged or incomplete"),
        "noise": (bytes(range(256)) * 9, "application/pdf", "damaged or incomplete"),
        "cut book": (arabic_book.read_bytes()[:30_000], "application/epub+zip", "damaged or incomplete"),
        "empty": (b"", "text/plain", "empty"),
        "blank": (b"  \n\n", "text/plain", "empty"),
        "enormous png": (png, "image/png", "30,000 × 30,000"),
        "cut jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg", "damaged or incomplete"),
        "program": (b"\x7fELF\x02\x01\x01\0\0\0", "application/octet-stream", "does not open here"),
        "html of nothing": (b"<html><script>x</script></html>", "text/html", "empty"),
        "svg entities": (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>', "image/svg+xml", "damaged"),
        "huge text": (huge, "text/plain", "100 MB"),
        "gone": (tmp_path / "gone.pdf", "application/pdf", "no longer where it was"),
        "folder": (tmp_path, "application/pdf", "no longer where it was"),
    }


def test_every_bad_file_is_one_sentence_and_the_reader_stays_usable(qtbot, reader, tmp_path, pdf, arabic_book):
    good = tmp_path / "good.md"
    good.write_text("# Bonjour\n\nDu texte.", "utf-8")
    for name, (content, media_type, words) in _bad_files(tmp_path, pdf, arabic_book).items():
        path = content
        if isinstance(content, bytes):
            path = tmp_path / f"bad-{name.replace(' ', '-')}"
            path.write_bytes(content)
        sentence = refused(qtbot, reader, path, media_type)
        assert words in sentence and sentence.endswith("."), name
        assert reader._states.showing == "failed"
        assert opened(qtbot, reader, good, "text/markdown") == "Bonjour", name
        assert reader._states.showing == "content"


def test_locked_pdf_is_named(qtbot, reader, tmp_path):
    path = tmp_path / "locked.pdf"
    key = "0" * 64
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"3 0 obj<</Filter/Standard/V 1/R 2/O<" + key.encode() + b">/U<" + key.encode() + b">/P -4>>endobj\n"
        b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]>>\n%%EOF"
    )
    assert "locked with a password" in refused(qtbot, reader, path, "application/pdf")


def test_a_file_that_vanishes_after_opening_keeps_its_page(qtbot, reader, pdf):
    opened(qtbot, reader, pdf)
    pdf.unlink()
    reader.turn(1)
    assert reader.pdf.place().section == 1


@pytest.mark.parametrize("seed", range(8))
def test_flipped_bytes_never_crash(qtbot, reader, tmp_path, pdf, arabic_book, seed):
    chance = random.Random(seed)
    for source in (pdf, arabic_book):
        data = bytearray(source.read_bytes())
        for _ in range(60):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = tmp_path / f"flipped{source.suffix}"
        path.write_bytes(bytes(data))
        with qtbot.waitSignals([reader.opened, reader.failed], timeout=200, raising=False, order="none"):
            reader.open(path, "")
        qtbot.waitUntil(lambda: reader.view is not None or reader._states.showing == "failed", timeout=WAIT)
