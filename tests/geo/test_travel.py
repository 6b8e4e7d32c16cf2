"""Travel times over a graph small enough to know the answers, and against scipy on a random one."""

import time

import numpy as np
import pytest
import shapely
from scipy.sparse.csgraph import dijkstra

from gis.geo import crs, travel
from gis.geo.roads import arcs, least_matrix
from gis.geo.travel import UNREACHABLE, WALK_MPS, build_graph, travel_seconds

EAST, NORTH, ZONE = 449_000.0, 3_222_000.0, 4546


def lonlat(*metres):
    moved = crs.from_metres(shapely.points(np.add(metres, (EAST, NORTH))), ZONE)
    return shapely.get_coordinates(moved)


def small(version="small", **changes):
    """A square of roads 1 km wide: 0-1-2-3-0; 0→1 is one-way for cars; a path 4-5 apart."""
    lon, lat = lonlat((0, 0), (1000, 0), (1000, 1000), (0, 1000), (5000, 5000), (5100, 5000)).T
    columns = {
        "version": version, "epsg": ZONE, "node_id": [10, 11, 12, 13, 14, 15], "lon": lon,
        "lat": lat, "from_node": [10, 11, 12, 13, 14], "to_node": [11, 12, 13, 10, 15],
        "walk_s": [800, 800, 800, 800, 80], "drive_s": [100, 100, 100, 100, np.nan],
        "is_oneway": [True, False, False, False, False],
    } | changes  # fmt: skip
    return build_graph(**columns)


def one(graph, a, b, mode="walk", **more):
    return int(travel_seconds(graph, lonlat(a), lonlat(b), mode, **more).seconds[0, 0])


def test_along_the_road():
    assert one(small(), (0, 0), (1000, 1000)) == pytest.approx(1600, abs=2)
    assert one(small(), (250, 0), (750, 0)) == pytest.approx(400, abs=2)
    assert one(small(), (250, 0), (1000, 500)) == pytest.approx(600 + 400, abs=2)


def test_the_way_to_the_road_is_walked():
    assert one(small(), (500, -125), (500, 0)) == pytest.approx(125 / WALK_MPS, abs=2)
    assert one(small(), (0, 500), (-125, 500)) == pytest.approx(100, abs=2)


def test_one_way_binds_cars_only():
    assert one(small(), (250, 0), (750, 0), "drive") == pytest.approx(50, abs=2)
    assert one(small(), (750, 0), (250, 0), "drive") == pytest.approx(25 + 300 + 25, abs=2)
    assert one(small(), (750, 0), (250, 0), "walk") == pytest.approx(400, abs=2)


def test_same_place_far_place_limit():
    assert one(small(), (500, 700), (500, 700)) == 0
    assert one(small(), (0, 0), (9000, 9000)) == UNREACHABLE
    assert one(small(), (0, 0), (1000, 1000), limit_s=1500) == UNREACHABLE
    assert one(small(), (0, 0), (1000, 1000), limit_s=1700) != UNREACHABLE


def test_a_cut_off_piece_is_not_joined_to():
    """The lone path is nearer, but nothing leaves it: the town 6 km off is too far as well."""
    assert one(small(), (5050, 5000), (0, 0)) == UNREACHABLE


def test_blocked_roads_and_places():
    """Blocking the south side sends the walker round; a place inside the polygon is cut off."""
    flood = crs.from_metres(shapely.box(EAST + 400, NORTH - 50, EAST + 600, NORTH + 50), ZONE)
    assert one(small(), (0, 0), (1000, 0), blocked=flood) == pytest.approx(2400, abs=2)
    assert one(small(), (500, 10), (1000, 0), blocked=flood) == UNREACHABLE
    assert one(small(), (0, 0), (500, 10), blocked=flood) == UNREACHABLE
    both = flood.union(
        crs.from_metres(shapely.box(EAST + 400, NORTH + 900, EAST + 600, NORTH + 1100), ZONE)
    )
    assert one(small(), (0, 200), (1000, 200), blocked=both) == UNREACHABLE


def test_parallel_edges_take_the_quicker():
    graph = small(
        "parallel", from_node=[10, 10, 11], to_node=[11, 11, 10], walk_s=[800, 500, 900],
        drive_s=[1, 1, 1], is_oneway=[False] * 3,
    )  # fmt: skip
    tail, head, cost = arcs(graph, "walk")
    assert least_matrix(tail, head, cost, 6)[0, 1] == 500


def test_curved_roads_are_met_where_they_run():
    bend = shapely.LineString(lonlat((0, 0), (0, 800), (1000, 800), (1000, 0)))
    graph = small(
        "bend", from_node=[10], to_node=[11], walk_s=[2080], drive_s=[260], is_oneway=[False],
        lines=np.array([bend], dtype=object),
    )  # fmt: skip
    assert one(graph, (500, 800), (0, 400)) == pytest.approx(900 / WALK_MPS, abs=3)


def test_no_roads_gives_an_estimate_that_says_so():
    empty = small("none", from_node=[], to_node=[], walk_s=[], drive_s=[], is_oneway=[])
    for graph in (None, empty):
        found = travel_seconds(graph, lonlat((0, 0)), lonlat((1000, 0)))
        assert found.is_estimated
        assert found.seconds[0, 0] == pytest.approx(1000 * 1.3 / 1.25, abs=2)
    assert not travel_seconds(small(), lonlat((0, 0)), lonlat((1000, 0))).is_estimated


def test_empty_and_unusable_places():
    assert travel_seconds(small(), np.zeros((0, 2)), lonlat((0, 0))).seconds.shape == (0, 1)
    found = travel_seconds(small(), [[np.nan, 29.0], [np.inf, 0.0]], lonlat((0, 0)))
    assert (found.seconds == UNREACHABLE).all()
    assert (travel_seconds(None, [[np.nan, 29.0]], lonlat((0, 0))).seconds == UNREACHABLE).all()


def test_results_are_kept_and_read_only():
    first = travel_seconds(small(), lonlat((0, 0)), lonlat((1000, 0)))
    assert travel_seconds(small(), lonlat((0, 0)), lonlat((1000, 0))) is first
    other = travel_seconds(small("other"), lonlat((0, 0)), lonlat((1000, 0)))
    assert other is not first
    with pytest.raises(ValueError, match="read-only"):
        first.seconds[0, 0] = 1


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="node"):
        small("bad", to_node=[11, 12, 13, 99, 15])
    with pytest.raises(ValueError, match="mode"):
        travel_seconds(small(), lonlat((0, 0)), lonlat((0, 0)), "fly")


def grid_town(side=62, seed=0):
    rng = np.random.default_rng(seed)
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    place = np.column_stack([column.ravel(), row.ravel()]) * 150.0 + rng.normal(0, 15, (side**2, 2))
    number = np.arange(side**2).reshape(side, side)
    ends = np.concatenate(
        [np.c_[number[:, :-1].ravel(), number[:, 1:].ravel()],
         np.c_[number[:-1].ravel(), number[1:].ravel()]]
    )  # fmt: skip
    metres = np.hypot(*(place[ends[:, 0]] - place[ends[:, 1]]).T)
    lon, lat = lonlat(*place).T
    graph = build_graph(
        version=f"town-{side}-{seed}", epsg=ZONE, node_id=np.arange(side**2), lon=lon, lat=lat,
        from_node=ends[:, 0], to_node=ends[:, 1], walk_s=metres / 1.25, drive_s=metres / 8,
        is_oneway=rng.random(len(ends)) < 0.1,
    )  # fmt: skip
    return graph, np.column_stack([lon, lat]), rng


@pytest.mark.parametrize("mode", ["walk", "drive"])
def test_between_junctions_it_is_plain_dijkstra(mode):
    graph, places, rng = grid_town(12, 3)
    pick = rng.choice(len(places), 20, replace=False)
    matrix = least_matrix(*arcs(graph, mode), len(places))
    expected = dijkstra(matrix, indices=pick)[:, pick]
    found = travel_seconds(graph, places[pick], places[pick], mode).seconds
    assert np.abs(found - expected).max() <= 1.5
    few = travel_seconds(graph, places[pick], places[pick[:2]], mode).seconds
    assert (few == found[:, :2]).all()


def test_a_thousand_by_a_thousand():
    """About a second here; ten would mean that something is wrong, not that the machine is slow."""
    graph, _, rng = grid_town()
    assert len(graph.from_node) * 2 > 15_000
    start, end = (lonlat(*rng.uniform(0, 62 * 150, (1000, 2))) for _ in range(2))
    began = time.process_time()
    found = travel.travel_seconds(graph, start, end, "walk")
    assert time.process_time() - began < 10
    assert (found.seconds < UNREACHABLE).all()
