"""Reference systems: which are taken in, which refused and why, and where metres come from.

Taken: everything on WGS 84 or CGCS2000 (geographic, 3° and 6° Gauss-Kruger with or without the
zone number in the easting, UTM, Web Mercator), and any other datum that PROJ moves to WGS 84
within 1 m without a missing grid (ETRS89 and its like, for cities elsewhere). CGCS2000 is taken as
equal to WGS 84: PROJ knows only a "ballpark" between them and the two agree within a few
decimetres; `Accepted.note` records it.
Refused: Xi'an 80, Beijing 54 and New Beijing. Their transformations depend on local parameters
that are not published; PROJ would answer with a shift of up to 100 m left in, silently.

All coordinates are x = longitude or easting, y = latitude or northing (always_xy).
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from .errors import CrsRefused

STORED = 4326
CHOICES = (4326, 4490, 4546, 4525)
"""Offered to a person who must choose; any code that `accept` takes may be given instead."""

# Area of use of EPSG:4490 (EPSG register): the 3° zones are defined for it, islands included.
_CHINA = (73.62, 16.70, 134.77, 53.56)
_OLD_DATUM = re.compile(r"xian|xi.an|beijing|\bbj_?54|krasovsky", re.IGNORECASE)
_SAME_AS_WGS84 = re.compile(
    r"wgs[ _]?(19)?84|world[ _]geodetic[ _]system[ _]1984|china[ _]2000|cgcs[ _]?2000"
    r"|china[ _]geodetic[ _]coordinate[ _]system[ _]2000",
    re.IGNORECASE,
)
# Semi-major axes of Krasovsky 1940 (Beijing 54) and IAG 1975 (Xi'an 80): a file may give the datum
# any name, or none, and a "towgs84" of zeros; the ellipsoid gives it away.
_OLD_AXES = (6378245.0, 6378140.0)
_MODERN_AXIS = 6378137.0
_METRES_ALLOWED = 1.0


@dataclass(frozen=True)
class Accepted:
    """A reference system that may come in. `epsg` is None for one that only its WKT describes."""

    crs: pyproj.CRS
    epsg: int | None
    name: str
    note: str | None


def accept(declared: Any) -> Accepted:
    """The declared system ("EPSG:4546", 4546, WKT, a pyproj.CRS) when it may come in.

    Raises CrsRefused: `crs_unreadable`, `crs_not_horizontal`, `crs_old_datum`, `crs_imprecise`.
    """
    return _accept(declared if isinstance(declared, int) else _text(declared))


@lru_cache(maxsize=256)
def _accept(declared: int | str) -> Accepted:
    try:
        crs = pyproj.CRS.from_user_input(declared)
    except CRSError:
        raise CrsRefused("crs_unreadable", crs=str(declared)[:80]) from None
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if crs.is_bound and crs.source_crs is not None:
        # TOWGS84 parameters inside the file: nobody can check them, the datum decides.
        crs = crs.source_crs
    if not (crs.is_geographic or crs.is_projected) or crs.geodetic_crs is None:
        raise CrsRefused("crs_not_horizontal", crs=crs.name)
    said = _names(crs)
    axis = crs.ellipsoid.semi_major_metre if crs.ellipsoid else 0.0
    if _OLD_DATUM.search(said) or axis in _OLD_AXES:
        raise CrsRefused("crs_old_datum", crs=crs.name, choices=choices())
    epsg = crs.to_epsg() or _epsg_by_shape(crs)
    if _SAME_AS_WGS84.search(said) and axis == _MODERN_AXIS:
        same = "2000" in said
        note = "CGCS2000 taken as equal to WGS 84 (a few decimetres)" if same else None
        return Accepted(crs, epsg, crs.name, note)
    accuracy = _accuracy(crs)
    if not 0 <= accuracy <= _METRES_ALLOWED:
        raise CrsRefused("crs_imprecise", crs=crs.name, choices=choices())
    return Accepted(crs, epsg, crs.name, f"moved to WGS 84 within {accuracy:g} m")


def choices() -> str:
    """The systems to offer, as one line."""
    return ", ".join(f"EPSG:{code}" for code in CHOICES)


def is_used_at(accepted: Accepted, lon: float, lat: float) -> bool:
    """Is the place within the area of use of the system, give or take 3°? True where none is
    registered, False for a place that is not finite."""
    if not np.isfinite([lon, lat]).all():
        return False
    known = accepted.crs.area_of_use
    if known is None and accepted.epsg is not None:
        known = pyproj.CRS.from_epsg(accepted.epsg).area_of_use
    if known is None or known.west > known.east:
        return True
    return known.west - 3 <= lon <= known.east + 3 and known.south - 3 <= lat <= known.north + 3


def to_stored(geometries: Any, accepted: Accepted) -> Any:
    """The geometries (one or an array) in EPSG:4326, Z dropped; what cannot be moved is inf."""
    if accepted.crs.is_geographic and _SAME_AS_WGS84.search(_names(accepted.crs)):
        unit = accepted.crs.axis_info[0].unit_conversion_factor
        if abs(unit - np.pi / 180) < 1e-12:
            return shapely.force_2d(geometries)
    return _moved(geometries, _transformer(accepted.crs.to_wkt(), STORED))


def measuring_crs(lon: float, lat: float) -> int:
    """EPSG code to measure in around a point: the CGCS2000 3° zone by central meridian inside
    China's area of use (111°E is 4546), the WGS 84 UTM zone elsewhere."""
    west, south, east, north = _CHINA
    if west <= lon <= east and south <= lat <= north:
        zone = min(max(round(lon / 3), 25), 45)
        return 4534 + zone - 25
    zone = min(int((lon + 180) // 6) + 1, 60)
    return (32600 if lat >= 0 else 32700) + zone


def to_metres(geometries: Any, epsg: int) -> Any:
    """EPSG:4326 geometries (one or an array) in the measuring CRS `epsg`: x east, y north, m."""
    return _moved(geometries, _transformer(STORED, epsg))


def from_metres(geometries: Any, epsg: int) -> Any:
    """Geometries of the measuring CRS `epsg` in EPSG:4326."""
    return _moved(geometries, _transformer(epsg, STORED))


def area_m2(geometries: Any, epsg: int) -> Any:
    """Area in m² of EPSG:4326 geometries, measured in `epsg`."""
    return shapely.area(to_metres(geometries, epsg))


def length_m(geometries: Any, epsg: int) -> Any:
    """Length in m (perimeter of polygons) of EPSG:4326 geometries, measured in `epsg`."""
    return shapely.length(to_metres(geometries, epsg))


def buffer_m(geometries: Any, metres: Any, epsg: int) -> Any:
    """EPSG:4326 geometries widened by `metres` (a number or one each), measured in `epsg`."""
    return from_metres(shapely.buffer(to_metres(geometries, epsg), metres), epsg)


def points_metres(lon: Any, lat: Any, epsg: int) -> np.ndarray:
    """(n, 2) metres east and north in `epsg` of EPSG:4326 points."""
    return np.column_stack(_transformer(STORED, epsg).transform(np.asarray(lon), np.asarray(lat)))


def _moved(geometries: Any, transformer: pyproj.Transformer) -> Any:
    def move(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(geometries, move, include_z=False)


@lru_cache(maxsize=64)
def _transformer(source: Any, target: Any) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _accuracy(crs: pyproj.CRS) -> float:
    """Metres of the best transformation to WGS 84 that works here; -1 when none is known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        group = TransformerGroup(crs, STORED, always_xy=True)
    return group.transformers[0].accuracy if group.transformers else -1.0


def _epsg_by_shape(crs: pyproj.CRS) -> int | None:
    """EPSG code of a .prj in Esri's spelling, which `to_epsg` recognises at a lower confidence."""
    code = crs.to_epsg(min_confidence=25)
    if code is None:
        return None
    twin = pyproj.CRS.from_epsg(code)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "you will likely lose information": it is a comparison
        return code if twin.is_exact_same(crs) or twin.to_dict() == crs.to_dict() else None


def _names(crs: pyproj.CRS) -> str:
    """Every name the system goes by, without the "using towgs84=…" that PROJ appends."""
    base = crs.geodetic_crs or crs
    datum = base.datum
    said = f"{crs.name} {base.name} {datum.name if datum else ''}"
    return re.sub(r"using towgs84\S*", "", said)


def _text(declared: Any) -> str:
    return declared.to_wkt() if isinstance(declared, pyproj.CRS) else str(declared).strip()
