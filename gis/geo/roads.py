"""The road graph in memory: built from arrays, places snapped onto it, roads closed by a polygon.

An edge is a stretch of road between two nodes with its own line. A place is joined to the nearest
point *on* a road, not to the nearest junction: on a long block the two differ by minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from . import crs

Mode = Literal["walk", "drive"]

SNAP_LIMIT_M = 2_000.0
"""A place farther than this from every usable road is unreachable."""
_SAMPLE_M = 20.0
# csgraph may take a stored zero for "no edge"; a millisecond is nothing.
LEAST_S = 1e-3


@dataclass(frozen=True)
class Snap:
    """Where places meet the road: edge index (-1: none), share 0..1 along it, metres off it."""

    edge: NDArray[np.int64]
    share: NDArray[np.float64]
    off_m: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """Roads of one city. Built by `build_graph`; not changed afterwards.

    node_xy (n, 2) and lines are metres in `epsg`; from_node, to_node are row numbers of node_xy;
    walk_s, drive_s seconds along the whole edge, inf where the mode is not allowed; is_oneway
    binds driving only (from → to). `version` names the data: results are cached under it.
    """

    version: str
    epsg: int
    node_xy: NDArray[np.float64]
    from_node: NDArray[np.int64]
    to_node: NDArray[np.int64]
    walk_s: NDArray[np.float64]
    drive_s: NDArray[np.float64]
    is_oneway: NDArray[np.bool_]
    lines: NDArray[np.object_]
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_empty(self) -> bool:
        return len(self.from_node) == 0

    def seconds(self, mode: Mode) -> NDArray[np.float64]:
        """Seconds of every edge for the mode, inf where it may not be used."""
        return self.walk_s if mode == "walk" else self.drive_s

    def oneway(self, mode: Mode) -> NDArray[np.bool_]:
        """Edges that the mode may use from → to only."""
        return self.is_oneway if mode == "drive" else np.zeros_like(self.is_oneway)

    def usable(self, mode: Mode) -> NDArray[np.bool_]:
        """Edges a place may be joined to: allowed, and in the largest part that can be both
        reached and left. A cut-off car park would make its neighbours unreachable."""
        key = f"usable-{mode}"
        if key not in self._kept:
            self._kept[key] = _largest_part(self, mode)
        return self._kept[key]

    def closed_by(self, blocked: BaseGeometry) -> NDArray[np.bool_]:
        """Edges that touch the polygon (EPSG:4326)."""
        area = crs.to_metres(blocked, self.epsg)
        shapely.prepare(area)
        return shapely.intersects(area, self.lines)

    def snap(self, lonlat: ArrayLike, mode: Mode, closed: NDArray | None = None) -> Snap:
        """(n, 2) places in EPSG:4326 joined to the nearest usable road that is not closed."""
        open_edges = self.usable(mode) if closed is None else self.usable(mode) & ~closed
        places = np.asarray(lonlat, np.float64).reshape(-1, 2)
        xy = crs.points_metres(places[:, 0], places[:, 1], self.epsg)
        tree, owner = self._tree(mode, open_edges, keep=closed is None)
        n = len(xy)
        if tree is None or n == 0:
            return Snap(np.full(n, -1), np.zeros(n), np.full(n, np.inf))
        finite = np.isfinite(xy).all(axis=1)
        near = tree.query(np.where(finite[:, None], xy, 0.0))[1]
        edge = owner[near]
        line, point = self.lines[edge], shapely.points(np.where(finite[:, None], xy, 0.0))
        share = shapely.line_locate_point(line, point, normalized=True)
        off = np.where(finite, shapely.distance(line, point), np.inf)
        return Snap(np.where(off <= SNAP_LIMIT_M, edge, -1), share, off)

    def _tree(self, mode: Mode, open_edges: NDArray, keep: bool) -> tuple[Any, NDArray]:
        key = f"tree-{mode}"
        if keep and key in self._kept:
            return self._kept[key]
        made = _sampled(self.lines, np.flatnonzero(open_edges))
        if keep:
            self._kept[key] = made
        return made


def build_graph(
    *,
    version: str,
    epsg: int,
    node_id: ArrayLike,
    lon: ArrayLike,
    lat: ArrayLike,
    from_node: ArrayLike,
    to_node: ArrayLike,
    walk_s: ArrayLike,
    drive_s: ArrayLike,
    is_oneway: ArrayLike,
    lines: ArrayLike | None = None,
) -> RoadGraph:
    """A RoadGraph from columns: nodes (id, EPSG:4326 place) and edges (ends by node id).

    lines: LineStrings in EPSG:4326 running from → to, straight when left out. NaN, inf or a
    negative number of seconds means that the mode may not use the edge. Raises ValueError when an
    end is not among the nodes.
    """
    ids = np.asarray(node_id, np.int64)
    order = np.argsort(ids, kind="stable")
    tail = _positions(ids, order, np.asarray(from_node, np.int64))
    head = _positions(ids, order, np.asarray(to_node, np.int64))
    xy = crs.points_metres(lon, lat, epsg).reshape(-1, 2)
    if lines is None:
        drawn = shapely.linestrings(np.stack([xy[tail], xy[head]], axis=1)) if len(tail) else []
    else:
        drawn = crs.to_metres(np.asarray(lines, dtype=object), epsg)
    return RoadGraph(
        version=version,
        epsg=epsg,
        node_xy=xy,
        from_node=tail,
        to_node=head,
        walk_s=_allowed(walk_s),
        drive_s=_allowed(drive_s),
        is_oneway=np.asarray(is_oneway, bool),
        lines=np.asarray(drawn, dtype=object),
    )


def arcs(graph: RoadGraph, mode: Mode, closed: NDArray | None = None) -> tuple[NDArray, ...]:
    """Directed arcs of the mode as (from, to, seconds), both ways unless one-way."""
    cost = graph.seconds(mode)
    go = np.isfinite(cost) if closed is None else np.isfinite(cost) & ~closed
    back = go & ~graph.oneway(mode)
    tail = np.concatenate([graph.from_node[go], graph.to_node[back]])
    head = np.concatenate([graph.to_node[go], graph.from_node[back]])
    return tail, head, np.concatenate([cost[go], cost[back]])


def least_matrix(tail: NDArray, head: NDArray, cost: NDArray, size: int) -> csr_matrix:
    """Arcs as a sparse matrix; of parallel arcs the quickest (a plain csr would add them up)."""
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.ones(len(tail), bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    first &= tail != head
    return csr_matrix((cost[first], (tail[first], head[first])), shape=(size, size))


def _largest_part(graph: RoadGraph, mode: Mode) -> NDArray[np.bool_]:
    tail, head, cost = arcs(graph, mode)
    if len(tail) == 0:
        return np.zeros(len(graph.from_node), bool)
    matrix = least_matrix(tail, head, cost, len(graph.node_xy))
    label = connected_components(matrix, directed=True, connection="strong")[1]
    # Counted over edges: thousands of lone nodes must not outvote the city.
    inner = np.isfinite(graph.seconds(mode)) & (label[graph.from_node] == label[graph.to_node])
    if not inner.any():
        return np.isfinite(graph.seconds(mode))
    main = np.bincount(label[graph.from_node[inner]]).argmax()
    return inner & (label[graph.from_node] == main)


def _sampled(lines: NDArray, edges: NDArray) -> tuple[cKDTree | None, NDArray]:
    """A KD-tree over points every 20 m along the edges, and the edge of every point."""
    if len(edges) == 0:
        return None, edges
    dense = shapely.segmentize(lines[edges], _SAMPLE_M)
    xy, owner = shapely.get_coordinates(dense, return_index=True)
    return cKDTree(xy), edges[owner]


def _positions(ids: NDArray, order: NDArray, wanted: NDArray) -> NDArray[np.int64]:
    if len(wanted) == 0:
        return np.zeros(0, np.int64)
    place = np.searchsorted(ids, wanted, sorter=order)
    found = order[np.minimum(place, len(order) - 1)] if len(order) else np.zeros(0, np.int64)
    if len(found) == 0 or not np.array_equal(ids[found], wanted):
        raise ValueError("an edge ends at a node that is not given")
    return found


def _allowed(seconds: ArrayLike) -> NDArray[np.float64]:
    given = np.array(seconds, np.float64)
    return np.where(np.isfinite(given) & (given >= 0), np.maximum(given, LEAST_S), np.inf)
