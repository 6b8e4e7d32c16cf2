"""The outline of a residential compound inside its block.

Fitted to what 2,112 real compounds of another Chinese city show: 4/9/25 vertices (p5/p50/p95),
rectangularity 0.57–0.98, area as asked. An outline is a template (slab, chamfered slab, L, U,
wavy slab) turned to its block, sized until the area fits, and clipped by the block where it must.
"""

from __future__ import annotations

import numpy as np
import shapely

from gis.demo.blocks import frames_of
from gis.demo.metres import snap_polygons

ROAD_HALF_WIDTH_M = (5.0, 9.0)
FIT_STEPS = 11
KINDS = ("slab", "chamfer", "ell", "cup", "wavy")
SHARES = (0.22, 0.22, 0.17, 0.08, 0.31)


def outlines(blocks: np.ndarray, areas: np.ndarray, rng) -> np.ndarray:
    """One polygon a block (EPSG:4546, 1 cm grid), of the area asked or what the block allows."""
    narrow = -rng.uniform(*ROAD_HALF_WIDTH_M, len(blocks))
    inner = shapely.buffer(blocks, narrow, join_style="mitre")
    inner = np.where(shapely.area(inner) > 400, inner, shapely.buffer(blocks, -1.0))
    inner = _main_part(inner)
    templates = [_template(kind, rng) for kind in rng.choice(KINDS, len(blocks), p=SHARES)]
    fitted = _fit(inner, np.minimum(areas, shapely.area(inner)), templates, rng)
    fitted = shapely.simplify(fitted, rng.uniform(0.5, 2.0, len(fitted)))
    # Where a narrow block left no room for its roads, simplifying may have crossed its border.
    limit = shapely.buffer(blocks, -0.5)
    over = np.flatnonzero(~shapely.covers(limit, fitted))
    fitted[over] = shapely.intersection(fitted[over], limit[over])
    return snap_polygons(fitted)


def _main_part(geometries: np.ndarray) -> np.ndarray:
    from_parts = geometries.copy()
    for i in np.flatnonzero(shapely.get_type_id(geometries) != 3):
        from_parts[i] = max(shapely.get_parts(geometries[i]), key=lambda part: part.area)
    return from_parts


def _fit(inner: np.ndarray, areas: np.ndarray, templates: list[np.ndarray], rng) -> np.ndarray:
    """Each template at the size at which its part inside the block has the area asked."""
    _, axis, sides = frames_of(inner)
    flip = rng.choice([-1.0, 1.0], (len(inner), 2))
    square = rng.uniform(0.0, 0.7, len(inner))[:, None]
    sides = sides * (1 - square) + np.sqrt(sides.prod(axis=1))[:, None] * square
    middle = shapely.get_coordinates(shapely.point_on_surface(inner))
    centroid = shapely.get_coordinates(shapely.centroid(inner))
    middle = np.where(shapely.contains_xy(inner, centroid)[:, None], centroid, middle)
    counts = np.array([len(t) for t in templates])
    row = np.repeat(np.arange(len(inner)), counts)
    local = np.vstack(templates) * flip[row] * sides[row]
    turned = local[:, :1] * axis[row] + local[:, 1:] * np.column_stack(
        [-axis[row, 1], axis[row, 0]]
    )
    low, high = np.full(len(inner), 0.01), np.full(len(inner), 3.0)
    for _ in range(FIT_STEPS):
        size = np.sqrt(low * high)
        shape = shapely.polygons(
            shapely.linearrings(turned * size[row, None] + middle[row], indices=row)
        )
        part = shapely.intersection(inner, shape)
        more = shapely.area(part) < areas
        low, high = np.where(more, size, low), np.where(more, high, size)
    return _main_part(part)


def _template(kind: str, rng) -> np.ndarray:
    """Corners of an outline in the unit box around the origin, counter-clockwise."""
    a, b, c = rng.uniform(0.22, 0.55, 3)
    box = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    if kind == "chamfer":
        box = np.vstack([box[:2], [(0.5, 0.5 - a / 1.6), (0.5 - b / 1.6, 0.5)], box[3:]])
    elif kind == "ell":
        notch = [(0.5, 0.5 - a), (0.5 - b, 0.5 - a), (0.5 - b, 0.5)]
        box = np.vstack([box[:2], notch, box[3:]])
    elif kind == "cup":
        left = -0.5 + c / 1.5
        notch = [(left + b / 1.5, 0.5), (left + b / 1.5, 0.5 - a), (left, 0.5 - a), (left, 0.5)]
        box = np.vstack([box[:3], notch, box[3:]])
    elif kind == "wavy":
        box = _wavy(box, rng)
    uneven = box + rng.normal(0, 0.022, box.shape)
    # Close points may swap places; a crossing ring would stop the fitting.
    return uneven if shapely.is_valid(shapely.Polygon(uneven)) else box


def _wavy(box: np.ndarray, rng) -> np.ndarray:
    """A slab whose sides follow a stream or a slope: 8 to 32 points along a blunt outline."""
    n = int(np.exp(rng.uniform(np.log(8), np.log(34))))
    angle = (np.arange(n) + rng.uniform(-0.25, 0.25, n)) * 2 * np.pi / n
    blunt = rng.uniform(4.0, 14.0)
    radius = (np.abs(np.cos(angle)) ** blunt + np.abs(np.sin(angle)) ** blunt) ** (-1 / blunt)
    radius = radius * (1 + 0.06 * np.sin(2 * angle + rng.uniform(0, 6.3)))
    return 0.5 * radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
