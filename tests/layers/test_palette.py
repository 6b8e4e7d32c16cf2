"""Colours are told apart, also in red-green blindness, and none is the only sign."""

from __future__ import annotations

from itertools import combinations

import pytest

from layers import palette
from layers.catalog import LAYERS

THEMES = [layer for layer in LAYERS.values() if layer.kind != "ground"]


def test_contrast_and_difference_know_their_ends() -> None:
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#777777", "#777777") == 1
    assert palette.difference("#000000", "#ffffff") == pytest.approx(100, abs=0.1)
    with pytest.raises(ValueError, match="not a"):
        palette.rgb("red")


def test_simulation_confuses_what_it_should() -> None:
    """The control: a red and a green that dichromats take for one colour."""
    red, green = "#b05a3c", "#7f7a3c"
    assert palette.difference(red, green) > 30
    seen = [palette.simulate(c, "deutan") for c in (red, green)]
    assert palette.difference(*seen) < 15


@pytest.mark.parametrize("layer", THEMES, ids=lambda layer: layer.key)
def test_outlines_stand_on_the_ground(layer) -> None:
    for sign in layer.style.signs:
        assert palette.contrast(sign.ink, palette.GROUND) >= 3, sign.key


@pytest.mark.parametrize("layer", THEMES, ids=lambda layer: layer.key)
def test_signs_differ_in_more_than_colour(layer) -> None:
    point = layer.style.shape == "point"
    second = [s.symbol if point else (s.pattern, s.dash) for s in layer.style.signs]
    assert len(set(second)) == len(second)
    assert len({s.symbol for s in layer.style.signs}) == len(second)


@pytest.mark.parametrize("sight", ["normal", "protan", "deutan"])
@pytest.mark.parametrize("key", ["compounds", "projects", "post-status"])
def test_categories_are_told_apart_by_colour(key: str, sight: str) -> None:
    colours = {s.key: s.colour for s in LAYERS[key].style.signs}
    if sight != "normal":
        colours = {k: palette.simulate(c, sight) for k, c in colours.items()}
    for one, two in combinations(colours, 2):
        assert palette.difference(colours[one], colours[two]) >= 15, (one, two)


def test_steps_grow_darker() -> None:
    """A ramp read in grey: each class darker than the one before."""
    tones = [palette.contrast(s.colour, "#ffffff") for s in LAYERS["members"].style.signs]
    assert tones == sorted(tones)
