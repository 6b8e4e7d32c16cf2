"""Outlines and names of counties, streets and communities: where one is."""

from __future__ import annotations

from layers.layer import Layer, sql
from layers.style import Categories, Sign

# Solid lines of three widths: where two units share an edge, two dashes would fill each other.
STYLE = Categories(
    "polygon",
    (
        Sign("county", "区县界", "county", "#8a8f93", "none", "bar", (), 2.4, 0.0),
        Sign("street", "街道界", "street", "#8a8f93", "none", "bar", (), 1.5, 0.0),
        Sign("community", "社区界", "community", "#a3a8ab", "none", "bar", (), 0.8, 0.0),
    ),
)

LAYER = Layer(
    key="territory",
    title_zh="辖区界线",
    title_en="Boundaries",
    kind="ground",
    permission="map.read",
    style=STYLE,
    items=sql("items/territory").replace(
        "{branches}",
        "\nUNION ALL\n".join(
            sql("items/territory_branch").replace("{level}", level) for level in STYLE.keys
        ),
    ),
    unit="个",
    bands=((0, "county"), (11, "street"), (13, "community")),
    names_from=0,
    about="县区界线经概化，只作背景；街道以下为本系统登记的范围。",
    sources=("territory",),
)
