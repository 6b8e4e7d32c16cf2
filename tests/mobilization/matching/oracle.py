"""The same question, member by member, solved by OR-Tools: the answer to compare with."""

import numpy as np
from ortools.graph.python import min_cost_flow

from gis.mobilization.matching import UNREACHABLE
from gis.mobilization.matching.problem import penalties


def pairs(pool, demand, travel, pledges, rules):
    """(member, post, cost) of every allowed pair, by plain loops."""
    sworn = set(zip(pledges.unit.tolist(), pledges.compound.tolist(), strict=True))
    column = {place: row for row, place in enumerate(travel.places.tolist())}
    found = []
    for member in range(len(pool)):
        home, unit = int(pool.home[member]), int(pool.unit[member])
        for post in range(len(demand)):
            compound = int(demand.compound[post])
            way = int(travel.seconds[home, column[compound]])
            if demand.need[post] == 0 or way == UNREACHABLE:
                continue
            if demand.skills[post] & pool.skills[member] != demand.skills[post]:
                continue
            if not pool.availability[member] & (1 << int(demand.shift[post])):
                continue
            if home == compound:
                found.append((member, post, rules.own + way))
            elif (unit, compound) in sworn and unit >= 0:
                found.append((member, post, rules.pledged + way))
            elif way <= rules.max_seconds:
                same = travel.community[home] == travel.community[compound]
                found.append((member, post, (rules.community if same else rules.near) + way))
    return np.array(found, np.int64).reshape(-1, 3)


def least_cost(pool, demand, travel, pledges, rules) -> int:
    """The optimum by OR-Tools' SimpleMinCostFlow on the full graph."""
    edges = pairs(pool, demand, travel, pledges, rules)
    penalty = penalties(pool, demand, travel, rules)
    people, posts = len(pool), len(demand)
    sink = people + posts
    flow = min_cost_flow.SimpleMinCostFlow()
    if len(edges):
        ones = np.ones(len(edges), np.int64)
        flow.add_arcs_with_capacity_and_unit_cost(
            edges[:, 0], people + edges[:, 1], ones, edges[:, 2]
        )
    total = int(demand.need.sum())
    for member in range(people):
        flow.add_arc_with_capacity_and_unit_cost(member, sink, 1, 0)
        flow.set_node_supply(member, 1)
    for post in range(posts):
        flow.add_arc_with_capacity_and_unit_cost(sink, people + post, total, int(penalty[post]))
        flow.set_node_supply(people + post, -int(demand.need[post]))
    flow.set_node_supply(sink, total - people)
    assert flow.solve() == flow.OPTIMAL
    return flow.optimal_cost()
