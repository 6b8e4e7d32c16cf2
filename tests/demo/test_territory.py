"""Grids tile communities, communities tile streets, compounds lie inside and apart."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gis.demo import divisions
from gis.demo.figures import totals
from gis.demo.ground import lay_out
from gis.demo.metres import to_degrees

# Without a width, a gap counts as a hole that is meant to be there.
GAP_M, GAP_DEGREES = 1.0, 1e-5


def test_coverage_is_exact_in_metres_and_in_degrees(city, ground):
    assert shapely.coverage_is_valid(ground.grids, gap_width=GAP_M)
    assert shapely.coverage_is_valid(ground.community_polygons, gap_width=GAP_M)
    for frame in (city.grids, city.communities, city.streets):
        assert frame.geometry.is_valid.all()
        assert (frame.geometry.geom_type == "Polygon").all()
        assert shapely.coverage_is_valid(frame.geometry.to_numpy(), gap_width=GAP_DEGREES)


@pytest.mark.parametrize("level", ["community", "street"])
def test_children_tile_their_parent(city, level):
    child, parent = {"community": (city.grids, city.communities),
                     "street": (city.communities, city.streets)}[level]
    union = child.dissolve(f"{level}_id", method="unary").geometry
    assert shapely.equals(union.to_numpy(), parent.geometry.to_numpy()).all()


@pytest.mark.parametrize("shift", [-0.01, 0.01])
def test_a_moved_vertex_is_noticed(ground, shift):
    grids = ground.grids.copy()
    corners = shapely.get_coordinates(grids[0])
    corners[1] += shift
    grids[0] = shapely.Polygon(corners)
    assert not shapely.coverage_is_valid(grids, gap_width=GAP_M)


@pytest.mark.parametrize(("scale", "seed"), [(0.05, 1), (0.3, 2), (3, 3)])
def test_other_sizes_and_seeds_stay_exact(scale, seed):
    made = lay_out(totals(scale), seed)
    assert shapely.coverage_is_valid(made.grids, gap_width=GAP_M)
    assert shapely.coverage_is_valid(to_degrees(made.grids), gap_width=GAP_DEGREES)
    assert shapely.is_valid(made.grids).all()
    assert len(made.community_polygons) == totals(scale).communities


def test_streets_lie_in_their_county(city):
    county = city.counties.set_index("code").geometry
    for code, street in zip(city.streets.county_code, city.streets.geometry, strict=True):
        assert county[code].contains(street)


def test_codes(city):
    grids = city.grids.merge(city.communities[["community_id", "code"]], on="community_id",
                             suffixes=("", "_community"))
    assert (grids.code.str[:12] == grids.code_community).all()
    assert city.grids.code.is_unique and (city.grids.code.str.len() == 15).all()
    first = city.grids[city.grids.code.str.endswith("001")]
    assert len(first) == len(city.communities)


def test_names_and_aliases(city):
    names = dict(zip(city.communities.code, city.communities.name, strict=True))
    assert names["430802001001"] == "回龙社区"
    assert names["430802002203"] == "郝坪社区"
    assert names["430822100001"] == "高家坪社区"
    assert names["430802002201"] == "沙堤新村"
    assert {"回龙居委会", "沙堤街道郝坪社区", "索溪峪街道吴家峪社区"} <= set(city.aliases.alias)


def test_larger_cities_add_communities_without_a_national_code():
    rows = divisions.communities_at(212)
    copies = rows[rows.code.isna()]
    assert len(rows) == 212 and len(copies) == 106
    assert rows.local_code.is_unique and copies.name.str.contains("·").all()


def test_compounds_lie_apart_and_inside_their_community(city):
    shapes = city.compounds.geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (left == right).all()
    home = city.communities.geometry.to_numpy()[city.compounds.community_id - 1]
    assert shapely.contains(home, shapes).all()
    assert city.compounds.geometry.is_valid.all()


def test_shares_in_grids(city):
    parts = city.compound_grids
    sums = parts.groupby("compound_id")[["area_share", "household_share"]].sum()
    assert np.allclose(sums, 1)
    assert len(sums) == len(city.compounds)
    assert 0.05 < (parts.groupby("compound_id").size() == 2).mean() < 0.15
    grid = city.grids.geometry.to_numpy()[parts.grid_id - 1]
    shape = city.compounds.geometry.to_numpy()[parts.compound_id - 1]
    share = shapely.area(shapely.intersection(grid, shape)) / shapely.area(shape)
    assert np.abs(share - parts.area_share).max() < 1e-4


def test_compound_shapes_follow_the_stated_distribution(city):
    shapes = city.compounds.to_crs(4546).geometry
    size = np.log(shapes.area)
    assert abs(size.mean() - 10.476) < 0.1 and abs(size.std() - 0.909) < 0.1
    corners = shapely.get_num_coordinates(shapes.to_numpy()) - 1
    assert np.abs(np.percentile(corners, [5, 50, 95]) - [4, 9, 25]).max() <= 5
    box = shapely.area(shapely.oriented_envelope(shapes.to_numpy()))
    low, high = np.percentile(shapes.area / box, [3, 97])
    assert low > 0.5 and high < 0.99


def test_compound_names_are_unique_in_a_street(city):
    street = city.communities.street_id.to_numpy()[city.compounds.community_id - 1]
    assert not city.compounds.assign(street=street).duplicated(["street", "name"]).any()
    assert city.compounds.name.str.endswith("·演").all()


def test_buildings_stand_in_their_compound(city):
    home = city.compounds.geometry.to_numpy()[city.buildings.compound_id - 1]
    assert shapely.covers(home, city.buildings.geometry.to_numpy()).all()
