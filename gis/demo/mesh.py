"""The finest mesh of a town: Voronoi cells with naturally bent edges, exact by construction.

Cells know their edges by vertex number, and each edge is bent once, so both neighbours carry the
same points and the cells tile without gaps or overlaps. All coordinates are EPSG:4546 metres on
the 1 cm grid.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import Voronoi

from gis.demo.metres import snap

COUNTY_MARGIN_M = 60.0
COUNTY_FILL = 0.8
BEND = 0.05
BEND_STEP_M = 70.0


@dataclass(frozen=True)
class Mesh:
    """Cells of one town.

    centres (n, 2); rings: polygon coordinates of each cell; corners: for each cell, where in its
    ring each edge begins; ends (m, 2) vertex numbers, sides (m, 2) cell numbers (-1 outside) and
    chains (points from end to end) of every edge; vertices (k, 2).
    """

    centres: np.ndarray
    rings: list[np.ndarray]
    corners: list[np.ndarray]
    ends: np.ndarray
    sides: np.ndarray
    chains: list[np.ndarray]
    vertices: np.ndarray


def build(county, seat: np.ndarray, cells: int, area_m2: float, rng) -> Mesh:
    """`cells` connected cells of about `area_m2` around the seat, strictly inside the county.

    The town grows until the county is four fifths full; then its cells get smaller.
    """
    ground = shapely.get_parts(county.buffer(-COUNTY_MARGIN_M))
    ground = min(ground, key=lambda part: part.distance(shapely.Point(seat)))
    area_m2 = min(area_m2, COUNTY_FILL * ground.area / cells)
    tilt = rng.uniform(-0.35, 0.35)
    outline = _outline(tilt, rng)
    while True:
        points = _points(ground, seat, cells, area_m2, tilt, outline, rng)
        diagram = Voronoi(points - seat)
        corners = snap(diagram.vertices + seat)
        chosen = _grow(diagram, corners, points, ground, outline(points - seat), cells)
        if len(chosen) == cells:
            return _assemble(diagram, corners, points, chosen, rng)
        area_m2 *= 0.9


def _outline(tilt: float, rng):
    """A distance from the seat whose level sets are lobed ellipses: the shape of a valley town."""
    stretch = rng.uniform(1.3, 1.8)
    waves = [(k, rng.uniform(0.04, 0.12) / k**0.5, rng.uniform(0, 2 * np.pi)) for k in (2, 3, 5, 7)]

    def distance(offsets: np.ndarray) -> np.ndarray:
        along = offsets @ [np.cos(tilt), np.sin(tilt)]
        across = offsets @ [-np.sin(tilt), np.cos(tilt)]
        angle = np.arctan2(across, along)
        lobes = 1 + sum(size * np.sin(k * angle + phase) for k, size, phase in waves)
        return np.hypot(along / stretch**0.5, across * stretch**0.5) * lobes

    return distance


def _points(ground, seat, cells, area_m2, tilt, outline, rng) -> np.ndarray:
    """Where cells lie: rows of bricks along the valley, bent and jittered, tighter in the middle.

    Bricks rather than hexagons, because their borders read as streets with T-junctions. Enough
    points to choose from are made, inside the county and just beyond it.
    """
    step = np.sqrt(area_m2)
    reach = 4 * np.sqrt(cells * area_m2) + 12 * step
    low, high = np.reshape(ground.bounds, (2, 2)) - seat
    half = int(min(reach, np.hypot(*np.maximum(-low, high)) + 3 * step) / step)
    column, row = np.meshgrid(np.arange(-half, half + 1.0), np.arange(-half, half + 1.0))
    column = column + rng.uniform(0, 1, len(row))[:, None]
    lattice = np.column_stack([column.ravel(), row.ravel()])
    lattice += rng.uniform(-0.15, 0.15, lattice.shape)
    lattice += _warp(lattice, rng)
    turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    points = seat + step * lattice @ turn
    level = outline(points - seat)
    inside = shapely.contains_xy(ground, points)
    reached = np.sort(level[inside])[min(int(1.4 * cells) + 60, inside.sum()) - 1]
    points, level = points[level < reached + 4 * step], level[level < reached + 4 * step]
    edge = np.sort(level)[min(cells, len(level) - 1)]
    tight = 0.74 + 0.26 * np.minimum(level / edge, 1)
    return seat + (points - seat) * tight[:, None]


def _warp(lattice: np.ndarray, rng) -> np.ndarray:
    """A smooth displacement (in cells) that lets rows of blocks follow a bend of the valley."""
    moved = np.zeros_like(lattice)
    for _ in range(4):
        heading, phase = rng.uniform(0, 2 * np.pi, 2)
        wave = 2 * np.pi / rng.uniform(12, 24)
        along = lattice @ [np.cos(heading), np.sin(heading)]
        moved += rng.normal(0, 0.7, 2) * np.sin(wave * along + phase)[:, None]
    return moved


def _grow(diagram, corners, points, ground, level, cells) -> np.ndarray:
    """The cells of the town: from the seat outward over neighbours, nearest level first."""
    inside = shapely.contains_xy(ground, corners)
    regions = [diagram.regions[r] for r in diagram.point_region]
    fit = np.array([len(r) > 2 and -1 not in r and bool(inside[r].all()) for r in regions])
    neighbours: list[list[int]] = [[] for _ in points]
    for a, b in diagram.ridge_points.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    first = int(np.argmin(np.where(fit, level, np.inf)))
    queue, seen = [(level[first], first)], {first}
    chosen: list[int] = []
    while queue and len(chosen) < cells:
        _, cell = heapq.heappop(queue)
        chosen.append(cell)
        for other in neighbours[cell]:
            if fit[other] and other not in seen:
                seen.add(other)
                heapq.heappush(queue, (level[other], other))
    return np.array(chosen)


def _assemble(diagram, corners, points, chosen, rng) -> Mesh:
    number = np.full(len(points), -1)
    number[chosen] = np.arange(len(chosen))
    sides = number[diagram.ridge_points]
    ends = np.array(diagram.ridge_vertices)
    used = (sides >= 0).any(axis=1)
    # Two Voronoi vertices may fall on the same centimetre: one vertex, and no edge between them.
    vertices, ends = np.unique(corners[ends[used].ravel()], axis=0, return_inverse=True)
    ends, sides = ends.reshape(-1, 2), sides[used]
    real = ends[:, 0] != ends[:, 1]
    ends, sides = ends[real], sides[real]
    chains = _bend(vertices[ends[:, 0]], vertices[ends[:, 1]], rng)
    rings, starts = _rings(points[chosen], vertices, ends, sides, chains)
    return Mesh(points[chosen], rings, starts, ends, sides, chains, vertices)


def _bend(start: np.ndarray, end: np.ndarray, rng) -> list[np.ndarray]:
    """Every edge as a gentle curve with a little noise; its ends stay where they are."""
    along = end - start
    length = np.hypot(*along.T)
    inner = np.clip(np.round(length / BEND_STEP_M), 1, 8).astype(int)
    bow = rng.normal(0, BEND / 2, len(start)).clip(-BEND, BEND)
    noise = rng.uniform(-0.012, 0.012, (len(start), 8))
    chains = []
    for i in range(len(start)):
        t = np.arange(1, inner[i] + 1) / (inner[i] + 1)
        off = bow[i] * np.sin(np.pi * t) + noise[i, : inner[i]]
        normal = np.array([-along[i, 1], along[i, 0]])
        middle = start[i] + t[:, None] * along[i] + off[:, None] * normal
        chains.append(np.vstack([start[i], snap(middle), end[i]]))
    return chains


def _rings(centres, vertices, ends, sides, chains):
    """Each cell's ring, counter-clockwise, from the chains of its edges."""
    edges_of: list[list[int]] = [[] for _ in centres]
    for edge, pair in enumerate(sides.tolist()):
        for cell in pair:
            if cell >= 0:
                edges_of[cell].append(edge)
    rings, starts = [], []
    for cell, edges in enumerate(edges_of):
        from_centre = vertices[ends[edges]] - centres[cell]
        angle = np.arctan2(from_centre[:, :, 1], from_centre[:, :, 0])
        turn = (angle[:, 1] - angle[:, 0] + np.pi) % (2 * np.pi) - np.pi
        first = np.where(turn > 0, angle[:, 0], angle[:, 1])
        order = np.argsort(first, kind="stable")
        pieces = [chains[edges[i]] if turn[i] > 0 else chains[edges[i]][::-1] for i in order]
        pieces = [piece[:-1] for piece in pieces]
        starts.append(np.cumsum([0] + [len(piece) for piece in pieces[:-1]]))
        rings.append(np.vstack(pieces))
    return rings, starts
