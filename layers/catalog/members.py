"""Reserve strength by home compound, in classes: never a person, never a small exact number."""

from __future__ import annotations

from layers import palette
from layers.catalog.common import PARENTS
from layers.layer import Layer, sql
from layers.style import Sign, Steps

STYLE = Steps(
    "polygon",
    (
        Sign("zero", "无", "none", palette.RAMP[0], "none", "ring", dash=(3, 3), opacity=0.5),
        Sign("few", "少于 5 人", "fewer than 5", palette.RAMP[1], "dots", "circle"),
        Sign("some", "5–19 人", "5 to 19", palette.RAMP[2], "lines", "triangle"),
        Sign("many", "20–39 人", "20 to 39", palette.RAMP[3], "hatch", "diamond"),
        Sign("most", "40 人及以上", "40 and more", palette.RAMP[4], "solid", "square"),
    ),
    breaks=(1, 5, 20, 40),
)

LAYER = Layer(
    key="members",
    title_zh="在册力量（按小区）",
    title_en="Members in reserve by compound",
    kind="tiles",
    permission="coverage.read",
    style=STYLE,
    items=sql("items/members").replace("{status}", STYLE.sql("r.n")),
    unit="个小区",
    item_level="compound",
    parents=PARENTS,
    names_from=16,
    about="小区在册成员人数分级，不显示个人，不足 5 人只显示“少于 5 人”。",
    sources=("territory", "member"),
)
