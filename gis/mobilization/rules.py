"""Pure decisions: which posts a plan lays out, when shifts run, what a reason says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import numpy as np
import pandas as pd

from gis.base.errors import BadInput
from gis.mobilization.tables import TIERS
from gis.people.tables import SKILLS

# A compound that an incident merely grazes is not affected: drawn lines are no surveys.
LEAST_SHARE = 0.01
# A time outside is a slip of the pen, and its neighbours may not be dates at all.
FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True, slots=True)
class Rate:
    """One post kind of a plan: ``people`` for every ``per`` of ``basis``, ``at_least`` so many."""

    kind: str
    name: str
    basis: str
    per: int
    people: int
    at_least: int
    skills: int
    priority: int
    shift_nos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShiftRule:
    """One shift of a plan: local start hour, length, and the bit of hours offered it asks for."""

    no: int
    name: str
    start_hour: int
    hours: int


def lay_out_posts(compounds: pd.DataFrame, rates: list[Rate]) -> pd.DataFrame:
    """The posts of these compounds, by compound, priority, kind and shift.

    ``compounds``: compound_id, area_share, households, gates, buildings (whole counts). Households
    and buildings count by the share of the compound that the incident touches; gates count whole,
    since a compound is guarded as one. Answers columns compound_id, kind, name, shift_no, needed,
    skills, priority; rows with nobody needed are left out.
    """
    parts = []
    for rate in rates:
        needed = _people(_basis(compounds, rate.basis), rate)
        for shift_no in rate.shift_nos:
            parts.append(
                pd.DataFrame(
                    {
                        "compound_id": compounds["compound_id"].to_numpy(),
                        "kind": rate.kind,
                        "name": rate.name,
                        "shift_no": shift_no,
                        "needed": needed,
                        "skills": rate.skills,
                        "priority": rate.priority,
                    }
                )
            )
    if not parts:
        return pd.DataFrame(
            columns=["compound_id", "kind", "name", "shift_no", "needed", "skills", "priority"]
        )
    posts = pd.concat(parts, ignore_index=True)
    posts = posts[posts["needed"] > 0]
    return posts.sort_values(
        ["compound_id", "priority", "kind", "shift_no"], ascending=[True, False, True, True]
    ).reset_index(drop=True)


def _basis(compounds: pd.DataFrame, basis: str) -> np.ndarray:
    if basis == "compound":
        return np.ones(len(compounds), dtype=np.int64)
    if basis == "gate":
        return compounds["gates"].to_numpy(dtype=np.int64)
    column = "households" if basis == "household" else "buildings"
    touched = compounds[column].to_numpy(dtype=float) * compounds["area_share"].to_numpy(float)
    return np.ceil(touched - 1e-9).astype(np.int64)


def _people(count: np.ndarray, rate: Rate) -> np.ndarray:
    """⌈count × people / per⌉, but at least ``at_least``; in integers, so that 300/100 stays 3."""
    return np.maximum(-(-count * rate.people // rate.per), rate.at_least)


def shift_windows(
    shifts: list[ShiftRule], starts_at: datetime, zone: tzinfo
) -> dict[int, tuple[datetime, datetime]]:
    """When each shift of the first duty day runs: the first window that ends after the start.

    A shift that has begun already runs from ``starts_at``. Raises BadInput for a naive time.
    """
    if starts_at.tzinfo is None:
        raise BadInput("启动时间要带时区。", "The start time needs a time zone.")
    if not FIRST_YEAR < starts_at.year < LAST_YEAR:
        raise BadInput("启动时间的年份不对。", "The year of the start time is wrong.")
    windows = {}
    for shift in shifts:
        day = starts_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        start = day - timedelta(days=1) + timedelta(hours=shift.start_hour)
        while start + timedelta(hours=shift.hours) <= starts_at:
            start += timedelta(days=1)
        windows[shift.no] = (max(start, starts_at), start + timedelta(hours=shift.hours))
    return windows


def sentence(tier: str, minutes: float, mode: str, margin_s: int, *, is_estimated: bool) -> str:
    """Why this member stands here, in one sentence for the dispatcher."""
    way = "步行" if mode == "walk" else "乘车"
    about = "估计" if is_estimated else "约"
    parts = [TIERS[tier] + "成员" if tier != "pledged" else "包保单位成员"]
    parts.append("就在本小区" if minutes < 0.5 else f"{way}{about} {minutes:.0f} 分钟")
    if margin_s > 0:
        parts.append(f"改派他处总代价多 {max(margin_s / 60, 0.1):.1f} 分钟")
    return "，".join(parts)


def shortfall_sentence(why: str, skills: int, minutes: int) -> str:
    """Why places of a post stay empty, and what would help."""
    wanted = "、".join(zh for i, zh in enumerate(SKILLS.values()) if skills >> i & 1)
    if why == "nobody_eligible":
        talent = f"会{wanted}、" if wanted else ""
        return f"{minutes} 分钟路程内没有{talent}该班次有空的在册成员；可放宽路程或补充人员"
    return "合适的成员都被派往更急需的岗位；可补充人员或降低其他岗位标准"
