"""The theme in force: tokens and scale, made into a QPalette, a font and one style sheet."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from desktop.kit import fonts, tokens
from desktop.kit.stylesheet import stylesheet
from desktop.kit.tokens import THEMES, TYPE, Tokens

__all__ = ["Theme", "apply", "colour", "current", "font", "px", "resolve"]


@dataclass(frozen=True)
class Theme:
    """Tokens plus the person's size preference in percent (90 to 175)."""

    tokens: Tokens = tokens.LIGHT
    percent: int = 100

    def px(self, size: float) -> int:
        """`size` pixels at 100 %, scaled."""
        return round(size * self.percent / 100)


# The theme belongs to the one QApplication of the process, so it is kept beside it.
_current = Theme()


def current() -> Theme:
    """The theme in force."""
    return _current


def px(size: float) -> int:
    """`size` pixels at 100 %, in the scale in force."""
    return _current.px(size)


def colour(name: str) -> QColor:
    """The colour of token `name` ("accent", "line", …) in the theme in force."""
    return QColor(getattr(_current.tokens, name))


def font(role: str = "body", *, weight: int = 400, tabular: bool = False) -> QFont:
    """The font of a type role: small, body, title, page or number."""
    made = fonts.base_font(px(getattr(TYPE, role)))
    made.setWeight(QFont.Weight.DemiBold if weight >= 600 else QFont.Weight.Normal)
    return fonts.tabular(made) if tabular else made


def resolve(name: str) -> Tokens:
    """Tokens of `light`, `dark`, `contrast`, or of what the system asks for (`system`)."""
    if name in THEMES:
        return THEMES[name]
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return tokens.DARK if dark else tokens.LIGHT


def apply(app: QApplication, theme: Theme) -> None:
    """Put `theme` in force for the whole application."""
    global _current  # noqa: PLW0603 - one look for the whole app, as Qt has it
    _current = theme
    if app.style().name().lower() != "fusion":
        app.setStyle("Fusion")
    fonts.load()
    app.setFont(font())
    app.setPalette(_palette(theme.tokens))


def dress(window: QWidget) -> None:
    """Give `window` and all that is or will be in it the style sheet of the theme in force.

    The sheet is the window's and not the application's: under an application's sheet Qt styles a widget anew each
    time it or any box around it is put into another one; so it is styled once, when it comes into the window.
    """
    window.setStyleSheet(stylesheet(_current.tokens, _current.px))


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at the dynamic properties of `widget`."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    pairs = {
        role.Window: tokens.base, role.WindowText: tokens.text,
        role.Base: tokens.raised, role.AlternateBase: tokens.sunken, role.Text: tokens.text,
        role.Button: tokens.raised, role.ButtonText: tokens.text, role.BrightText: tokens.on_accent,
        role.PlaceholderText: tokens.muted,
        role.ToolTipBase: tokens.text, role.ToolTipText: tokens.base,
        role.Highlight: tokens.accent, role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent, role.Link: tokens.accent, role.LinkVisited: tokens.accent,
        role.Light: tokens.raised, role.Midlight: tokens.sunken, role.Mid: tokens.line,
        role.Dark: tokens.edge, role.Shadow: tokens.line,
    }
    palette = QPalette()
    for key, value in pairs.items():
        palette.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(tokens.muted))
    return palette
