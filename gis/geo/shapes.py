"""Polygons that can be trusted: taken apart, checked, repaired.

Everything is EPSG:4326, x = longitude, y = latitude. What comes out is a valid 2D MultiPolygon.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from . import crs
from .errors import bad_geometry
from .geojson import polygon_of

MAX_VERTICES = 50_000
# GEOS's words for what is wrong, and ours.
_WHAT = {
    "Self-intersection": "自相交",
    "Ring Self-intersection": "环自相接",
    "Hole lies outside shell": "洞在外环之外",
    "Holes are nested": "洞套着洞",
    "Interior is disconnected": "内部被洞隔断",
    "Nested shells": "面套着面",
    "Duplicate Rings": "环重复",
    "Too few points in geometry component": "点数不足",
}
_REASON = re.compile(r"^(?P<what>[^\[]+)(\[(?P<x>\S+) (?P<y>[^\]\s]+).*\])?$")


def clean_polygon(
    geometry: BaseGeometry | Mapping[str, Any] | None,
    *,
    max_vertices: int = MAX_VERTICES,
    within: BaseGeometry | None = None,
    within_name: tuple[str, str] = ("本市", "the city"),
) -> MultiPolygon:
    """The polygon a person drew or uploaded, as a valid MultiPolygon; nothing is repaired.

    Takes a shapely geometry or GeoJSON (geometry, Feature, or FeatureCollection whose polygons
    are united). Z is dropped. `within` is the area it must touch: a polygon partly outside
    passes; `within_name` is what to call it, in Chinese and English.

    Raises BadGeometry; its facts carry `reason`: no_geometry, wrong_type, empty, bad_coordinates,
    crs_not_lonlat, too_few_points, too_many_vertices, not_finite, out_of_range, crosses_itself
    (with the place), no_area, outside.
    """
    shape = polygon_of(geometry, max_vertices) if isinstance(geometry, Mapping) else geometry
    if shape is None:
        raise bad_geometry("no_geometry")
    if not isinstance(shape, BaseGeometry):  # JSON that is a list, a text, a number
        raise bad_geometry("wrong_type", found=type(shape).__name__)
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise bad_geometry("wrong_type", found=shape.geom_type)
    if shape.is_empty:
        raise bad_geometry("empty")
    count = int(shapely.get_num_coordinates(shape))
    if count > max_vertices:
        raise bad_geometry("too_many_vertices", count=count, limit=max_vertices)
    check_degrees(shapely.get_coordinates(shape))
    flat = shapely.force_2d(shape)
    if not flat.is_valid:
        raise bad_geometry("crosses_itself", **invalid_at(flat))
    if not flat.area > 0:
        raise bad_geometry("no_area")
    if within is not None and not within.intersects(flat):
        spot = flat.representative_point()
        zh, en = within_name
        raise bad_geometry("outside", zh=zh, en=en, lon=_round(spot.x), lat=_round(spot.y))
    return as_multi(flat)


def check_degrees(xy: np.ndarray) -> None:
    """Raises BadGeometry not_finite or out_of_range for the first bad row of an (n, 2) array."""
    finite = np.isfinite(xy).all(axis=1)
    if not finite.all():
        raise bad_geometry("not_finite", where=f"#{int(np.argmin(finite)) + 1}")
    wrong = (np.abs(xy[:, 0]) > 180) | (np.abs(xy[:, 1]) > 90)
    if wrong.any():
        x, y = (float(v) for v in xy[int(np.argmax(wrong))])
        raise bad_geometry("out_of_range", lon=_round(x), lat=_round(y), **range_hint(x, y))


def range_hint(x: float, y: float) -> dict[str, str]:
    """The likely cause of a coordinate that is not degrees, as `hint_zh` and `hint_en`."""
    if abs(x) <= 90 and abs(y) <= 180:
        return {
            "hint_zh": "可能是经纬度写反了。",
            "hint_en": "Latitude and longitude look swapped.",
        }
    if max(abs(x), abs(y)) > 1000:
        zh, en = "看起来是以米计的投影坐标。", "It looks like projected metres."
        return {"hint_zh": zh, "hint_en": en}
    return {"hint_zh": "", "hint_en": ""}


def invalid_at(geometry: BaseGeometry) -> dict[str, Any]:
    """What is wrong with an invalid geometry and where: what_zh, what_en, lon, lat (degrees)."""
    match = _REASON.match(shapely.is_valid_reason(geometry))
    what = match["what"].strip() if match else "invalid"
    place = (match["x"], match["y"]) if match and match["x"] else geometry.bounds[:2]
    return {
        "what_zh": _WHAT.get(what, what),
        "what_en": what[:1].lower() + what[1:],
        "lon": _round(float(place[0])),
        "lat": _round(float(place[1])),
    }


def repair_polygon(
    geometry: BaseGeometry, *, epsg: int | None = None
) -> tuple[MultiPolygon, str | None, float]:
    """An invalid polygon made valid: (MultiPolygon, note in English or None, area changed in m²).

    GEOS make_valid, method "structure": rings keep their meaning, lines and points left over are
    dropped. Area changed: see `_moved_m2`; 0 for a figure of eight that keeps both lobes.
    Raises BadGeometry no_area when nothing is left.
    """
    repaired, notes, changed = repair_polygons(np.array([geometry], dtype=object), epsg=epsg)
    if repaired[0] is None:
        raise bad_geometry("no_area")
    return repaired[0], notes[0], float(changed[0])


def repair_polygons(
    geometries: np.ndarray, *, epsg: int | None = None
) -> tuple[np.ndarray, list[str | None], np.ndarray]:
    """`repair_polygon` for an array: MultiPolygon or None, note or None, m² changed; same order.

    Valid ones come back as they are (note None, 0 m²). Measured in `epsg`, or in the zone of the
    first geometry.
    """
    flat = shapely.force_2d(np.asarray(geometries, dtype=object))
    out = np.array([as_multi(g) for g in flat], dtype=object)
    notes: list[str | None] = [None] * len(flat)
    changed = np.zeros(len(flat))
    bad = np.flatnonzero(~shapely.is_valid(flat) & ~shapely.is_missing(flat))
    if bad.size == 0:
        return out, notes, changed
    for slot in bad:
        whole = _structured(flat[slot])
        out[slot] = whole
        if whole is not None:
            zone = epsg or crs.measuring_crs(*whole.representative_point().coords[0])
            changed[slot] = _moved_m2(flat[slot], whole, zone)
            notes[slot] = invalid_at(flat[slot])["what_en"]
    return out, notes, changed


def _structured(broken: BaseGeometry) -> MultiPolygon | None:
    fixed = shapely.make_valid(broken, method="structure", keep_collapsed=False)
    whole = polygons_only(fixed)
    return whole if whole is None or whole.is_valid else polygons_only(whole.buffer(0))


def _moved_m2(broken: BaseGeometry, whole: MultiPolygon, zone: int) -> float:
    """Area that the even-odd reading of the rings and the repaired shape do not share, and area
    that was counted twice because parts overlapped."""
    even_odd = polygons_only(shapely.make_valid(broken)) or MultiPolygon()
    parts = [p for p in map(_structured, shapely.get_parts(broken)) if p is not None]
    shapes = np.array([shapely.symmetric_difference(whole, even_odd), whole, *parts], dtype=object)
    moved, kept, *each = crs.area_m2(shapes, zone)
    return float(moved + max(sum(each) - kept, 0.0))


def polygons_only(geometry: BaseGeometry) -> MultiPolygon | None:
    """The polygons with area in a geometry of any type; None when there are none."""
    parts = shapely.get_parts(geometry)
    while len(nested := parts[shapely.get_type_id(parts) > 3]):
        parts = np.concatenate([parts[shapely.get_type_id(parts) <= 3], shapely.get_parts(nested)])
    kept = [p for p in parts if isinstance(p, Polygon) and p.area > 0]
    if len(kept) < 2:
        return MultiPolygon(kept) if kept else None
    # Parts that touch along a line or overlap do not make a valid MultiPolygon side by side.
    joined = MultiPolygon(kept)
    return joined if joined.is_valid else as_multi(shapely.union_all(kept))


def as_multi(geometry: BaseGeometry | None) -> MultiPolygon | None:
    """A Polygon as a MultiPolygon of one; a MultiPolygon without its empty parts."""
    if isinstance(geometry, Polygon):
        return MultiPolygon([geometry])
    if isinstance(geometry, MultiPolygon):
        return MultiPolygon([p for p in geometry.geoms if not p.is_empty])
    return None


def _round(value: float) -> float:
    """A centimetre is enough to find the place."""
    return round(value, 7)
