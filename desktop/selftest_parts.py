"""What a bundle can lack: faces, icons, catalogues, native libraries, guides; opens no window and runs no SQL."""

from __future__ import annotations

import os

import nacl.signing
import zstandard
from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtGui import QFontDatabase, QImageReader, QRawFont
from PySide6.QtSvg import QSvgRenderer

from desktop.kit import fonts, icons
from i18n import Text
from i18n.catalogue import catalogue_of, compiled_file
from i18n.fold import words
from resources.starter.reading import guides, regions
from sync import cipher

__all__ = ["PARTS"]


def typeface() -> None:
    """One face draws French and Arabic; ours when its files are here."""
    if any(folder.glob("*.ttf") for folder in fonts.font_folders() if folder.is_dir()):
        _hold("IBM Plex Sans Arabic" in QFontDatabase.families(), "the fonts beside the program were not loaded")
    font = fonts.base_font(15)
    for system, letters in ((QFontDatabase.WritingSystem.Latin, "éçŒ"), (QFontDatabase.WritingSystem.Arabic, "دليلأ")):
        face = QRawFont.fromFont(font, system)
        _hold(all(face.supportsCharacter(ord(letter)) for letter in letters), f"no face of this machine draws {letters}")


def drawings() -> None:
    """Every icon that the app names is in the icon face."""
    for name in icons.NAMES:
        image = icons.pixmap(name).toImage()
        blank = all(image.pixelColor(x, y).alpha() == 0 for x in range(image.width()) for y in range(image.height()))
        _hold(not blank, f"the icon “{name}” is blank")


def pictures() -> None:
    """The readers of picture files are here, SVG among them."""
    known = {bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()}
    _hold({"png", "jpg", "gif", "webp"} <= known, f"pictures that can be read: {sorted(known)}")
    _hold(QSvgRenderer(b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>').isValid(), "SVG")


def catalogues() -> None:
    """French and Arabic of the app and of Qt's own buttons."""
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for tongue in ("fr", "ar"):
        _hold(os.path.isfile(compiled_file(tongue)), f"{tongue}: no catalogue")
        _hold(catalogue_of(tongue).gettext("Directory") != "Directory", f"{tongue}: an empty catalogue")
        _hold(QTranslator().load(f"qtbase_{tongue}", folder), f"{tongue}: no texts of Qt")


def folding() -> None:
    """Arabic is found however its letters are typed."""
    _hold(words("أوبوك") == words("اوبوك"), "أوبوك")


def native_libraries() -> None:
    """Compression and signatures do what they say."""
    text = b"dalil " * 100
    _hold(zstandard.ZstdDecompressor().decompress(zstandard.ZstdCompressor().compress(text)) == text, "zstandard")
    key = nacl.signing.SigningKey(bytes(32))
    _hold(key.verify_key.verify(key.sign(text)) == text, "PyNaCl")


def vaults() -> None:
    """What people's files are encrypted with came with the program."""
    _hold(bool(cipher.library().sqlite_version), "SQLCipher")


def starter() -> None:
    """The guides and the regions that serve without any network."""
    _hold(len(regions()) == 6, "six regions")
    _hold(len(guides()) >= 6, "at least six guides")
    for guide in guides():
        for tongue in ("fr", "ar"):
            _hold(len(guide.text(tongue)) > 1000, f"{guide.slug} in {tongue}")


def _hold(true: bool, otherwise: str) -> None:
    if not true:
        raise AssertionError(otherwise)


PARTS = {
    Text("Fonts"): typeface,
    Text("Icons"): drawings,
    Text("Pictures"): pictures,
    Text("Translations"): catalogues,
    Text("Arabic spelling"): folding,
    Text("Compression and signatures"): native_libraries,
    Text("People’s files"): vaults,
    Text("Starter guides and regions"): starter,
}
