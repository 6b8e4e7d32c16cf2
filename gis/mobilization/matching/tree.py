"""The spanning tree of the network simplex: its arrays, and the steps of one pivot on them.

Nodes are 0..n-1 plus the root n. Every node but the root hangs from its parent by one arc. Children are kept
as doubly linked lists, so a subtree is moved in time proportional to the path that turns around, and walked in
time proportional to its size.

Potentials: an arc's reduced cost is cost + price[tail] - price[head], and it is zero on tree arcs. price[v] is
thus what it costs to have one more unit at v, seen from the root.
"""

from typing import NamedTuple

import numpy as np

from gis.mobilization.matching.jit import compiled

LOWER, TREE, UPPER = 1, 0, -1  # state of an arc: empty, in the tree, full
UNLIMITED = 1 << 60  # capacity of an arc without a limit


class Arcs(NamedTuple):
    """Real arcs 0..m-1, then one artificial arc per node (m + v) between the node and the root."""

    tail: np.ndarray  # int32
    head: np.ndarray  # int32
    capacity: np.ndarray  # int64
    cost: np.ndarray  # int64
    flow: np.ndarray  # int64
    state: np.ndarray  # int8: LOWER, TREE, UPPER


class Tree(NamedTuple):
    """One row a node, the root last. The links of a node share a cache line: walks are bound by memory."""

    links: np.ndarray  # int32, one column for each name below; -1 means none
    price: np.ndarray  # int64


PARENT, LINK, UPWARD, DEPTH, CHILD, AFTER, BEFORE = range(
    7
)  # LINK: arc to the parent; UPWARD: it points there
WIDTH = 8


@compiled
def attach(tree, node, parent, arc, upward):
    """Hang a loose node under a parent."""
    tree.links[node, PARENT] = parent
    tree.links[node, LINK] = arc
    tree.links[node, UPWARD] = upward
    follower = tree.links[parent, CHILD]
    tree.links[node, AFTER] = follower
    tree.links[node, BEFORE] = -1
    if follower >= 0:
        tree.links[follower, BEFORE] = node
    tree.links[parent, CHILD] = node


@compiled
def detach(tree, node):
    """Take a node out of its parent's list of children."""
    left, right = tree.links[node, BEFORE], tree.links[node, AFTER]
    if left >= 0:
        tree.links[left, AFTER] = right
    else:
        tree.links[tree.links[node, PARENT], CHILD] = right
    if right >= 0:
        tree.links[right, BEFORE] = left


@compiled
def shift_subtree(tree, top, change):
    """Add a change to every price below and at `top`, and set the depths anew."""
    node = top
    while True:
        tree.price[node] += change
        tree.links[node, DEPTH] = tree.links[tree.links[node, PARENT], DEPTH] + 1
        if tree.links[node, CHILD] >= 0:
            node = tree.links[node, CHILD]
            continue
        while node != top and tree.links[node, AFTER] < 0:
            node = tree.links[node, PARENT]
        if node == top:
            return
        node = tree.links[node, AFTER]


@compiled
def blocking(arcs, tree, giver, taker, limit):
    """Where a unit pushed giver → taker and back through the tree is stopped first.

    Answers (amount, node, on the giver's side); node is -1 when the entering arc itself is the limit. Of several
    arcs that stop it, the last along the cycle, begun at the top, is taken: that keeps the tree strongly
    feasible (every node can send one unit up to the root) and so the method cannot cycle (Cunningham 1976).
    """
    least_giver, stop_giver = limit, -1
    least_taker, stop_taker = np.int64(UNLIMITED), -1
    while giver != taker:
        if tree.links[giver, DEPTH] >= tree.links[taker, DEPTH]:
            arc = tree.links[giver, LINK]
            room = (
                arcs.flow[arc] if tree.links[giver, UPWARD] else arcs.capacity[arc] - arcs.flow[arc]
            )
            if room < least_giver:
                least_giver, stop_giver = room, giver
            giver = tree.links[giver, PARENT]
        else:
            arc = tree.links[taker, LINK]
            room = (
                arcs.capacity[arc] - arcs.flow[arc] if tree.links[taker, UPWARD] else arcs.flow[arc]
            )
            if room <= least_taker:
                least_taker, stop_taker = room, taker
            taker = tree.links[taker, PARENT]
    if stop_taker >= 0 and least_taker <= least_giver:
        return least_taker, stop_taker, False
    return least_giver, stop_giver, True


@compiled
def push(arcs, tree, giver, taker, amount):
    """Send an amount from taker up and down to giver, the way `blocking` looked at."""
    while giver != taker:
        if tree.links[giver, DEPTH] >= tree.links[taker, DEPTH]:
            arcs.flow[tree.links[giver, LINK]] += -amount if tree.links[giver, UPWARD] else amount
            giver = tree.links[giver, PARENT]
        else:
            arcs.flow[tree.links[taker, LINK]] += amount if tree.links[taker, UPWARD] else -amount
            taker = tree.links[taker, PARENT]


@compiled
def rehang(arcs, tree, cut, inner, outer, arc):
    """Hang the subtree that ends at `cut` from `outer` by the entering arc, whose end in it is `inner`.

    The path inner … cut turns around; the rest of the subtree moves with it.
    """
    node, parent, link = inner, outer, arc
    while True:
        old_parent, old_link = tree.links[node, PARENT], tree.links[node, LINK]
        detach(tree, node)
        attach(tree, node, parent, link, arcs.tail[link] == node)
        if node == cut:
            break
        parent, link, node = node, old_link, old_parent
    if arcs.tail[arc] == inner:
        price = tree.price[outer] - arcs.cost[arc]
    else:
        price = tree.price[outer] + arcs.cost[arc]
    shift_subtree(tree, inner, price - tree.price[inner])
