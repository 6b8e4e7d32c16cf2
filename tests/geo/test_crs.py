"""Which reference systems come in, and that metres are metres."""

import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.geo import crs, detect
from gis.geo.errors import CrsRefused

TAKEN = [4326, 4490, 4480, *range(4491, 4555), 32649, 32635, 3857, 3067]
OLD = [4610, 2382, 2361, 2333, *range(2327, 2391), 4214, 21419, 2401, 2422, 4555, 4578, 4794]


@pytest.mark.parametrize("code", TAKEN)
def test_taken(code):
    assert crs.accept(code).epsg == code
    assert crs.accept(f"epsg:{code}").epsg == code


@pytest.mark.parametrize("code", OLD)
def test_old_datums_are_refused_with_the_reason(code):
    for declared in (code, f"EPSG:{code}", pyproj.CRS(code).to_wkt("WKT1_ESRI")):
        with pytest.raises(CrsRefused) as error:
            crs.accept(declared)
        assert error.value.facts["reason"] == "crs_old_datum"
        assert "CGCS2000" in error.value.zh


@pytest.mark.parametrize("code", [4490, 4546, 4525, 4508, 32649])
def test_prj_files_in_esri_spelling(code):
    assert crs.accept(pyproj.CRS(code).to_wkt("WKT1_ESRI")).epsg == code


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ("nonsense", "crs_unreadable"),
        ("", "crs_unreadable"),
        ("http://127.0.0.1/crs", "crs_unreadable"),
        (-1, "crs_unreadable"),
        (4978, "crs_not_horizontal"),
        (5773, "crs_not_horizontal"),
        (27700, "crs_imprecise"),
        ("+proj=tmerc +lon_0=111 +ellps=krass +towgs84=0,0,0", "crs_old_datum"),
        ("+proj=tmerc +lon_0=111 +a=6378140 +rf=298.257", "crs_old_datum"),
        ("+proj=longlat +ellps=intl +towgs84=1,2,3", "crs_imprecise"),
    ],
)
def test_refused_by_what_it_is(declared, reason):
    with pytest.raises(CrsRefused) as error:
        crs.accept(declared)
    assert error.value.facts["reason"] == reason


def test_the_known_point_to_a_centimetre():
    here = shapely.Point(110.479, 29.117)
    for code, east in ((4546, 449291.23), (4525, 37449291.23)):
        there = crs.to_metres(here, code)
        assert (there.x, there.y) == pytest.approx((east, 3222349.41), abs=0.01)
        back = crs.to_stored(shapely.Point(east, 3222349.41), crs.accept(code))
        assert (back.x, back.y) == pytest.approx((110.479, 29.117), abs=1e-7)


@given(st.floats(74, 134), st.floats(17, 53))
def test_the_zone_of_a_place_holds_it(lon, lat):
    code = crs.measuring_crs(lon, lat)
    middle = 75 + 3 * (code - 4534)
    assert 4534 <= code <= 4554
    assert abs(middle - lon) <= 1.5 + 1e-9


def test_zones_elsewhere():
    assert crs.measuring_crs(24.94, 60.17) == 32635
    assert crs.measuring_crs(-70.6, -33.4) == 32719
    assert crs.measuring_crs(180.0, 1.0) == 32660


def test_a_square_of_a_hundred_metres():
    square = crs.from_metres(shapely.box(449_000, 3_222_000, 449_100, 3_222_100), 4546)
    assert crs.area_m2(square, 4546) == pytest.approx(10_000, abs=0.01)
    assert crs.length_m(square, 4546) == pytest.approx(400, abs=0.01)
    wide = crs.buffer_m(square, 50, 4546)
    assert crs.area_m2(wide, 4546) == pytest.approx(10_000 + 4 * 5_000 + 7_854, rel=0.01)


@pytest.mark.parametrize(
    ("x", "y", "kind", "epsg", "swapped"),
    [
        (110.479, 29.117, "degrees", 4326, False),
        (29.117, 110.479, "degrees", 4326, True),
        (37449291.23, 3222349.41, "projected_zone", 4525, False),
        (3222349.41, 37449291.23, "projected_zone", 4525, True),
        (19449291.23, 3222349.41, "projected_zone", 4497, False),
        (449291.23, 3222349.41, "projected", 4546, False),
        (3222349.41, 449291.23, "projected", 4546, True),
        (1e12, 5.0, "unknown", None, False),
    ],
)
def test_guesses(x, y, kind, epsg, swapped):
    assert detect.guess(x, y, near=(110.5, 29.1)) == detect.Guess(kind, epsg, swapped)
