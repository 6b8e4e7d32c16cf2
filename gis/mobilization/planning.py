"""From a shape and a plan to posts and people: the proposal a dispatcher reviews.

Reads only. The same proposal is made again inside the activating transaction, so that what is
written follows from what is there at that moment, not from a page that has been open for an hour.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from psycopg.types.range import TimestamptzRange
from shapely import MultiPolygon
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.base.access import actor_of, check
from gis.base.errors import BadGeometry, BadInput
from gis.geo.travel import Mode, travel_seconds
from gis.mobilization import matching, plans
from gis.mobilization.queries import Affected, affected, sql
from gis.mobilization.rules import lay_out_posts, sentence, shift_windows, shortfall_sentence
from gis.mobilization.tables import Plan
from gis.people.tables import SHIFTS
from gis.territory import queries as territory

# Surcharges of the tiers, seconds of travel that a closer tie is worth (an assumption of ours).
OWN, PLEDGED, COMMUNITY, NEAR = 0, 300, 600, 900
# A pledge reaches further than nearness, but nobody is sent on a day's march for it.
PLEDGE_REACH = 2
SAMPLE = 20


@dataclass(frozen=True)
class Proposal:
    """Posts and people for a shape under a plan, with the proof that nobody could do better.

    ``posts``: compound_id, kind, name, shift_no, needed, skills, priority, unfilled, why.
    ``people``: member_id, post (row of ``posts``), tier, travel_s, margin_s.
    ``objective``, ``bound``: cost in seconds; equal when certified.
    """

    plan: Plan
    affected: Affected
    posts: pd.DataFrame
    people: pd.DataFrame
    windows: dict[int, tuple[datetime, datetime]]
    objective: int
    bound: int
    pool: int
    is_estimated: bool
    seconds: dict[str, float]

    @property
    def needed(self) -> int:
        """People that the posts ask for, over all shifts."""
        return int(self.posts["needed"].sum())

    @property
    def unfilled(self) -> int:
        """Places that nobody could be found for."""
        return int(self.posts["unfilled"].sum())

    @cached_property
    def reasons(self) -> list[str]:
        """Why each member of ``people`` stands there, in step with its rows."""
        columns = (self.people[c].tolist() for c in ("tier", "travel_s", "margin_s"))
        return [
            sentence(tier, travel_s / 60, self.plan.travel_mode, margin_s,
                     is_estimated=self.is_estimated)
            for tier, travel_s, margin_s in zip(*columns, strict=True)
        ]  # fmt: skip

    def shortfalls(self) -> list[dict[str, Any]]:
        """The posts with empty places, most urgent and emptiest first, with the reason."""
        empty = self.posts[self.posts["unfilled"] > 0].sort_values(
            ["priority", "unfilled"], ascending=False
        )
        names = self.affected.compounds.set_index("compound_id")["name"]
        return [
            {
                "compound_id": int(row.compound_id), "compound": names[row.compound_id],
                "kind": row.kind, "post": row.name_, "shift_no": int(row.shift_no),
                "missing": int(row.unfilled), "why": row.why,
                "reason": shortfall_sentence(
                    row.why, int(row.skills), self.plan.max_travel_min
                ),
            }
            for row in empty.rename(columns={"name": "name_"}).itertuples(index=False)
        ]  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """The proposal as the API and ``mobilize --json`` answer it."""
        by_kind = self.posts.groupby(["kind", "name"], sort=True)[["needed", "unfilled"]].sum()
        return {
            "plan": self.plan.plan_id,
            "plan_name": self.plan.name,
            **{k: v for k, v in self.affected.as_dict().items() if k != "compounds"},
            "posts": len(self.posts),
            "needed": self.needed,
            "assigned": len(self.people),
            "unfilled": self.unfilled,
            "pool": self.pool,
            "objective": self.objective,
            "bound": self.bound,
            "gap": self.objective - self.bound,
            "travel_is_estimated": self.is_estimated,
            "seconds": {k: round(v, 3) for k, v in self.seconds.items()},
            "tiers": self.people["tier"].value_counts().sort_index().to_dict(),
            "by_kind": [
                {"kind": kind, "post": name, "needed": int(n), "unfilled": int(u)}
                for (kind, name), (n, u) in zip(by_kind.index, by_kind.to_numpy(), strict=True)
            ],
            "shifts": [
                {"shift_no": no, "starts_at": a.isoformat(), "ends_at": b.isoformat()}
                for no, (a, b) in sorted(self.windows.items())
            ],
            "shortfalls": self.shortfalls()[:200],
            "assignments_sample": [self._sample(i) for i in range(min(SAMPLE, len(self.people)))],
        }

    def _sample(self, row: int) -> dict[str, Any]:
        person = self.people.iloc[row]
        post = self.posts.iloc[int(person["post"])]
        names = self.affected.compounds.set_index("compound_id")["name"]
        return {
            "member_id": int(person["member_id"]),
            "compound": names[post["compound_id"]],
            "post": post["name"],
            "shift_no": int(post["shift_no"]),
            "tier": person["tier"],
            "minutes": round(int(person["travel_s"]) / 60, 1),
            "reason": self.reasons[row],
        }


def propose(
    session: Session, shape: MultiPolygon, plan_id: str, starts_at: datetime,
    zone: tzinfo | None = None,
) -> Proposal:  # fmt: skip
    """The least-cost proposal for this shape (WGS 84) under this plan.

    Raises Forbidden, NotFound (plan), BadGeometry when no compound is touched.
    """
    check(actor_of(session), "mobilization.plan")
    started = time.perf_counter()
    plan, rates, shifts = plans.plan(session, plan_id)
    touched = affected(session, shape)
    if not len(touched.compounds):
        raise BadGeometry(
            "这个范围没有碰到任何小区，请检查位置或放大范围。",
            "This area touches no compound; check its place or draw it larger.",
            reason="no_compound",
        )
    windows = shift_windows(shifts, starts_at, zone or ZoneInfo("Asia/Shanghai"))
    posts = lay_out_posts(touched.compounds, rates)
    if posts.empty:
        raise BadInput("预案在这个范围没有排出岗位。", "The plan lays out no post in this area.")
    pool, places = _read_pool(session, plan, touched, windows)
    read = time.perf_counter()
    times = _travel(session, touched, places, plan)
    demand = _demand(posts, places)
    pledges = _pledges(session, places)
    travel = matching.Travel(times.seconds, places["community"].to_numpy(),
                             _columns(places, touched))  # fmt: skip
    planned = time.perf_counter()
    rules = matching.Rules(OWN, PLEDGED, COMMUNITY, NEAR, max_seconds=60 * plan.max_travel_min)
    found = matching.match(_pool(pool), demand, travel, pledges, rules)
    people = _people(found, pool)
    posts = posts.assign(unfilled=found.unfilled, why=_whys(found, len(posts)))
    solved = time.perf_counter()
    return Proposal(
        plan, touched, posts, people, windows, int(found.objective), int(found.bound), len(pool),
        times.is_estimated,
        {"read": read - started, "plan": planned - read, "solve": solved - planned},
    )  # fmt: skip


def _read_pool(
    session: Session, plan: Plan, touched: Affected, windows: dict[int, Any]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(members free in the windows, places): members carry ``home``, a row of places.

    Places: every home of a member and every touched compound: territory_id, community, lon, lat.
    """
    first = min(start for start, _ in windows.values())
    last = max(end for _, end in windows.values())
    rows = session.execute(
        text(sql("pool")),
        {
            "during": TimestamptzRange(first, last),
            "skip": [] if plan.calls_residents else touched.compounds["compound_id"].tolist(),
        },
    ).all()
    pool = pd.DataFrame(rows, columns=["member_id", "home_id", "unit", "skills", "hours"])
    wanted = np.union1d(pool["home_id"].unique(), touched.compounds["compound_id"])
    known = session.execute(text(sql("places")), {"ids": wanted.astype(int).tolist()}).all()
    places = pd.DataFrame(known, columns=["territory_id", "community", "lon", "lat"])
    places["community"] = pd.factorize(places["community"])[0]
    row_of = pd.Series(places.index.to_numpy(), index=places["territory_id"])
    pool = pool[pool["home_id"].isin(row_of.index)].reset_index(drop=True)
    pool["home"] = row_of.loc[pool["home_id"]].to_numpy()
    return pool, places


def _travel(session: Session, touched: Affected, places: pd.DataFrame, plan: Plan) -> Any:
    city = territory.city_of(session, int(touched.compounds["compound_id"].iloc[0]))
    graph = territory.road_graph(session, city)
    ends = places.iloc[_columns(places, touched)]
    return travel_seconds(
        graph, places[["lon", "lat"]].to_numpy(float), ends[["lon", "lat"]].to_numpy(float),
        mode=cast(Mode, plan.travel_mode), limit_s=PLEDGE_REACH * 60 * plan.max_travel_min,
    )  # fmt: skip


def _columns(places: pd.DataFrame, touched: Affected) -> np.ndarray:
    return np.flatnonzero(places["territory_id"].isin(touched.compounds["compound_id"]))


def _demand(posts: pd.DataFrame, places: pd.DataFrame) -> matching.Demand:
    row_of = pd.Series(places.index.to_numpy(), index=places["territory_id"])
    return matching.Demand(
        row_of.loc[posts["compound_id"]].to_numpy(),
        *(posts[c].to_numpy(np.int64) for c in ("shift_no", "skills", "needed", "priority")),
    )


def _pool(pool: pd.DataFrame) -> matching.Pool:
    # A shift's number is its bit of the hours offered: day, evening, night.
    home, unit, skills, hours = (
        pool[c].to_numpy(np.int64) for c in ("home", "unit", "skills", "hours")
    )
    return matching.Pool(home, unit, skills, hours, np.zeros(len(pool), np.int64))


def _pledges(session: Session, places: pd.DataFrame) -> matching.Pledges:
    row_of = dict(zip(places["territory_id"], places.index, strict=True))
    rows = session.execute(text("SELECT support_unit_id, compound_id FROM pledge")).all()
    pairs = [(unit, row_of[compound]) for unit, compound in rows if compound in row_of]
    if not pairs:
        return matching.Pledges.none()
    unit, compound = np.asarray(pairs, np.int64).T
    return matching.Pledges(unit, compound)


def _people(found: matching.Matching, pool: pd.DataFrame) -> pd.DataFrame:
    tiers = np.array(["own", "pledged", "community", "near"])
    return pd.DataFrame(
        {
            "member_id": pool["member_id"].to_numpy()[found.member],
            "post": found.post,
            "tier": tiers[found.tier],
            "travel_s": found.seconds,
            "margin_s": [found.reason_parts(i).margin for i in range(len(found.member))],
        }
    )


def _whys(found: matching.Matching, posts: int) -> list[str]:
    whys = [""] * posts
    for shortfall in found.shortfalls:
        whys[shortfall.post] = str(shortfall.why)
    return whys


assert len(SHIFTS) <= 63, "a shift's number is a bit of the hours a member offers"
