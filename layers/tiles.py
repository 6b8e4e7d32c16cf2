"""Vector tiles of any layer, made by PostGIS within the session's scope.

A tile is drawn 512 pixels wide, so tile zoom z serves map zoom z + 1: a quarter of the requests
of 256-pixel tiles for the same picture. Coordinates are tile units (EXTENT a side), the buffer is
8 pixels. Which level a zoom shows is the layer's (`Layer.level_at`).
"""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.base.errors import BadInput
from layers import counts
from layers.layer import Layer, today

EXTENT = 4096
BUFFER = 64
MAX_ZOOM = 16
WORLD = 40075016.685578488
_HALF = WORLD / 2


def check_tile(z: int, x: int, y: int) -> None:
    """Passes for a tile of the pyramid, zoom 0..16. Raises BadInput."""
    if not 0 <= z <= MAX_ZOOM or not 0 <= x < 1 << z or not 0 <= y < 1 << z:
        raise BadInput(
            f"没有这样的瓦片：z 为 0–{MAX_ZOOM}，x、y 为 0–2^z-1。",
            f"No such tile: z is 0-{MAX_ZOOM}, x and y are 0 to 2^z-1.",
        )


def tile(
    session: Session, layer: Layer, z: int, x: int, y: int, as_of: date | None = None, **given: Any
) -> bytes:
    """One Mapbox vector tile, not compressed; empty when nothing lies in it.

    Layers inside: ``<key>`` with the shapes (feature id; s = status; parents: name, n and
    n_<state>) and ``<key>.label`` with the points that names and counts stand on.
    Raises BadInput for a tile outside the pyramid or a wrong parameter.
    """
    check_tile(z, x, y)
    zoom = z + 1
    asked = _envelope(z, x, y) | layer.asked(as_of, given)
    asked |= {"extent": EXTENT, "buffer": BUFFER, "named": zoom >= layer.names_from}
    level = layer.level_at(zoom)
    if level != layer.item_level:
        return _parents(session, layer, level, asked)
    shown, only = layer.shown_at(zoom), ""
    if shown is not None:
        only, asked["shown"] = "AND i.status = ANY(:shown)", shown
    statement = layer.sql(f"tile_{layer.style.shape}", only)
    return bytes(session.scalar(text(statement), asked) or b"")


def version(session: Session, layer: Layer, as_of: date | None = None, **given: Any) -> str:
    """A short text for an ETag: other rows, another date or another scope make another one."""
    return counts.version(session, layer, {"on": as_of or today(), **given})


def _parents(session: Session, layer: Layer, level: str, asked: dict[str, Any]) -> bytes:
    rule = {name: asked[name] for name in ("on", *layer.params)}
    states = counts.by_parent(session, layer, level, rule)
    edge = (asked["east"] - asked["west"]) * BUFFER / EXTENT
    around = {
        "west": asked["west"] - edge,
        "south": asked["south"] - edge,
        "east": asked["east"] + edge,
        "north": asked["north"] + edge,
        "on": asked["on"],
    }
    units = session.execute(text(layer.sql("parents_in_tile", level=level)), around).all()
    rows = [
        {"lo": lo, "hi": hi, "n": sum(states[lo].values())}
        | {f"n_{key}": n for key, n in states[lo].items()}
        for lo, hi in units
        if lo in states
    ]
    if not rows:
        return b""
    names = [f"n_{key}" for key in layer.style.keys]
    statement = layer.sql(
        "tile_parents", columns=", ".join(names), types=", ".join(f"{n} int8" for n in names)
    )
    asked |= {"level": level, "counts": json.dumps(rows)}
    return bytes(session.scalar(text(statement), asked) or b"")


def _envelope(z: int, x: int, y: int) -> dict[str, float]:
    side = WORLD / (1 << z)
    west, north = x * side - _HALF, _HALF - y * side
    edge = side * BUFFER / EXTENT
    lon_w, lat_s = _degrees(west - edge, north - side - edge)
    lon_e, lat_n = _degrees(west + side + edge, north + edge)
    return {
        "west": west, "south": north - side, "east": west + side, "north": north,
        "lon_w": lon_w, "lat_s": lat_s, "lon_e": lon_e, "lat_n": lat_n,
    }  # fmt: skip


def _degrees(x: float, y: float) -> tuple[float, float]:
    """EPSG:3857 metres as WGS 84 degrees."""
    radius = WORLD / (2 * math.pi)
    return math.degrees(x / radius), math.degrees(2 * math.atan(math.exp(y / radius)) - math.pi / 2)
