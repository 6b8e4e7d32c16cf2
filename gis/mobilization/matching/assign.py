"""The matching: members to posts at the least cost, certified over every pair.

`market` boils the question down, `converge` finds head counts and prices, `deal` names people; here
they meet.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gis.mobilization.matching.converge import converge
from gis.mobilization.matching.deal import deal
from gis.mobilization.matching.market import Market, market
from gis.mobilization.matching.problem import Demand, Pledges, Pool, Rules, Tier, Travel
from gis.mobilization.matching.reasons import Reason, Shortfall, next_best, shortfalls


@dataclass(frozen=True)
class Matching:
    """Who goes where. Columns are in step, one row per assigned member, by member.

    `member` and `post` are rows of Pool and Demand; `tier`, `seconds` of travel and `cost` say what
    it takes. `unfilled` counts the empty places of every Demand row, `shortfalls` explains them.
    `price` (per Demand row) is the worth of one more person there. `objective` is the cost of these
    people and empty places, `bound` what no matching can beat, proved from `price` over all pairs;
    `gap` 0 means optimal. `stats`: sizes and counts for a report.
    """

    member: np.ndarray
    post: np.ndarray
    tier: np.ndarray
    seconds: np.ndarray
    cost: np.ndarray
    unfilled: np.ndarray
    shortfalls: tuple[Shortfall, ...]
    price: np.ndarray
    objective: int
    bound: int
    rounds: int
    stats: dict[str, int]
    market: Market = field(repr=False)

    @property
    def gap(self) -> int:
        """How far the cost may be from the least, in cost units; 0 when certified."""
        return self.objective - self.bound

    @cached_property
    def _next_best(self) -> tuple[np.ndarray, np.ndarray]:
        row = np.full(len(self.unfilled), -1)
        row[self.market.post] = np.arange(len(self.market.post))
        margin, other = next_best(
            self.market, self.price[self.market.post], self.member, row[self.post], self.cost
        )
        return margin, np.where(other < 0, -1, self.market.post[other])

    def reason_parts(self, row: int) -> Reason:
        """Why this row's member stands there. The first call works out all rows (some 50 ms)."""
        margin, other = self._next_best
        return Reason(
            Tier(int(self.tier[row])),
            float(self.seconds[row]) / 60,
            int(self.price[self.post[row]]),
            int(margin[row]),
            int(other[row]),
        )


def match(
    pool: Pool,
    demand: Demand,
    travel: Travel,
    pledges: Pledges,
    rules: Rules,
    *,
    most_rounds: int = 200,
) -> Matching:
    """The cheapest matching with as many places filled as can be, by priority.

    Stopped early by `most_rounds` it is still a valid matching, with an honest gap above 0. Raises
    ProblemError.
    """
    boiled = market(pool, demand, travel, pledges, rules)
    end = converge(boiled, rules.neighbours, most_rounds)
    given = deal(end.network, end.flow.flow, pool.hours)
    member = np.flatnonzero(given >= 0)
    post = boiled.post[given[member]]
    tier, seconds, cost = price_out(pool, demand, travel, pledges, rules, member, post)
    missing = boiled.need - np.bincount(given[member], minlength=len(boiled.need))
    unfilled, prices = np.zeros(len(demand), np.int64), np.zeros(len(demand), np.int64)
    unfilled[boiled.post], prices[boiled.post] = missing, end.price
    objective = int(cost.sum()) + int(missing @ boiled.penalty)
    return Matching(
        member, post, tier, seconds, cost, unfilled, shortfalls(boiled, missing), prices,
        objective, end.bound, end.rounds, end.stats(), boiled,
    )  # fmt: skip


def price_out(
    pool: Pool, demand: Demand, travel: Travel, pledges: Pledges, rules: Rules, member, post
):
    """(tier, seconds, cost) of sending these members to these posts."""
    home, compound = pool.home[member], demand.compound[post]
    seconds = travel.seconds[home, travel.to(compound)].astype(np.int64)
    size = len(travel.community)
    sworn = np.isin(pool.unit[member] * size + compound, pledges.unit * size + pledges.compound)
    same = travel.community[home] == travel.community[compound]
    tier = np.select(
        [home == compound, sworn & (pool.unit[member] >= 0), same],
        [Tier.OWN, Tier.PLEDGED, Tier.COMMUNITY],
        Tier.NEAR,
    )
    surcharge = np.array([rules.own, rules.pledged, rules.community, rules.near])
    return tier, seconds, surcharge[tier] + seconds
