"""Service points of the article: 146 compound party service centres, 115 three-in-one platforms,
241 property management centres, 17 party squares."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.demo.compounds import points_inside
from gis.demo.metres import frame
from gis.demo.randoms import stream

KINDS = {
    "service_centre": ("service_centres", "小区党群服务中心", (20, 120)),
    "platform": ("platforms", "三位一体综合平台", (60, 400)),
    "property_centre": ("property_centres", "物业管理中心", (8, 40)),
    "party_square": ("party_squares", "党建小广场", (150, 900)),
}


def facility_frame(compounds, communities, ground, polygons, totals, seed) -> gpd.GeoDataFrame:
    """facility_id, kind, name, compound_id (null for platforms and squares), community_id,
    capacity (persons), geometry point 4326.

    Service centres and property centres stand in compounds; platforms and party squares in
    communities, the squares in 武陵源 (430811) where there is a town, as in the article.
    """
    rng = stream(seed, "facilities")
    parts = [
        _of_kind(kind, compounds, communities, ground, polygons, totals, rng) for kind in KINDS
    ]
    found, points = pd.concat([p for p, _ in parts]), np.concatenate([q for _, q in parts])
    columns = {name: found[name].to_numpy() for name in found}
    return frame(
        {
            "facility_id": np.arange(1, len(found) + 1),
            **columns,
            "is_synthetic": True,
            "source": "synthetic; counts from the article",
        },
        points,
    ).astype({"compound_id": "Int64"})


def _of_kind(kind, compounds, communities, ground, polygons, totals, rng):
    figure, title, capacity = KINDS[kind]
    count = getattr(totals, figure)
    if kind in ("service_centre", "property_centre"):
        pick = _compounds_for(kind, compounds, count, rng)
        owner, soil, compound = compounds.iloc[pick], polygons[pick], pick + 1.0
    else:
        pick = _communities_for(kind, communities, count, rng)
        owner, soil = communities.iloc[pick], ground.community_polygons[pick]
        compound = np.full(count, np.nan)
    columns = pd.DataFrame(
        {
            "kind": kind,
            "name": owner.name.to_numpy(dtype=object) + title,
            "compound_id": compound,
            "community_id": owner.community_id.to_numpy(),
            "capacity": rng.integers(*capacity, count),
        }
    )
    return columns, points_inside(soil, rng)


def _compounds_for(kind: str, compounds, count: int, rng) -> np.ndarray:
    """Compounds without repetition, large ones first; property centres where a firm works."""
    weight = compounds.households.to_numpy() * 1.0
    if kind == "property_centre":
        weight = np.where(compounds.property_firm_id.notna(), weight, 0)
    return rng.choice(len(compounds), count, replace=False, p=weight / weight.sum())


def _communities_for(kind: str, communities, count: int, rng) -> np.ndarray:
    """Every community once before any twice."""
    rows = np.arange(len(communities))
    resort = rows[communities.county_code == "430811"]
    if kind == "party_square" and len(resort):
        rows = resort
    laps = [rng.permutation(rows) for _ in range(-(-count // len(rows)))]
    return np.concatenate(laps)[:count]
