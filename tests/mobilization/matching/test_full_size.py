"""25,000 members, 1,000 compounds, 3 shifts, 5 kinds of post: proved optimal, checked."""

import resource

import pytest

from bench.cities import city
from gis.mobilization.matching import Rules, check, match

RULES = Rules(max_seconds=5400)


@pytest.mark.parametrize(("scenario", "load"), [("lockdown", 0.6), ("flood", 0.9)])
def test_full_size(scenario, load):
    question = city(scenario, 25_000, load)
    matching = match(*question, RULES)
    assert matching.gap == 0
    assert check(*question, RULES, matching) == []
    assert matching.unfilled.sum() == 0
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2_000_000
    )  # kB, tests and oracles included
