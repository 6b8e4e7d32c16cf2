"""Style as data: paint, spec and legend say the same."""

from __future__ import annotations

import json

import pytest

from gis.projects.tables import PROJECT_FLOW
from layers.catalog import LAYERS, members
from layers.catalog.projects import GROUPS
from layers.style import Categories, Sign, Steps


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.key)
def test_paint_spec_and_legend_agree(layer) -> None:
    spec = json.loads(json.dumps(layer.style.spec()))
    rows = layer.style.legend({})
    assert [s["key"] for s in spec["signs"]] == [r["key"] for r in rows] == list(layer.style.keys)
    for sign, row in zip(spec["signs"], rows, strict=True):
        painted = layer.style.paint(sign["key"])
        assert painted.fill == sign["colour"] == row["colour"]
        assert painted.stroke == sign["ink"] and painted.pattern == sign["pattern"]
        assert row["n"] == 0 and row["zh"] and row["en"]


def test_an_undeclared_category_is_an_error_not_a_default() -> None:
    style = LAYERS["compounds"].style
    with pytest.raises(KeyError):
        style.paint("other")
    with pytest.raises(KeyError, match="other"):
        style.legend({"other": 1})


def test_signs_are_checked() -> None:
    with pytest.raises(ValueError, match="pattern"):
        Sign("a", "甲", "a", "#000000", "stripes")
    sign = Sign("a", "甲", "a", "#000000")
    with pytest.raises(ValueError, match="two signs"):
        Categories("point", (sign, sign))
    with pytest.raises(ValueError, match="shape"):
        Categories("star", (sign,))
    with pytest.raises(ValueError, match="classes"):
        Steps("point", (sign,), breaks=(1,))


@pytest.mark.parametrize(
    ("n", "key"), [(0, "zero"), (1, "few"), (4, "few"), (5, "some"), (19, "some"), (20, "many"),
                   (40, "most"), (10_000, "most")],
)  # fmt: skip
def test_steps_in_python_and_in_the_database(session, n: int, key: str) -> None:
    from sqlalchemy import text

    assert members.STYLE.key_of(n) == key
    assert session.scalar(text(f"SELECT {members.STYLE.sql(str(n))}")) == key


def test_every_project_state_has_one_group() -> None:
    states = [state for group in GROUPS.values() for state in group]
    assert sorted(states) == sorted(PROJECT_FLOW.states)
