"""From a remembered basis to a tree the simplex can start from."""

import numpy as np

from gis.mobilization.matching.jit import compiled
from gis.mobilization.matching.tree import (
    LAST,
    LINK,
    LOWER,
    PARENT,
    SIZE,
    TREE,
    UPPER,
    UPWARD,
    join,
)


@compiled
def tree_arcs(arcs, real, count):
    """(start, arcs): the arcs in state TREE at each node, one node after the other."""
    start = np.zeros(count + 1, np.int32)
    for arc in range(real):
        if arcs.state[arc] == TREE:
            start[arcs.tail[arc] + 1] += 1
            start[arcs.head[arc] + 1] += 1
    for node in range(count):
        start[node + 1] += start[node]
    fill = start.copy()
    near = np.empty(start[count], np.int32)
    for arc in range(real):
        if arcs.state[arc] == TREE:
            for end in (arcs.tail[arc], arcs.head[arc]):
                near[fill[end]] = arc
                fill[end] += 1
    return start, near


@compiled
def hang_nodes(arcs, links, real, rooted):
    """Hang every node from the root along the arcs in state TREE. Answers the nodes, parents first.

    Nodes marked in `rooted` hang from the root directly, and so does one node of every part that
    the arcs leave apart. An arc that would close a ring is set to LOWER.
    """
    count = rooted.size
    start, near = tree_arcs(arcs, real, count)
    order = np.empty(count, np.int32)
    done, known = 0, 0
    for turn in range(2 * count):
        node = turn % count
        if links[node, PARENT] >= 0 or (turn < count and not rooted[node]):
            continue
        links[node, PARENT], links[node, LINK] = count, real + node
        order[known] = node
        known += 1
        while done < known:
            node = order[done]
            done += 1
            for slot in range(start[node], start[node + 1]):
                arc = near[slot]
                other = arcs.tail[arc] + arcs.head[arc] - node
                if links[node, LINK] == arc or links[other, LINK] == arc:
                    continue
                if links[other, PARENT] >= 0:
                    arcs.state[arc] = LOWER
                    continue
                links[other, PARENT], links[other, LINK] = node, arc
                links[other, UPWARD] = arcs.tail[arc] == other
                order[known] = other
                known += 1
    return order


@compiled
def settle(arcs, links, real, order, excess, big):
    """Give the arcs of a hung tree their flows; where they cannot carry them, hang nodes from the
    root anew.

    `excess` is each node's supply after the arcs at their limits. From the leaves up, a tree arc
    that cannot carry what comes, or that could not send one unit more upward, is cut, and the node
    hangs from the root by its artificial arc. So whatever tree comes in, a strongly feasible one
    goes out.
    """
    for turn in range(order.size - 1, -1, -1):
        node = order[turn]
        arc, parent = links[node, LINK], links[node, PARENT]
        if arc >= real:
            hang_from_root(arcs, links, real, node, excess[node], big)
            continue
        flow = excess[node] if links[node, UPWARD] else -excess[node]
        room = arcs.capacity[arc]
        if (links[node, UPWARD] and 0 <= flow < room) or (
            not links[node, UPWARD] and 0 < flow <= room
        ):
            arcs.flow[arc] = flow
            excess[parent] += excess[node]
            continue
        arcs.flow[arc] = room if flow >= room else 0
        arcs.state[arc] = LOWER if arcs.flow[arc] == 0 else UPPER
        sent = arcs.flow[arc] if links[node, UPWARD] else -arcs.flow[arc]
        excess[parent] += sent
        hang_from_root(arcs, links, real, node, excess[node] - sent, big)


@compiled
def hang_from_root(arcs, links, real, node, excess, big):
    """Hang a node from the root by its artificial arc, which carries the node's excess."""
    arc, root = real + node, links.shape[0] - 1
    upward = excess >= 0
    arcs.tail[arc] = node if upward else root
    arcs.head[arc] = root if upward else node
    arcs.flow[arc] = excess if upward else -excess
    arcs.cost[arc] = big
    arcs.state[arc] = TREE
    links[node, PARENT], links[node, LINK], links[node, UPWARD] = root, arc, upward


@compiled
def lay_walk(arcs, tree, order):
    """Lay the walk through a hung tree, with sizes and prices. `order` has parents first."""
    links, root = tree.links, order.size
    links[:, SIZE] = 1
    for turn in range(order.size - 1, -1, -1):
        links[links[order[turn], PARENT], SIZE] += links[order[turn], SIZE]
    place, free = np.zeros(root + 1, np.int32), np.ones(root + 1, np.int32)
    walk = np.empty(root + 1, np.int32)
    walk[0] = root
    for node in order:
        parent, arc = links[node, PARENT], links[node, LINK]
        place[node] = free[parent]
        free[parent] += links[node, SIZE]
        free[node] = place[node] + 1
        walk[place[node]] = node
        step = -arcs.cost[arc] if links[node, UPWARD] else arcs.cost[arc]
        tree.price[node] = tree.price[parent] + step
    for node in range(root + 1):
        links[node, LAST] = walk[place[node] + links[node, SIZE] - 1]
        join(tree, walk[place[node] - 1], node)  # before the first comes the last: a ring
