"""From a remembered basis to a tree the simplex can start from, and back into good order on the way."""

import numpy as np

from gis.mobilization.matching.jit import compiled
from gis.mobilization.matching.tree import (
    AFTER,
    BEFORE,
    CHILD,
    DEPTH,
    LINK,
    LOWER,
    PARENT,
    TREE,
    UPPER,
    UPWARD,
    attach,
    detach,
)


@compiled
def hang_nodes(arcs, tree, real, rooted):
    """Hang every node from the root along the arcs in state TREE. Answers the nodes, parents first.

    Nodes marked in `rooted` hang from the root directly, and so does one node of every part that the arcs leave
    apart. An arc that would close a ring is set to LOWER.
    """
    count = rooted.size
    start = np.zeros(count + 1, np.int32)
    for arc in range(real):
        if arcs.state[arc] == TREE:
            start[arcs.tail[arc] + 1] += 1
            start[arcs.head[arc] + 1] += 1
    start = np.cumsum(start).astype(np.int32)
    fill = start.copy()
    near = np.empty(max(1, start[count]), np.int32)
    for arc in range(real):
        if arcs.state[arc] == TREE:
            near[fill[arcs.tail[arc]]] = arc
            fill[arcs.tail[arc]] += 1
            near[fill[arcs.head[arc]]] = arc
            fill[arcs.head[arc]] += 1
    order = np.empty(count, np.int32)
    done, known = 0, 0
    for turn in range(2 * count):
        node = turn % count
        if tree.links[node, PARENT] >= 0 or (turn < count and not rooted[node]):
            continue
        attach(tree, node, count, real + node, True)
        order[known] = node
        known += 1
        while done < known:
            node = order[done]
            done += 1
            for slot in range(start[node], start[node + 1]):
                arc = near[slot]
                other = arcs.tail[arc] + arcs.head[arc] - node
                if tree.links[node, LINK] == arc:
                    continue
                if tree.links[other, PARENT] >= 0:
                    if tree.links[other, LINK] != arc:
                        arcs.state[arc] = LOWER
                    continue
                attach(tree, other, node, arc, arcs.tail[arc] == other)
                order[known] = other
                known += 1
    return order


@compiled
def settle(arcs, tree, real, order, excess, big):
    """Set flows, depths and prices of a hung tree; answers how many nodes it had to hang from the root anew.

    `excess` is each node's supply after the arcs at their limits. From the leaves up, a tree arc that cannot carry what comes,
    or that could not send one unit more upward, is cut and the node hangs from the root by its
    artificial arc. So whatever tree comes in, a strongly feasible one goes out.
    """
    cuts = 0
    for turn in range(order.size - 1, -1, -1):
        node = order[turn]
        arc, parent = tree.links[node, LINK], tree.links[node, PARENT]
        if arc < real:
            flow = excess[node] if tree.links[node, UPWARD] else -excess[node]
            if tree.links[node, UPWARD]:
                fits = 0 <= flow < arcs.capacity[arc]
            else:
                fits = 0 < flow <= arcs.capacity[arc]
            if fits:
                arcs.flow[arc] = flow
                excess[parent] += excess[node]
                continue
            cut(arcs, tree, real, node, excess)
            cuts += 1
        root_arc(arcs, tree, real, node, excess[node], big)
    for turn in range(order.size):
        node = order[turn]
        arc, parent = tree.links[node, LINK], tree.links[node, PARENT]
        tree.links[node, DEPTH] = tree.links[parent, DEPTH] + 1
        step = -arcs.cost[arc] if tree.links[node, UPWARD] else arcs.cost[arc]
        tree.price[node] = tree.price[parent] + step
    return cuts


@compiled
def cut(arcs, tree, real, node, excess):
    """Take a node's arc to its parent out of the tree, filled as far as it helps, and hang it from the root."""
    arc, parent = tree.links[node, LINK], tree.links[node, PARENT]
    wanted = excess[node] if tree.links[node, UPWARD] else -excess[node]
    flow = arcs.capacity[arc] if wanted >= arcs.capacity[arc] else 0
    arcs.flow[arc] = flow
    arcs.state[arc] = LOWER if flow == 0 else UPPER
    signed = flow if tree.links[node, UPWARD] else -flow
    excess[node] -= signed
    excess[parent] += signed
    detach(tree, node)
    attach(tree, node, tree.price.size - 1, real + node, True)


@compiled
def root_arc(arcs, tree, real, node, excess, big):
    """Let the node's artificial arc carry its excess, pointing the way the excess goes."""
    arc, root = real + node, tree.price.size - 1
    upward = excess >= 0
    arcs.tail[arc] = node if upward else root
    arcs.head[arc] = root if upward else node
    arcs.flow[arc] = excess if upward else -excess
    arcs.cost[arc] = big
    arcs.state[arc] = TREE
    tree.links[node, UPWARD] = upward


@compiled
def renumber(arcs, tree, name):
    """Number the nodes in the order of a walk through the tree, so that a subtree lies together in memory.

    Most of a pivot's time goes into walking subtrees, and that is waiting for memory: in this order it takes half.
    `name` keeps each node's own number; the root stays last.
    """
    count = tree.price.size
    number = np.empty(count, np.int32)
    number[count - 1] = count - 1
    known, node = 0, tree.links[count - 1, CHILD]
    while node >= 0 and known < count - 1:
        number[node] = known
        known += 1
        if tree.links[node, CHILD] >= 0:
            node = tree.links[node, CHILD]
            continue
        while node >= 0 and tree.links[node, AFTER] < 0:
            node = tree.links[node, PARENT]
        if node >= 0:
            node = tree.links[node, AFTER]
    links, price, before = tree.links.copy(), tree.price.copy(), name.copy()
    for node in range(count):
        new = number[node]
        name[new], tree.price[new] = before[node], price[node]
        tree.links[new] = links[node]
        for column in (PARENT, CHILD, AFTER, BEFORE):
            if links[node, column] >= 0:
                tree.links[new, column] = number[links[node, column]]
    for arc in range(arcs.tail.size):
        arcs.tail[arc] = number[arcs.tail[arc]]
        arcs.head[arc] = number[arcs.head[arc]]
