"""Compounds by what serves them: branch, owners' committee, property firm (三方)."""

from __future__ import annotations

from gis.coverage.classes import CLASS_JOINS, CLASS_SQL, CLASSES
from layers import palette
from layers.catalog.common import PARENTS
from layers.layer import Layer, sql
from layers.style import Categories, Sign

STYLE = Categories(
    "polygon",
    (
        Sign("complete", CLASSES["complete"], "all three", palette.NAVY, "solid", "square"),
        Sign("branch", CLASSES["branch"], "branch, others missing", palette.BLUE, "hatch",
             "diamond"),
        Sign("committee", CLASSES["committee"], "committee, no branch", palette.OCHRE, "lines",
             "triangle"),
        Sign("firm", CLASSES["firm"], "firm only", palette.PALE, "dots", "circle"),
        Sign("none", CLASSES["none"], "none of the three", palette.VERMILION, "cross", "cross",
             dash=(3, 2), width=1.4, opacity=0.5),
    ),
)  # fmt: skip

LAYER = Layer(
    key="compounds",
    title_zh="小区三方覆盖",
    title_en="Compounds by what serves them",
    kind="tiles",
    permission="coverage.read",
    style=STYLE,
    items=sql("items/compounds").replace("{status}", CLASS_SQL).replace("{joins}", CLASS_JOINS),
    unit="个小区",
    item_level="compound",
    parents=PARENTS,
    names_from=16,
    about="每个小区只属一类：党支部、业委会、物业三方齐全与否。筹备中的业委会不计。",
    sources=("territory", "branch", "owners_committee", "property_contract"),
)
