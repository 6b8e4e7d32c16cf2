"""The projects of the two ledgers: three published sets with their exact counts and sums.

Whether the three sets overlap is not published: never add them up.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.demo.compounds import points_inside
from gis.demo.figures import AMOUNT_STEP_FEN
from gis.demo.metres import frame
from gis.demo.randoms import days, quotas, split, stream

SETS = ("community_build", "compound_project", "amenity")
# Shares of states: assumed. Every state occurs wherever a set has twice as many rows as states.
STATES = {
    "closed_out": 0.46,
    "in_work": 0.16,
    "verified": 0.07,
    "done_claimed": 0.06,
    "accepted": 0.05,
    "dispatched": 0.045,
    "screened": 0.035,
    "requested": 0.035,
    "rework": 0.02,
    "draft": 0.015,
    "returned": 0.015,
    "merged": 0.01,
    "declined": 0.01,
    "suspended": 0.01,
    "cancelled": 0.005,
}
ENDED = ("closed_out", "merged", "cancelled")
TITLES = {
    "community_build": (
        "排水管网改造",
        "道路硬化",
        "路灯亮化",
        "老年活动室修缮",
        "背街小巷整治",
        "饮水工程",
        "护坡加固",
        "文化广场建设",
        "消防通道疏通",
        "垃圾分类点建设",
    ),
    "compound_project": ("雨污分流", "外墙修缮", "门禁系统", "充电桩建设", "绿化补种", "屋顶防水"),
    "amenity": (
        "停车位改造",
        "电梯加装",
        "党建阵地建设",
        "快递柜设置",
        "健身器材安装",
        "休闲座椅增设",
    ),
}
WORK_TITLES = (
    "政策宣传月",
    "矛盾纠纷集中排查",
    "独居老人走访机制",
    "周末议事会",
    "志愿者结对",
    "便民事项直办培训",
)
WORK_SHARE = 0.22
LAST_DAY = "2023-03-31"
FIXTURES = {
    "430802002203": ("郝坪社区联建项目（示例）", None, "市委办+市财政局"),
    "430802006209": ("荷花社区饮水工程", 50_000_000, "市政协办"),
}


def project_frame(compounds, communities, units, ground, polygons, totals, seed):
    """project_id, set, kind (construction, work), title, community_id, compound_id (null for
    communities), unit_id, lead_note, amount_fen, state, requested_on, due_on, closed_on,
    is_fixture; geometry point 4326 inside the compound or community.

    Amounts are lognormal, rounded to 100 元, and sum to each set's published total exactly. Rows
    still open after due_on are overdue on purpose. The two fixture rows are in the article.
    """
    parts = [_of_set(name, compounds, communities, ground, polygons, totals, seed) for name in SETS]
    found = pd.concat([p for p, _ in parts], ignore_index=True)
    points = np.concatenate([q for _, q in parts])
    by_community = units.drop_duplicates("community_id").set_index("community_id").unit_id
    found["unit_id"] = by_community.reindex(found.community_id).astype("Int64").to_numpy()
    found.insert(0, "project_id", np.arange(1, len(found) + 1))
    gdf = frame({name: found[name].array for name in found}, points)
    return gdf.assign(
        is_synthetic=~gdf.is_fixture,
        source=np.where(
            gdf.is_fixture,
            "the article; place, dates and the missing amount synthetic",
            "synthetic; counts and sums from the article",
        ),
    )


def _of_set(name: str, compounds, communities, ground, polygons, totals, seed: int):
    rng = stream(seed, name)
    n = getattr(totals, name)
    in_compound = name != "community_build"
    places = compounds if in_compound else communities
    pick = rng.choice(len(places), n, p=places.households / places.households.sum())
    work = rng.random(n) < (WORK_SHARE if not in_compound else 0)
    title = rng.choice(np.array(TITLES[name], dtype=object), n)
    title = np.where(work, rng.choice(np.array(WORK_TITLES, dtype=object), n), title)
    state = quotas(rng, STATES, n)
    found = pd.DataFrame(
        {
            "set": name,
            "kind": np.where(work, "work", "construction"),
            "title": places.name.to_numpy(dtype=object)[pick] + title,
            "community_id": places.community_id.to_numpy()[pick],
            "compound_id": pd.array(
                pick + 1.0 if in_compound else np.full(n, np.nan), dtype="Int64"
            ),
            "lead_note": pd.Series([None] * n, dtype=object),
            "state": state,
            "is_fixture": False,
        }
    )
    weight = rng.lognormal(0, 0.9, n) * np.where(work, 0.25, 1)
    if not in_compound:
        pick = _put_fixtures(found, pick, communities)
    found["amount_fen"] = _amounts(found, weight, totals.amounts_fen[name], communities)
    soil = polygons if in_compound else ground.community_polygons
    return _dates(found, rng), points_inside(soil[pick], rng)


def _put_fixtures(found: pd.DataFrame, pick: np.ndarray, communities) -> np.ndarray:
    """The article's two example projects take the first closed rows of the set."""
    rows = iter(np.flatnonzero(found.state == "closed_out"))
    pick = pick.copy()
    for code, (title, _, lead) in FIXTURES.items():
        at = np.flatnonzero(communities.code == code)
        row = next(rows, None)
        if row is None or not len(at):
            continue
        pick[row] = at[0]
        found.loc[row, ["title", "kind", "lead_note"]] = [title, "construction", lead]
        found.loc[row, ["community_id", "is_fixture"]] = [at[0] + 1, True]
    return pick


def _amounts(found: pd.DataFrame, weight: np.ndarray, total_fen: int, communities) -> np.ndarray:
    """Whole hundreds of 元 that sum to the total; a fixture keeps its published amount."""
    codes = communities.code.to_numpy(dtype=object)[found.community_id - 1]
    known = np.array(
        [FIXTURES[c][1] or 0 if f else 0 for c, f in zip(codes, found.is_fixture, strict=True)]
    )
    free = known == 0
    amount = known.astype(np.int64)
    steps = (total_fen - int(known.sum())) // AMOUNT_STEP_FEN
    amount[free] = split(steps, weight[free], 1) * AMOUNT_STEP_FEN
    return amount


def _dates(found: pd.DataFrame, rng) -> pd.DataFrame:
    """requested_on 2020–2023, due_on 60–540 days later, closed_on where the project has ended.

    Ended projects were asked for earlier; about a fifth of the open ones are past their date.
    """
    n = len(found)
    ended = found.state.isin(ENDED).to_numpy()
    early = days(rng, "2020-03-01", "2022-06-30", n)
    late = days(rng, "2021-09-01", "2023-03-20", n)
    asked = np.where(ended, early, late)
    due = asked + rng.integers(60, 541, n).astype("timedelta64[D]")
    ran = asked + rng.integers(20, 600, n).astype("timedelta64[D]")
    closed = np.minimum(ran, np.datetime64(LAST_DAY, "s"))
    return found.assign(
        requested_on=asked, due_on=due, closed_on=np.where(ended, closed, np.datetime64("NaT", "s"))
    )
