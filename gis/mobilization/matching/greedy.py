"""The baseline of the benchmark: each post in turn takes the nearest members left."""

import numpy as np

from gis.mobilization.matching.market import FAR, Market, market
from gis.mobilization.matching.problem import Demand, Pledges, Pool, Rules, Travel


def greedy(
    pool: Pool, demand: Demand, travel: Travel, pledges: Pledges, rules: Rules
) -> tuple[int, int]:
    """(objective, empty places) of filling posts by priority, then by row, each with the cheapest
    members left.

    The least flexible kind of post of a place comes first, or the rare skills would be spent on
    guard duty.
    """
    boiled = market(pool, demand, travel, pledges, rules)
    left = boiled.hub_count.copy()
    left_class = boiled.class_count.copy()
    free = left - np.bincount(boiled.class_hub, left_class, len(left)).astype(np.int64)
    owner = np.repeat(np.arange(len(boiled.class_hub)), np.diff(boiled.pledge_first))
    place = np.repeat(np.arange(len(boiled.place)), np.diff(boiled.first))
    scarce = boiled.fits[boiled.hub_ability].T @ boiled.hub_count if len(left) else boiled.kind
    rank = np.lexsort((boiled.post, scarce[boiled.kind], -demand.priority[boiled.post]))
    total = empty = 0
    for post in rank:
        taken, cost = _take(boiled, post, place[post], free, left_class, owner)
        total += cost + (boiled.need[post] - taken) * boiled.penalty[post]
        empty += boiled.need[post] - taken
    return int(total), int(empty)


def _take(boiled: Market, post, spot, free, left_class, owner) -> tuple[int, int]:
    """Take the cheapest heads left for one post; (how many, at what cost)."""
    fit = boiled.fits[boiled.hub_ability, boiled.kind[post]]
    hub_cost = np.where(fit, boiled.cost[boiled.hub_home, spot], FAR)
    sworn = np.flatnonzero(boiled.pledge_place == spot)
    class_cost = hub_cost[boiled.class_hub]
    pledge_fit = fit[boiled.class_hub[owner[sworn]]]
    sworn = sworn[pledge_fit]
    class_cost[owner[sworn]] = np.minimum(class_cost[owner[sworn]], boiled.pledge_cost[sworn])
    offers = np.concatenate(
        [np.where(free > 0, hub_cost, FAR), np.where(left_class > 0, class_cost, FAR)]
    )
    taken = cost = 0
    need = int(boiled.need[post])
    near = (
        np.argpartition(offers, min(need, len(offers) - 1))[:need]
        if need < len(offers)
        else np.arange(len(offers))
    )
    for row in near[np.lexsort((near, offers[near]))]:
        if offers[row] >= FAR or taken == need:
            break
        store, at = (free, row) if row < len(free) else (left_class, row - len(free))
        many = min(need - taken, int(store[at]))
        store[at] -= many
        taken, cost = taken + many, cost + many * int(offers[row])
    return taken, cost
