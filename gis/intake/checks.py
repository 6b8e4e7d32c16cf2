"""Compound polygons of a file, checked: every record ends applied, repaired or refused.

Pure: no session, no file. `applied + repaired + refused == read`, always.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gis.geo import crs as systems
from gis.geo import datum as datums
from gis.geo import shapes

from . import fields
from .problems import Problem, Remarks, sentence
from .reader.vector import RawTable
from .reference import Reference, reference_of

# Our bounds for one compound. Of 2,112 real ones 99.9 % lie between 1,700 m² and 0.6 km².
LEAST_M2 = 20.0
MOST_M2 = 10_000_000.0
# A repair that moves more than this share of the shape is a guess; a person must redraw it.
MOST_REPAIRED = 0.5


@dataclass(frozen=True, eq=False)
class CheckedTable:
    """rows: the records that may be written, in file order: row, name, households, gates (Int64),
    community_code, grid_code, area_m2, is_repaired, note, geometry (MultiPolygon, EPSG:4326).
    columns: our field → the file's column; unused: columns that were not understood."""

    rows: gpd.GeoDataFrame
    problems: list[Problem]
    read: int
    reference: Reference
    measuring_epsg: int
    columns: dict[str, str]
    unused: list[str]
    notes: list[str] = field(default_factory=list)

    @property
    def applied(self) -> int:
        return len(self.rows) - self.repaired

    @property
    def repaired(self) -> int:
        return int(self.rows["is_repaired"].sum())

    @property
    def refused(self) -> int:
        return self.read - len(self.rows)


def check_compounds(
    raw: RawTable,
    *,
    crs: str | int | None = None,
    datum: str | None = None,
    within: BaseGeometry | None = None,
    max_vertices: int = shapes.MAX_VERTICES,
) -> CheckedTable:
    """The records of a compound file with what is wrong with each.

    crs, datum: what the person declares (datum one of wgs84, cgcs2000, gcj02, bd09); they win over
    the file. within: the city (EPSG:4326); a compound wholly outside is refused. Raises CrsRefused
    when neither file nor person says what the coordinates are, or names a system that is refused.
    """
    raw_shapes = raw.geometries()
    reference = reference_of(raw, raw_shapes, crs, datum)
    remarks = Remarks(len(raw))
    moved = _readable(raw, raw_shapes, reference, remarks, max_vertices)
    for row in raw.closed_rows:
        remarks.repair(row - 1, "geometry", "ring_closed", *sentence("ring_closed"))
    zone = _zone(moved)
    whole, area = _whole(moved, zone, remarks)
    _bounds(whole, area, remarks, within)
    attributes = raw.attributes
    columns = fields.columns_of(attributes.column_names)
    values = _values(attributes, columns, remarks)
    # Last: a copy must not be refused for the sake of a first one that is itself refused.
    _duplicates(whole, remarks)
    rows = _rows(values, whole, area, remarks)
    unused = [c for c in attributes.column_names if c not in columns.values()]
    has_z = int(shapely.has_z(raw_shapes[~remarks.out]).sum())
    notes = [*raw.notes, *reference.notes, *([f"height dropped in {has_z} records"] * bool(has_z))]
    return CheckedTable(rows, remarks.all(), len(raw), reference, zone, columns, unused, notes)


def _readable(
    raw: RawTable, given: np.ndarray, reference: Reference, remarks: Remarks, max_vertices: int
) -> np.ndarray:
    """Geometries in EPSG:4326 that are polygons with finite coordinates in range; None else."""
    wkb_null = raw.table.column("_wkb").is_null().to_numpy()
    kinds = shapely.get_type_id(given)
    polygon = (kinds == 3) | (kinds == 6)
    vertices = shapely.get_num_coordinates(given)
    for at in np.flatnonzero(~polygon | shapely.is_empty(given) | (vertices > max_vertices)):
        error = raw.row_errors.get(int(at) + 1)
        if error is not None:
            remarks.refuse_as_read(at, error)
        elif given[at] is None:
            remarks.say(at, "no_geometry" if wkb_null[at] else "bad_wkb")
        elif not polygon[at]:
            remarks.say(at, "wrong_type", found=given[at].geom_type)
        elif vertices[at] > max_vertices:
            remarks.say(at, "too_many_vertices", count=int(vertices[at]), limit=max_vertices)
        else:
            remarks.say(at, "empty")
    out = np.full(len(given), None, dtype=object)
    good = np.flatnonzero(~remarks.out)
    xy, owner = shapely.get_coordinates(given[good], return_index=True)
    broken = np.unique(owner[~np.isfinite(xy).all(axis=1)])
    for at in good[broken]:
        remarks.say(at, "not_finite", where=f"row {at + 1}")
    good = np.flatnonzero(~remarks.out)
    out[good] = systems.to_stored(given[good], reference.accepted)
    _check_range(out, good, reference, remarks)
    good = np.flatnonzero(~remarks.out)
    out[good] = datums.to_wgs84(out[good], reference.datum)
    out[remarks.out] = None
    return out


def _check_range(out: np.ndarray, good: np.ndarray, reference: Reference, remarks: Remarks) -> None:
    xy, owner = shapely.get_coordinates(out[good], return_index=True)
    finite = np.isfinite(xy).all(axis=1)
    outside = ~finite | (np.abs(xy[:, 0]) > 180) | (np.abs(xy[:, 1]) > 90)
    rows, first = np.unique(owner[outside], return_index=True)
    for at, spot in zip(good[rows], np.flatnonzero(outside)[first], strict=True):
        if reference.accepted.crs.is_projected or not finite[spot]:
            remarks.say(at, "off_system", crs=reference.accepted.name)
            continue
        x, y = (round(float(v), 7) for v in xy[spot])
        remarks.say(at, "out_of_range", lon=x, lat=y, **shapes.range_hint(x, y))


def _whole(moved: np.ndarray, zone: int, remarks: Remarks) -> tuple[np.ndarray, np.ndarray]:
    """Valid MultiPolygons (repaired where need be) and their areas in m²."""
    whole, notes, changed = shapes.repair_polygons(moved, epsg=zone)
    area = np.nan_to_num(systems.area_m2(whole, zone))
    for at in np.flatnonzero([n is not None for n in notes]):
        place = shapes.invalid_at(shapely.force_2d(moved[at])) | {"changed": round(changed[at], 1)}
        if changed[at] > MOST_REPAIRED * area[at]:
            remarks.say(at, "repair_too_big", **place)
        else:
            remarks.repair(at, "geometry", "repaired", *sentence("repaired", **place))
    for at in np.flatnonzero(shapely.is_missing(whole) & ~remarks.out):
        remarks.say(at, "no_area")
    return whole, area


def _bounds(
    whole: np.ndarray, area: np.ndarray, remarks: Remarks, within: BaseGeometry | None
) -> None:
    there = ~remarks.out
    for at in np.flatnonzero(there & (area < LEAST_M2)):
        remarks.say(at, "too_small", area=round(area[at], 2), limit=LEAST_M2)
    for at in np.flatnonzero(there & (area > MOST_M2)):
        remarks.say(at, "too_large", area=round(area[at]), limit=round(MOST_M2))
    if within is None:
        return
    shapely.prepare(within)
    for at in np.flatnonzero(there & ~shapely.intersects(within, whole)):
        spot = whole[at].representative_point()
        place = {"lon": round(spot.x, 7), "lat": round(spot.y, 7)}
        remarks.say(at, "outside", zh="本市", en="the city", **place)


def _duplicates(whole: np.ndarray, remarks: Remarks) -> None:
    """The same ring with another starting point is the same shape; compared to a centimetre."""
    good = np.flatnonzero(~remarks.out)
    rounded = shapely.transform(whole[good], lambda xy: np.round(xy, 7))
    first: dict[bytes, int] = {}
    for at, key in zip(good, shapely.to_wkb(shapely.normalize(rounded)), strict=True):
        seen = first.setdefault(key, int(at))
        if seen != at:
            remarks.say(at, "duplicate", first=seen + 1)


def _values(attributes: Any, columns: dict[str, str], remarks: Remarks) -> dict[str, np.ndarray]:
    """Our fields as arrays over all records; what cannot be used is refused by row and field."""
    size = len(remarks.out)
    given = {
        ours: attributes.column(theirs).to_pylist() if theirs else [None] * size
        for ours, theirs in ((f, columns.get(f)) for f in fields.ALIASES)
    }
    out = {ours: np.full(size, None, dtype=object) for ours in given}
    for at, value in enumerate(given["name"]):
        out["name"][at], said = fields.clean_name(value)
        for code, extra in said:
            note = remarks.repair if code == "control_characters" else remarks.refuse
            note(at, "name", code, *sentence(code, **extra))
    for ours in ("households", "gates"):
        for at, value in enumerate(given[ours]):
            out[ours][at], said = fields.count(ours, value)
            for code, extra in said:
                remarks.refuse(at, ours, code, *sentence(code, **extra))
        out[ours] = pd.array(out[ours], dtype="Int64")
    for ours, level in (("community_code", "community"), ("grid_code", "grid")):
        for at, value in enumerate(given[ours]):
            out[ours][at], wrong = fields.place_code(value, level)
            for code, zh, en in wrong:
                remarks.refuse(at, ours, code, zh, en)
    return out


def _rows(
    values: dict[str, Any], whole: np.ndarray, area: np.ndarray, remarks: Remarks
) -> gpd.GeoDataFrame:
    """The records that are not refused, as CheckedTable.rows describes them."""
    kept = ~remarks.out
    notes_of = {p.row: p.message for p in remarks.all() if not p.is_refusal}
    numbers = np.flatnonzero(kept) + 1
    return gpd.GeoDataFrame(
        {"row": numbers}
        | {name: _column(values[name][kept]) for name in values}
        | {
            "area_m2": area[kept],
            "is_repaired": remarks.repaired[kept],
            "note": _column([notes_of.get(int(n)) for n in numbers]),
        },
        geometry=whole[kept],
        crs=systems.STORED,
    )


def _column(values: Any) -> Any:
    """Text with None for missing: left to pandas it becomes NaN, which a database takes as text."""
    is_typed = isinstance(values, pd.api.extensions.ExtensionArray)
    return values if is_typed else pd.Series(values, dtype=object)


def _zone(geometries: np.ndarray) -> int:
    """The measuring CRS of the middle of the file; one zone for all, so areas can be compared."""
    bounds = shapely.bounds(geometries)
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    centres = centres[np.isfinite(centres).all(axis=1)]
    return systems.measuring_crs(*np.median(centres, axis=0)) if len(centres) else systems.STORED
