"""WGS 84, GCJ-02 and BD-09: the offsets of Chinese web maps, taken off and put on.

Source of the numbers: the public reconstruction of GCJ-02 ("eviltransform", Krasovsky 1940
ellipsoid) and Baidu's published BD-09 constants. Neither is official: good for putting a scraped
point into the right grid, not for survey.

Every function takes longitude and latitude in degrees (arrays or numbers, broadcast together) and
returns a pair of float64 arrays of the same shape. NaN stays NaN. Outside the rectangle that the
reconstruction calls China GCJ-02 equals WGS 84. CGCS2000 is taken as equal to WGS 84.
Accuracy of the inverses: 2e-6 m all over China, both chains (tests/geo/test_datum.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")

_A = 6378245.0  # semi-major axis of Krasovsky 1940, metres
_EE = 0.00669342162296594323  # its first eccentricity, squared
_BD = np.pi * 3000.0 / 180.0
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
# Each step shrinks the error at least 150-fold: 3e-2, 2e-4, 1e-6 m after 2, 3, 4 steps.
_GCJ_STEPS = 4
# Each step shrinks the error about 50-fold, from 6e-3 degrees.
_BD_STEPS = 5
# Twenty temporaries of this many float64 stay in the cache: half the time of whole arrays.
_BLOCK = 16_384


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """GCJ-02 longitude and latitude of WGS 84 points."""
    return _blockwise(_forward_gcj, lon, lat)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """WGS 84 longitude and latitude of GCJ-02 points, by fixed-point steps."""
    return _blockwise(_inverse_gcj, lon, lat)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """BD-09 longitude and latitude of GCJ-02 points."""
    return _blockwise(_forward_bd, lon, lat)


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """GCJ-02 longitude and latitude of BD-09 points, by fixed-point steps."""
    return _blockwise(_inverse_bd, lon, lat)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """BD-09 longitude and latitude of WGS 84 points."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """WGS 84 longitude and latitude of BD-09 points."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


_TO_WGS84: dict[str, Callable[[ArrayLike, ArrayLike], Pair] | None] = {
    "wgs84": None,
    "cgcs2000": None,
    "gcj02": gcj02_to_wgs84,
    "bd09": bd09_to_wgs84,
}


def to_wgs84(geometries: Any, datum: str) -> Any:
    """The geometries (one or an array, degrees in `datum`) with every vertex in WGS 84.

    Z is dropped when vertices move: heights mean nothing on a web map. Order is kept.
    Raises ValueError for a datum that is not in DATUMS.
    """
    if datum not in _TO_WGS84:
        raise ValueError(f"datum {datum!r} is not one of {', '.join(DATUMS)}")
    move = _TO_WGS84[datum]
    if move is None:
        return geometries
    return shapely.transform(
        geometries, lambda xy: np.column_stack(move(xy[:, 0], xy[:, 1])), include_z=False
    )


def _blockwise(step: Callable[..., Pair], lon: ArrayLike, lat: ArrayLike) -> Pair:
    x, y = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    flat_x, flat_y = x.ravel(), y.ravel()
    out_x, out_y = np.empty_like(flat_x), np.empty_like(flat_y)
    # Infinite input becomes NaN through the sines; that is an answer, not a warning.
    with np.errstate(invalid="ignore"):
        for start in range(0, flat_x.size, _BLOCK):
            part = slice(start, start + _BLOCK)
            out_x[part], out_y[part] = step(flat_x[part], flat_y[part])
    return out_x.reshape(x.shape), out_y.reshape(y.shape)


def _inside(lon: NDArray, lat: NDArray) -> NDArray[np.bool_]:
    return (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)


def _shift(lon: NDArray, lat: NDArray) -> Pair:
    """The offset of GCJ-02 in degrees at WGS 84 points, without the test for China."""
    x, y = lon - 105.0, lat - 35.0
    sx, sy, root, xy = np.sin(np.pi * x), np.sin(np.pi * y), np.sqrt(np.abs(x)), x * y
    # sin 2a = 2 sin a cos a and sin 6a from sin 2a: exact, and fewer sines.
    two = 2.0 * sx * np.cos(np.pi * x)
    common = 20.0 * (3.0 * two - 4.0 * two**3) + 20.0 * two
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * xy + 0.2 * root
    d_lat += (common + 20.0 * sy + 40.0 * np.sin(np.pi / 3.0 * y)) * (2.0 / 3.0)
    d_lat += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * (2.0 / 3.0)
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * xy + 0.1 * root
    d_lon += (common + 20.0 * sx + 40.0 * np.sin(np.pi / 3.0 * x)) * (2.0 / 3.0)
    d_lon += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * (2.0 / 3.0)
    radians = np.radians(lat)
    magic = 1.0 - _EE * np.sin(radians) ** 2
    root_magic = np.sqrt(magic)
    d_lat *= 180.0 * magic * root_magic / (_A * (1.0 - _EE) * np.pi)
    d_lon *= 180.0 * root_magic / (_A * np.cos(radians) * np.pi)
    return d_lon, d_lat


def _forward_gcj(lon: NDArray, lat: NDArray) -> Pair:
    d_lon, d_lat = _shift(lon, lat)
    inside = _inside(lon, lat)
    return np.where(inside, lon + d_lon, lon), np.where(inside, lat + d_lat, lat)


def _inverse_gcj(lon: NDArray, lat: NDArray) -> Pair:
    # Inside or out is decided by the given point: along the rectangle's rim, some hundred metres
    # wide and all of it sea or another country, the answer is not the exact inverse.
    inside = _inside(lon, lat)
    x, y = lon, lat
    for _ in range(_GCJ_STEPS):
        d_lon, d_lat = _shift(x, y)
        x, y = lon - d_lon, lat - d_lat
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _forward_bd(lon: NDArray, lat: NDArray) -> Pair:
    reach = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD)
    return reach * np.cos(angle) + 0.0065, reach * np.sin(angle) + 0.006


def _inverse_bd(lon: NDArray, lat: NDArray) -> Pair:
    x, y = lon - 0.0065, lat - 0.006
    for _ in range(_BD_STEPS):
        bd_x, bd_y = _forward_bd(x, y)
        x, y = x + (lon - bd_x), y + (lat - bd_y)
    return x, y
