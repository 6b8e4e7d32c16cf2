"""The ground of the demo city: towns of cells, grouped into grids, communities and streets.

Everything here is in EPSG:4546 metres; `places` gives it out as frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely

from gis.demo import divisions
from gis.demo.figures import GRID_AREA_M2
from gis.demo.grouping import bisect, join_fragments
from gis.demo.mesh import Mesh, build
from gis.demo.metres import to_metres
from gis.demo.randoms import split, stream


@dataclass(frozen=True)
class Ground:
    """What the frames are cut from.

    communities: rows of `divisions.communities_at` with county_code. grid, community, kind: one
    entry a grid. edges: one row an edge of the mesh with its chain, its vertices (numbers over
    the whole city), the communities and streets on both sides (-1 outside). vertices (k, 2).
    """

    communities: pd.DataFrame
    grids: np.ndarray
    grid_community: np.ndarray
    grid_kind: np.ndarray
    neighbours: np.ndarray
    edges: pd.DataFrame
    vertices: np.ndarray

    @cached_property
    def community_polygons(self) -> np.ndarray:
        """Exact unions of the grids, in community order."""
        return union_by(self.grids, self.grid_community)


def union_by(polygons: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The union of a coverage's polygons for each group number, in order of the number."""
    order = np.argsort(group, kind="stable")
    parts = np.split(polygons[order], np.flatnonzero(np.diff(group[order])) + 1)
    return np.array([shapely.coverage_union_all(part) for part in parts], dtype=object)


def lay_out(totals, seed: int) -> Ground:
    """The whole city: one town a county, cells shared out by community."""
    communities = divisions.communities_at(totals.communities)
    communities["county_code"] = communities.street_code.str[:6]
    rng = stream(seed, "ground")
    weights = np.exp(rng.normal(0, 0.22, len(communities)))
    sizes = split(totals.cells, weights, 3)
    towns = [_town(code, communities, sizes, seed) for code in divisions.COUNTIES]
    return _joined(communities, [t for t in towns if t], totals.dedicated, rng)


def _town(code: str, communities: pd.DataFrame, sizes: np.ndarray, seed: int):
    """Mesh and community (row number) of each cell of one county's town, or None."""
    rows = np.flatnonzero(communities.county_code == code)
    if not len(rows):
        return None
    seat = to_metres(*divisions.SEATS[code])[0]
    cells = int(sizes[rows].sum())
    mesh = build(divisions.county_in_metres(code), seat, cells, GRID_AREA_M2, stream(seed, code))
    pairs = mesh.sides[(mesh.sides >= 0).all(axis=1)]
    places = communities.place.to_numpy()[rows]
    streets, street_of = np.unique(places, return_inverse=True)
    bearings = np.array([list(divisions.STREETS.values())[s] for s in streets])
    cells_of = np.bincount(street_of, sizes[rows]).astype(int)
    everywhere = np.zeros(cells, dtype=int)
    street = join_fragments(bisect(mesh.centres, cells_of, bearings), pairs, everywhere)
    community = np.empty(cells, dtype=int)
    for s in range(len(streets)):
        inside, members = np.flatnonzero(street == s), np.flatnonzero(street_of == s)
        # Joined fragments may have moved a few cells; shares are worked out on what is there.
        share = split(len(inside), sizes[rows][members], 1)
        community[inside] = members[bisect(mesh.centres[inside], share)]
    return mesh, rows[join_fragments(community, pairs, street)]


def _joined(communities: pd.DataFrame, towns, dedicated: int, rng) -> Ground:
    """All towns as one: cell and vertex numbers shifted, dedicated grids cut out."""
    rings, corners, community, edges, vertices = [], [], [], [], []
    cells = points = 0
    for mesh, own in towns:
        edges.append(_edge_rows(mesh, cells, points))
        rings += mesh.rings
        corners += mesh.corners
        community.append(own)
        vertices.append(mesh.vertices)
        cells, points = cells + len(mesh.rings), points + len(mesh.vertices)
    edges, owners = pd.concat(edges, ignore_index=True), np.concatenate(community)
    grids, owner, kind = _cut_dedicated(rings, corners, owners, dedicated, rng)
    inside = edges[["left", "right"]].to_numpy()
    pairs = inside[(inside >= 0).all(axis=1)]
    place = communities.place.to_numpy()
    for side in ("left", "right"):
        at = np.where(edges[side] >= 0, owners[edges[side]], -1)
        edges[f"community_{side}"] = at
        edges[f"street_{side}"] = np.where(at >= 0, place[at], -1)
    return Ground(communities, grids, owner, kind, pairs, edges, np.vstack(vertices))


def _edge_rows(mesh: Mesh, cells: int, points: int) -> pd.DataFrame:
    sides = np.where(mesh.sides >= 0, mesh.sides + cells, -1)
    ends = mesh.ends + points
    return pd.DataFrame(
        {
            "chain": mesh.chains,
            "start": ends[:, 0],
            "end": ends[:, 1],
            "left": sides[:, 0],
            "right": sides[:, 1],
        }
    )


def _cut_dedicated(rings, corners, community, wanted: int, rng):
    """Grids as polygons; `wanted` dedicated ones cut out of general ones along a chord.

    The chord joins two points that the ring already has, so no neighbour needs a new vertex and
    the coverage stays exact. Dedicated grids are appended after the general ones.
    """
    grids = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    cut: list[np.ndarray] = []
    owner: list[int] = []
    for cell in rng.permutation(len(rings)):
        if len(cut) == wanted:
            break
        pieces = _corner_piece(rings[cell], corners[cell], int(rng.integers(len(corners[cell]))))
        if pieces is not None:
            grids[cell] = pieces[1]
            cut.append(pieces[0])
            owner.append(community[cell])
    kind = np.repeat(np.array(["general", "dedicated"], dtype=object), [len(rings), len(cut)])
    joined = np.concatenate([community, np.array(owner, dtype=int)])
    return np.concatenate([grids, np.array(cut, dtype=object)]), joined, kind


def _corner_piece(ring: np.ndarray, corners: np.ndarray, edge: int):
    """The part of a ring from the middle of one edge to the middle of the next but one, and the
    rest; None where the chord would leave the polygon or the part is out of proportion."""
    n, count = len(ring), len(corners)
    bounds = np.append(corners, n + corners[0])
    middle = [(bounds[e % count] + bounds[e % count + 1]) // 2 % n for e in (edge, edge + 2)]
    turned = np.roll(ring, -middle[0], axis=0)
    upto = (middle[1] - middle[0]) % n
    piece = shapely.Polygon(turned[: upto + 1])
    rest = shapely.Polygon(np.vstack([turned[upto:], turned[:1]]))
    whole = piece.area + rest.area
    sound = piece.is_valid and rest.is_valid and 0.1 < piece.area / whole < 0.4
    return (piece, rest) if sound and abs(whole - shapely.Polygon(ring).area) < 1e-3 else None
