"""GCJ-02 and BD-09: forward against a plain transcription, inverse against forward."""

import math
import time

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.geo import datum

LON = st.floats(73.7, 134.7)
LAT = st.floats(4.0, 53.5)


def plain_gcj(lon: float, lat: float) -> tuple[float, float]:
    """The published reconstruction, one point at a time, sine by sine."""
    pi, x, y = math.pi, lon - 105.0, lat - 35.0
    waves = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    d_lat += (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3
    d_lat += (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    d_lon += (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3
    d_lon += (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    a, ee = 6378245.0, 0.00669342162296594323
    magic = 1 - ee * math.sin(lat / 180 * pi) ** 2
    d_lat = d_lat * 180 / (a * (1 - ee) / (magic * math.sqrt(magic)) * pi)
    d_lon = d_lon * 180 / (a / math.sqrt(magic) * math.cos(lat / 180 * pi) * pi)
    return lon + d_lon, lat + d_lat


def metres(a, b) -> np.ndarray:
    scale = np.cos(np.radians(a[1])) * 111_320
    return np.hypot((a[0] - b[0]) * scale, (a[1] - b[1]) * 111_320)


@given(LON, LAT)
def test_forward_is_the_published_reconstruction(lon, lat):
    got = datum.wgs84_to_gcj02(lon, lat)
    assert got == pytest.approx(plain_gcj(lon, lat), abs=1e-12)


@given(LON, LAT)
def test_inverses_return(lon, lat):
    here = (np.float64(lon), np.float64(lat))
    assert metres(here, datum.gcj02_to_wgs84(*datum.wgs84_to_gcj02(lon, lat))) <= 6e-5
    assert metres(here, datum.bd09_to_wgs84(*datum.wgs84_to_bd09(lon, lat))) <= 6e-5
    assert metres(here, datum.bd09_to_gcj02(*datum.gcj02_to_bd09(lon, lat))) <= 6e-5


def test_shift_at_zhangjiajie():
    """DOMAIN: GCJ-02 550-625 m, BD-09 1.14-1.24 km there."""
    here = (np.float64(110.479), np.float64(29.117))
    assert 550 <= metres(here, datum.wgs84_to_gcj02(*here)) <= 625
    assert 1140 <= metres(here, datum.wgs84_to_bd09(*here)) <= 1240


def test_outside_china_gcj_is_wgs84():
    assert datum.wgs84_to_gcj02(24.94, 60.17) == (24.94, 60.17)
    assert datum.gcj02_to_wgs84(24.94, 60.17) == (24.94, 60.17)


def test_shapes_of_arrays_and_nan():
    lon, lat = datum.wgs84_to_gcj02(np.full((2, 3), 110.0), 29.0)
    assert lon.shape == lat.shape == (2, 3)
    assert np.isnan(datum.wgs84_to_bd09(np.nan, 29.0)).any()
    assert datum.wgs84_to_gcj02([], [])[0].shape == (0,)


def test_a_million_points_within_five_seconds():
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(73.7, 134.7, 1_000_000), rng.uniform(4, 53.5, 1_000_000)
    shifted = datum.wgs84_to_bd09(lon, lat)
    started = time.process_time()
    back = datum.bd09_to_wgs84(*shifted)
    assert time.process_time() - started < 5
    assert metres((lon, lat), back).max() < 0.01


def test_geometries_move_vertex_by_vertex():
    square = shapely.box(110.47, 29.11, 110.48, 29.12)
    corners = datum.wgs84_to_gcj02(*shapely.get_coordinates(square).T)
    moved = shapely.Polygon(np.column_stack(corners))
    back = datum.to_wgs84(np.array([moved, None], dtype=object), "gcj02")
    assert shapely.equals_exact(back[0], square, tolerance=1e-9)
    assert back[1] is None
    assert datum.to_wgs84(square, "cgcs2000") is square
    with pytest.raises(ValueError, match="bd09"):
        datum.to_wgs84(square, "mars")
