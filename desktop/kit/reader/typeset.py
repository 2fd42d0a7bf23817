"""Sizes, spaces and colours of running text, put into a QTextDocument; knows no file."""

from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCursor, QTextDocument

from desktop.kit import theme
from desktop.kit.tokens import mix

BODY = 17  # pixels at 100 %: a size above the interface, for long reading
LATIN_LINE, ARABIC_LINE = 1.5, 1.6

_SHEET = Template("""
p, blockquote, pre, dl { margin-top: 0px; margin-bottom: ${p14}px; }
h1 { font-size: ${p28}px; font-weight: 600; margin-top: ${p20}px; margin-bottom: ${p14}px; }
h2 { font-size: ${p22}px; font-weight: 600; margin-top: ${p28}px; margin-bottom: ${p8}px; }
h3 { font-size: ${p19}px; font-weight: 600; margin-top: ${p20}px; margin-bottom: ${p6}px; }
h4, h5, h6 { font-size: ${p17}px; font-weight: 600; margin-top: ${p16}px; margin-bottom: ${p4}px; }
ul, ol { margin-top: 0px; margin-bottom: ${p14}px; }
li { margin-bottom: ${p4}px; }
li p { margin-bottom: ${p4}px; }
blockquote { color: $muted; margin-left: ${p28}px; margin-right: ${p28}px; }
b, strong, th, dt { font-weight: 600; }
a { color: $accent; text-decoration: none; }
code, kbd, samp, pre { background-color: $sunken; }
pre { font-family: monospace; font-size: ${p15}px; }
table { border-collapse: collapse; border-color: $line; margin-top: ${p4}px; margin-bottom: ${p20}px; }
th { background-color: $sunken; }
td, th { border: 1px solid $line; padding: ${p6}px; font-size: ${p15}px; }
hr { background-color: $line; }
small { font-size: ${p14}px; }
""")
_SIZES = (4, 6, 8, 14, 15, 16, 17, 19, 20, 22, 28)


def prepare(document: QTextDocument, percent: int) -> None:
    """Give `document` the font and the style sheet for text at `percent`; call before setHtml."""
    font = QFont(theme.font("body"))
    font.setPixelSize(_px(BODY, percent))
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    tokens = theme.current().tokens
    names = {f"p{n}": str(_px(n, percent)) for n in _SIZES}
    colours = {name: getattr(tokens, name) for name in ("muted", "accent", "line")}
    colours["sunken"] = mix(tokens.raised, tokens.sunken, 0.7)
    document.setDefaultStyleSheet(_SHEET.substitute(names | colours))


def finish(document: QTextDocument, rtl: bool) -> None:
    """Line heights, margins and the direction of what has none of its own; call after setHtml."""
    option = document.defaultTextOption()
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    document.setDefaultTextOption(option)
    document.setIndentWidth(_px(30, 100))
    page = document.rootFrame().frameFormat()
    page.setTopMargin(theme.px(28))
    page.setBottomMargin(theme.px(56))
    document.rootFrame().setFrameFormat(page)
    block = document.begin()
    while block.isValid():
        size, pictured = _tallest(block, document.defaultFont().pixelSize())
        if not pictured:
            arabic = block.textDirection() == Qt.LayoutDirection.RightToLeft
            factor = ARABIC_LINE if arabic else LATIN_LINE
            if block.blockFormat().headingLevel():
                factor -= 0.2
            shape = QTextBlockFormat()
            shape.setLineHeight(round(size * factor), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
            QTextCursor(block).mergeBlockFormat(shape)
        block = block.next()


def _tallest(block: object, size: int) -> tuple[int, bool]:
    pictured = False
    found = 0
    pieces = block.begin()
    while not pieces.atEnd():
        shape = pieces.fragment().charFormat()
        pictured = pictured or shape.isImageFormat()
        found = max(found, shape.font().pixelSize())
        pieces += 1
    return (found if found > 0 else size), pictured


def _px(size: int, percent: int) -> int:
    return round(theme.px(size) * percent / 100)
