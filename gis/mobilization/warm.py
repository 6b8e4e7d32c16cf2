"""Compiling the solver ahead of the first dispatch: nobody waits for a compiler at 3 a.m."""

from __future__ import annotations

import numpy as np

from gis.mobilization import matching


def warm() -> int:
    """Solves a question of two members and two posts, so that every kernel is compiled.

    Some seconds on a machine's first run, half a second afterwards. Answers the gap, which is 0.
    """
    one = np.array([0, 1])
    pool = matching.Pool(one, np.array([-1, 0]), one, np.array([7, 7]), np.zeros(2, int))
    demand = matching.Demand(one, one, one, np.ones(2, int), np.array([1, 2]))
    travel = matching.Travel(np.array([[0, 60], [60, 0]], np.int32), np.zeros(2, int))
    pledges = matching.Pledges(np.zeros(1, int), np.ones(1, int))
    found = matching.match(pool, demand, travel, pledges, matching.Rules())
    for row in range(len(found.member)):
        found.reason_parts(row)
    return int(found.gap)
