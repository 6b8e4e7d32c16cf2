"""Head counts at the least cost, proved over every pair.

Solve on the pairs that look best, price all pairs of home and place, open those that would gain, go
on from the last basis; until the bound the prices prove equals the cost. Nearest neighbours alone
are unsafe: in a flood they leave posts empty that could be filled.
"""

from dataclasses import dataclass

import numpy as np

from gis.mobilization.matching.market import FAR, Market
from gis.mobilization.matching.network import REST, Network
from gis.mobilization.matching.pricing import (
    best_gains,
    best_pairs,
    dual_bound,
    pledge_gains,
    worths,
)
from gis.mobilization.matching.simplex import Flow
from gis.mobilization.matching.start import sample

PER_ROUND = 4  # pairs opened per hub and round
PRICED = 6  # pairs opened per hub at first, where there are prices to go by
NEAREST = 2  # and, to be safe from bad prices, so many of the nearest
STEPS = (64, 16)  # samples of the members, coarse to fine, each begun with the prices of the last
SMALL = 4000  # hubs below which a sample saves nothing
CROWDED = 0.01  # share of empty places after the first round that calls for a sample
SAMPLE_PAIRS = 50_000  # what the coarsest sample may open at once: nearly all its pairs
ROUGH = 0.01  # a sample's prices are good enough at this gap


@dataclass(frozen=True)
class Converged:
    """The flow reached, the prices of the market's posts, what they prove, and what it took."""

    network: Network
    flow: Flow
    price: np.ndarray
    bound: int
    rounds: int
    pivots: int

    @property
    def gap(self) -> int:
        """How far the flow may be from the least cost."""
        return self.flow.objective - self.bound

    def stats(self) -> dict[str, int]:
        """Sizes and counts for a report."""
        network = self.network
        return {
            "rounds": self.rounds,
            "pivots": self.pivots,
            "arcs": len(network.tail),
            "nodes": len(network.supply),
            "hubs": len(network.market.hub_home),
            "classes": len(network.market.class_hub),
        }


def converge(market: Market, neighbours: int, most_rounds: int) -> Converged:
    """The optimum of a market; short of it, with an honest bound, when `most_rounds` runs out.

    Where need is spread like the members, the nearest places are a good beginning; where it is not
    (a flood), most of them are taken by others, posts stay empty in the first round, and prices
    from a sample are worth their time.
    """
    network = nearest(market, neighbours)
    if len(market.hub_home) < SMALL:
        return _rounds(network, 0, most_rounds)
    first = _rounds(network, 0, 1)
    if first.flow.flow[: len(market.post)].sum() > CROWDED * market.need.sum():
        network = promising(market, sampled_price(market, neighbours, most_rounds))
    elif first.gap and most_rounds > 1:
        _open_gaining(network, first.flow, first.price)
    else:
        return first
    return _rounds(network, 0, max(1, most_rounds - 1), first)


def sampled_price(market: Market, neighbours: int, most_rounds: int) -> np.ndarray:
    """Prices of the posts from samples of the members, coarse to fine."""
    coarse = sample(market, STEPS[0])
    many = max(neighbours, SAMPLE_PAIRS // max(1, len(coarse.hub_home)))
    price = _rounds(nearest(coarse, many), ROUGH, most_rounds).price
    for step in STEPS[1:]:
        price = _rounds(promising(sample(market, step), price), ROUGH, most_rounds).price
    return price


def nearest(market: Market, many: int) -> Network:
    """A network that knows of each hub's `many` nearest places with something to do."""
    network = Network(market)
    price = np.zeros(len(market.post), np.int64)
    network.open_pairs(*_any_pairs(market, price, many), price)
    return network


def promising(market: Market, price: np.ndarray) -> Network:
    """A network of the places and pledges that look best at these prices, and a few nearest."""
    network = Network(market)
    hub, place = _any_pairs(market, price, PRICED)
    near = _any_pairs(market, np.zeros_like(price), NEAREST)
    size = len(market.place)
    pairs = np.unique(np.concatenate([hub * size + place, near[0] * size + near[1]]))
    network.open_pairs(pairs // size, pairs % size, price)
    worth = worths(market, price)
    owner, offer = pledge_gains(market, worth)
    row = np.flatnonzero(offer > best_gains(market, worth)[market.class_hub[owner]])
    network.open_pledges(row, owner[row], price)
    return network


def _any_pairs(market: Market, price: np.ndarray, many: int) -> tuple[np.ndarray, np.ndarray]:
    """The `many` best places of each hub, gain or loss."""
    floor = np.full(len(market.hub_home), -FAR // 2)
    hub, place = best_pairs(market, worths(market, price), floor, min(many, len(market.place)))
    return hub.astype(np.int64), place.astype(np.int64)


def _rounds(
    network: Network, rough: float, most_rounds: int, before: Converged | None = None
) -> Converged:
    """Solve and open what would gain, until the gap is at most `rough` of the cost.

    Counts go on from `before`.
    """
    rounds, pivots = (before.rounds, before.pivots) if before else (0, 0)
    last = rounds + most_rounds
    while True:
        flow = network.solve()
        rounds, pivots = rounds + 1, pivots + flow.iterations
        duals = flow.duals[network.post_node] - flow.duals[REST]
        bound, price = dual_bound(network.market, duals)
        end = Converged(network, flow, price, bound, rounds, pivots)
        if end.gap <= rough * abs(flow.objective) or rounds >= last:
            return end
        _open_gaining(network, flow, price)


def _open_gaining(network: Network, flow: Flow, price: np.ndarray) -> None:
    """Open the pairs and pledges by which members would gain more than they do now."""
    market = network.market
    worth = worths(market, price)
    gain = np.maximum(0, flow.duals[network.hub_node] - flow.duals[REST])
    hub, place = best_pairs(market, worth, gain, PER_ROUND)
    owner, offer = pledge_gains(market, worth)
    now = gain[market.class_hub]
    known = network.class_node >= 0
    now[known] = np.maximum(0, flow.duals[network.class_node[known]] - flow.duals[REST])
    sworn = np.flatnonzero(offer > now[owner])
    network.open_pairs(hub, place, price)
    network.open_pledges(sworn, owner[sworn], price)
