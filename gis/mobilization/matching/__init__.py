"""Who goes where: members matched to posts at the least cost, with a proof that it is the least.

Pure: arrays in, arrays out; no session, no clock, no chance. The same question gives the same
answer, name by name.

Invariants, and what holds them (tests/mobilization/matching):
- nobody stands twice, without the skills, the time or the reach; no post has more than it needs:
  `check`, test_match
- `gap == 0` means optimal over every pair of member and post, in integers: `check.bound_of`,
  test_match, test_full_size
- an empty place is worse than any journey, by priority: `problem.penalties`, test_match
"""

from gis.mobilization.matching.assign import Matching, match
from gis.mobilization.matching.check import check
from gis.mobilization.matching.problem import (
    UNREACHABLE,
    Demand,
    Pledges,
    Pool,
    ProblemError,
    Rules,
    Tier,
    Travel,
)
from gis.mobilization.matching.reasons import Reason, Shortfall, Why

__all__ = [
    "UNREACHABLE", "Demand", "Matching", "Pledges", "Pool", "ProblemError", "Reason", "Rules",
    "Shortfall", "Tier", "Travel", "Why", "check", "match",
]  # fmt: skip
