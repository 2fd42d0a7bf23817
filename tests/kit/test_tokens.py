"""Every pair of colours that the app puts together can be read."""

from __future__ import annotations

import re

import pytest

from desktop.kit.stylesheet import stylesheet
from desktop.kit.theme import Theme
from desktop.kit.tokens import THEMES, contrast

TEXT = [
    (ink, ground)
    for ink in ("text", "muted", "accent", "attention", "problem", "good")
    for ground in ("base", "raised", "sunken")
] + [
    ("on_accent", "accent"), ("on_accent", "accent_strong"), ("text", "accent_soft"), ("accent", "accent_soft"),
    ("muted", "accent_soft"), ("attention", "attention_ground"), ("problem", "problem_ground"), ("good", "good_ground"),
    ("text", "attention_ground"), ("muted", "attention_ground"), ("muted", "problem_ground"), ("muted", "good_ground"),
    ("base", "text"),
]
EDGES = [("edge", "base"), ("edge", "raised"), ("edge", "sunken"), ("accent", "base"), ("accent", "raised"), ("accent", "sunken")]


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable(name, ink, ground):
    tokens = THEMES[name]
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_are_seen(name, edge, ground):
    tokens = THEMES[name]
    assert contrast(getattr(tokens, edge), getattr(tokens, ground)) >= 3


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("percent", [90, 100, 175])
def test_the_style_sheet_names_no_side(percent):
    for tokens in THEMES.values():
        sheet = stylesheet(tokens, Theme(tokens, percent).px)
        assert not re.search(r"\b(left|right)\b", sheet)
        assert "$" not in sheet
