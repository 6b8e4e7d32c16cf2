"""The loop of the primal network simplex: choose an arc, let it enter, until none promises anything."""

import numpy as np

from gis.mobilization.matching.jit import compiled
from gis.mobilization.matching.tree import (
    LINK,
    LOWER,
    TREE,
    UNLIMITED,
    UPPER,
    blocking,
    push,
    rehang,
)


@compiled
def entering_arc(arcs, price, real, start, block):
    """The arc that promises most in the first block that promises anything, looked for from `start` on.

    Answers (arc, where to go on); arc is -1 when no arc of the whole round promises anything: optimal.
    """
    best, gain = -1, np.int64(0)
    left, position = block, start
    for _ in range(real):
        reduced = arcs.cost[position] + price[arcs.tail[position]] - price[arcs.head[position]]
        reduced *= arcs.state[position]
        if reduced < gain:
            best, gain = position, reduced
        position += 1
        if position == real:
            position = 0
        left -= 1
        if left == 0:
            if best >= 0:
                break
            left = block
    return best, position


@compiled
def pivot(arcs, tree, arc):
    """Let one arc enter. Answers False when nothing limits the cycle: the cost has no bound."""
    giver, taker = arcs.tail[arc], arcs.head[arc]
    if arcs.state[arc] == UPPER:
        giver, taker = taker, giver
    amount, cut, on_giver = blocking(arcs, tree, giver, taker, arcs.capacity[arc])
    if amount >= UNLIMITED // 2:
        return False
    if amount > 0:
        arcs.flow[arc] += arcs.state[arc] * amount
        push(arcs, tree, giver, taker, amount)
    if cut < 0:
        arcs.state[arc] = -arcs.state[arc]
        return True
    leaving = tree.links[cut, LINK]
    arcs.state[arc] = TREE
    arcs.state[leaving] = LOWER if arcs.flow[leaving] == 0 else UPPER
    if on_giver:
        rehang(arcs, tree, cut, giver, taker, arc)
    else:
        rehang(arcs, tree, cut, taker, giver, arc)
    return True


@compiled
def optimize(arcs, tree, real, block, position, most):
    """Pivot until no arc promises anything, at most so many times, looking for arcs from `position` on.

    Answers (pivots, where to go on); that place is -1 when the flow is optimal, -2 when the cost has no bound.
    """
    for count in range(most):
        arc, position = entering_arc(arcs, tree.price, real, position, block)
        if arc < 0:
            return count, -1
        if not pivot(arcs, tree, arc):
            return count, -2
    return most, position
