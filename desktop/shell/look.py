"""Puts a person's choices in force for the whole program: language, direction, locale, theme, size, digits."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.kit import theme
from desktop.shell.preferences import Choices
from i18n import direction, set_language
from i18n.digits import set_digits

__all__ = ["apply_look", "locale_of"]

# Qt ships no texts for Somali and Afar; most of their readers read French.
_QT_TEXTS = {"fr": "fr", "ar": "ar", "so": "fr", "aa": "fr"}
_translators: list[QTranslator] = []


def locale_of(language: str) -> QLocale:
    """The locale of a language as spoken in Djibouti ("ar" alone would mean Egypt)."""
    return QLocale("en_GB" if language == "en" else f"{language}_DJ")


def apply_look(app: QApplication, choices: Choices) -> None:
    """Put `choices` in force. Widgets made before keep their words: the window makes them anew."""
    set_language(choices.language)
    set_digits(choices.digits)
    QLocale.setDefault(locale_of(choices.language))
    _translate_qt(app, choices.language)
    rtl = direction() == "rtl"
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    theme.apply(app, theme.Theme(theme.resolve(choices.theme), choices.size))


def _translate_qt(app: QApplication, language: str) -> None:
    while _translators:
        app.removeTranslator(_translators.pop())
    if language not in _QT_TEXTS:
        return
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{_QT_TEXTS[language]}", folder):
        app.installTranslator(translator)
        _translators.append(translator)
