"""Every pair of home and compound against the prices of posts: who would gain, and what bound the
prices prove.

A post's price is what one more person there is worth. A member *gains* by a post its price minus
what it costs to send them. At the optimum nobody gains more elsewhere than where they stand, over
all pairs, not only those the solver has seen; the pair that would is the next column. All numbers
int64.
"""

import numpy as np

from gis.mobilization.matching.jit import compiled
from gis.mobilization.matching.market import FAR, Market

NOTHING = -FAR  # the worth of a place without a post one can do


@compiled
def _worths(price, kind, first, fits):
    worth = np.full((fits.shape[0], first.size - 1), NOTHING)
    for ability in range(fits.shape[0]):
        for place in range(first.size - 1):
            for post in range(first[place], first[place + 1]):
                if fits[ability, kind[post]] and price[post] > worth[ability, place]:
                    worth[ability, place] = price[post]
    return worth


@compiled
def _best_gains(worth, cost, hub_home, hub_ability):
    gains = np.zeros(hub_home.size, np.int64)
    for hub in range(hub_home.size):
        values, costs = worth[hub_ability[hub]], cost[hub_home[hub]]
        best = np.int64(0)
        for place in range(costs.size):
            best = max(best, values[place] - costs[place])
        gains[hub] = best
    return gains


@compiled
def _best_pairs(worth, cost, hub_home, hub_ability, floor, many):
    """For each hub up to `many` places whose gain is above its floor, best first, ties by place."""
    hubs = np.empty(hub_home.size * many, np.int32)
    places = np.empty(hub_home.size * many, np.int32)
    best = np.empty(many, np.int64)
    spot = np.empty(many, np.int32)
    total = 0
    for hub in range(hub_home.size):
        values, costs = worth[hub_ability[hub]], cost[hub_home[hub]]
        held, bar = 0, floor[hub]
        for place in range(costs.size):
            gain = values[place] - costs[place]
            if gain <= bar:
                continue
            if held < many:
                held += 1
            slot = held - 1
            while slot > 0 and best[slot - 1] < gain:
                best[slot], spot[slot] = best[slot - 1], spot[slot - 1]
                slot -= 1
            best[slot], spot[slot] = gain, place
            if held == many:
                bar = best[many - 1]
        hubs[total : total + held] = hub
        places[total : total + held] = spot[:held]
        total += held
    return hubs[:total], places[:total]


def worths(market: Market, price: np.ndarray) -> np.ndarray:
    """[ability, place]: the best price of the posts one can do there; NOTHING without one."""
    return _worths(price, market.kind, market.first, market.fits)


def best_gains(market: Market, worth: np.ndarray) -> np.ndarray:
    """Per hub, the most a member gains anywhere (0: rest), without pledges."""
    return _best_gains(worth, market.cost, market.hub_home, market.hub_ability)


def best_pairs(market: Market, worth: np.ndarray, floor: np.ndarray, many: int):
    """(hub, place) pairs with a gain above the hub's floor: the `many` best of each hub. int32."""
    return _best_pairs(worth, market.cost, market.hub_home, market.hub_ability, floor, many)


def pledge_gains(market: Market, worth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per pledge row of the market: (the class it belongs to, what its members gain there)."""
    owner = np.repeat(np.arange(len(market.class_hub)), np.diff(market.pledge_first))
    ability = market.hub_ability[market.class_hub[owner]]
    return owner, worth[ability, market.pledge_place] - market.pledge_cost


def dual_bound(market: Market, price: np.ndarray) -> tuple[int, np.ndarray]:
    """(the least any matching can cost, the price clipped to what a post may pay).

    Weak duality: with 0 <= price <= penalty, no matching costs less than the sum of need x price
    less each member's best gain over ALL pairs. Holds for any prices, converged or not.
    """
    price = np.clip(price, 0, market.penalty)
    worth = worths(market, price)
    gains = best_gains(market, worth)
    owner, pledged = pledge_gains(market, worth)
    best = gains[market.class_hub]
    np.maximum.at(best, owner, pledged)
    extra = best - gains[market.class_hub]
    total = market.need @ price - market.hub_count @ gains - market.class_count @ extra
    return int(total), price
