"""A good place to begin: prices from a sample of the members, and a flow that follows them.

Neither decides anything: the certificate is over all pairs, whatever the beginning was. They save time. From nothing a
flood at 90 % load takes 1,050,000 pivots, from here a fourth of them.
"""

from dataclasses import replace

import numpy as np

from gis.mobilization.matching.jit import compiled
from gis.mobilization.matching.market import FAR, Market
from gis.mobilization.matching.network import Network
from gis.mobilization.matching.pricing import worths
from gis.mobilization.matching.problem import NOBODY
from gis.mobilization.matching.tree import LOWER, TREE


def sample(market: Market, step: int) -> Market:
    """The same market with every `step`-th member standing for `step`, without pledges.

    Members are counted through by ability and home, so every ability keeps its share. Penalties come down to three
    journeys: a sample's chance shortages must not drive prices to the sky.
    """
    order = np.lexsort((market.hub_home, market.hub_ability))
    upto = np.cumsum(market.hub_count[order]) + step // 2
    picks = upto // step - (upto - market.hub_count[order]) // step
    hub = np.sort(order[picks > 0])
    count = np.zeros(len(order), np.int64)
    count[order] = picks * step
    within = market.cost[market.cost < FAR]
    dearest = 3 * int(within.max()) if within.size else 0
    none = np.empty(0, np.int64)
    return replace(
        market,
        penalty=np.minimum(market.penalty, dearest),
        hub_home=market.hub_home[hub],
        hub_ability=market.hub_ability[hub],
        hub_count=count[hub],
        class_hub=none,
        class_count=none,
        pledge_first=np.zeros(1, np.int64),
        pledge_place=none,
        pledge_cost=none,
    )


@compiled
def _seat(
    turn, start, spot, gain, place_count, first, fits, kind, price, left, heads, chosen, seat
):
    """Hubs in turn take, whole, the first of their pairs where a post has room for them.

    An arrival sends all it gets to one post: so the arcs in use form a forest.
    """
    for hub in turn:
        for pair in range(start[hub], start[hub + 1]):
            if gain[pair] <= 0:
                break
            ability, place = spot[pair] // place_count, spot[pair] % place_count
            post = chosen[spot[pair]]
            if post < 0:
                for option in range(first[place], first[place + 1]):
                    fit = fits[ability, kind[option]] and left[option] >= heads[hub]
                    if fit and (post < 0 or price[option] > price[post]):
                        post = option
            if post >= 0 and left[post] >= heads[hub]:
                left[post] -= heads[hub]
                chosen[spot[pair]] = post
                seat[hub] = pair
                break


def follow(network: Network, price: np.ndarray) -> None:
    """Set the network's basis to a flow in which hubs stand where the prices send them, as far as there is room.

    Reads the first pairs opened: by hub, best first. Hubs with most to lose choose first.
    """
    market = network.market
    arc, hub, spot = network.pairs[0]
    hubs, posts = len(market.hub_home), len(market.post)
    start = np.searchsorted(hub, np.arange(hubs + 1))
    ability, place = np.divmod(spot, len(market.place))
    gain = worths(market, price)[ability, place] - market.cost[market.hub_home[hub], place]
    turn = np.argsort(-_regret(gain, start), kind="stable")
    left = market.need.copy()
    chosen, seat = np.full(len(network.arrival_node), NOBODY), np.full(hubs, NOBODY)
    _seat(
        turn, start, spot, gain, len(market.place), market.first, market.fits, market.kind, price,
        left, market.hub_count, chosen, seat,
    )  # fmt: skip
    seated = np.flatnonzero(seat >= 0)
    idle = posts + np.arange(hubs)
    network.state[arc[seat[seated]]] = TREE
    network.state[idle[seated]] = LOWER
    exits = np.concatenate(network.exits, axis=1)
    exits = exits[:, chosen[exits[1]] >= 0]
    network.state[exits[0]] = np.where(exits[2] == chosen[exits[1]], TREE, LOWER)
    full = np.flatnonzero(left == 0)
    network.state[full] = (
        LOWER  # a full post hangs below one of those who fill it, and that hub from rest
    )
    at, feeder = np.unique(chosen[spot[seat[seated]]], return_index=True)
    network.state[idle[seated[feeder[left[at] == 0]]]] = TREE


def _regret(gain: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Per hub, its best gain less its second best."""
    padded = np.append(gain, [0, 0])
    best, second = padded[start[:-1]], padded[np.minimum(start[:-1] + 1, len(gain))]
    many = np.diff(start)
    return np.where(many > 1, best - second, np.where(many == 1, best, 0))
