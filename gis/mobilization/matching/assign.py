"""The matching: members to posts at the least cost, certified over every pair.

Solve on the pairs that look best, price all pairs of home and place, open those that would gain, go on from the last
basis; until the bound the prices prove equals the cost. Nearest neighbours alone are unsafe: in a flood they leave
posts empty that could be filled.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gis.mobilization.matching.deal import deal
from gis.mobilization.matching.market import FAR, Market, market
from gis.mobilization.matching.network import REST, Network
from gis.mobilization.matching.pricing import best_pairs, dual_bound, pledge_gains, worths
from gis.mobilization.matching.problem import Demand, Pledges, Pool, Rules, Tier, Travel
from gis.mobilization.matching.reasons import Reason, Shortfall, next_best, shortfalls
from gis.mobilization.matching.simplex import Flow

MOST_ROUNDS = 200
PER_ROUND = 4  # pairs opened per hub and round


@dataclass(frozen=True)
class Matching:
    """Who goes where. Columns are in step, one row per assigned member, by member.

    `member` and `post` are rows of Pool and Demand; `tier`, `seconds` of travel and `cost` say what it takes. `unfilled` counts
    the empty places of every Demand row, `shortfalls` explains them. `price` (per Demand row) is the worth of one
    more person there. `objective` is the cost of these people and empty places, `bound` what no matching can
    beat, proved from `price` over all pairs; `gap` 0 means optimal. `stats`: sizes and counts for a report.
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
        """Why the member of this row stands where they stand. The first call works out all rows (some 50 ms)."""
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
    most_rounds: int = MOST_ROUNDS,
) -> Matching:
    """The cheapest matching with as many places filled as can be, by priority.

    Stopped early by `most_rounds` it is still a valid matching, with an honest gap above 0. Raises ProblemError.
    """
    boiled = market(pool, demand, travel, pledges, rules)
    network, flow, price, bound, stats = _converge(boiled, rules, most_rounds)
    given = deal(network, flow.flow, pool.hours)
    member = np.flatnonzero(given >= 0)
    post = boiled.post[given[member]]
    tier, seconds, cost = price_out(pool, demand, travel, pledges, rules, member, post)
    missing = boiled.need - np.bincount(given[member], minlength=len(boiled.need))
    unfilled, prices = np.zeros(len(demand), np.int64), np.zeros(len(demand), np.int64)
    unfilled[boiled.post], prices[boiled.post] = missing, price
    objective = int(cost.sum()) + int(missing @ boiled.penalty)
    return Matching(
        member, post, tier, seconds, cost, unfilled, shortfalls(boiled, missing), prices,
        objective, bound, stats["rounds"], stats, boiled,
    )  # fmt: skip


def _converge(
    boiled: Market, rules: Rules, most_rounds: int
) -> tuple[Network, Flow, np.ndarray, int, dict[str, int]]:
    """Solve, price all pairs, open what would gain, until the bound is met."""
    network = Network(boiled)
    price = np.zeros(len(boiled.post), np.int64)
    anyone = np.full(len(boiled.hub_home), -FAR // 2)
    network.open_pairs(*best_pairs(boiled, worths(boiled, price), anyone, rules.neighbours), price)
    pivots = rounds = 0
    while True:
        flow = network.solve()
        rounds, pivots = rounds + 1, pivots + flow.iterations
        bound, price = dual_bound(boiled, flow.duals[network.post_node] - flow.duals[REST])
        if bound == flow.objective or rounds >= most_rounds:
            break
        _open_gaining(network, flow, price)
    stats = {
        "rounds": rounds,
        "pivots": pivots,
        "arcs": len(network.tail),
        "nodes": len(network.supply),
        "hubs": len(boiled.hub_home),
        "classes": len(boiled.class_hub),
    }
    return network, flow, price, bound, stats


def _open_gaining(network: Network, flow: Flow, price: np.ndarray) -> None:
    """Open the pairs and pledges by which members would gain more than they do now."""
    boiled = network.market
    worth = worths(boiled, price)
    gain = np.maximum(0, flow.duals[network.hub_node] - flow.duals[REST])
    pairs = best_pairs(boiled, worth, gain, PER_ROUND)
    owner, offer = pledge_gains(boiled, worth)
    now = gain[boiled.class_hub]
    open_ = network.class_node >= 0
    now[open_] = np.maximum(0, flow.duals[network.class_node[open_]] - flow.duals[REST])
    sworn = np.flatnonzero(offer > now[owner])
    network.open_pairs(*pairs, price)
    network.open_pledges(sworn, owner[sworn], price)


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
