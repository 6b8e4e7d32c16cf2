"""Territory frames: counties, streets, communities, grids and aliases of the demo city."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.demo import divisions
from gis.demo.ground import Ground, union_by
from gis.demo.metres import frame
from gis.demo.randoms import stream

NAMED = "name and code NBS2023; geometry synthetic"
ROW_M = 350.0
PURPOSES = ("学校", "市场", "公园", "医院", "园区")


def county_frame() -> gpd.GeoDataFrame:
    """county_id, code, name, geometry (real, EPSG:4326 taken as equal to 4490), source."""
    names = divisions.read("counties").set_index("code").name
    polygons = divisions.county_polygons()
    return gpd.GeoDataFrame(
        {
            "county_id": np.arange(1, 5),
            "code": divisions.COUNTIES,
            "edition": divisions.EDITION,
            "name": [names[code] for code in divisions.COUNTIES],
            "is_synthetic": False,
            "source": f"name and code NBS2023; geometry {divisions.POLYGON_SOURCE}",
        },
        geometry=[polygons[code] for code in divisions.COUNTIES],
        crs=4326,
    )


def street_frame(ground: Ground) -> gpd.GeoDataFrame:
    """street_id, code (9 digits), edition, name, county_code, geometry 4326, households later."""
    names = divisions.read("townships").set_index("code").name
    places = np.unique(ground.communities.place)
    codes = [list(divisions.STREETS)[place] for place in places]
    of_grid = ground.communities.place.to_numpy()[ground.grid_community]
    return frame(
        {
            "street_id": np.arange(1, len(places) + 1),
            "code": codes,
            "edition": divisions.EDITION,
            "name": [names[code] for code in codes],
            "county_code": [code[:6] for code in codes],
            "is_synthetic": True,
            "source": NAMED,
        },
        union_by(ground.grids, np.searchsorted(places, of_grid)),
    )


def community_frame(ground: Ground) -> gpd.GeoDataFrame:
    """community_id, code (12 digits or null), local_code, edition, name, official_name, kind,
    street_id, street_code, county_code, geometry 4326.

    `kind` is neighbourhood (居委会) or village (村委会 that the demo counts as a community);
    copies at scales above 1 have no national code.
    """
    rows = ground.communities
    real = rows.code.notna().to_numpy()
    village = rows.official_name.str.contains("村委会|村民委员会").to_numpy()
    return frame(
        {
            "community_id": np.arange(1, len(rows) + 1),
            "code": rows.code.to_numpy(dtype=object),
            "local_code": rows.local_code.to_numpy(),
            "edition": np.where(real, np.array(divisions.EDITION, object), np.array(None, object)),
            "name": rows.name.to_numpy(),
            "official_name": np.where(real, rows.official_name.to_numpy(dtype=object), None),
            "kind": np.where(village, "village", "neighbourhood"),
            "street_id": np.unique(rows.place, return_inverse=True)[1] + 1,
            "street_code": rows.street_code.to_numpy(),
            "county_code": rows.county_code.to_numpy(),
            "is_synthetic": True,
            "source": np.where(real, NAMED, "synthetic copy for load; no national code"),
        },
        ground.community_polygons,
    )


def grid_frame(ground: Ground, seed: int) -> gpd.GeoDataFrame:
    """grid_id, code (15 digits or null), local_code, name, kind, purpose, community_id, area_m2.

    Three digits number the grids of a community from west to east and north to south.
    """
    community = ground.grid_community
    number = _sequence(ground.grids, community)
    rows = ground.communities.iloc[community]
    digits = pd.Series(number).astype(str).str.zfill(3).to_numpy(dtype=object)
    dedicated = ground.grid_kind == "dedicated"
    purpose = stream(seed, "grids").choice(np.array(PURPOSES, dtype=object), len(community))
    ending = np.where(dedicated, "专属网格（" + purpose + "）", "网格")
    code = np.where(rows.code.notna(), rows.code.to_numpy(dtype=object), "") + digits
    return frame(
        {
            "grid_id": np.arange(1, len(community) + 1),
            "code": np.where(rows.code.notna(), code, None),
            "local_code": rows.local_code.to_numpy(dtype=object) + digits,
            "name": rows.name.to_numpy(dtype=object) + "第" + number.astype(str) + ending,
            "kind": ground.grid_kind,
            "purpose": np.where(dedicated, purpose, np.array(None, object)),
            "community_id": community + 1,
            "area_m2": np.round(shapely.area(ground.grids), 1),
            "is_synthetic": True,
            "source": "synthetic",
        },
        ground.grids,
    )


def _sequence(grids: np.ndarray, community: np.ndarray) -> np.ndarray:
    """1, 2, 3 … inside each community: rows of 350 m from the north, each from the west."""
    x, y = shapely.get_coordinates(shapely.centroid(grids)).T
    order = np.lexsort((x, -np.round(y / ROW_M), community))
    starts = np.searchsorted(community[order], np.arange(community.max() + 1))
    number = np.empty(len(grids), dtype=int)
    number[order] = np.arange(len(grids)) - starts[community[order]] + 1
    return number


def alias_frame(communities: gpd.GeoDataFrame) -> pd.DataFrame:
    """alias_id, community_id, alias, reason: official names, and names that drifted."""
    official = communities[communities.official_name.notna()]
    official = official[official.official_name != official.name]
    rows = [
        (i, name, "official_name", divisions.EDITION)
        for i, name in zip(official.community_id, official.official_name, strict=True)
    ]
    by_code = dict(zip(communities.code, communities.community_id, strict=True))
    rows += [
        (by_code[code], alias, "drifted_name", source)
        for code, alias, source in divisions.DRIFTED_NAMES
        if code in by_code
    ]
    found = pd.DataFrame(rows, columns=["community_id", "alias", "reason", "source"])
    found.insert(0, "alias_id", np.arange(1, len(found) + 1))
    return found.assign(is_synthetic=False)


def with_households(frames: dict, parts: pd.DataFrame) -> None:
    """Sets `households` on grids, communities, streets and counties from the parts' sum."""
    grids, communities, streets = frames["grids"], frames["communities"], frames["streets"]
    grids["households"] = _sums(parts.grid_id, parts.households, len(grids))
    communities["households"] = _sums(grids.community_id, grids.households, len(communities))
    streets["households"] = _sums(communities.street_id, communities.households, len(streets))


def _sums(ids: pd.Series, values: pd.Series, n: int) -> np.ndarray:
    return np.bincount(ids - 1, values, n).astype(np.int64)
