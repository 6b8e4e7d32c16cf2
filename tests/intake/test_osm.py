"""Real OpenStreetMap extracts become a city."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.geo import travel
from gis.intake.osm import read_osm
from gis.intake.osm_roads import split_roads


@pytest.fixture(scope="module")
def village(osm_test_file):
    return read_osm(osm_test_file)


@pytest.fixture(scope="module")
def helsinki(osm_helsinki_file):
    return read_osm(osm_helsinki_file, name="Helsinki")


@pytest.fixture(params=["village", "helsinki"])
def city(request):
    return request.getfixturevalue(request.param)


def graph_of(city) -> travel.RoadGraph:
    nodes, roads = city.road_nodes, city.roads
    return travel.build_graph(
        version=city.name, epsg=city.measuring_epsg, node_id=nodes["node_id"],
        lon=nodes.geometry.x, lat=nodes.geometry.y, from_node=roads["from_node"],
        to_node=roads["to_node"], walk_s=roads["walk_s"], drive_s=roads["drive_s"],
        is_oneway=roads["is_oneway"], lines=roads.geometry.to_numpy(),
    )  # fmt: skip


def test_what_is_in_the_village(village):
    assert (village.name, village.measuring_epsg) == ("test", 32635)
    assert {c.what: (c.read, c.used) for c in village.report} == {
        "ways": (339, 331), "residential": (26, 24), "buildings": (2219, 2215),
        "boundaries": (0, 0), "facilities": (3, 3),
    }  # fmt: skip


def test_everything_read_is_accounted_for(city):
    for count in city.report:
        assert count.read == count.used + sum(count.ignored.values()), count


def test_areas_are_valid_and_hold_their_buildings(city):
    areas = city.residential
    assert len(areas) >= 20
    assert (areas.geom_type == "MultiPolygon").all() and areas.geometry.is_valid.all()
    assert areas["area_m2"].min() >= 20
    texts = [*areas["name"], *areas["repair"], *city.facilities["name"], *city.roads["name"]]
    assert all(t is None or isinstance(t, str) for t in texts)
    inside = city.buildings[city.buildings["residential"] >= 0]
    assert len(inside) == areas["buildings"].sum() > 0
    home = areas.geometry.to_numpy()[inside["residential"]]
    assert shapely.within(inside.geometry.to_numpy(), home).all()


def test_roads_keep_their_length_and_their_ends(city):
    roads, nodes = city.roads, city.road_nodes.geometry.to_numpy()
    lines = roads.geometry.to_numpy()
    assert shapely.equals(shapely.get_point(lines, 0), nodes[roads["from_node"]]).all()
    assert shapely.equals(shapely.get_point(lines, -1), nodes[roads["to_node"]]).all()
    assert (roads["length_m"] > 0).all()
    # No junction is left inside an edge.
    inner = np.concatenate([shapely.get_coordinates(line)[1:-1] for line in lines])
    ends = {tuple(p) for p in shapely.get_coordinates(nodes)}
    assert not any(tuple(p) in ends for p in inner)


def test_the_graph_carries_people(city):
    graph = graph_of(city)
    assert graph.usable("walk").mean() > 0.9
    places = shapely.get_coordinates(city.residential.representative_point())
    found = travel.travel_seconds(graph, places, places, "walk")
    assert not found.is_estimated
    assert (found.seconds < 2 * 3600).all()
    assert np.abs(found.seconds - found.seconds.T).max() <= 1


def ways(*lines, **tags) -> gpd.GeoDataFrame:
    columns = ("osm_id", "name", "highway", "oneway", "junction", "foot", "access",
               "motor_vehicle", "vehicle")  # fmt: skip
    values = {c: tags.get(c, [None] * len(lines)) for c in columns}
    values["highway"] = tags.get("highway", ["residential"] * len(lines))
    return gpd.GeoDataFrame(values, geometry=[shapely.LineString(xy) for xy in lines], crs=4326)


def test_ways_are_cut_where_they_share_a_point():
    crossing = ways([(0, 0), (1, 0), (2, 0)], [(1, -1), (1, 0), (1, 1)], [(1.5, -1), (1.5, 1)])
    nodes, edges, _ = split_roads(crossing)
    # Two cut in two each; the third crosses without a shared point, as a bridge does.
    assert (len(nodes), len(edges)) == (7, 5)


def test_a_loop_and_a_doubled_point():
    loop = [(0, 0), (1, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    nodes, edges, _ = split_roads(ways(loop))
    assert (len(nodes), len(edges)) == (1, 1)


def test_directions():
    line = [(0, 0), (1, 0)]
    found = split_roads(
        ways(line, line, line, line, oneway=["yes", "-1", None, "no"],
             junction=[None, None, "roundabout", None])
    )[1]  # fmt: skip
    assert found["is_oneway"].tolist() == [True, True, True, False]
    assert found.geometry[1].coords[0] == (1.0, 0.0)


def test_who_may_use_it():
    line = [(0, 0), (0.01, 0)]
    _, edges, ignored = split_roads(
        ways(line, line, line, line, line, line,
             highway=["motorway", "footway", "residential", "construction", None, "service"],
             motor_vehicle=[None, None, "no", None, None, None],
             access=[None, None, None, None, None, "no"])
    )  # fmt: skip
    assert ignored == {"not_a_road": 1, "unknown_class": 1, "closed_to_all": 1}
    assert edges["walk_s"].isna().tolist() == [True, False, False]
    assert edges["drive_s"].isna().tolist() == [False, True, True]
    assert edges["walk_s"][1] == pytest.approx(edges["length_m"][1] / 1.25)


def test_no_ways_at_all():
    nodes, edges, ignored = split_roads(ways())
    assert (len(nodes), len(edges), ignored) == (0, 0, {})
