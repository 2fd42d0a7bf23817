"""The one style sheet, generated from tokens; it says nothing about left or right, so it mirrors."""

from __future__ import annotations

from collections.abc import Callable
from string import Template

from desktop.kit.tokens import RADIUS, RADIUS_CARD, TARGET, TYPE, Tokens, mix

__all__ = ["stylesheet"]

_SHEET = Template("""
* { outline: none; }
QWidget { color: $text; }
QMainWindow, QDialog, QWidget#window { background: $base; }
QToolTip { background: $text; color: $base; border: none; padding: ${p6}px ${p8}px; }

QLabel { background: transparent; }
QLabel[role="small"] { font-size: ${small}px; color: $muted; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="label"] { font-weight: 600; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="page"] { font-size: ${page}px; font-weight: 600; }
QLabel[role="number"] { font-size: ${number}px; font-weight: 600; }
QLabel[role="section"] { font-size: ${small}px; font-weight: 600; color: $muted; }
QLabel[role="problem"] { font-size: ${small}px; color: $problem; }
QLabel[tone="attention"] { color: $attention; }
QLabel[tone="problem"] { color: $problem; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="accent"] { color: $accent; }

QPushButton {
  background: $raised; color: $text; border: 1px solid $edge; border-radius: ${radius}px;
  padding: ${p1}px ${p15}px; min-height: ${inner}px; font-weight: 600;
}
QPushButton:hover { background: $sunken; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 2px solid $accent; padding: 0px ${p14}px; }
QPushButton:disabled { color: $muted; border-color: $line; background: $base; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_strong; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $line; color: $muted; border-color: $line; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: $accent; }
QPushButton[kind="quiet"]:hover { background: $accent_soft; }
QPushButton[kind="quiet"]:pressed { background: $accent_soft; }
QPushButton[kind="quiet"]:focus { border: 2px solid $accent; }
QPushButton[kind="quiet"]:disabled { color: $muted; }
QPushButton[kind="attention"] { background: transparent; border-color: transparent; color: $attention; padding: 1px 0px; }
QPushButton[kind="attention"]:hover { background: $attention_ground; }
QPushButton[kind="attention"]:focus { border: 2px solid $accent; padding: 0px; }
QPushButton[kind="link"] { background: transparent; border-color: transparent; color: $accent; padding: 1px 0px; }
QPushButton[kind="link"]:hover { background: $accent_soft; }
QPushButton[kind="link"]:focus { border: 2px solid $accent; padding: 0px; }
QPushButton[kind="danger"] { color: $problem; border-color: $problem; }
QPushButton[kind="danger"]:hover { background: $problem_ground; }
QPushButton[kind="icon"] {
  background: transparent; border-color: transparent; padding: 0px;
  min-height: ${inner}px; min-width: ${inner}px;
}
QPushButton[kind="icon"]:hover { background: $hover; }
QPushButton[kind="icon"]:pressed { background: $line; }
QPushButton[kind="icon"]:focus { border: 2px solid $accent; }
QPushButton[kind="icon"]:checked { background: $accent_soft; }
QPushButton[kind="segment"] { border-radius: ${radius}px; background: transparent; border-color: transparent; font-weight: 400; }
QPushButton[kind="segment"]:hover { background: $hover; }
QPushButton[kind="segment"]:checked { background: $raised; border-color: $edge; font-weight: 600; }
QPushButton[kind="segment"]:focus { border: 2px solid $accent; }
QFrame[part="segments"] { background: $sunken; border: 1px solid $line; border-radius: ${radius2}px; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDateEdit {
  background: $raised; color: $text; border: 1px solid $edge; border-radius: ${radius}px;
  padding: ${p1}px ${p11}px; min-height: ${inner}px;
  selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $muted;
}
QPlainTextEdit, QTextEdit { padding: ${p5}px ${p7}px; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDateEdit:focus { border: 2px solid $accent; padding: 0px ${p10}px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: ${p4}px ${p6}px; }
QLineEdit:read-only { background: $sunken; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled { background: $sunken; color: $muted; border-color: $line; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] { border-color: $problem; background: $problem_ground; }
QLineEdit[bare="true"] { border: none; background: transparent; padding: 0px; }
QTextEdit[part="sheet"], QTextEdit[part="sheet"]:focus { border: none; background: transparent; padding: 0px; }
QComboBox::drop-down { border: none; width: ${p32}px; }
QComboBox::down-arrow { image: none; width: 0px; height: 0px; }
QComboBox QAbstractItemView {
  background: $raised; border: 1px solid $edge; border-radius: 0px; padding: ${p4}px;
  selection-background-color: $accent_soft; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: ${p36}px; padding: 0px ${p8}px; }

QCheckBox, QRadioButton { background: transparent; spacing: ${p8}px; min-height: ${inner}px; }
QCheckBox::indicator, QRadioButton::indicator { width: ${p18}px; height: ${p18}px; border: 1px solid $edge; background: $raised; }
QCheckBox::indicator { border-radius: ${p4}px; }
QRadioButton::indicator { border-radius: ${p10}px; }
QCheckBox::indicator:checked, QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; }
QRadioButton::indicator:checked { border: ${p6}px solid $accent; width: ${p8}px; height: ${p8}px; background: $on_accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; }

QFrame[part="card"] { background: $raised; border: 1px solid $line; border-radius: ${radius_card}px; }
QFrame[part="card"][tone="attention"] { background: $attention_ground; border-color: $attention_line; }
QFrame[part="card"][tone="problem"] { background: $problem_ground; border-color: $problem_line; }
QFrame[part="card"][tone="good"] { background: $good_ground; border-color: $good_line; }
QFrame[part="card"][tone="accent"] { background: $accent_soft; border-color: $accent_line; }
QFrame[part="banner"] { background: $accent_soft; border: 1px solid $accent_line; border-radius: ${radius}px; }
QFrame[part="banner"][tone="attention"] { background: $attention_ground; border-color: $attention_line; }
QFrame[part="banner"][tone="problem"] { background: $problem_ground; border-color: $problem_line; }
QFrame[part="banner"][tone="good"] { background: $good_ground; border-color: $good_line; }
QFrame[part="notice"] { background: $text; border: none; border-radius: ${radius}px; }
QFrame[part="notice"] QLabel { color: $base; }
QFrame[part="notice"] QPushButton { background: transparent; color: $notice_accent; border-color: transparent; }
QFrame[part="notice"] QPushButton:hover { background: $notice_hover; }
QFrame[part="notice"] QPushButton:focus { border: 2px solid $notice_accent; }
QFrame[part="rule"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QFrame[part="upright"] { background: $line; border: none; min-width: 1px; max-width: 1px; }
QFrame[part="bar"] { background: $base; border: none; }
QFrame[part="rail"] { background: $sunken; border: none; }
QFrame[part="popup"] { background: $raised; border: 1px solid $edge; border-radius: ${radius_card}px; }
QWidget[part="page"] { background: $base; }

QScrollArea, QScrollArea > QWidget > QWidget[part="scrolled"] { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QListView, QTreeView, QTableView { background: $base; border: none; selection-background-color: $accent_soft; selection-color: $text; }
QListView[part="results"] { background: $raised; }
QTableView { gridline-color: $line; }
QHeaderView { background: $base; border: none; }
QHeaderView::section {
    background: $base; color: $muted; border: none; border-bottom: 1px solid $line; padding: ${p8}px; font-size: ${small}px; font-weight: 600;
}
QTextBrowser { background: $raised; border: none; padding: 0px; }

QScrollBar:vertical { background: transparent; width: ${p12}px; margin: 0px; }
QScrollBar:horizontal { background: transparent; height: ${p12}px; margin: 0px; }
QScrollBar::handle { background: $scroll; border-radius: ${p4}px; margin: ${p2}px; }
QScrollBar::handle:vertical { min-height: ${p40}px; }
QScrollBar::handle:horizontal { min-width: ${p40}px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; border: none; width: 0px; height: 0px;
}

QProgressBar { background: $line; border: none; border-radius: ${p3}px; min-height: ${p6}px; max-height: ${p6}px; }
QProgressBar::chunk { background: $accent; border-radius: ${p3}px; }
QMenu { background: $raised; border: 1px solid $edge; padding: ${p4}px; }
QMenu::item { padding: ${p8}px ${p16}px; border-radius: ${p4}px; min-width: ${p120}px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::separator { height: 1px; background: $line; margin: ${p4}px ${p8}px; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
""")

_SPACES = (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 14, 15, 16, 18, 20, 32, 36, 40, 120)


def stylesheet(tokens: Tokens, px: Callable[[float], int]) -> str:
    """The QSS of the whole app for `tokens`, with sizes scaled by `px`."""
    names = {key: value for key, value in vars(tokens).items() if isinstance(value, str)}
    names |= {
        "accent_hover": mix(tokens.accent, tokens.accent_strong, 0.5),
        "hover": mix(tokens.sunken, tokens.line, 0.6),
        "scroll": mix(tokens.base, tokens.edge, 0.55),
        "notice_accent": mix(tokens.accent_soft, tokens.accent, 0.35 if not tokens.is_dark else 0.0),
        "notice_hover": mix(tokens.text, tokens.base, 0.15),
    }
    if tokens.is_dark:  # a notice is drawn in reverse: light ground, so a dark accent
        names["notice_accent"] = "#0B5A60"
    for tone in ("accent", "attention", "problem", "good"):
        ground = names["accent_soft" if tone == "accent" else f"{tone}_ground"]
        names[f"{tone}_line"] = mix(ground, names[tone], 0.3)
    numbers = {f"p{n}": px(n) for n in _SPACES}
    numbers |= {role: px(getattr(TYPE, role)) for role in ("small", "body", "title", "page", "number")}
    numbers |= {
        "radius": px(RADIUS), "radius2": px(RADIUS + 3), "radius_card": px(RADIUS_CARD),
        "inner": px(TARGET) - 2 * px(1) - 2,
    }
    return _SHEET.substitute(names | {key: str(value) for key, value in numbers.items()})
