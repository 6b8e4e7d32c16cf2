"""Grids: who is posted to lead them (as yes or no), and whether their size keeps to the rule."""

from __future__ import annotations

from layers import palette
from layers.catalog.common import PARENTS
from layers.layer import Layer, sql
from layers.style import Categories, Sign

STYLE = Categories(
    "polygon",
    (
        Sign("led", "综合网格，已配网格长", "general, led", palette.SLATE, "none", "square",
             opacity=0.0),
        Sign("over", "已配网格长，超过 500 户", "led, over 500 households", palette.OCHRE, "back",
             "triangle", opacity=0.22),
        Sign("under", "已配网格长，不足 300 户", "led, under 300 households", palette.SKY, "dots",
             "circle", opacity=0.22),
        Sign("vacant", "综合网格，未配网格长", "general, no lead", palette.VERMILION, "hatch",
             "cross", dash=(5, 3), width=1.8, opacity=0.14),
        Sign("dedicated", "专属网格，已配网格长", "dedicated, led", palette.PLUM, "lines",
             "diamond", opacity=0.2),
        Sign("dedicated_vacant", "专属网格，未配网格长", "dedicated, no lead", palette.PLUM, "none",
             "ring", dash=(2, 3), width=1.8, opacity=0.0),
    ),
)  # fmt: skip

LAYER = Layer(
    key="grids",
    title_zh="网格配备",
    title_en="Grids and their leads",
    kind="tiles",
    permission="coverage.read",
    style=STYLE,
    items=sql("items/grids"),
    unit="个网格",
    item_level="grid",
    parents=PARENTS,
    names_from=16,
    about="是否已配网格长；综合网格以 300–500 户为宜（各地做法，非国标条文）。",
    sources=("territory", "posting"),
)
