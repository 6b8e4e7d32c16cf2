"""Grids into building blocks: each compound gets a piece of ground before it gets a shape."""

from __future__ import annotations

import heapq

import numpy as np
import shapely

from gis.demo.metres import largest_part

GROUND_PER_COMPOUND_AREA = 0.62
CUT_STEPS = 9


def units(grids, community, kind, neighbours, share: float, rng) -> np.ndarray:
    """Which grids share out their ground together: unit number of each grid, -1 for dedicated.

    Most grids stand alone; `share` of them are paired with a neighbour of the same community, and
    blocks cut out of a pair may straddle the border between the two.
    """
    general = kind == "general"
    unit = np.where(general, np.arange(len(grids)), -1)
    pairs = neighbours[community[neighbours[:, 0]] == community[neighbours[:, 1]]]
    wanted, free = int(share * general.sum() / 2), np.ones(len(grids), dtype=bool)
    for a, b in rng.permutation(pairs).tolist():
        if wanted <= 0:
            break
        if free[a] and free[b]:
            free[[a, b]], unit[b], wanted = False, a, wanted - 1
    return unit


def share_out(areas: np.ndarray, unit_areas: np.ndarray, rng) -> np.ndarray:
    """The unit of each compound: largest compound first, to the unit with most ground left.

    Every unit gets at least one compound where there are enough.
    """
    room = unit_areas * GROUND_PER_COMPOUND_AREA * rng.uniform(0.75, 1.2, len(unit_areas))
    home = np.empty(len(areas), dtype=int)
    order = np.argsort(-areas, kind="stable")
    queue = [(-r, u) for u, r in enumerate(room)]
    heapq.heapify(queue)
    for compound in order:
        left, u = heapq.heappop(queue)
        home[compound] = u
        heapq.heappush(queue, (left + areas[compound], u))
    _fill_empty(home, order, len(unit_areas))
    return home


def _fill_empty(home: np.ndarray, order: np.ndarray, units_: int) -> None:
    """The smallest compounds of crowded units move to units that went without."""
    count = np.bincount(home, minlength=units_)
    empty = np.flatnonzero(count == 0).tolist()
    for compound in order[::-1]:
        if not empty:
            return
        if count[home[compound]] > 1:
            count[home[compound]] -= 1
            home[compound] = empty.pop()


def cut(ground: np.ndarray, paired: np.ndarray, home: np.ndarray, areas: np.ndarray):
    """A block for each compound: its unit's ground halved until every compound has its own.

    Cuts run across the longer side, at the share of area that each half needs; all units are cut
    level by level in one go. A pair of grids is first cut lengthwise, because a cut across it
    would fall on the border between the two and nothing would straddle.
    """
    blocks = np.empty(len(areas), dtype=object)
    order = np.lexsort((-areas, home))
    lists = np.split(order, np.flatnonzero(np.diff(home[order])) + 1)
    used = home[[rows[0] for rows in lists]]
    pieces, lengthwise = ground[used], paired[used]
    while len(pieces):
        alone = np.array([len(rows) == 1 for rows in lists])
        for i in np.flatnonzero(alone):
            blocks[lists[i][0]] = pieces[i]
        pieces, lengthwise = pieces[~alone], lengthwise[~alone]
        halves = [_halves(rows, areas) for rows, one in zip(lists, alone, strict=True) if not one]
        if not halves:
            break
        first = np.array([areas[a].sum() / (areas[a].sum() + areas[b].sum()) for a, b in halves])
        pieces = np.concatenate(_cut_at(pieces, first, lengthwise))
        lengthwise = np.zeros(len(pieces), dtype=bool)
        lists = [a for a, _ in halves] + [b for _, b in halves]
    return blocks


def _halves(rows: np.ndarray, areas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows in two lists of about equal area, each with at least one (rows come largest first)."""
    sums = [0.0, 0.0]
    lists: list[list[int]] = [[], []]
    for row in rows:
        side = int(sums[1] < sums[0])
        lists[side].append(row)
        sums[side] += areas[row]
    return np.array(lists[0]), np.array(lists[1])


def frames_of(polygons: np.ndarray):
    """Of each polygon's smallest rectangle: centre (n, 2), long axis (n, 2), sides (n, 2)."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(polygons)).reshape(-1, 5, 2)
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 1]
    length_a, length_b = np.hypot(*a.T), np.hypot(*b.T)
    swap = length_b > length_a
    axis = np.where(swap[:, None], b, a) / np.maximum(length_a, length_b)[:, None]
    sides = np.column_stack([np.maximum(length_a, length_b), np.minimum(length_a, length_b)])
    return corners[:, :4].mean(axis=1), axis, sides


def _cut_at(polygons, share, lengthwise) -> tuple[np.ndarray, np.ndarray]:
    """Both sides of a straight cut, the first with `share` of the area; across the long axis, or
    along it where `lengthwise`."""
    centre, axis, sides = frames_of(polygons)
    axis = np.where(lengthwise[:, None], np.column_stack([-axis[:, 1], axis[:, 0]]), axis)
    sides = np.where(lengthwise[:, None], sides[:, ::-1], sides)
    whole = shapely.area(polygons)
    low, high = np.zeros(len(polygons)), np.ones(len(polygons))
    for _ in range(CUT_STEPS):
        middle = (low + high) / 2
        first = shapely.intersection(polygons, _slabs(centre, axis, sides, 0, middle))
        more = shapely.area(first) < share * whole
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    second = shapely.intersection(polygons, _slabs(centre, axis, sides, middle, 1))
    return largest_part(first), largest_part(second)


def _slabs(centre, axis, sides, start, end) -> np.ndarray:
    """The part of each rectangle between two fractions of its long side, a little wider."""
    start, end = np.broadcast_to(start, len(centre)), np.broadcast_to(end, len(centre))
    start, end = np.where(start == 0, -0.1, start), np.where(end == 1, 1.1, end)
    normal = np.column_stack([-axis[:, 1], axis[:, 0]])
    rings = []
    for along, across in ((start, -0.6), (end, -0.6), (end, 0.6), (start, 0.6)):
        offset = ((along - 0.5) * sides[:, 0])[:, None] * axis
        rings.append(centre + offset + across * sides[:, 1:] * normal)
    return shapely.polygons(np.stack(rings, axis=1))
