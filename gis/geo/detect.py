"""What numbers of unknown origin look like. A guess to offer, never one to act on."""

from __future__ import annotations

from dataclasses import dataclass

from . import crs

_GK3_FIRST, _GK6_FIRST = 25, 13  # zone numbers of CGCS2000: 3° zones 25–45, 6° zones 13–23


@dataclass(frozen=True)
class Guess:
    """kind: degrees, projected_zone (zone number in the easting), projected (no zone), unknown.
    epsg: the system that it would be, None where the zone is not told. is_swapped: y, x given."""

    kind: str
    epsg: int | None = None
    is_swapped: bool = False


def zone_epsg(easting: float) -> int | None:
    """EPSG code of the CGCS2000 zone whose number leads the easting (37449291 → 4525)."""
    zone, rest = divmod(easting, 1e6)
    # 500 km false easting, and no zone is wider than 350 km to either side.
    if not 150_000 <= rest <= 850_000:
        return None
    if _GK3_FIRST <= zone <= 45:
        return 4513 + int(zone) - _GK3_FIRST
    if _GK6_FIRST <= zone <= 23:
        return 4491 + int(zone) - _GK6_FIRST
    return None


def guess(x: float, y: float, near: tuple[float, float] | None = None) -> Guess:
    """What one typical coordinate pair looks like, for a place in China.

    `near`: longitude and latitude of where it should lie; names the zone of a plain easting.
    """
    if abs(x) <= 180 and abs(y) <= 90:
        # China: longitude 73–135, latitude 3–54; the two ranges do not meet.
        return Guess("degrees", crs.STORED, is_swapped=3 <= x <= 54 and 73 <= y <= 90)
    if abs(x) <= 90 and abs(y) <= 180:
        return Guess("degrees", crs.STORED, is_swapped=True)
    for east, north, swapped in ((x, y, False), (y, x, True)):
        if not 300_000 <= north <= 6_000_000:
            continue
        if (epsg := zone_epsg(east)) is not None and north > 1_600_000:
            return Guess("projected_zone", epsg, swapped)
        if 150_000 <= east <= 850_000 and north > 1_600_000:
            zone = crs.measuring_crs(*near) if near else None
            return Guess("projected", zone, swapped)
    return Guess("unknown")


def words(found: Guess) -> tuple[str, str]:
    """The guess as half a sentence, Chinese and English; empty when there is none."""
    if found.kind == "unknown":
        return "", ""
    if found.kind == "degrees":
        zh, en = "坐标看起来是经纬度", "the coordinates look like longitude and latitude"
    elif found.epsg is None:
        zh, en = "坐标看起来是米（不带带号）", "the coordinates look like metres without a zone"
    else:
        zh = f"坐标看起来是 EPSG:{found.epsg}"
        en = f"the coordinates look like EPSG:{found.epsg}"
    if found.is_swapped:
        return zh + "，但次序写反了", en + ", in the wrong order"
    return zh, en
