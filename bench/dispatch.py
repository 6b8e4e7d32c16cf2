"""Dispatch measured in one run: ours against OR-Tools, a greedy and the LP bound.

`python -m bench.dispatch [--json] [--members 2500 25000]`. Times are CPU seconds of this process;
only their ratios travel from one machine to another. Columns: `seconds` is ours with its
certificate; `ortools` is SimpleMinCostFlow on the 16 nearest places of each home (its flow alone,
the network is ours), with its time and cost over ours and its empty places; `greedy` the same;
`lp` is HiGHS on the full LP over all pairs (up to 2,500 members): a cost ratio of 1 means no gap.
"""

import argparse
import json
import os
import resource
import sys
from time import process_time

import highspy
import numpy as np
from ortools.graph.python import min_cost_flow

from bench.cities import city
from gis.mobilization.matching import Rules, match
from gis.mobilization.matching.converge import nearest
from gis.mobilization.matching.greedy import greedy
from gis.mobilization.matching.market import FAR, Market, market
from gis.mobilization.matching.pricing import pledge_gains, worths

RULES = Rules(max_seconds=5400)
NEIGHBOURS = 16
LP_MEMBERS = 2_500


def neighbours_by_ortools(boiled: Market) -> tuple[float, int, int]:
    """(seconds, cost, empty places) of OR-Tools on the 16 nearest places and all pledges."""
    network = nearest(boiled, NEIGHBOURS)
    nothing = np.zeros(len(boiled.post), np.int64)
    owner, _ = pledge_gains(boiled, worths(boiled, nothing))
    network.open_pledges(np.arange(len(owner)), owner, nothing)
    room = np.full(len(network.tail), int(boiled.need.sum() + boiled.hub_count.sum()))
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, room, network.cost)
    flow.set_nodes_supplies(np.arange(len(network.supply)), network.supply)
    begun = process_time()
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("OR-Tools found no flow")
    seconds = process_time() - begun
    return seconds, flow.optimal_cost(), int(flow.flows(np.arange(len(boiled.post))).sum())


def lp_by_highs(boiled: Market) -> tuple[float, float]:
    """(seconds, cost) of the linear program over every pair of hub or class and post.

    Penalties come down to 100,000 for it: real ones are far beyond what floating point keeps apart.
    """
    fit = boiled.fits[boiled.hub_ability][:, boiled.kind]
    place = np.repeat(np.arange(len(boiled.place)), np.diff(boiled.first))
    cost = boiled.cost[boiled.hub_home][:, place]
    hub, post = np.nonzero(fit & (cost < FAR))
    rows = [(hub, np.full(len(hub), -1), post, cost[hub, post])]
    owner = np.repeat(np.arange(len(boiled.class_hub)), np.diff(boiled.pledge_first))
    for target in range(len(boiled.post)):
        at = np.flatnonzero(boiled.pledge_place == place[target])
        at = at[fit[boiled.class_hub[owner[at]], target]]
        group = owner[at]
        rows.append(
            (boiled.class_hub[group], group, np.full(len(at), target), boiled.pledge_cost[at])
        )
    hub, group, post, price = (np.concatenate(column) for column in zip(*rows, strict=True))
    return _highs(boiled, hub, group, post, price)


def _quiet_highs() -> highspy.Highs:
    """HiGHS greets on file descriptor 1 when made; here the greeting goes to stderr."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
    finally:
        os.dup2(kept, 1)
        os.close(kept)
    return solver


def _highs(boiled: Market, hub, group, post, price) -> tuple[float, float]:
    """Rows: hubs (at most), classes (at most, by pledge), posts (exactly, with a slack)."""
    hubs, groups, posts = len(boiled.hub_count), len(boiled.class_count), len(boiled.post)
    pledged = group >= 0
    index = np.stack([hub, hubs + group, hubs + groups + post], 1)
    keep = np.stack([np.ones(len(hub), bool), pledged, np.ones(len(hub), bool)], 1)
    slack = hubs + groups + np.arange(posts)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(hub) + posts, hubs + groups + posts
    lp.col_cost_ = np.concatenate([price, np.minimum(boiled.penalty, 100_000)]).astype(float)
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.full(lp.num_col_, highspy.kHighsInf)
    need = boiled.need.astype(float)
    most = np.concatenate([boiled.hub_count, boiled.class_count]).astype(float)
    lp.row_lower_ = np.concatenate([np.full(hubs + groups, -highspy.kHighsInf), need])
    lp.row_upper_ = np.concatenate([most, need])
    start = np.concatenate([[0], np.cumsum(np.concatenate([keep.sum(1), np.ones(posts, int)]))])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = start
    lp.a_matrix_.index_ = np.concatenate([index[keep], slack])
    lp.a_matrix_.value_ = np.ones(int(start[-1]))
    solver = _quiet_highs()
    begun = process_time()
    solver.passModel(lp)
    solver.run()
    return process_time() - begun, solver.getInfo().objective_function_value


def measure(scenario: str, members: int, load: float) -> dict[str, object]:
    """One line of the table."""
    question = city(scenario, members, load, compounds=max(100, members // 25))
    begun = process_time()
    ours = match(*question, RULES)
    seconds = process_time() - begun
    boiled = market(*question, RULES)
    begun = process_time()
    greedy_cost, empty = greedy(*question, RULES)
    greedy_seconds = process_time() - begun
    ortools_seconds, ortools_cost, ortools_empty = neighbours_by_ortools(boiled)
    line: dict[str, object] = {
        "scenario": scenario,
        "members": members,
        "load": load,
        "seconds": round(seconds, 3),
        "gap": ours.gap,
        "objective": ours.objective,
        "bound": ours.bound,
        "unfilled": int(ours.unfilled.sum()),
        **ours.stats,
        "ortools_time_ratio": round(ortools_seconds / seconds, 3),
        "ortools_cost_ratio": round(ortools_cost / ours.objective, 5),
        "ortools_unfilled": ortools_empty,
        "greedy_time_ratio": round(greedy_seconds / seconds, 3),
        "greedy_cost_ratio": round(greedy_cost / ours.objective, 5),
        "greedy_unfilled": empty,
    }
    if members <= LP_MEMBERS and line["unfilled"] == 0:
        lp_seconds, lp_cost = lp_by_highs(boiled)
        line["lp_time_ratio"] = round(lp_seconds / seconds, 2)
        line["lp_cost_ratio"] = round(lp_cost / ours.objective, 9)
    return line


def main(arguments: list[str] | None = None) -> int:
    """Print the table, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--members", type=int, nargs="+", default=[2_500, 25_000])
    parser.add_argument("--load", type=float, nargs="+", default=[0.3, 0.6, 0.9])
    chosen = parser.parse_args(arguments)
    begun = process_time()
    match(*city("flood", 5_000, 0.9, 100), RULES)  # compiles, or loads what was compiled
    compiling = process_time() - begun
    lines = []
    for members in chosen.members:
        for scenario in ("lockdown", "flood"):
            for load in chosen.load:
                lines.append(measure(scenario, members, load))
                if not chosen.json:
                    print(" ".join(f"{key}={value}" for key, value in lines[-1].items()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    report = {"first_call_seconds": round(compiling, 2), "peak_mb": peak, "lines": lines}
    print(json.dumps(report) if chosen.json else f"first call {compiling:.2f} s, peak {peak} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
