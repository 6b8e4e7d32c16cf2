"""What the coordinates of a file are: said by the person, else by the file, else asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely

from gis.geo import crs as systems
from gis.geo import detect
from gis.geo.datum import DATUMS
from gis.geo.errors import CrsRefused

from .reader.vector import RawTable


@dataclass(frozen=True)
class Reference:
    """accepted: the reference system; datum: what the degrees mean after unprojecting
    (wgs84, cgcs2000, gcj02, bd09); source: "person" or "file"."""

    accepted: systems.Accepted
    datum: str
    source: str
    notes: list[str] = field(default_factory=list)


def reference_of(
    raw: RawTable, geometries: np.ndarray, crs: str | int | None, datum: str | None
) -> Reference:
    """The reference of a file's coordinates.

    A GeoJSON without a `crs` member should be WGS 84 (RFC 7946), but what is scraped from a
    Chinese web map is GCJ-02 or BD-09 and looks the same: it is asked for. Raises CrsRefused:
    datum_unknown, datum_needed, crs_needed, crs_mismatch, and those of `gis.geo.crs.accept`.
    """
    if datum is not None and datum not in DATUMS:
        raise CrsRefused("datum_unknown", datum=str(datum)[:30], choices=", ".join(DATUMS))
    declared = None if raw.crs is None else raw.crs
    if crs is None and declared is None:
        looks = _guess(geometries)
        if datum is None:
            raise _needed("datum_needed", looks)
        if looks.kind.startswith("projected"):
            raise _needed("crs_needed", looks)
        _check_plausible(systems.accept(systems.STORED), geometries)
        return Reference(systems.accept(systems.STORED), datum, "person")
    accepted = systems.accept(crs if crs is not None else declared)
    _check_plausible(accepted, geometries)
    notes = [accepted.note] if accepted.note else []
    if crs is not None and declared is not None:
        notes += _difference(accepted, declared)
    if datum in ("gcj02", "bd09"):
        notes.append(f"moved from {datum} to WGS 84 by the public reconstruction")
    own = "cgcs2000" if "2000" in accepted.name else "wgs84"
    source = "file" if crs is None and datum is None else "person"
    return Reference(accepted, datum or own, source, notes)


def _needed(reason: str, looks: detect.Guess, **more: str) -> CrsRefused:
    zh, en = detect.words(looks)
    return CrsRefused(
        reason,
        datums=", ".join(DATUMS),
        choices=systems.choices(),
        looks_zh=f"（{zh}）" if zh else "",
        looks_en=f" ({en})" if en else "",
        **more,
    )


def _check_plausible(accepted: systems.Accepted, geometries: np.ndarray) -> None:
    """Raises CrsRefused crs_mismatch when the middle of the file cannot lie in the system: the
    wrong zone, degrees called metres, northing before easting, latitude before longitude."""
    middle = _middle(geometries)
    if middle is None:
        return
    looks = detect.guess(*middle)
    x, y = shapely.get_coordinates(systems.to_stored(shapely.Point(middle), accepted))[0]
    geographic = accepted.crs.is_geographic
    swapped = geographic and looks.kind == "degrees" and looks.is_swapped
    strange = geographic != (looks.kind == "degrees")
    if swapped or (strange and looks.kind != "unknown") or not systems.is_used_at(accepted, x, y):
        raise _needed("crs_mismatch", looks, crs=accepted.name)


def _difference(accepted: systems.Accepted, declared: str) -> list[str]:
    """A note when the person overrules the file."""
    try:
        said = systems.accept(declared)
    except CrsRefused:
        return [f"the file itself declares {declared[:60]}, which would be refused"]
    if said.epsg != accepted.epsg:
        return [f"the file itself declares {said.name}; {accepted.name} was used as asked"]
    return []


def _guess(geometries: np.ndarray) -> detect.Guess:
    middle = _middle(geometries)
    return detect.Guess("unknown") if middle is None else detect.guess(*middle)


def _middle(geometries: np.ndarray) -> tuple[float, float] | None:
    """Median x and y over the finite vertices: one wild record does not move it."""
    xy = shapely.get_coordinates(geometries)
    xy = xy[np.isfinite(xy).all(axis=1)]
    if len(xy) == 0:
        return None
    x, y = np.median(xy, axis=0)
    return float(x), float(y)
