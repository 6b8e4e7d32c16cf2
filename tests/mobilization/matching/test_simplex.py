"""The network simplex against OR-Tools, from scratch and from a basis, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import min_cost_flow

from gis.mobilization.matching.simplex import (
    Basis,
    FlowError,
    InfeasibleFlow,
    UnboundedFlow,
    solve_min_cost_flow,
)
from gis.mobilization.matching.tree import UNLIMITED


def problem(seed: int, nodes: int, arcs: int):
    """(tail, head, capacity, cost, supply), balanced, not always feasible; costs of any sign."""
    rng = np.random.default_rng(seed)
    tail, head = rng.integers(0, nodes, (2, arcs))
    keep = tail != head
    capacity, cost = rng.integers(0, 12, arcs), rng.integers(-20, 60, arcs)
    supply = rng.integers(-4, 5, nodes)
    supply[-1] -= supply.sum()
    return tail[keep], head[keep], capacity[keep], cost[keep], supply


def oracle(tail, head, capacity, cost, supply) -> int | None:
    """OR-Tools' optimum, None where there is no flow."""
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    flow.set_nodes_supplies(np.arange(len(supply)), supply)
    return flow.optimal_cost() if flow.solve() == flow.OPTIMAL else None


def ours(*question, basis=None) -> int | None:
    try:
        return solve_min_cost_flow(*question, basis=basis).objective
    except InfeasibleFlow:
        return None


@given(st.integers(0, 2**32 - 1), st.integers(2, 20), st.integers(1, 90))
@settings(max_examples=300, deadline=None)
def test_cost_is_that_of_the_oracle(seed, nodes, arcs):
    question = problem(seed, nodes, arcs)
    assert ours(*question) == oracle(*question)


@pytest.mark.parametrize("seed", range(5))
def test_middle_sizes(seed):
    tail, head, capacity, cost, supply = problem(seed, 300, 6000)
    question = tail, head, capacity, cost, supply
    flow = solve_min_cost_flow(*question)
    assert flow.objective == oracle(*question)
    assert not (flow.flow < 0).any() and not (flow.flow > capacity).any()
    net = np.zeros(300, np.int64)
    np.add.at(net, tail, flow.flow)
    np.subtract.at(net, head, flow.flow)
    assert np.array_equal(net, supply)
    reduced = cost + flow.duals[tail] - flow.duals[head]
    assert np.all(reduced[flow.flow < capacity] >= 0)
    assert np.all(reduced[flow.flow > 0] <= 0)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=200, deadline=None)
def test_goes_on_from_a_basis_when_everything_changed(seed):
    tail, head, capacity, cost, supply = problem(seed, 12, 70)
    try:
        flow = solve_min_cost_flow(tail, head, capacity, cost, supply)
    except InfeasibleFlow:
        return
    again = solve_min_cost_flow(tail, head, capacity, cost, supply, basis=flow.basis)
    assert (again.iterations, again.objective) == (0, flow.objective)
    rng = np.random.default_rng(seed)
    cost = cost + rng.integers(-5, 6, len(cost))
    capacity = np.maximum(0, capacity + rng.integers(-1, 2, len(cost)))
    supply = supply + np.roll(np.eye(12, dtype=int)[0], 3) - np.eye(12, dtype=int)[7]
    changed = tail, head, capacity, cost, supply
    assert ours(*changed, basis=flow.basis) == oracle(*changed)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_any_basis_will_do(seed):
    """A basis that is nonsense (rings, parts apart, wrong limits) costs time, not truth."""
    rng = np.random.default_rng(seed)
    question = problem(seed, 10, 40)
    arcs = len(question[0])
    basis = Basis(rng.integers(-1, 2, arcs).astype(np.int8), rng.random(10) < 0.3)
    assert ours(*question, basis=basis) == oracle(*question)


def test_a_basis_grows_with_new_arcs_and_nodes():
    tail, head, capacity, cost, supply = problem(3, 12, 120)
    half = len(tail) // 2
    capacity = capacity + 20
    first = solve_min_cost_flow(tail, head, capacity, cost, supply)
    few = solve_min_cost_flow(
        np.append(tail[:half], np.arange(11)), np.append(head[:half], np.arange(1, 12)),
        np.full(half + 11, 99), np.append(np.abs(cost[:half]), np.full(11, 500)), supply * 0,
    )  # fmt: skip
    basis = Basis(few.basis.state[:half], few.basis.rooted[:8])
    assert (
        solve_min_cost_flow(tail, head, capacity, cost, supply, basis=basis).objective
        == first.objective
    )


def test_assignment_of_four():
    """The textbook case: four workers, four jobs, 13 + 0 slack found by hand."""
    table = np.array([[9, 2, 7, 8], [6, 4, 3, 7], [5, 8, 1, 8], [7, 6, 9, 4]])
    worker, job = (each.ravel() for each in np.indices(table.shape))
    flow = solve_min_cost_flow(
        worker, 4 + job, np.ones(16, int), table.ravel(), np.repeat([1, -1], 4)
    )
    assert flow.objective == 2 + 6 + 1 + 4


def test_parallel_arcs_and_loops():
    flow = solve_min_cost_flow([0, 0, 1], [1, 1, 1], [2, 9, 3], [5, 7, -2], [4, -4])
    assert flow.flow.tolist() == [2, 2, 3]
    assert flow.objective == 2 * 5 + 2 * 7 - 3 * 2


def test_no_arcs():
    assert solve_min_cost_flow([], [], [], [], [0, 0]).objective == 0
    with pytest.raises(InfeasibleFlow):
        solve_min_cost_flow([], [], [], [], [1, -1])


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (([0], [1], [1], [1], [1, 0]), "add up to 1"),
        (([0], [2], [1], [1], [1, -1]), "does not exist"),
        (([0], [1], [-1], [1], [1, -1]), "negative"),
        (([0], [1], [1], [1, 2], [1, -1]), "differ in length"),
        (([0], [1], [1], [2**60], [1, -1]), "64 bits"),
        (([0], [1], [2**50], [2**30], [2**40, -(2**40)]), "64 bits"),
        (([0], [1], [1], [1], [2**60, -(2**60)]), "too large"),
    ],
)
def test_refuses(question, words):
    with pytest.raises(FlowError, match=words):
        solve_min_cost_flow(*(np.array(each) for each in question))


def test_says_which_node_is_left_with_what():
    with pytest.raises(InfeasibleFlow) as caught:
        solve_min_cost_flow([0], [1], [3], [1], [5, -5])
    assert caught.value.short == 2


def test_a_ring_without_bottom():
    with pytest.raises(UnboundedFlow):
        solve_min_cost_flow([0, 1], [1, 0], [UNLIMITED] * 2, [-2, 1], [0, 0])
