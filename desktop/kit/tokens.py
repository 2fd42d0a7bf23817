"""Names for colours, sizes and space; it knows neither Qt nor any widget.

Colours are `#RRGGBB`. Sizes are pixels at 100 %; `theme.px` scales them.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "CONTRAST",
    "DARK",
    "LIGHT",
    "THEMES",
    "TYPE",
    "Tokens",
    "TypeScale",
    "contrast",
    "mix",
]


@dataclass(frozen=True)
class Tokens:
    """One colour theme. Every theme has every name, so no widget asks which theme is on."""

    name: str
    is_dark: bool
    base: str  # window
    raised: str  # cards, fields
    sunken: str  # behind lists, skeletons
    line: str  # separators, 1 px
    edge: str  # borders of things one can press or fill in
    text: str
    muted: str
    accent: str  # the one primary action, selection, links, focus ring
    accent_soft: str
    accent_strong: str  # pressed
    on_accent: str
    attention: str
    attention_ground: str
    problem: str
    problem_ground: str
    good: str
    good_ground: str
    sea: str
    land: str  # country on the map
    abroad: str  # other countries on the map


LIGHT = Tokens(
    name="light", is_dark=False,
    base="#FBFAF7", raised="#FFFFFF", sunken="#F1EFE9", line="#DEDAD0", edge="#858982",
    text="#1C2426", muted="#55605F",
    accent="#0B6E75", accent_soft="#DCEFEF", accent_strong="#08565C", on_accent="#FFFFFF",
    attention="#8A5200", attention_ground="#FFF3DC",
    problem="#B3261E", problem_ground="#FCE8E6",
    good="#27633F", good_ground="#E4F2E8",
    sea="#D5E6EA", land="#F6F1E4", abroad="#E9E6DC",
)

DARK = Tokens(
    name="dark", is_dark=True,
    base="#12181A", raised="#1A2225", sunken="#0D1213", line="#2C373B", edge="#6F7C80",
    text="#E9ECEA", muted="#A3AFAE",
    accent="#5CC3C9", accent_soft="#17383B", accent_strong="#8AD8DC", on_accent="#0B1516",
    attention="#F0B557", attention_ground="#33270F",
    problem="#F2938C", problem_ground="#3A1B19",
    good="#7CC79A", good_ground="#16301F",
    sea="#0F2A31", land="#2A3330", abroad="#1C2322",
)

CONTRAST = Tokens(
    name="contrast", is_dark=False,
    base="#FFFFFF", raised="#FFFFFF", sunken="#F2F2F2", line="#5A5A5A", edge="#000000",
    text="#000000", muted="#262B2B",
    accent="#00474C", accent_soft="#C9F0F2", accent_strong="#002A2D", on_accent="#FFFFFF",
    attention="#5C3300", attention_ground="#FFF0CC",
    problem="#8A0C06", problem_ground="#FFE3E0",
    good="#0A4020", good_ground="#DDF5E4",
    sea="#CFE6EC", land="#FFFFFF", abroad="#E4E4E4",
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST)}


@dataclass(frozen=True)
class TypeScale:
    """Type sizes in pixels at 100 %."""

    small: int = 13
    body: int = 15
    title: int = 18
    page: int = 24
    number: int = 34


TYPE = TypeScale()

# Space: multiples of 4.
ROW = 60  # a row of two lines
TARGET = 40  # the least height of anything one presses
RADIUS_CARD = 10
RADIUS = 8
READING = 680  # widest column of running text
MARGIN = 24
MARGIN_NARROW = 16
NARROW = 1100  # below this width of the window, margins and the rail shrink
RAIL = 208
RAIL_NARROW = 64
ICON = 20


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1.0 to 21.0."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`one` with `share` (0..1) of `other` mixed in."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
