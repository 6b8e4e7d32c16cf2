"""Between the measuring CRS (EPSG:4546, metres) and the stored one (EPSG:4326, degrees).

Everything is drawn on a 1 cm grid in 4546. A coverage stays exact in 4326 only if a shared
vertex becomes the same pair of degrees wherever it occurs; so distinct vertices are transformed
once and handed back by index.
"""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

MEASURING = 4546
STORED = 4326
STEP_M = 0.01
DEGREE_DECIMALS = 9


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_metres(lon, lat) -> np.ndarray:
    """Degrees (CGCS2000 taken as equal to WGS 84) to EPSG:4546 metres, shape (n, 2)."""
    x, y = _transformer(4490, MEASURING).transform(np.atleast_1d(lon), np.atleast_1d(lat))
    return np.column_stack([x, y])


def snap(coordinates: np.ndarray) -> np.ndarray:
    """Coordinates on the 1 cm grid, so equal places are equal numbers."""
    return np.round(np.asarray(coordinates) / STEP_M) * STEP_M


def snap_polygons(polygons: np.ndarray) -> np.ndarray:
    """Polygons on the 1 cm grid, valid, the largest part of each."""
    return largest_part(shapely.set_precision(polygons, STEP_M))


def largest_part(geometries: np.ndarray) -> np.ndarray:
    """The largest polygon of each geometry (empty geometries stay empty)."""
    geometries = np.asarray(geometries, dtype=object).copy()
    many = np.flatnonzero(shapely.get_type_id(geometries) != 3)
    for i in many:
        parts = [p for p in shapely.get_parts(geometries[i]) if p.geom_type == "Polygon"]
        geometries[i] = max(parts, key=lambda p: p.area) if parts else shapely.Polygon()
    return geometries


def to_degrees(geometries) -> np.ndarray:
    """Geometries of EPSG:4546 in EPSG:4326, rounded to 1e-9 degree (0.1 mm)."""
    geometries = np.asarray(geometries, dtype=object)
    keys = np.round(shapely.get_coordinates(geometries) / STEP_M).astype(np.int64)
    if not len(keys):
        return geometries.copy()
    packed, where = np.unique(keys[:, 0] * 10**10 + keys[:, 1], return_inverse=True)
    x, y = packed // 10**10 * STEP_M, packed % 10**10 * STEP_M
    lon, lat = _transformer(MEASURING, STORED).transform(x, y)
    degrees = np.round(np.column_stack([lon, lat]), DEGREE_DECIMALS)
    return shapely.set_coordinates(geometries.copy(), degrees[where])


def frame(columns: dict, geometries) -> gpd.GeoDataFrame:
    """A GeoDataFrame in EPSG:4326 from columns and EPSG:4546 geometries."""
    return gpd.GeoDataFrame(columns, geometry=to_degrees(geometries), crs=STORED)
