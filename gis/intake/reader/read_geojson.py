"""GeoJSON in the child, without GDAL: its driver drops what is not a Feature without a word,
takes an unreadable `crs` for EPSG:4326, and cannot say which point is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from gis.base.errors import BadGeometry
from gis.geo.geojson import polygon_of

from .columns import table_of, write
from .refusal import Refusal

_GEOMETRIES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
}  # fmt: skip
_MAX_COLUMNS = 500


def read(path: Path, name: str, work: Path, max_features: int) -> dict[str, Any]:
    """Read a FeatureCollection, Feature or geometry; one row for every member of `features`."""
    document, encoding = _document(path.read_bytes())
    features = _features(document)
    if len(features) > max_features:
        raise Refusal("too_many_features", count=len(features), limit=max_features)
    declared = _declared_crs(document)
    wkb, errors, closed = _geometries(features)
    rows = [f.get("properties") if isinstance(f, Mapping) else None for f in features]
    table = table_of(_columns([r if isinstance(r, Mapping) else {} for r in rows]))
    answer = write(work, table, wkb)
    return answer | {
        "crs": declared, "driver": "GeoJSON", "layer": name, "encoding": encoding,
        "notes": [], "errors": errors, "closed": closed,
    }  # fmt: skip


def _document(raw: bytes) -> tuple[dict[str, Any], str]:
    text, encoding = _text(raw)
    try:
        document = json.loads(text)
    except RecursionError:
        raise Refusal("not_json", detail="nested too deeply") from None
    except ValueError as error:
        raise Refusal("not_json", detail=str(error)[:120]) from None
    if not isinstance(document, dict):
        raise Refusal("not_geojson", detail=f"{type(document).__name__} at the top")
    return document, encoding


def _text(raw: bytes) -> tuple[str, str]:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        tries = ["utf-16"]
    elif raw[:3] == b"\xef\xbb\xbf":
        tries = ["utf-8-sig"]
    else:
        tries = ["utf-8", "gb18030"]
    for encoding in tries:
        try:
            return raw.decode(encoding), encoding.upper().replace("-SIG", "")
        except UnicodeDecodeError:
            continue
    raise Refusal("encoding")


def _features(document: dict[str, Any]) -> list[Any]:
    kind = document.get("type")
    if kind == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list):
            raise Refusal("not_geojson", detail="'features' is not a list")
        return features
    if kind == "Feature":
        return [document]
    if kind in _GEOMETRIES:
        return [{"type": "Feature", "properties": {}, "geometry": document}]
    if kind == "Topology":
        raise Refusal("unsupported", found_zh=" TopoJSON", found_en="TopoJSON")
    raise Refusal("not_geojson", detail=f"type {str(kind)[:40]!r}")


def _declared_crs(document: dict[str, Any]) -> str | None:
    """The name in the `crs` member, None without one. An unreadable one is passed on as it is:
    whoever accepts reference systems refuses it by name."""
    member = document.get("crs")
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    if not isinstance(name, str):
        return str(member)[:200]
    return "OGC:CRS84" if name.upper().endswith("CRS84") else name[:200]


def _geometries(features: list[Any]) -> tuple[np.ndarray, dict[int, dict[str, Any]], list[int]]:
    """WKB or None of every feature; {row: reason…} of the unreadable; rows with a closed ring."""
    texts: list[str | None] = []
    errors: dict[int, dict[str, Any]] = {}
    for row, feature in enumerate(features, start=1):
        texts.append(None)
        if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
            errors[row] = {"reason": "not_a_feature"}
            continue
        geometry = feature.get("geometry")
        if geometry is None:
            continue
        if not isinstance(geometry, Mapping) or geometry.get("type") not in _GEOMETRIES:
            kind = geometry.get("type") if isinstance(geometry, Mapping) else geometry
            errors[row] = {"reason": "wrong_type", "found": str(kind)[:40]}
            continue
        texts[-1] = json.dumps(geometry)
    shapes = shapely.from_geojson(np.array(texts, dtype=object), on_invalid="ignore")
    closed = []
    for at in np.flatnonzero(shapely.is_missing(shapes) & np.array([t is not None for t in texts])):
        try:
            shapes[at] = polygon_of({**features[at]["geometry"], "crs": None}, 1_000_000)
            closed.append(int(at) + 1)
        except BadGeometry as error:
            errors[int(at) + 1] = {"zh": error.zh, "en": error.en, **error.facts}
    return shapely.to_wkb(shapes), errors, closed


def _columns(rows: list[Mapping[str, Any]]) -> dict[str, pa.Array]:
    """One column a property name, in order of appearance; mixed types become text."""
    names = list(dict.fromkeys(str(key) for row in rows for key in row))
    if len(names) > _MAX_COLUMNS:
        raise Refusal("not_geojson", detail=f"{len(names)} different properties")
    return {name: _column([row.get(name) for row in rows]) for name in names}


def _column(values: list[Any]) -> pa.Array:
    kinds = {type(v) for v in values if v is not None}
    if kinds <= {bool}:
        return pa.array(values, pa.bool_())
    if kinds <= {int} and all(abs(v) < 2**63 for v in values if v is not None):
        return pa.array(values, pa.int64())
    if kinds <= {int, float}:
        return pa.array([None if v is None else float(v) for v in values], pa.float64())
    return pa.array([None if v is None else _as_text(v) for v in values], pa.string())


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        # A lone surrogate ("\ud800") is legal JSON and not text.
        return value.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
