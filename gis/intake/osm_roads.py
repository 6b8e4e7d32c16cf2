"""The road graph of an OpenStreetMap extract: ways cut where they meet.

GDAL hands ways over without their node ids; ways that share a node share its coordinates exactly,
so a coordinate that occurs twice is a junction. A bridge over a road shares none with it.

Speeds are our planning assumptions, km/h, not measurements: see SPEED.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.geo import crs

WALK_KMH = 4.5
STEPS_KMH = 2.0
# highway tag -> (on foot, by car); None: not allowed.
SPEED: dict[str, tuple[float | None, float | None]] = {
    "motorway": (None, 80),
    "motorway_link": (None, 45),
    "trunk": (WALK_KMH, 60),
    "trunk_link": (WALK_KMH, 35),
    "primary": (WALK_KMH, 40),
    "primary_link": (WALK_KMH, 30),
    "secondary": (WALK_KMH, 35),
    "secondary_link": (WALK_KMH, 25),
    "tertiary": (WALK_KMH, 30),
    "tertiary_link": (WALK_KMH, 25),
    "unclassified": (WALK_KMH, 25),
    "residential": (WALK_KMH, 20),
    "road": (WALK_KMH, 20),
    "living_street": (WALK_KMH, 10),
    "service": (WALK_KMH, 10),
    "track": (WALK_KMH, 10),
    "pedestrian": (WALK_KMH, None),
    "footway": (WALK_KMH, None),
    "path": (WALK_KMH, None),
    "trail": (WALK_KMH, None),
    "cycleway": (WALK_KMH, None),
    "bridleway": (WALK_KMH, None),
    "corridor": (WALK_KMH, None),
    "steps": (STEPS_KMH, None),
}
_ONEWAY = {"yes", "1", "true"}


def split_roads(
    ways: gpd.GeoDataFrame,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, dict[str, int]]:
    """(nodes, edges, ways left out by reason) of the `lines` layer (EPSG:4326).

    nodes: node_id (0, 1, …), geometry Point. edges: from_node, to_node, osm_id, name, road_class,
    length_m (in the measuring CRS), is_oneway (from → to, for cars), walk_s, drive_s (seconds; NaN
    where the mode is not allowed), geometry LineString from → to. In the order of the file.
    """
    known = ways["highway"].isin(SPEED.keys()).to_numpy()
    barred = ways["access"].eq("no").to_numpy() & ~ways["foot"].eq("yes").to_numpy()
    drawn = shapely.get_num_coordinates(ways.geometry.to_numpy()) >= 2
    ignored = {
        "not_a_road": int(ways["highway"].isna().sum()),
        "unknown_class": int((~known & ways["highway"].notna()).sum()),
        "closed_to_all": int((known & barred).sum()),
        "no_line": int((known & ~barred & ~drawn).sum()),
    }
    used = _with_direction(ways[known & ~barred & drawn].reset_index(drop=True))
    nodes, edges = _cut(used)
    return nodes, _with_times(edges, used), {k: v for k, v in ignored.items() if v}


def _with_direction(ways: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Ways that are one-way against their drawing turned round; column is_oneway."""
    against = ways["oneway"].eq("-1").to_numpy()
    lines = ways.geometry.to_numpy().copy()
    lines[against] = shapely.reverse(lines[against])
    implied = ways["junction"].isin(["roundabout", "circular"]) | ways["highway"].eq("motorway")
    oneway = ways["oneway"].isin(_ONEWAY) | against | (implied & ~ways["oneway"].eq("no"))
    return ways.set_geometry(gpd.GeoSeries(lines, crs=ways.crs)).assign(is_oneway=oneway)


def _cut(ways: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Nodes, and edges with `way` (row of `ways`), from_node, to_node."""
    xy, way = shapely.get_coordinates(ways.geometry.to_numpy(), return_index=True)
    key = np.rint(xy * 1e7).astype(np.int64)  # OpenStreetMap's own resolution
    again = np.zeros(len(way), bool)
    again[1:] = (way[1:] == way[:-1]) & (key[1:] == key[:-1]).all(axis=1)
    xy, way, key = xy[~again], way[~again], key[~again]
    _, spot, times = np.unique(
        key[:, 0] * (1 << 32) + key[:, 1], return_inverse=True, return_counts=True
    )
    first, last = np.ones(len(way), bool), np.ones(len(way), bool)
    first[1:] = last[:-1] = way[1:] != way[:-1]
    joint = np.flatnonzero((times[spot] >= 2) | first | last)
    same_way = way[joint[1:]] == way[joint[:-1]]
    start, end = joint[:-1][same_way], joint[1:][same_way]
    spots, number = np.unique(spot[joint], return_inverse=True)
    node_of = np.zeros(len(times), np.int64)
    node_of[spot[joint]] = number
    sample = np.zeros(len(spots), np.int64)
    sample[number] = joint
    nodes = gpd.GeoDataFrame(
        {"node_id": np.arange(len(spots))}, geometry=shapely.points(xy[sample]), crs=4326
    )
    edges = gpd.GeoDataFrame(
        {"way": way[start], "from_node": node_of[spot[start]], "to_node": node_of[spot[end]]},
        geometry=_stretches(xy, start, end),
        crs=4326,
    )
    return nodes, edges


def _stretches(xy: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """LineStrings over the points start..end (both included) of one long list of points."""
    count = end - start + 1
    which = np.repeat(np.arange(len(start)), count)
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return shapely.linestrings(xy[start[which] + offset], indices=which)


def _with_times(edges: gpd.GeoDataFrame, ways: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    way = ways.iloc[edges["way"]].reset_index(drop=True)
    if len(edges):
        west, south, east, north = edges.total_bounds
        zone = crs.measuring_crs((west + east) / 2, (south + north) / 2)
        length = crs.length_m(edges.geometry.to_numpy(), zone)
    else:
        length = np.zeros(0)
    speed = pd.DataFrame(SPEED, index=["walk", "drive"]).T.astype(float)
    walk = way["highway"].map(speed["walk"]).mask(way["foot"].eq("no"))
    closed = way["motor_vehicle"].eq("no") | way["vehicle"].eq("no") | way["access"].eq("no")
    drive = way["highway"].map(speed["drive"]).mask(closed & ~way["motor_vehicle"].eq("yes"))
    return gpd.GeoDataFrame(
        {
            "from_node": edges["from_node"],
            "to_node": edges["to_node"],
            "osm_id": way["osm_id"],
            "name": way["name"],
            "road_class": way["highway"],
            "length_m": length,
            "is_oneway": way["is_oneway"].astype(bool),
            "walk_s": length / (walk / 3.6),
            "drive_s": length / (drive / 3.6),
        },
        geometry=edges.geometry,
        crs=4326,
    )
