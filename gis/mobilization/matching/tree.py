"""The spanning tree of the network simplex: its arrays, and the steps of one pivot on them.

Nodes are 0..n-1 plus the root n. Every node but the root hangs from its parent by one arc. `follow`
is one ring through all nodes, parents before children, each subtree in one piece: walking a subtree
is one loop without a branch (child lists took three times as long), and moving one is a few links
for each node on the path that turns around.

Potentials: an arc's reduced cost is cost + price[tail] - price[head], and it is zero on tree arcs.
price[v] is thus what it costs to have one more unit at v, seen from the root.
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
    """One row a node, the root last."""

    links: np.ndarray  # int32, one column for each name below; -1 means none
    follow: np.ndarray  # int32: the next node of the walk
    price: np.ndarray  # int64


PARENT, LINK, UPWARD, SIZE, BEFORE, LAST = range(6)
# LINK: arc to the parent; UPWARD: it points there; SIZE: nodes of the subtree, and LAST of them in
# the walk; BEFORE: undoes follow
WIDTH = 8


@compiled
def blocking(arcs, tree, giver, taker, limit):
    """Where a unit pushed giver → taker and back through the tree is stopped first.

    Answers (amount, node, on the giver's side, top); node is -1 when the entering arc itself is the
    limit, top is where both paths meet. Of several arcs that stop it, the last along the cycle,
    begun at the top, is taken: that keeps the tree strongly feasible (every node can send one unit
    up to the root), and so the method cannot cycle (Cunningham 1976).
    """
    least_giver, stop_giver = limit, -1
    least_taker, stop_taker = np.int64(UNLIMITED), -1
    links = tree.links
    while giver != taker:
        if links[giver, SIZE] < links[taker, SIZE]:
            arc = links[giver, LINK]
            room = arcs.flow[arc] if links[giver, UPWARD] else arcs.capacity[arc] - arcs.flow[arc]
            if room < least_giver:
                least_giver, stop_giver = room, giver
            giver = links[giver, PARENT]
        else:
            arc = links[taker, LINK]
            room = arcs.capacity[arc] - arcs.flow[arc] if links[taker, UPWARD] else arcs.flow[arc]
            if room <= least_taker:
                least_taker, stop_taker = room, taker
            taker = links[taker, PARENT]
    if stop_taker >= 0 and least_taker <= least_giver:
        return least_taker, stop_taker, False, taker
    return least_giver, stop_giver, True, taker


@compiled
def push(arcs, tree, node, top, amount):
    """Send an amount up from a node to the top (down when negative)."""
    while node != top:
        arcs.flow[tree.links[node, LINK]] += amount if tree.links[node, UPWARD] else -amount
        node = tree.links[node, PARENT]


@compiled
def join(tree, node, after):
    """Let `after` come next after `node`."""
    tree.follow[node] = after
    tree.links[after, BEFORE] = node


@compiled
def loosen(tree, cut, top):
    """Take the subtree at `cut` out of the walk and off the sizes up to the top."""
    links = tree.links
    last, before = links[cut, LAST], links[cut, BEFORE]
    join(tree, before, tree.follow[last])
    node = links[cut, PARENT]
    while node >= 0 and links[node, LAST] == last:
        links[node, LAST] = before
        node = links[node, PARENT]
    node = links[cut, PARENT]
    while node != top:
        links[node, SIZE] -= links[cut, SIZE]
        node = links[node, PARENT]


@compiled
def turn_around(arcs, tree, cut, inner, outer, arc):
    """Make `inner` the top of the loose subtree at `cut`, hung from `outer` by an arc; answers its
    last node.

    Each node of the path inner … cut keeps its walk without the piece it hands over, and these come
    after one another.
    """
    links, follow = tree.links, tree.follow
    size = links[cut, SIZE]
    node, parent, link = inner, outer, arc
    before, last = links[node, BEFORE], links[node, LAST]
    beyond, end = follow[last], last
    handed = 0
    while True:
        up, up_link, own = links[node, PARENT], links[node, LINK], links[node, SIZE]
        links[node, PARENT], links[node, LINK] = parent, link
        links[node, UPWARD] = arcs.tail[link] == node
        links[node, SIZE] = size - handed
        if node == cut:
            break
        handed = own
        up_before, up_last = links[up, BEFORE], links[up, LAST]
        up_beyond = beyond if up_last == last else follow[up_last]
        join(tree, end, up)
        end = before
        if up_last != last:
            join(tree, before, beyond)
            end = up_last
        parent, link, node = node, up_link, up
        before, last, beyond = up_before, up_last, up_beyond
    while node != outer:
        links[node, LAST] = end
        node = links[node, PARENT]
    return end


@compiled
def fasten(tree, inner, end, outer, top):
    """Put a loose subtree, walked inner … end, below `outer`, and onto the sizes up to the top."""
    links = tree.links
    join(tree, end, tree.follow[outer])
    join(tree, outer, inner)
    node = outer
    while node >= 0 and links[node, LAST] == outer:
        links[node, LAST] = end
        node = links[node, PARENT]
    node = outer
    while node != top:
        links[node, SIZE] += links[inner, SIZE]
        node = links[node, PARENT]


@compiled
def rehang(arcs, tree, cut, inner, outer, arc, top):
    """Hang the subtree at `cut` from `outer` by the entering arc, whose end in it is `inner`."""
    loosen(tree, cut, top)
    end = turn_around(arcs, tree, cut, inner, outer, arc)
    fasten(tree, inner, end, outer, top)
    step = -arcs.cost[arc] if arcs.tail[arc] == inner else arcs.cost[arc]
    change = tree.price[outer] + step - tree.price[inner]
    beyond, node = tree.follow[end], inner
    while node != beyond:
        tree.price[node] += change
        node = tree.follow[node]
