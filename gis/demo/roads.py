"""A street network out of the mesh: every grid border is a street, and trunk roads join towns."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from gis.demo.divisions import SEATS
from gis.demo.ground import Ground
from gis.demo.metres import frame, snap, to_metres
from gis.demo.randoms import stream

WALK_M_S = 1.2
DRIVE_KM_H = {"trunk": 50, "secondary": 32, "residential": 20, "footway": np.nan}
FOOTWAY_SHARE, ONE_WAY_SHARE = 0.08, 0.04
LINKS = (
    ("430802", "430811"),
    ("430802", "430821"),
    ("430802", "430822"),
    ("430811", "430821"),
    ("430811", "430822"),
)


def road_frame(ground: Ground, seed: int) -> gpd.GeoDataFrame:
    """road_id, from_node, to_node, road_class, length_m (EPSG:4546), walk_s, drive_s (null on a
    footway), is_oneway (for driving, from → to); geometry 4326.

    Connected on foot, and strongly connected for cars: only edges outside a spanning tree become
    footways or one-way streets.
    """
    rng = stream(seed, "roads")
    edges = ground.edges
    lines = np.array([shapely.LineString(chain) for chain in edges.chain], dtype=object)
    start, end = edges.start.to_numpy(), edges.end.to_numpy()
    kind = _classes(edges)
    trunk_ends, trunk_lines = _trunks(ground, rng)
    start, end = np.append(start, trunk_ends[:, 0]), np.append(end, trunk_ends[:, 1])
    lines = np.append(lines, trunk_lines)
    length = shapely.length(lines)
    spare = ~_in_tree(start, end, length, len(ground.vertices))
    spare[len(edges) :] = False
    draw = rng.random(len(lines))
    kind = np.append(kind, np.full(len(trunk_lines), "trunk", dtype=object))
    footway = spare & (kind == "residential") & (draw < FOOTWAY_SHARE)
    kind[footway] = "footway"
    speed = pd.Series(kind).map(DRIVE_KM_H).to_numpy(dtype=float) / 3.6
    return frame(
        {
            "road_id": np.arange(1, len(lines) + 1),
            "from_node": start + 1,
            "to_node": end + 1,
            "road_class": kind,
            "length_m": np.round(length, 2),
            "walk_s": np.round(length / WALK_M_S, 1),
            "drive_s": np.round(length / speed, 1),
            "is_oneway": spare & ~footway & (draw > 1 - ONE_WAY_SHARE),
            "is_synthetic": True,
            "source": "synthetic",
        },
        lines,
    )


def _classes(edges: pd.DataFrame) -> np.ndarray:
    inner = (edges.left >= 0) & (edges.right >= 0)
    street = inner & (edges.street_left != edges.street_right)
    community = inner & (edges.community_left != edges.community_right)
    kinds = np.array(["trunk", "secondary", "residential"], dtype=object)
    return np.select([street, community], kinds[:2], kinds[2])


def _in_tree(start, end, length, nodes: int) -> np.ndarray:
    """Which edges a shortest spanning tree uses (the shorter of two parallel edges)."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    order = np.lexsort((length, high, low))
    first = np.append(True, (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0))
    single = order[first]
    weight = length[single] + 1.0
    graph = coo_array((weight, (low[single], high[single])), shape=(nodes, nodes)).tocsr()
    tree = minimum_spanning_tree(graph).tocoo()
    chosen = set(zip(tree.row.tolist(), tree.col.tolist(), strict=True))
    used = np.zeros(len(start), dtype=bool)
    used[single] = [
        pair in chosen for pair in zip(low[single].tolist(), high[single].tolist(), strict=True)
    ]
    return used


def _trunks(ground: Ground, rng):
    """Roads between the towns, winding like valley roads, from edge of town to edge of town."""
    built = sorted(set(ground.communities.county_code))
    rim = {code: _rim(ground, code) for code in built}
    links = [link for link in LINKS if set(link) <= set(built)]
    # A city of two towns that the list does not join still has to be one network.
    links = links or list(pairwise(built))
    ends, lines = [], []
    for a, b in links:
        start, end = _facing(ground, rim[a], b), _facing(ground, rim[b], a)
        ends.append((start, end))
        lines.append(_winding(ground.vertices[start], ground.vertices[end], rng))
    return np.array(ends).reshape(-1, 2), np.array(lines, dtype=object)


def _rim(ground: Ground, code: str) -> np.ndarray:
    """Vertices on the outer edge of a county's town."""
    edges = ground.edges
    inner = edges.community_left.where(edges.community_left >= 0, edges.community_right)
    county = ground.communities.county_code.to_numpy()[inner]
    outer = edges[((edges.left < 0) | (edges.right < 0)) & (county == code)]
    return np.unique(outer[["start", "end"]])


def _facing(ground: Ground, rim: np.ndarray, towards: str) -> int:
    """The vertex of a rim that lies farthest towards another county's seat."""
    points = ground.vertices[rim]
    heading = to_metres(*SEATS[towards])[0] - points.mean(axis=0)
    return int(rim[np.argmax((points - points.mean(axis=0)) @ heading)])


def _winding(start: np.ndarray, end: np.ndarray, rng) -> shapely.LineString:
    points = np.vstack([start, end])
    for _ in range(6):
        middle = (points[:-1] + points[1:]) / 2
        along = points[1:] - points[:-1]
        bend = rng.normal(0, 0.11, len(middle))[:, None]
        middle = middle + bend * np.column_stack([-along[:, 1], along[:, 0]])
        points = np.insert(points, np.arange(1, len(points)), middle, axis=0)
    return shapely.LineString(np.vstack([start, snap(points[1:-1]), end]))
