"""How long from here to there: a matrix of seconds over the road graph.

Place → road on foot, along the road by the mode, road → place on foot. Dijkstra of scipy
(`csgraph`, limit set): 1,000 × 1,000 places on 15,000 edges take about a second.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

from . import crs
from .roads import LEAST_S, Mode, RoadGraph, Snap, arcs, build_graph, least_matrix

__all__ = ["UNREACHABLE", "Mode", "RoadGraph", "TravelTimes", "build_graph", "travel_seconds"]

UNREACHABLE = np.iinfo(np.int32).max
"""Stands for "not reachable within the limit". Test for it before adding anything to a time."""

WALK_MPS = 1.25
"""4.5 km/h, a common planning speed; our assumption."""
DETOUR = 1.3
"""Road distance over straight distance where no roads are known; our assumption."""
STRAIGHT_MPS = {"walk": WALK_MPS, "drive": 25 / 3.6}
"""Speeds of the estimate, m/s; our assumption."""

_CACHE_BYTES = 128 * 1024 * 1024
_BLOCK_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """seconds: int32 (origins × destinations), UNREACHABLE where there is no way in the limit.
    is_estimated: no roads were known; straight line × 1.3 stands in. Read-only, it is shared."""

    seconds: NDArray[np.int32]
    is_estimated: bool


def travel_seconds(
    graph: RoadGraph | None,
    origins: ArrayLike,
    destinations: ArrayLike,
    mode: Mode = "walk",
    limit_s: float | None = None,
    blocked: BaseGeometry | None = None,
) -> TravelTimes:
    """Seconds from each origin to each destination.

    origins (n, 2), destinations (m, 2): longitude, latitude in EPSG:4326. The same coordinate
    pair is 0 s away from itself. `blocked` (EPSG:4326 polygon) closes every road that touches it
    and cuts off every place inside. A place over 2 km from a road, or with a coordinate that is
    not finite, is unreachable. Without a graph, or with an empty one, the answer is an estimate,
    and `blocked` cuts off the places inside but lengthens no way.
    Results are kept under (version of the graph, mode, limit, places, blocked).
    """
    if mode not in STRAIGHT_MPS:
        raise ValueError(f"mode {mode!r} is neither walk nor drive")
    start = np.ascontiguousarray(origins, np.float64).reshape(-1, 2)
    end = np.ascontiguousarray(destinations, np.float64).reshape(-1, 2)
    limit = np.inf if limit_s is None else float(limit_s)
    key = _key(graph, start, end, mode, limit, blocked)
    found = _CACHE.get(key)
    if found is None:
        found = _compute(graph, start, end, mode, limit, blocked)
        found.seconds.flags.writeable = False
        _CACHE.put(key, found)
    return found


def _compute(
    graph: RoadGraph | None,
    start: NDArray,
    end: NDArray,
    mode: Mode,
    limit: float,
    blocked: BaseGeometry | None,
) -> TravelTimes:
    from_place, start_of = np.unique(start, axis=0, return_inverse=True)
    to_place, end_of = np.unique(end, axis=0, return_inverse=True)
    estimated = graph is None or graph.is_empty
    if graph is None or graph.is_empty:
        seconds = _straight(from_place, to_place, mode)
    else:
        seconds = _by_road(graph, from_place, to_place, mode, limit, blocked)
    if blocked is not None:
        shapely.prepare(blocked)
        seconds[shapely.contains_xy(blocked, from_place), :] = np.inf
        seconds[:, shapely.contains_xy(blocked, to_place)] = np.inf
    seconds = seconds[start_of.ravel()][:, end_of.ravel()]
    same = (start[:, None, 0] == end[None, :, 0]) & (start[:, None, 1] == end[None, :, 1])
    seconds[same] = 0.0
    out = np.full(seconds.shape, UNREACHABLE, np.int32)
    within = seconds <= min(limit, UNREACHABLE - 1)
    out[within] = np.rint(seconds[within]).astype(np.int32)
    return TravelTimes(out, estimated)


def _straight(start: NDArray, end: NDArray, mode: Mode) -> NDArray[np.float64]:
    places = np.concatenate([start, end])
    finite = places[np.isfinite(places).all(axis=1)]
    if len(finite) == 0:
        return np.full((len(start), len(end)), np.inf)
    epsg = crs.measuring_crs(*finite.mean(axis=0))
    a, b = (crs.points_metres(p[:, 0], p[:, 1], epsg) for p in (start, end))
    with np.errstate(invalid="ignore"):
        metres = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
    return np.nan_to_num(metres * DETOUR / STRAIGHT_MPS[mode], nan=np.inf, posinf=np.inf)


def _by_road(
    graph: RoadGraph,
    start: NDArray,
    end: NDArray,
    mode: Mode,
    limit: float,
    blocked: BaseGeometry | None,
) -> NDArray[np.float64]:
    closed = None if blocked is None else graph.closed_by(blocked)
    a, b = graph.snap(start, mode, closed), graph.snap(end, mode, closed)
    n = len(graph.node_xy)
    tail, head, cost = arcs(graph, mode, closed)
    leave = _joints(graph, mode, a, n, outward=True)
    reach = _joints(graph, mode, b, n + len(start), outward=False)
    tail, head, cost = (
        np.concatenate(column) for column in zip((tail, head, cost), leave, reach, strict=True)
    )
    whole = least_matrix(tail, head, cost, n + len(start) + len(end))
    sources = np.arange(n, n + len(start))
    targets = np.arange(n + len(start), n + len(start) + len(end))
    # Dijkstra costs per source: run it from the shorter list, on the turned graph if need be.
    if len(targets) < len(sources):
        seconds = _dijkstra(whole.T.tocsr(), targets, sources, limit).T.copy()
    else:
        seconds = _dijkstra(whole, sources, targets, limit)
    _along_one_edge(graph, mode, a, b, seconds)
    return seconds


def _joints(
    graph: RoadGraph, mode: Mode, snap: Snap, first: int, outward: bool
) -> tuple[NDArray, NDArray, NDArray]:
    """Arcs between places (nodes `first`, `first` + 1, …) and the two ends of their edge.

    The walk to the road is in the arc. On a one-way edge a place is left towards its end and
    reached from its start only.
    """
    place = np.flatnonzero(snap.edge >= 0)
    edge, share = snap.edge[place], snap.share[place]
    cost, foot = graph.seconds(mode)[edge], snap.off_m[place] / WALK_MPS
    both = ~graph.oneway(mode)[edge]
    by_start, by_end = foot + share * cost, foot + (1 - share) * cost
    start, end = graph.from_node[edge], graph.to_node[edge]
    if outward:
        always, also = (end, by_end), (start[both], by_start[both])
    else:
        always, also = (start, by_start), (end[both], by_end[both])
    node = np.concatenate([place, place[both]]) + first
    junction = np.concatenate([always[0], also[0]])
    seconds = np.maximum(np.concatenate([always[1], also[1]]), LEAST_S)
    return (node, junction, seconds) if outward else (junction, node, seconds)


def _dijkstra(matrix, sources: NDArray, targets: NDArray, limit: float) -> NDArray[np.float64]:
    """Distances sources × targets, in blocks: the full rows of a big graph would not fit."""
    out = np.empty((len(sources), len(targets)))
    step = max(1, int(_BLOCK_BYTES // (8 * matrix.shape[0])))
    for at in range(0, len(sources), step):
        rows = dijkstra(matrix, directed=True, indices=sources[at : at + step], limit=limit)
        out[at : at + step] = rows[:, targets]
    return out


def _along_one_edge(graph: RoadGraph, mode: Mode, a: Snap, b: Snap, seconds: NDArray) -> None:
    """Two places on the same edge: straight along it, which no path through the ends knows."""
    order = np.argsort(b.edge, kind="stable")
    low = np.searchsorted(b.edge[order], a.edge, "left")
    high = np.searchsorted(b.edge[order], a.edge, "right")
    for i in np.flatnonzero((high > low) & (a.edge >= 0)):
        j, edge = order[low[i] : high[i]], a.edge[i]
        ahead = b.share[j] - a.share[i]
        if graph.oneway(mode)[edge]:
            j, ahead = j[ahead >= 0], ahead[ahead >= 0]
        foot = (a.off_m[i] + b.off_m[j]) / WALK_MPS
        direct = foot + np.abs(ahead) * graph.seconds(mode)[edge]
        seconds[i, j] = np.minimum(seconds[i, j], direct)


def _key(graph: RoadGraph | None, start, end, mode, limit, blocked) -> tuple:
    digest = hashlib.blake2b(start.tobytes(), digest_size=16)
    digest.update(b"|" + end.tobytes())
    digest.update(b"|" + (shapely.to_wkb(blocked) if blocked is not None else b""))
    return (graph.version if graph else None, mode, limit, len(start), digest.digest())


class _Cache:
    """Least recently used results up to 128 MB, shared by the threads of one process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple, TravelTimes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: tuple) -> TravelTimes | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: tuple, times: TravelTimes) -> None:
        if times.seconds.nbytes > _CACHE_BYTES // 4:
            return
        with self._lock:
            if key not in self._kept:
                self._kept[key] = times
                self._bytes += times.seconds.nbytes
            while self._bytes > _CACHE_BYTES:
                self._bytes -= self._kept.popitem(last=False)[1].seconds.nbytes


_CACHE = _Cache()
