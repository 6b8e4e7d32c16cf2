"""Every record of a compound file ends applied, repaired or refused, and the three add up."""

import json
import math

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geo import crs, datum
from gis.geo.errors import CrsRefused
from gis.intake import fields
from gis.intake.checks import check_compounds
from gis.intake.reader.vector import RawTable

CITY = shapely.box(109.6, 28.8, 111.4, 29.9)
SQUARE = shapely.box(110.48, 29.12, 110.482, 29.122)
BOW = shapely.Polygon([(110.5, 29.1), (110.502, 29.102), (110.502, 29.1), (110.5, 29.102)])


def raw(shapes, declared="EPSG:4326", errors=None, closed=(), **columns) -> RawTable:
    wkb = [g if isinstance(g, bytes | None) else shapely.to_wkb(g) for g in shapes]
    columns = {"名称": [f"小区{i}" for i in range(len(shapes))]} | columns
    table = pa.table(columns | {"_wkb": pa.array(wkb, pa.binary())})
    return RawTable(table, declared, "GeoJSON", "a", ["a"], "UTF-8", [], errors or {}, list(closed))


def counted(checked) -> tuple[int, int, int]:
    assert checked.applied + checked.repaired + checked.refused == checked.read
    refused = {p.row for p in checked.problems if p.is_refusal}
    assert len(refused) == checked.refused and not refused & set(checked.rows["row"])
    assert all(p.message and p.message_en and 1 <= p.row <= checked.read for p in checked.problems)
    return checked.applied, checked.repaired, checked.refused


def east(shape, metres):
    return shapely.transform(shape, lambda xy: np.add(xy, (metres / 97_000, 0)))


WRONG_SHAPES = {
    "none": (None, "no_geometry"),
    "damaged wkb": (b"\x01\x03\x00", "bad_wkb"),
    "point": (shapely.Point(110.5, 29.1), "wrong_type"),
    "line": (shapely.LineString([(110.5, 29.1), (110.6, 29.1)]), "wrong_type"),
    "collection": (shapely.GeometryCollection([SQUARE]), "wrong_type"),
    "empty": (shapely.Polygon(), "empty"),
    "empty multi": (shapely.MultiPolygon(), "empty"),
    "not finite": (shapely.Polygon([(110, 29), (math.nan, 29), (110, 29.1)]), "not_finite"),
    "swapped": (shapely.box(29.12, 110.48, 29.122, 110.482), "out_of_range"),
    "metres": (shapely.box(449_000, 3_222_000, 449_100, 3_222_100), "out_of_range"),
    "flat": (shapely.Polygon([(110.5, 29.1), (110.6, 29.1), (110.7, 29.1)]), "no_area"),
    "tiny": (shapely.box(110.5, 29.1, 110.50001, 29.10001), "too_small"),
    "huge": (shapely.box(110, 29, 110.1, 29.1), "too_large"),
    "elsewhere": (shapely.box(112.5, 29.1, 112.502, 29.102), "outside"),
    "too many vertices": (shapely.Point(110.5, 29.1).buffer(0.001, 2000), "too_many_vertices"),
    "the same": (SQUARE, "duplicate"),
    "the same from another corner": (
        shapely.Polygon([*SQUARE.exterior.coords[2:], SQUARE.exterior.coords[1]]),
        "duplicate",
    ),
}


@pytest.mark.parametrize("shape, code", WRONG_SHAPES.values(), ids=WRONG_SHAPES.keys())
def test_a_wrong_shape_is_refused_by_row(shape, code):
    table = raw([SQUARE, east(SQUARE, 500), shape, east(SQUARE, 1000)])
    checked = check_compounds(table, within=CITY, max_vertices=5000)
    assert counted(checked) == (3, 0, 1)
    (problem,) = checked.problems
    assert (problem.row, problem.field, problem.code) == (3, "geometry", code)
    assert list(checked.rows["row"]) == [1, 2, 4]


def test_repairs_are_noted_with_the_area():
    overlapping = shapely.MultiPolygon([SQUARE, east(SQUARE, 97)])
    checked = check_compounds(raw([BOW, overlapping, east(SQUARE, 900)]))
    assert counted(checked) == (1, 2, 0)
    assert [p.code for p in checked.problems] == ["repaired", "repaired"]
    assert "110.501" in checked.problems[0].message
    assert checked.rows.geometry.is_valid.all()
    assert checked.rows["note"].isna().tolist() == [False, False, True]


def test_a_repair_that_is_a_guess_is_refused():
    five = shapely.MultiPolygon([SQUARE] * 5)
    checked = check_compounds(raw([five]))
    assert counted(checked) == (0, 0, 1)
    assert checked.problems[0].code == "repair_too_big"


def test_a_copy_of_a_refused_record_stands_in():
    checked = check_compounds(raw([SQUARE, SQUARE], 名称=[None, "乙"]))
    assert counted(checked) == (1, 0, 1)
    assert list(checked.rows["name"]) == ["乙"]


def test_what_the_reader_found_is_passed_on():
    errors = {
        1: {"reason": "not_a_feature"},
        2: {"reason": "bad_coordinates", "zh": "坐", "en": "c"},
    }
    checked = check_compounds(raw([None, None, SQUARE], errors=errors, closed=[3]))
    assert counted(checked) == (0, 1, 2)
    assert [p.code for p in checked.problems] == ["not_a_feature", "bad_coordinates", "ring_closed"]


def test_height_is_dropped_and_said():
    checked = check_compounds(raw([shapely.force_3d(SQUARE, 99.0)]))
    assert counted(checked) == (1, 0, 0)
    assert not checked.rows.geometry.has_z.any() and "height" in checked.notes[-1]


def test_fields_as_people_write_them():
    checked = check_compounds(
        raw(
            [east(SQUARE, 500 * i) for i in range(3)],
            名称=[" 阳光\u3000花园 ", "御景\u200b\x07苑", "<b>x</b>"],
            户数=["１，２００户", "300.0", ""],
            出入口数=[2, None, 3],
            社区代码=[430802001001.0, None, 430802001002.0],
            网格代码=["430802001001003", " ", None],
            电话=["1", "2", "3"],
        )
    )
    assert counted(checked) == (2, 1, 0)
    rows = checked.rows
    assert list(rows["name"]) == ["阳光 花园", "御景苑", "<b>x</b>"]
    assert rows["households"].tolist()[:2] == [1200, 300] and rows["households"].isna()[2]
    assert rows["gates"].tolist()[0] == 2
    assert list(rows["community_code"]) == ["430802001001", None, "430802001002"]
    assert list(rows["grid_code"]) == ["430802001001003", None, None]
    assert checked.unused == ["电话"]
    assert checked.columns["gates"] == "出入口数"


@pytest.mark.parametrize(
    ("column", "value", "field", "code"),
    [
        ("名称", None, "name", "missing_name"),
        ("名称", " \u3000", "name", "missing_name"),
        ("名称", "\x00\x01", "name", "missing_name"),
        ("名称", "长" * 101, "name", "name_too_long"),
        ("户数", "很多", "households", "not_a_count"),
        ("户数", "-5", "households", "not_a_count"),
        ("户数", "12.5", "households", "not_a_count"),
        ("户数", "99999999", "households", "not_a_count"),
        ("gates", "1e3", "gates", "not_a_count"),
        ("社区代码", "430802", "community_code", "bad_code"),
        ("社区代码", "阳光社区", "community_code", "bad_code"),
        ("网格代码", "430802001001", "grid_code", "bad_code"),
    ],
)
def test_a_wrong_value_is_refused_by_row_and_field(column, value, field, code):
    checked = check_compounds(raw([SQUARE], **{column: [value]}))
    assert counted(checked) == (0, 0, 1)
    assert [(p.field, p.code) for p in checked.problems] == [(field, code)]


def test_no_name_column_refuses_all():
    checked = check_compounds(raw([SQUARE], 名称=["x"], mc2=["y"]))
    assert counted(checked) == (1, 0, 0)
    table = raw([SQUARE])
    bare = RawTable(table.table.rename_columns(["foo", "_wkb"]), *list(vars(table).values())[1:])
    assert counted(check_compounds(bare)) == (0, 0, 1)


def reason_of(*args, **more) -> str:
    with pytest.raises(CrsRefused) as error:
        check_compounds(*args, **more)
    assert "EPSG" in error.value.zh or "wgs84" in error.value.zh
    return error.value.facts["reason"]


def test_an_unknown_datum_is_asked_for():
    table = raw([SQUARE], declared=None)
    assert reason_of(table) == "datum_needed"
    assert reason_of(table, datum="amap") == "datum_unknown"
    assert check_compounds(table, crs=4490).applied == 1
    assert check_compounds(table, datum="wgs84").reference.source == "person"


@pytest.mark.parametrize("old", ["EPSG:4610", "EPSG:2382", "EPSG:2361", "EPSG:4214", 21419])
def test_old_systems_are_refused(old):
    assert reason_of(raw([SQUARE], declared=None), crs=old) == "crs_old_datum"
    assert reason_of(raw([SQUARE], declared=str(old).replace("EPSG:", "EPSG:"))) in (
        "crs_old_datum", "crs_unreadable",
    )  # fmt: skip


def test_the_same_place_in_every_datum_and_system():
    lon, lat = shapely.get_coordinates(SQUARE).T
    gcj = shapely.Polygon(np.column_stack(datum.wgs84_to_gcj02(lon, lat)))
    bd = shapely.Polygon(np.column_stack(datum.wgs84_to_bd09(lon, lat)))
    given_as = [
        (SQUARE, "EPSG:4490", {}), (SQUARE, None, {"datum": "cgcs2000"}),
        (gcj, None, {"datum": "gcj02"}), (bd, None, {"datum": "bd09"}),
        (crs.to_metres(SQUARE, 4546), "EPSG:4546", {}),
        (crs.to_metres(SQUARE, 4525), None, {"crs": "EPSG:4525"}),
        (crs.to_metres(gcj, 3857), "EPSG:3857", {"datum": "gcj02"}),
        (crs.to_metres(SQUARE, 32649), 'EPSG:32649', {}),
    ]  # fmt: skip
    for shape, declared, said in given_as:
        checked = check_compounds(raw([shape], declared=declared), within=CITY, **said)
        assert counted(checked) == (1, 0, 0)
        assert shapely.equals_exact(checked.rows.geometry[0].geoms[0], SQUARE, tolerance=1e-8)
        assert checked.measuring_epsg == 4546


@pytest.mark.parametrize(
    ("shape", "declared", "reason"),
    [
        (crs.to_metres(SQUARE, 4525), "EPSG:4546", "crs_mismatch"),
        (crs.to_metres(SQUARE, 4546), "EPSG:4525", "crs_mismatch"),
        (crs.to_metres(SQUARE, 4546), "EPSG:4490", "crs_mismatch"),
        (SQUARE, "EPSG:4546", "crs_mismatch"),
        (shapely.transform(SQUARE, lambda xy: xy[:, ::-1]), "EPSG:4490", "crs_mismatch"),
        (shapely.transform(crs.to_metres(SQUARE, 4546), lambda xy: xy[:, ::-1]), "EPSG:4546",
         "crs_mismatch"),
        (crs.to_metres(SQUARE, 4546), "EPSG:999999", "crs_unreadable"),
    ],
)  # fmt: skip
def test_coordinates_that_do_not_fit_their_system(shape, declared, reason):
    assert reason_of(raw([shape], declared=declared)) == reason


def test_projected_numbers_without_a_system_name_the_likely_one():
    table = raw([crs.to_metres(SQUARE, 4525)], declared=None)
    with pytest.raises(CrsRefused, match="EPSG:4525"):
        check_compounds(table, datum="cgcs2000")


NUMBER = (
    st.floats(109.9, 110.1)
    | st.floats(28.9, 29.1)
    | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1e300, 37449291.0, 110.0, 29.0])
)
RING = st.lists(st.tuples(NUMBER, NUMBER), min_size=4, max_size=8).map(lambda p: [*p, p[0]])


@st.composite
def wild(draw):
    kind = draw(st.sampled_from(["none", "point", "polygon", "multi", "bytes"]))
    if kind == "none":
        return None
    if kind == "point":
        return shapely.Point(draw(NUMBER), draw(NUMBER))
    if kind == "bytes":
        return draw(st.binary(max_size=40))
    rings = draw(st.lists(RING, min_size=1, max_size=3))
    try:
        with np.errstate(invalid="ignore"):
            polygons = [shapely.Polygon(r) for r in rings]
    except shapely.GEOSException:  # an infinite first point never closes a ring
        return draw(st.binary(max_size=40))
    return polygons[0] if kind == "polygon" else shapely.MultiPolygon(polygons)


CELL = st.none() | st.text(max_size=8) | st.sampled_from(["120", "１２", "430802001001", "nan"])


@given(
    st.lists(st.tuples(wild(), CELL, CELL, CELL), max_size=6), st.sampled_from([4326, 4546, 3857])
)
@settings(max_examples=80, deadline=None)
def test_any_table_adds_up(rows, system):
    shapes, name, households, community = zip(*rows, strict=True) if rows else ((),) * 4
    table = raw(
        list(shapes), declared=f"EPSG:{system}", 名称=pa.array(name, pa.string()),
        户数=pa.array(households, pa.string()), 社区代码=pa.array(community, pa.string()),
    )  # fmt: skip
    try:
        checked = check_compounds(table, within=CITY)
    except CrsRefused as error:
        assert error.facts["reason"] == "crs_mismatch"
        return
    counted(checked)
    assert checked.rows.geometry.is_valid.all()
    json.dumps([p.as_dict() for p in checked.problems])


def test_names_of_columns():
    assert fields.columns_of(["OBJECTID", "小区名称", "总户数", "Community Code", "ＭＣ"]) == {
        "name": "小区名称", "households": "总户数", "community_code": "Community Code",
    }  # fmt: skip
