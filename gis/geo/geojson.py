"""GeoJSON from outside, taken apart by hand: shapely would fail on it without saying where.

RFC 7946 is read, with two kindnesses: an unclosed ring is closed, and the retired `crs` member is
accepted when it names longitude and latitude.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from numbers import Real
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from .errors import bad_geometry

_LONLAT = re.compile(r"CRS84|EPSG:{1,2}(4326|4490)$|^EPSG:(4326|4490)$", re.IGNORECASE)
_MAX_PARTS = 10_000


def polygon_of(document: Mapping[str, Any], max_vertices: int) -> BaseGeometry:
    """The Polygon or MultiPolygon in a GeoJSON geometry, Feature or FeatureCollection.

    Validity is not checked here. Several features are united, so each must be valid by itself.
    Raises BadGeometry as `shapes.clean_polygon` lists.
    """
    _check_crs(document.get("crs"))
    kind = document.get("type")
    if kind == "FeatureCollection":
        return _united(document.get("features"), max_vertices)
    if kind == "Feature":
        inner = document.get("geometry")
        if not isinstance(inner, Mapping):
            raise bad_geometry("no_geometry")
        return polygon_of({"crs": document.get("crs"), **inner}, max_vertices)
    if kind not in ("Polygon", "MultiPolygon"):
        raise bad_geometry("wrong_type", found=str(kind)[:40])
    coordinates = document.get("coordinates")
    if not isinstance(coordinates, list):
        raise bad_geometry("bad_coordinates", where="coordinates")
    parts = [coordinates] if kind == "Polygon" else coordinates
    if not parts or not any(parts):
        raise bad_geometry("empty")
    if len(parts) > _MAX_PARTS:
        raise bad_geometry("too_many_vertices", count=f"{len(parts)} × n", limit=max_vertices)
    polygons = [_polygon(p, n, max_vertices) for n, p in enumerate(parts)]
    return polygons[0] if kind == "Polygon" else MultiPolygon(polygons)


def _united(features: Any, max_vertices: int) -> BaseGeometry:
    if not isinstance(features, list) or not features:
        raise bad_geometry("empty")
    shapes = []
    for feature in features:
        # Only features: a collection inside a collection could nest without end.
        if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
            raise bad_geometry("wrong_type", found="FeatureCollection")
        shapes.append(polygon_of(feature, max_vertices))
    if len(shapes) == 1:
        return shapes[0]
    count = int(shapely.get_num_coordinates(shapes).sum())
    if count > max_vertices:
        raise bad_geometry("too_many_vertices", count=count, limit=max_vertices)
    if not shapely.is_valid(shapes).all():
        # Left as they are: the caller finds the invalid place and names it.
        return MultiPolygon([p for shape in shapes for p in shapely.get_parts(shape)])
    return shapely.union_all(shapes)


def _polygon(rings: Any, part: int, max_vertices: int) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise bad_geometry("bad_coordinates", where=f"polygon {part + 1}")
    total = sum(len(r) for r in rings if isinstance(r, list))
    if total > max_vertices:
        raise bad_geometry("too_many_vertices", count=total, limit=max_vertices)
    shell, *holes = [_ring(r, n, part) for n, r in enumerate(rings)]
    return Polygon(shell, holes)


def _ring(points: Any, ring: int, part: int) -> list[tuple[float, float]]:
    where = f"polygon {part + 1}, ring {ring + 1}"
    if not isinstance(points, list):
        raise bad_geometry("bad_coordinates", where=where)
    line = [_point(p, f"{where}, point {n + 1}") for n, p in enumerate(points)]
    if line and line[0] != line[-1]:
        line.append(line[0])
    if len(set(line)) < 3:
        raise bad_geometry("too_few_points", ring=ring + 1)
    return line


def _point(point: Any, where: str) -> tuple[float, float]:
    if not isinstance(point, (list, tuple)) or len(point) < 2:
        raise bad_geometry("bad_coordinates", where=where)
    x, y = point[0], point[1]
    if not isinstance(x, Real) or not isinstance(y, Real) or isinstance(x, bool):
        raise bad_geometry("bad_coordinates", where=where)
    try:
        lon, lat = float(x), float(y)
    except OverflowError:
        raise bad_geometry("not_finite", where=where) from None
    # Checked here too: GEOS refuses a ring with infinite ends before anybody can say where.
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise bad_geometry("not_finite", where=where)
    return lon, lat


def _check_crs(member: Any) -> None:
    if member is None:
        return
    properties = member.get("properties") if isinstance(member, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    if not (isinstance(name, str) and _LONLAT.search(name)):
        raise bad_geometry("crs_not_lonlat", crs=str(name or member)[:80])
