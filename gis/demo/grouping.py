"""Cells into communities, communities into streets: compact, connected, counts as asked."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def bisect(points: np.ndarray, sizes, bearings: np.ndarray | None = None) -> np.ndarray:
    """A label for each point: recursive halving across the longer axis, `sizes[g]` points each.

    `bearings` (one per group) lay the groups out in that direction; without them any order.
    """
    sizes = np.asarray(sizes)
    labels = np.empty(len(points), dtype=int)
    todo = [(np.arange(len(points)), np.arange(len(sizes)))]
    while todo:
        rows, groups = todo.pop()
        if len(groups) == 1:
            labels[rows] = groups[0]
            continue
        axis = _long_axis(points[rows])
        if bearings is not None:
            groups = groups[np.argsort(bearings[groups] @ axis, kind="stable")]
        running = np.cumsum(sizes[groups])
        cut = int(np.argmin(np.abs(running[:-1] - running[-1] / 2))) + 1
        order = rows[np.argsort(points[rows] @ axis, kind="stable")]
        todo.append((order[: running[cut - 1]], groups[:cut]))
        todo.append((order[running[cut - 1] :], groups[cut:]))
    return labels


def _long_axis(points: np.ndarray) -> np.ndarray:
    if len(points) < 3:
        return np.array([1.0, 0.0])
    axis = np.linalg.eigh(np.cov(points.T))[1][:, 1]
    return axis if axis[np.argmax(np.abs(axis))] > 0 else -axis


def join_fragments(labels: np.ndarray, pairs: np.ndarray, within: np.ndarray) -> np.ndarray:
    """Labels with every group in one piece: a stray piece goes to a neighbour in `within`.

    `pairs` are neighbouring cells; a piece never leaves its `within` group (its street).
    """
    labels = labels.copy()
    pairs = pairs[within[pairs[:, 0]] == within[pairs[:, 1]]]
    for _ in range(20):
        stray = _stray(labels, pairs)
        if not stray.any():
            break
        both = np.vstack([pairs, pairs[:, ::-1]])
        touch = both[stray[both[:, 0]] & (labels[both[:, 0]] != labels[both[:, 1]])]
        labels[touch[:, 0]] = labels[touch[:, 1]]
    return labels


def _stray(labels: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    same = pairs[labels[pairs[:, 0]] == labels[pairs[:, 1]]]
    graph = coo_array((np.ones(len(same)), same.T), shape=(len(labels), len(labels)))
    piece = connected_components(graph, directed=False)[1]
    size = np.bincount(piece)
    largest: dict[int, int] = {}
    for p, label in zip(*np.unique(np.column_stack([piece, labels]), axis=0).T, strict=True):
        if label not in largest or size[p] > size[largest[label]]:
            largest[label] = p
    keep = np.zeros(len(size), dtype=bool)
    keep[list(largest.values())] = True
    return ~keep[piece]
