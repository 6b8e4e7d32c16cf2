"""The loop of the network simplex: choose an arc, let it enter, until none promises anything."""

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
def entering_arc(arcs, price, real, position, block):
    """The arc that promises most in the first block that promises anything, looked for from
    `position` on.

    Answers (arc, where to go on); arc is -1 when no arc of the whole round promises anything:
    optimal.
    """
    tail, head, cost, state = arcs.tail, arcs.head, arcs.cost, arcs.state
    best, gain = -1, np.int64(0)
    looked = 0
    while looked < real and best < 0:
        stop = min(position + block, real)
        for arc in range(position, stop):
            reduced = state[arc] * (cost[arc] + price[tail[arc]] - price[head[arc]])
            if reduced < gain:
                best, gain = arc, reduced
        looked += stop - position
        position = stop if stop < real else 0
    return best, position


@compiled
def pivot(arcs, tree, arc):
    """Let one arc enter. Answers False when nothing limits the cycle: the cost has no bound."""
    giver, taker = arcs.tail[arc], arcs.head[arc]
    if arcs.state[arc] == UPPER:
        giver, taker = taker, giver
    amount, cut, on_giver, top = blocking(arcs, tree, giver, taker, arcs.capacity[arc])
    if amount >= UNLIMITED // 2:
        return False
    if amount > 0:
        arcs.flow[arc] += arcs.state[arc] * amount
        push(arcs, tree, taker, top, amount)
        push(arcs, tree, giver, top, -amount)
    if cut < 0:
        arcs.state[arc] = -arcs.state[arc]
        return True
    leaving = tree.links[cut, LINK]
    arcs.state[arc] = TREE
    arcs.state[leaving] = LOWER if arcs.flow[leaving] == 0 else UPPER
    if on_giver:
        rehang(arcs, tree, cut, giver, taker, arc, top)
    else:
        rehang(arcs, tree, cut, taker, giver, arc, top)
    return True


@compiled
def optimize(arcs, tree, real, block):
    """Pivot until no arc promises anything. Answers how often, or -1: the cost has no bound."""
    position, count = 0, 0
    while True:
        arc, position = entering_arc(arcs, tree.price, real, position, block)
        if arc < 0:
            return count
        if not pivot(arcs, tree, arc):
            return -1
        count += 1
