"""One file that opens without a network: libraries, shapes, counts, legend, date and source.

It is painted by the same scripts as the page, from the same style. Its own policy forbids every
request, so that a file that wants a network is a broken file.
"""

from __future__ import annotations

import html
import json
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from branca.element import Element
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.base.errors import NotFound
from layers import counts, elements
from layers.catalog import LAYERS
from layers.layer import Layer, today
from layers.map_page import VENDOR_DIR, LianjianMap, Loads, empty_map

# Layers of one file, top last. "coverage" is the map that newcomers ask for.
SETS: dict[str, tuple[str, ...]] = {"coverage": ("grids", "compounds")}
TITLES = {"coverage": "覆盖一张图"}
EXPORTS = (*SETS, *(k for k, layer in LAYERS.items() if not layer.params and layer.kind == "tiles"))
ITEM_TOLERANCE = 5e-6  # degrees, about 0.5 m: no one sees it at the closest zoom
PARENT_TOLERANCE = 1e-4
MOST_ROADS = 5_000  # more than these and only main roads go into the file
POLICY = (
    "default-src 'none'; script-src 'nonce-{n}'; style-src 'nonce-{n}'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


def export_html(
    session: Session,
    key: str,
    *,
    bounds: tuple[float, float, float, float] | None = None,
    as_of: date | None = None,
    title: str | None = None,
    source: str = "",
    vendor_dir: Path | None = None,
) -> str:
    """The file's text. ``key`` is one of `EXPORTS`; ``bounds`` west, south, east, north (degrees).

    Without bounds the map opens on what the scope holds. Raises NotFound for another key or when
    the scope holds nothing.
    """
    if key not in EXPORTS:
        raise NotFound(
            f"没有可导出的图层 {key[:40]}；可用：{'、'.join(EXPORTS)}。",
            f"No layer {key[:40]} to export; there are {', '.join(EXPORTS)}.",
        )
    chosen = [LAYERS[k] for k in SETS.get(key, (key,))]
    on = as_of or today()
    name = title or TITLES.get(key) or chosen[-1].title_zh
    made = empty_map(
        bounds or _extent(session), None, 12, name, _line(source, on),
        secrets.token_urlsafe(16), Loads(vendor_dir or VENDOR_DIR, None),
    )  # fmt: skip
    made.add_child(elements.StaticLayer(LAYERS["roads"], _roads(session)))
    for layer in (LAYERS["territory"], *chosen):
        made.add_child(elements.StaticLayer(layer, _levels(session, layer, on)))
    legends = {layer.key: layer.legend(session, on) for layer in chosen}
    made.add_child(elements.LegendPanel(legends, None, title=f"{name} {on.isoformat()}"))
    made.add_child(elements.LayerSwitch())
    made.add_child(elements.Card(None))
    return _locked(made)


def _locked(made: LianjianMap) -> str:
    policy = html.escape(POLICY.format(n=made.nonce), quote=True)
    page = made.page
    page.header.add_child(
        Element(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'), name="policy"
    )
    return page.render()


def _levels(session: Session, layer: Layer, on: date) -> dict[str, list[dict[str, Any]]]:
    """Features by level: the items, and every level of parents with counts by state."""
    asked = layer.asked(on, {})
    levels = {level: _parents(session, layer, level, asked) for _, level in layer.parents}
    tolerance = PARENT_TOLERANCE / 4 if layer.kind == "ground" else ITEM_TOLERANCE
    found = layer.features(session, None, on, tolerance)["features"]
    return {**levels, layer.item_level: found}


def _parents(
    session: Session, layer: Layer, level: str, asked: dict[str, Any]
) -> list[dict[str, Any]]:
    states = counts.by_parent(session, layer, level, asked)
    given = {"level": level, "los": list(states), "tolerance": PARENT_TOLERANCE, "on": asked["on"]}
    rows = session.execute(text(layer.sql("parents_features")), given)
    return [
        {
            "type": "Feature", "id": row.territory_id, "geometry": json.loads(row.shape),
            "properties": {
                "name": row.name, "at": [round(row.lon, 6), round(row.lat, 6)],
                "n": sum(states[row.lo].values()),
                **{f"n_{key}": n for key, n in states[row.lo].items()},
            },
        }
        for row in rows
    ]  # fmt: skip


def _roads(session: Session) -> dict[str, list[dict[str, Any]]]:
    layer = LAYERS["roads"]
    found = layer.features(session, None, None, PARENT_TOLERANCE / 4)["features"]
    if len(found) > MOST_ROADS:
        found = [f for f in found if f["properties"]["s"] in ("main", "secondary")]
    for feature in found:
        feature["properties"] = {"s": feature["properties"]["s"]}
    return {layer.item_level: found}


def _extent(session: Session) -> tuple[float, float, float, float]:
    row = session.execute(
        text(
            "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM "
            "(SELECT ST_Extent(anchor) AS b FROM territory WHERE level = 'community') e"
        )
    ).one()
    if row[0] is None:
        raise NotFound("范围内没有社区，无图可画。", "The scope holds no community to draw.")
    return tuple(row)  # type: ignore[return-value]


def _line(source: str, on: date) -> str:
    told = (source, f"数据截至 {on.isoformat()}", "联建一张图导出")
    return " · ".join(part for part in told if part)
