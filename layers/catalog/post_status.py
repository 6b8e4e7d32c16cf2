"""Compounds of one activation by how far their posts are filled; follows every answer live."""

from __future__ import annotations

from layers import palette
from layers.layer import Layer, sql
from layers.style import Categories, Sign

STYLE = Categories(
    "polygon",
    (
        Sign("empty", "无人", "nobody assigned", palette.VERMILION, "cross", "cross",
             dash=(3, 2), width=2.0, opacity=0.7),
        Sign("partly", "未派足", "partly assigned", palette.OCHRE, "hatch", "triangle",
             width=1.6),
        Sign("called", "已派足，待应答", "assigned, not yet acknowledged", palette.SAND, "dots",
             "circle", width=1.4),
        Sign("acknowledged", "已应答，待到岗", "acknowledged, not yet on post", palette.SKY,
             "lines", "diamond", width=1.4),
        Sign("manned", "已到岗", "on post", palette.NAVY, "solid", "square", width=1.4),
    ),
)  # fmt: skip

LAYER = Layer(
    key="post-status",
    title_zh="岗位到位",
    title_en="Posts of an activation",
    kind="geojson",
    permission="mobilization.read",
    style=STYLE,
    items=sql("items/post_status"),
    unit="个小区",
    item_level="compound",
    params=("activation_id",),
    is_live=True,
    about="每个小区按岗位需要、已派、已应答、已到岗的最低一级着色；多派的人不抵其他岗位的缺。",
    sources=("post", "assignment"),
)
