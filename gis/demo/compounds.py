"""Residential compounds, their shares in grids, and their buildings (counts only, no resident)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from gis.demo import blocks, names, shapes
from gis.demo.figures import COMPOUND_LN_AREA, STRADDLING_SHARE
from gis.demo.ground import Ground
from gis.demo.metres import frame, largest_part
from gis.demo.randoms import split, split_groups, stream

PAIRED_SHARE = 0.34
SMALLEST_PIECE = 0.12
PAIR_CLEARANCE_M = 4.0


@dataclass(frozen=True)
class Settlement:
    """polygons: compounds in EPSG:4546; parts: one row a compound and grid it touches."""

    polygons: np.ndarray
    parts: pd.DataFrame


def settle(ground: Ground, totals, seed: int) -> Settlement:
    """Every compound's polygon and how it lies in the grids; none overlaps another.

    A compound lies in one community. About a tenth straddle two grids of it on purpose.
    """
    rng = stream(seed, "compounds")
    grids, kind = ground.grids, ground.grid_kind
    unit = blocks.units(grids, ground.grid_community, kind, ground.neighbours, PAIRED_SHARE, rng)
    numbers = np.unique(unit[unit >= 0])
    soil = _soil(grids, unit, numbers)
    wanted = max(totals.compounds, len(numbers))
    areas = np.exp(rng.normal(*COMPOUND_LN_AREA, wanted))
    home = blocks.share_out(areas, shapely.area(soil), rng)
    paired = np.isin(numbers, unit[unit != np.arange(len(unit))])
    polygons = shapes.outlines(blocks.cut(soil, paired, home, areas), areas, rng)
    return _lay_in_grids(polygons, numbers[home], unit, grids, totals)


def _soil(grids: np.ndarray, unit: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """The ground of each unit: its grid, or two neighbours joined."""
    soil = grids[numbers].copy()
    for second in np.flatnonzero((unit >= 0) & (unit != np.arange(len(unit)))):
        at = np.searchsorted(numbers, unit[second])
        soil[at] = shapely.coverage_union_all([grids[unit[second]], grids[second]])
    return largest_part(soil)


def _lay_in_grids(polygons, first, unit, grids, totals) -> Settlement:
    """Shares of area by grid; a thin overhang is trimmed instead of called a straddle."""
    partner = np.full(len(unit), -1)
    second = np.flatnonzero((unit >= 0) & (unit != np.arange(len(unit))))
    partner[unit[second]] = second
    other = partner[first]
    paired = np.flatnonzero(other >= 0)
    in_first = shapely.area(shapely.intersection(polygons[paired], grids[first[paired]]))
    share = np.ones(len(polygons))
    share[paired] = in_first / shapely.area(polygons[paired])
    straddles = np.minimum(share, 1 - share) >= SMALLEST_PIECE
    limit = int(STRADDLING_SHARE * 1.15 * len(polygons))
    straddles[np.flatnonzero(straddles)[limit:]] = False
    main = np.where(share >= 0.5, first, other)
    trim = np.flatnonzero((share > 0) & (share < 1) & ~straddles)
    inside = shapely.buffer(grids[main[trim]], -PAIR_CLEARANCE_M, join_style="mitre")
    polygons = polygons.copy()
    polygons[trim] = shapes.snap_polygons(shapely.intersection(polygons[trim], inside))
    whole, half = np.flatnonzero(~straddles), np.flatnonzero(straddles)
    parts = pd.DataFrame(
        {
            "compound": np.concatenate([whole, half, half]),
            "grid": np.concatenate([main[whole], first[half], other[half]]),
            "area_share": np.concatenate([np.ones(len(whole)), share[half], 1 - share[half]]),
        }
    )
    return Settlement(polygons, parts.sort_values(["compound", "grid"], ignore_index=True))


def part_frame(ground: Ground, settlement: Settlement, totals, seed: int) -> pd.DataFrame:
    """compound_id, grid_id, area_share, household_share (both sum to 1 by compound), households.

    Grids are given 300–500 households (a few fewer or more), then share them out: larger parts
    hold more, but not in proportion. Dedicated grids (schools, markets, parks) hold none.
    """
    rng = stream(seed, "households")
    parts = settlement.parts
    lived_in, at = np.unique(parts.grid, return_inverse=True)
    want = rng.normal(1.0, 0.09, len(lived_in)).clip(0.8, 1.17)
    odd = rng.random(len(lived_in)) < 0.04
    want[odd] = rng.choice([0.5, 0.62, 1.35, 1.6], odd.sum())
    target = split(totals.households, want, 20)
    area = shapely.area(settlement.polygons)[parts.compound]
    weight = (area * parts.area_share) ** 0.7 * rng.lognormal(0, 0.25, len(at))
    households = split_groups(target, at, weight)
    whole = np.bincount(parts.compound, households, len(settlement.polygons))
    return pd.DataFrame(
        {
            "compound_id": parts.compound + 1,
            "grid_id": parts.grid + 1,
            "area_share": parts.area_share,
            "household_share": households / np.maximum(whole, 1)[parts.compound],
            "households": households,
            "is_synthetic": True,
            "source": "synthetic",
        }
    )


def compound_frame(ground: Ground, settlement: Settlement, parts: pd.DataFrame, seed: int):
    """compound_id, name, community_id, households, gates, built_year, area_m2 (EPSG:4546);
    polygon in 4326. `property_firm_id` is added by organizations."""
    rng = stream(seed, "compound_facts")
    n = len(settlement.polygons)
    community = np.zeros(n, dtype=int)
    community[parts.compound_id - 1] = ground.grid_community[parts.grid_id - 1]
    street = ground.communities.place.to_numpy()[community]
    area = shapely.area(settlement.polygons)
    gates = (shapely.length(settlement.polygons) / 420 + rng.exponential(0.8, n)).astype(int)
    return frame(
        {
            "compound_id": np.arange(1, n + 1),
            "name": names.compound_names(street, rng),
            "community_id": community + 1,
            "households": np.bincount(parts.compound_id - 1, parts.households, n).astype(np.int64),
            "gates": gates.clip(1, 6),
            "built_year": rng.choice(np.arange(1984, 2023), n, p=_years()),
            "area_m2": np.round(area, 1),
            "is_synthetic": True,
            "source": "synthetic; area, vertices and rectangularity as in real compounds elsewhere",
        },
        settlement.polygons,
    )


def _years() -> np.ndarray:
    """Most compounds of a county-level city date from 2000 to 2018."""
    weight = np.exp(-(((np.arange(1984, 2023) - 2009) / 9.0) ** 2))
    return weight / weight.sum()


def building_frame(compounds, polygons: np.ndarray, seed: int):
    """building_id, compound_id, building_no, entrances, floors, households; point in 4326.

    Counts only: households of a compound are the sum of its buildings'.
    """
    rng = stream(seed, "buildings")
    homes = compounds.households.to_numpy()
    count = np.maximum(1, np.round(homes / rng.uniform(28, 75, len(homes)))).astype(int)
    at = np.repeat(np.arange(len(homes)), count)
    number = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count) + 1
    households = split_groups(homes, at, rng.uniform(0.6, 1.4, len(at)))
    entrances = np.clip(np.ceil(households / rng.choice([14, 20, 36], len(at))), 1, 6).astype(int)
    floors = np.clip(np.ceil(households / entrances / rng.choice([2, 2, 4], len(at))), 2, 33)
    return frame(
        {
            "building_id": np.arange(1, len(at) + 1),
            "compound_id": at + 1,
            "building_no": pd.Series(number).astype(str) + "栋",
            "entrances": entrances,
            "floors": floors.astype(int),
            "households": households,
            "is_synthetic": True,
            "source": "synthetic",
        },
        points_inside(polygons[at], rng),
    )


def points_inside(polygons: np.ndarray, rng) -> np.ndarray:
    """One random point inside each polygon (EPSG:4546)."""
    points = shapely.get_coordinates(shapely.point_on_surface(polygons))
    low, high = shapely.bounds(polygons)[:, :2], shapely.bounds(polygons)[:, 2:]
    left = np.arange(len(polygons))
    shapely.prepare(polygons)
    for _ in range(12):
        if not len(left):
            break
        trial = rng.uniform(low[left], high[left])
        hit = shapely.contains_xy(polygons[left], trial)
        points[left[hit]] = trial[hit]
        left = left[~hit]
    return shapely.points(np.round(points, 2))
