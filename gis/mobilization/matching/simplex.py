"""Minimum-cost flow by the primal network simplex, exact in integers.

After Ahuja, Magnanti and Orlin, *Network Flows* (1993), chapter 11: strongly feasible trees, block
pricing, artificial arcs at a cost above any path. Everything is int64; sizes at which it could
overflow are refused. Equal input gives equal output, bit by bit.
"""

from dataclasses import dataclass

import numpy as np

from gis.mobilization.matching.pivots import optimize
from gis.mobilization.matching.planting import hang_nodes, lay_walk, settle
from gis.mobilization.matching.tree import LOWER, PARENT, UNLIMITED, UPPER, WIDTH, Arcs, Tree

LARGEST = 1 << 61
BLOCK = 1  # arcs looked at before one is taken, in square roots of their number


class FlowError(ValueError):
    """A flow problem that has no answer, or none in 64 bits."""


class InfeasibleFlow(FlowError):
    """The supplies cannot reach the demands."""

    def __init__(self, node: int, short: int) -> None:
        super().__init__(f"node {node} is left with {short} units that no arc can carry")
        self.node, self.short = node, short


class UnboundedFlow(FlowError):
    """A ring of unlimited arcs has a negative cost."""


@dataclass(frozen=True)
class Basis:
    """Where a solution stood: enough to go on from it, and plain arrays, so it can be stored.

    `state` is int8 per arc (1 empty, 0 in the tree, -1 full), `rooted` marks the nodes that hang
    from the root. A basis fits a problem whose first arcs and nodes are the same; further ones
    begin empty.
    """

    state: np.ndarray
    rooted: np.ndarray


@dataclass(frozen=True)
class Flow:
    """An optimal flow.

    `flow` per arc; `duals` per node, with cost + duals[tail] - duals[head] >= 0 on every arc with
    room, <= 0 on every arc with flow; only differences mean anything. `iterations` counts pivots.
    """

    flow: np.ndarray
    duals: np.ndarray
    objective: int
    basis: Basis
    iterations: int


def solve_min_cost_flow(
    tail: np.ndarray,
    head: np.ndarray,
    capacity: np.ndarray,
    cost: np.ndarray,
    supply: np.ndarray,
    *,
    basis: Basis | None = None,
) -> Flow:
    """The cheapest flow from supplies (positive) to demands (negative), within capacities.

    A capacity of `UNLIMITED` or more means none. From a basis of a similar problem it goes on
    instead of starting anew; supplies, costs and capacities may have changed. Raises
    InfeasibleFlow, UnboundedFlow, and FlowError for supplies that do not add up, a node that does
    not exist, a negative capacity or numbers too large.
    """
    supply = np.array(supply, np.int64)
    big = _check(tail, head, capacity, cost, supply)
    arcs = _arcs(tail, head, capacity, cost, len(supply), basis)
    tree = _plant(arcs, supply, basis, big)
    real, nodes = len(tail), len(supply)
    pivots = optimize(arcs, tree, real, max(20, int(BLOCK * real**0.5))) if real else 0
    if pivots < 0:
        raise UnboundedFlow("a ring of unlimited arcs has a negative cost")
    left = np.flatnonzero(arcs.flow[real:])
    if len(left):
        raise InfeasibleFlow(int(left[0]), int(arcs.flow[real + left[0]]))
    flow = arcs.flow[:real].copy()
    end = Basis(arcs.state[:real].copy(), tree.links[:-1, PARENT] == nodes)
    return Flow(flow, tree.price[:-1].copy(), _total(flow, arcs.cost[:real]), end, int(pivots))


def _check(tail, head, capacity, cost, supply) -> int:
    """Refuse what cannot be solved; answers a cost above that of any path."""
    nodes, arcs = len(supply), len(tail)
    if not len(head) == len(capacity) == len(cost) == arcs:
        raise FlowError("tail, head, capacity and cost differ in length")
    if arcs and not (
        min(np.min(tail), np.min(head)) >= 0 and max(np.max(tail), np.max(head)) < nodes
    ):
        raise FlowError("an arc names a node that does not exist")
    if arcs and np.min(capacity) < 0:
        raise FlowError("a capacity is negative")
    if abs(float(np.abs(supply.astype(float)).sum())) >= UNLIMITED / 4:
        raise FlowError("supplies are too large")
    if int(supply.sum()) != 0:
        raise FlowError(f"supplies add up to {int(supply.sum())}, not to 0")
    dearest = int(np.max(np.abs(np.asarray(cost, np.float64)))) if arcs else 0
    if (dearest + 1) * (nodes + 1) * 4 >= LARGEST:
        raise FlowError(f"a cost of {dearest} over {nodes} nodes does not fit in 64 bits")
    return (dearest + 1) * (nodes + 1)


def _arcs(tail, head, capacity, cost, nodes: int, basis: Basis | None) -> Arcs:
    """The arcs with room for one artificial arc a node, in the states the basis gives."""
    real = len(tail)

    def grown(values, kind, rest=0):
        out = np.full(real + nodes, rest, kind)
        out[:real] = values
        return out

    arcs = Arcs(
        grown(tail, np.int32),
        grown(head, np.int32),
        grown(np.minimum(capacity, UNLIMITED), np.int64, UNLIMITED),
        grown(cost, np.int64),
        grown(0, np.int64),
        grown(LOWER, np.int8),
    )
    if basis is not None:
        known = min(real, len(basis.state))
        arcs.state[:known] = basis.state[:known]
        arcs.state[:real][(arcs.state[:real] == UPPER) & (arcs.capacity[:real] == UNLIMITED)] = (
            LOWER
        )
    return arcs


def _plant(arcs: Arcs, supply: np.ndarray, basis: Basis | None, big: int) -> Tree:
    """A strongly feasible tree: the basis's own where it still fits, artificial arcs elsewhere."""
    nodes = len(supply)
    real = len(arcs.tail) - nodes
    full = np.flatnonzero(arcs.state[:real] == UPPER)
    arcs.flow[full] = arcs.capacity[full]
    excess = np.append(supply, 0)
    np.subtract.at(excess, arcs.tail[full], arcs.flow[full])
    np.add.at(excess, arcs.head[full], arcs.flow[full])
    rooted = np.zeros(nodes, np.bool_)
    if basis is None:
        rooted[:] = True
    else:
        known = min(nodes, len(basis.rooted))
        rooted[:known] = basis.rooted[:known]
    tree = Tree(
        np.full((nodes + 1, WIDTH), -1, np.int32),
        np.zeros(nodes + 1, np.int32),
        np.zeros(nodes + 1, np.int64),
    )
    order = hang_nodes(arcs, tree.links, real, rooted)
    settle(arcs, tree.links, real, order, excess, np.int64(big))
    lay_walk(arcs, tree, order)
    return tree


def _total(flow: np.ndarray, cost: np.ndarray) -> int:
    """Flow times cost, refused when it would not fit."""
    if float(np.abs(flow.astype(float)) @ np.abs(cost.astype(float))) >= LARGEST:
        raise FlowError("the total cost does not fit in 64 bits")
    return int(flow @ cost)
