"""Books: what is read of a sound one, and what is refused of a hostile one."""

import zipfile

import pytest

from resources.formats.epub import EpubError, as_html, inside, read_book


def test_arabic_book_says_its_direction_language_and_contents(arabic_book):
    book = read_book(arabic_book)
    assert (book.rtl, book.language, book.title) == (True, "ar", "Le Vrai Régime anti-cancer")
    assert [entry.label for entry in book.contents] == ["Couverture", "Page de titre", "Commencer la lecture"]
    assert len(book.parts) == 3 and not book.missing
    assert book.picture(book.parts[0], "../Image/cover.jpg")[:3] == b"\xff\xd8\xff"
    book.close()


def test_direction_follows_language_unless_the_spine_says_otherwise(make_epub):
    assert read_book(make_epub({"a.xhtml": "<p>x</p>"}, language="ar")).rtl
    assert not read_book(make_epub({"a.xhtml": "<p>x</p>"}, language="ar", turning="ltr")).rtl
    assert read_book(make_epub({"a.xhtml": "<p>x</p>"}, language="fr", turning="rtl")).rtl


@pytest.mark.parametrize(
    "href", ["../../etc/passwd", "/etc/passwd", "..%2f..%2fsecret", "http://x.org/a.png", "//x.org/a.png", "c\\d", "file:///x"]
)
def test_no_name_leaves_the_book(href):
    assert inside("OPS/a.xhtml", href) is None


def test_a_member_named_outside_is_never_reached(make_epub):
    book = read_book(make_epub({"a.xhtml": "<p>x</p>"}, {"../evil.png": b"\x89PNG"}))
    assert book.picture("a.xhtml", "../evil.png") is None


def test_truncated_book_is_refused(arabic_book, tmp_path):
    cut = tmp_path / "cut.epub"
    cut.write_bytes(arabic_book.read_bytes()[:40_000])
    with pytest.raises(EpubError, match="damaged or incomplete"):
        read_book(cut)


def test_bomb_by_ratio_by_members_and_by_size(make_epub, monkeypatch):
    with pytest.raises(EpubError, match="unpacks to far more"):
        read_book(make_epub({"a.xhtml": "<p>x</p>"}, {"zeros": b"\0" * (8 << 20)}))
    with pytest.raises(EpubError, match="unpacks to far more"):
        read_book(make_epub({"a.xhtml": "<p>x</p>"}, {f"m{n}": b"" for n in range(5_001)}))
    monkeypatch.setattr("resources.formats.epub.BOOK_BYTES", 1_000)
    with pytest.raises(EpubError, match="unpacks to far more"):
        read_book(make_epub({"a.xhtml": "<p>x</p>" * 400}))


def test_entity_bomb_in_the_package_is_refused_and_in_a_chapter_is_not_expanded(make_epub):
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    path = make_epub({"a.xhtml": f"<?xml version='1.0'?>{bomb}<html><body><p>see &b;</p></body></html>"})
    book = read_book(path)
    assert "haha" not in book.markup("a.xhtml") and "ENTITY" not in book.markup("a.xhtml")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("META-INF/encryption.xml", f"{bomb}<encryption>&b;</encryption>")
    with pytest.raises(EpubError, match="damaged"):
        read_book(path)


def test_publisher_lock_is_named(make_epub):
    lock = '<encryption><EncryptedData><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></EncryptedData></encryption>'
    with pytest.raises(EpubError, match="locked by its publisher"):
        read_book(make_epub({"a.xhtml": "<p>x</p>"}, {"META-INF/encryption.xml": lock}))


def test_missing_spine_items_are_told_and_all_missing_is_refused(make_epub):
    book = read_book(make_epub({"a.xhtml": "<p>x</p>"}, spine=["a.xhtml", "gone.xhtml"]))
    assert book.missing == {"gone.xhtml"}
    with pytest.raises(EpubError, match="Nothing to read"):
        read_book(make_epub({}, spine=["gone.xhtml"]))


def test_an_archive_that_is_no_book(tmp_path):
    path = tmp_path / "x.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(EpubError, match="not a book"):
        read_book(path)


def test_flipped_bytes_in_a_chapter_are_one_sentence(make_epub):
    path = make_epub({"a.xhtml": "<p>" + "mot " * 5_000 + "</p>"})
    data = bytearray(path.read_bytes())
    at = data.index(b"a.xhtml") + 20
    data[at : at + 8] = b"\xff" * 8
    path.write_bytes(bytes(data))
    with pytest.raises(EpubError, match="damaged"):
        read_book(path).markup("a.xhtml")


def test_empty_xhtml_tags_do_not_swallow_the_page():
    assert as_html('<title/><a id="x"/><br/><p>y</p>') == '<title></title><a id="x"></a><br/><p>y</p>'
