"""The flow network of a market, growing column by column.

    class ──> hub ──> arrival (ability, place) ──> post <── rest
      └────────────────^  (pledge)      hub ──> rest

Members enter at their hub, or at their class once a pledge of theirs is open. `rest` takes in those
who stay at home, and stands in for them at posts nobody fills, at the post's penalty: so there is
always a flow, and a tree to begin with. An arrival with a single post is that post. Pairs, pledges
and arrivals exist only once they are opened; whatever is opened joins the tree or begins empty, so
the last basis stays good.
"""

import numpy as np

from gis.mobilization.matching.market import Market
from gis.mobilization.matching.problem import NOBODY
from gis.mobilization.matching.simplex import Basis, Flow, solve_min_cost_flow
from gis.mobilization.matching.tree import LOWER, TREE, UNLIMITED

REST = 0


class Network:
    """Nodes: rest, then posts, then hubs, then arrivals and classes as they come.

    `pairs`, `sworn` and `exits` say what arcs stand for, in blocks with these rows: pairs (arc,
    hub, arrival), sworn (arc, pledge row of the market, class, arrival), exits (arc, arrival,
    post). An arrival's number is ability x places + place.
    """

    def __init__(self, market: Market) -> None:
        self.market = market
        posts, hubs = len(market.post), len(market.hub_home)
        self.post_node = 1 + np.arange(posts)
        self.hub_node = 1 + posts + np.arange(hubs)
        self.supply = np.concatenate(
            [[market.need.sum() - market.hub_count.sum()], -market.need, market.hub_count]
        )
        self.tail, self.head, self.cost = (np.empty(0, np.int64) for _ in range(3))
        self.state = np.empty(0, np.int8)
        self.rooted = np.array([True])
        self.arrival_node = np.full(market.fits.shape[0] * len(market.place), NOBODY)
        self.class_node = np.full(len(market.class_hub), NOBODY)
        self.pairs: list[np.ndarray] = []
        self.sworn: list[np.ndarray] = []
        self.exits: list[np.ndarray] = []
        self._add(np.full(posts, REST), self.post_node, market.penalty, TREE)
        self._add(self.hub_node, np.full(hubs, REST), 0, TREE)

    def _add(self, tail, head, cost, state) -> np.ndarray:
        """New arcs; answers their numbers."""
        start, many = len(self.tail), len(tail)
        self.tail = np.concatenate([self.tail, tail])
        self.head = np.concatenate([self.head, head])
        self.cost = np.concatenate([self.cost, np.broadcast_to(cost, many)])
        self.state = np.concatenate([self.state, np.broadcast_to(np.asarray(state, np.int8), many)])
        return np.arange(start, start + many)

    def _nodes(self, supply: np.ndarray) -> np.ndarray:
        """New nodes; answers their numbers."""
        start = len(self.supply)
        self.supply = np.concatenate([self.supply, supply])
        return np.arange(start, start + len(supply))

    def solve(self) -> Flow:
        """The cheapest flow over what is open, going on from the last one."""
        capacity = np.full(len(self.tail), UNLIMITED)
        basis = Basis(self.state, self.rooted)
        flow = solve_min_cost_flow(
            self.tail, self.head, capacity, self.cost, self.supply, basis=basis
        )
        self.state, self.rooted = flow.basis.state, flow.basis.rooted
        return flow

    def open_pairs(self, hub: np.ndarray, place: np.ndarray, price: np.ndarray) -> None:
        """Let these hubs send members to these places. Pairs already open must not come again."""
        ability, home = self.market.hub_ability[hub], self.market.hub_home[hub]
        spot = ability * len(self.market.place) + place
        self._open_arrivals(spot, price)
        arcs = self._add(
            self.hub_node[hub], self.arrival_node[spot], self.market.cost[home, place], LOWER
        )
        self.pairs.append(np.stack([arcs, hub, spot]))

    def open_pledges(self, row: np.ndarray, owner: np.ndarray, price: np.ndarray) -> None:
        """Let these classes send members to these pledged places (rows of the market's pledges)."""
        place = self.market.pledge_place[row]
        spot = (
            self.market.hub_ability[self.market.class_hub[owner]] * len(self.market.place) + place
        )
        self._open_arrivals(spot, price)
        self._open_classes(np.unique(owner))
        arcs = self._add(
            self.class_node[owner], self.arrival_node[spot], self.market.pledge_cost[row], LOWER
        )
        self.sworn.append(np.stack([arcs, row, owner, spot]))

    def _open_classes(self, group: np.ndarray) -> None:
        """Take these classes out of their hub's supply and lead them in by an arc of their own."""
        group = group[self.class_node[group] == NOBODY]
        heads, hub = self.market.class_count[group], self.hub_node[self.market.class_hub[group]]
        np.subtract.at(self.supply, hub, heads)
        self.class_node[group] = self._nodes(heads)
        self._add(self.class_node[group], hub, 0, TREE)

    def _open_arrivals(self, spot: np.ndarray, price: np.ndarray) -> None:
        """Give every (ability, place) among these a node and its arcs to the posts there."""
        market = self.market
        spot = np.unique(spot)
        spot = spot[self.arrival_node[spot] == NOBODY]
        ability, place = np.divmod(spot, len(market.place))
        many = np.diff(market.first)[place]
        owner = np.repeat(np.arange(len(spot)), many)
        post = (
            np.arange(many.sum())
            - np.repeat(np.cumsum(many) - many, many)
            + np.repeat(market.first[place], many)
        )
        fit = market.fits[ability[owner], market.kind[post]]
        owner, post = owner[fit], post[fit]
        single = np.bincount(owner, minlength=len(spot)) == 1
        alone = single[owner]
        self.arrival_node[spot[owner[alone]]] = self.post_node[post[alone]]
        self.arrival_node[spot[~single]] = self._nodes(np.zeros((~single).sum(), np.int64))
        owner, post = owner[~alone], post[~alone]
        by_price = np.lexsort((post, -price[post], owner))
        owner, post = owner[by_price], post[by_price]
        dearest = np.append(True, owner[1:] != owner[:-1])[: len(owner)]
        arcs = self._add(
            self.arrival_node[spot[owner]], self.post_node[post], 0, np.where(dearest, TREE, LOWER)
        )
        self.exits.append(np.stack([arcs, spot[owner], post]))
