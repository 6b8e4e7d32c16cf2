"""Roads as ground, from the imported extract: two classes of main road, streets, paths."""

from __future__ import annotations

from layers.layer import Layer, sql
from layers.style import Categories, Sign

# Our classes for those of OpenStreetMap; what is not named is a local street.
CLASSES: dict[str, tuple[str, ...]] = {
    "main": ("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link"),
    "secondary": ("secondary", "secondary_link", "tertiary", "tertiary_link"),
    "path": ("footway", "path", "steps", "pedestrian", "cycleway", "track", "bridleway"),
}

STYLE = Categories(
    "line",
    (
        Sign("main", "主干道", "main road", "#b9b4a6", width=3.0),
        Sign("secondary", "次干道", "secondary road", "#c9c5b8", width=2.0),
        Sign("street", "街巷", "street", "#d6d3c9", width=1.1),
        Sign("path", "步行路", "path", "#cfcbbf", dash=(2, 2), width=0.9),
    ),
)


def _status() -> str:
    cases = "".join(
        " WHEN r.road_class IN ({}) THEN '{}'".format(", ".join(f"'{n}'" for n in names), ours)
        for ours, names in CLASSES.items()
    )
    return f"CASE{cases} ELSE 'street' END"


LAYER = Layer(
    key="roads",
    title_zh="道路",
    title_en="Roads",
    kind="ground",
    permission="map.read",
    style=STYLE,
    items=sql("items/roads").replace("{status}", _status()),
    unit="段",
    bands=((9, "main"), (12, "secondary"), (14, "street"), (15, "path")),
    about="道路取自导入的路网，随缩放逐级显示。",
)
