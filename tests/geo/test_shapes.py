"""Polygons from outside: refused with the reason and the place, or repaired with a note."""

import json
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.base.errors import BadGeometry
from gis.geo import shapes

CITY = shapely.box(109.6, 28.8, 111.4, 29.9)
SQUARE = [[110.0, 29.0], [110.01, 29.0], [110.01, 29.01], [110.0, 29.01], [110.0, 29.0]]
BOW = [[110.0, 29.0], [110.01, 29.01], [110.01, 29.0], [110.0, 29.01], [110.0, 29.0]]


def polygon(*rings, **more):
    return {"type": "Polygon", "coordinates": list(rings), **more}


def feature(geometry):
    return {"type": "Feature", "properties": {}, "geometry": geometry}


def collection(*geometries):
    return {"type": "FeatureCollection", "features": [feature(g) for g in geometries]}


def circle(count, lon=110.0):
    turn = np.linspace(0, 2 * math.pi, count, endpoint=False)
    return np.column_stack([lon + 0.1 * np.cos(turn), 29 + 0.1 * np.sin(turn)]).tolist()


def swapped(ring):
    return [[y, x] for x, y in ring]


OTHER_CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4546"}}
BAD = {
    "nothing": (None, "no_geometry"),
    "no type": ({}, "wrong_type"),
    "point": ({"type": "Point", "coordinates": [110, 29]}, "wrong_type"),
    "line": ({"type": "LineString", "coordinates": SQUARE}, "wrong_type"),
    "shapely line": (shapely.LineString(SQUARE), "wrong_type"),
    "type is a list": ({"type": ["Polygon"], "coordinates": [SQUARE]}, "wrong_type"),
    "feature without geometry": (feature(None), "no_geometry"),
    "collection of none": ({"type": "FeatureCollection", "features": []}, "empty"),
    "collection in a collection": (
        {"type": "FeatureCollection", "features": [collection(polygon(SQUARE))]},
        "wrong_type",
    ),
    "empty polygon": (polygon(), "empty"),
    "empty multipolygon": ({"type": "MultiPolygon", "coordinates": []}, "empty"),
    "empty shapely": (shapely.Polygon(), "empty"),
    "no coordinates": ({"type": "Polygon"}, "bad_coordinates"),
    "coordinates are text": ({"type": "Polygon", "coordinates": "110 29"}, "bad_coordinates"),
    "text in a point": (polygon([["110", 29], [1, 2], [2, 1]]), "bad_coordinates"),
    "null in a point": (polygon([[None, 29], [1, 2], [2, 1]]), "bad_coordinates"),
    "true in a point": (polygon([[True, 29], [1, 2], [2, 1]]), "bad_coordinates"),
    "one number": (polygon([[110], [1, 2], [2, 1]]), "bad_coordinates"),
    "too deep": (polygon([SQUARE]), "bad_coordinates"),
    "too shallow": ({"type": "Polygon", "coordinates": SQUARE}, "bad_coordinates"),
    "nan": (polygon([[math.nan, 29], [110.1, 29], [110.1, 29.1]]), "not_finite"),
    "infinite": (polygon([[math.inf, 29], [110.1, 29], [110.1, 29.1]]), "not_finite"),
    "huge integer": (polygon([[10**400, 29], [110.1, 29], [110.1, 29.1]]), "not_finite"),
    "two points": (polygon([[110, 29], [110.1, 29], [110, 29]]), "too_few_points"),
    "one point, four times": (polygon([[110, 29]] * 4), "too_few_points"),
    "bow tie": (polygon(BOW), "crosses_itself"),
    "hole outside": (polygon(SQUARE, [[x + 1, y] for x, y in SQUARE]), "crosses_itself"),
    "flat": (polygon([[110, 29], [110.1, 29], [110.2, 29], [110, 29]]), "crosses_itself"),
    "swapped": (polygon(swapped(SQUARE)), "out_of_range"),
    "metres": (polygon([[449291, 3222349], [449391, 3222349], [449391, 3222449]]), "out_of_range"),
    "outside the city": (polygon([[x + 10, y] for x, y in SQUARE]), "outside"),
    "100,000 vertices": (polygon(circle(100_000)), "too_many_vertices"),
    "many small ones": (collection(*[polygon(circle(9_000, 110 + i)) for i in range(6)]),
                        "too_many_vertices"),
    "another system": (polygon(SQUARE, crs=OTHER_CRS), "crs_not_lonlat"),
    "crs is text": (polygon(SQUARE, crs="EPSG:4546"), "crs_not_lonlat"),
}  # fmt: skip


@pytest.mark.parametrize("given_shape, reason", BAD.values(), ids=BAD.keys())
def test_refused_with_the_reason(given_shape, reason):
    with pytest.raises(BadGeometry) as error:
        shapes.clean_polygon(given_shape, within=CITY)
    assert error.value.facts["reason"] == reason
    assert error.value.status == 422
    assert len(error.value.zh) >= 5 and len(error.value.en) > 5


def test_the_crossing_is_placed():
    with pytest.raises(BadGeometry) as error:
        shapes.clean_polygon(polygon(BOW))
    assert (error.value.facts["lon"], error.value.facts["lat"]) == (110.005, 29.005)
    assert "110.005" in error.value.zh


@pytest.mark.parametrize(
    "good",
    [
        polygon(SQUARE),
        polygon(SQUARE[:-1]),
        polygon([[*p, 88.0] for p in SQUARE]),
        feature(polygon(SQUARE)),
        collection(polygon(SQUARE)),
        collection(polygon(SQUARE), polygon([[x + 0.005, y] for x, y in SQUARE])),
        polygon(
            SQUARE, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
        ),
        shapely.Polygon([(*p, 5.0) for p in SQUARE]),
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
    ],
)
def test_taken(good):
    clean = shapes.clean_polygon(good, within=CITY)
    assert clean.geom_type == "MultiPolygon"
    assert clean.is_valid and not clean.has_z and len(clean.geoms) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "features", "geometry", "crs"]), inner
        )
    ),
    max_leaves=20,
)
KIND = st.sampled_from(["Polygon", "MultiPolygon", "Feature", "FeatureCollection", "Point"])
DOCUMENT = st.fixed_dictionaries(
    {"type": KIND | JSON}, optional={"coordinates": JSON, "features": JSON, "geometry": JSON}
)


@given(DOCUMENT)
@settings(max_examples=150, deadline=None)
def test_any_document_is_a_polygon_or_a_sentence(document):
    try:
        clean = shapes.clean_polygon(document)
    except BadGeometry:
        return
    assert clean.is_valid and clean.area > 0


POINT = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(
    lambda p: [110 + p[0] / 1e3, 29 + p[1] / 1e3]
)


@given(st.lists(POINT, min_size=4, max_size=12))
@settings(max_examples=100, deadline=None)
def test_repairs_are_valid_polygons(ring):
    broken = shapely.Polygon(ring)
    try:
        repaired, note, changed = shapes.repair_polygon(broken)
    except BadGeometry as error:
        assert error.facts["reason"] == "no_area"
        return
    assert repaired.geom_type == "MultiPolygon" and repaired.is_valid and repaired.area > 0
    assert changed >= 0
    assert (note is None) == broken.is_valid
    if broken.is_valid:
        assert changed == 0 and shapely.equals(repaired, broken)


def test_the_area_a_repair_moves():
    """Two parts that overlap: the overlap counted twice becomes part of the shape once."""
    a, b = shapely.box(110, 29, 110.01, 29.01), shapely.box(110.005, 29, 110.015, 29.01)
    repaired, note, changed = shapes.repair_polygon(shapely.MultiPolygon([a, b]))
    assert note is not None and len(repaired.geoms) == 1
    assert changed == pytest.approx(540_000, rel=0.02)


def test_arrays_keep_order_and_gaps():
    square, bow = shapely.Polygon(SQUARE), shapely.Polygon(BOW)
    line = shapely.Polygon([(110, 29), (110.1, 29), (110.2, 29)])
    given_shapes = np.array([square, None, bow, line], dtype=object)
    repaired, notes, changed = shapes.repair_polygons(given_shapes)
    assert [g is None for g in repaired] == [False, True, False, True]
    assert [n is None for n in notes] == [True, True, False, True]
    assert changed[0] == 0


def test_json_text_survives():
    text = json.dumps(polygon(SQUARE))
    assert shapes.clean_polygon(json.loads(text)).area > 0
