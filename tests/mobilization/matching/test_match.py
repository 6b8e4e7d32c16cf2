"""The matching against the oracle, its rules one by one, its edges, and its certificate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.mobilization.matching import (
    UNREACHABLE,
    Demand,
    Pledges,
    Pool,
    ProblemError,
    Rules,
    Tier,
    Travel,
    Why,
    check,
    match,
)
from tests.mobilization.matching.oracle import least_cost
from tests.mobilization.matching.towns import town

SIZES = st.tuples(st.integers(0, 25), st.integers(1, 8), st.integers(0, 14))


def line(compounds: int = 4, step: int = 600) -> Travel:
    """Compounds on a line, so many seconds apart, two to a community."""
    at = np.arange(compounds)
    return Travel(np.abs(at[:, None] - at) * step, at // 2)


def people(*rows) -> Pool:
    """(home, unit, skills, availability) each."""
    table = np.array(rows, np.int64).reshape(-1, 4)
    return Pool(*table.T, np.zeros(len(table), np.int64))


def posts(*rows) -> Demand:
    """(compound, shift, skills, need, priority) each."""
    return Demand(*np.array(rows, np.int64).reshape(-1, 5).T)


@given(st.integers(0, 2**32 - 1), SIZES, st.booleans())
@settings(max_examples=400, deadline=None)
def test_optimal_and_proved(seed, sizes, flat):
    question = town(seed, *sizes, flat=flat)
    matching = match(*question)
    assert check(*question, matching) == []
    assert matching.gap == 0
    assert matching.objective == least_cost(*question)


@pytest.mark.parametrize("seed", range(4))
def test_optimal_at_a_few_hundred(seed):
    question = town(seed, members=300, compounds=40, posts=200)
    matching = match(*question)
    assert check(*question, matching) == []
    assert (matching.gap, matching.objective) == (0, least_cost(*question))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_the_same_question_names_the_same_people(seed):
    question = town(seed, 20, 5, 9)
    first, second = match(*question), match(*question)
    assert np.array_equal(first.member, second.member)
    assert np.array_equal(first.post, second.post)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_stopped_early_the_bound_stays_below(seed):
    question = town(seed, 25, 8, 10)
    early = match(*question, most_rounds=1)
    best = match(*question)
    assert early.bound <= best.objective <= early.objective
    assert check(*question, early) == []


def test_stopped_early_the_gap_shows():
    """A negative control: some run must be short of its optimum, or the bound proves nothing."""
    gaps = [match(*town(seed, 25, 8, 10), most_rounds=1).gap for seed in range(60)]
    assert max(gaps) > 0


def test_tiers_in_order():
    pool = people((0, -1, 0, 1), (1, -1, 0, 1), (2, -1, 0, 1), (3, 7, 0, 1))
    pledges = Pledges(np.array([7]), np.array([0]))
    matching = match(pool, posts((0, 0, 0, 4, 1)), line(), pledges, Rules())
    assert matching.tier.tolist() == [Tier.OWN, Tier.COMMUNITY, Tier.NEAR, Tier.PLEDGED]
    assert matching.seconds.tolist() == [0, 600, 1200, 1800]
    assert matching.cost.tolist() == [0, 600 + 600, 900 + 1200, 300 + 1800]


def test_a_pledge_reaches_beyond_the_limit_and_nearness_does_not():
    pool, demand = people((3, 7, 0, 1)), posts((0, 0, 0, 1, 1))
    rules = Rules(max_seconds=900)
    assert len(match(pool, demand, line(), Pledges.none(), rules).member) == 0
    pledged = match(pool, demand, line(), Pledges(np.array([7]), np.array([0])), rules)
    assert pledged.tier.tolist() == [Tier.PLEDGED]


def test_skills_and_shifts_bind():
    pool = people((0, -1, 0b011, 0b01), (0, -1, 0b100, 0b11))
    demand = posts((0, 0, 0b001, 1, 1), (0, 1, 0b100, 1, 1), (0, 1, 0b001, 1, 1))
    matching = match(pool, demand, line(), Pledges.none(), Rules())
    assert dict(zip(matching.member.tolist(), matching.post.tolist(), strict=True)) == {0: 0, 1: 1}
    assert [(each.post, each.why) for each in matching.shortfalls] == [(2, Why.NOBODY_ELIGIBLE)]


def test_filling_comes_before_travel():
    """The near member can do both posts, the far one only the first: both are filled."""
    pool = people((0, -1, 1, 1), (3, -1, 0, 1))
    demand = posts((0, 0, 0, 1, 1), (0, 0, 1, 1, 1))
    matching = match(pool, demand, line(), Pledges.none(), Rules())
    assert matching.post.tolist() == [1, 0]
    assert matching.unfilled.sum() == 0


def test_priority_decides_who_goes_short():
    pool = people((0, -1, 0, 1))
    demand = posts((0, 0, 0, 1, 1), (3, 0, 0, 1, 2))
    matching = match(pool, demand, line(), Pledges.none(), Rules())
    assert matching.post.tolist() == [1]
    assert [(each.post, each.missing, each.why) for each in matching.shortfalls] == [
        (0, 1, Why.OUTBID)
    ]


def test_a_low_penalty_may_leave_a_post_empty():
    matching = match(
        people((3, -1, 0, 1)), posts((0, 0, 0, 1, 1)), line(), Pledges.none(), Rules(unfilled=5)
    )
    assert (len(matching.member), matching.objective, matching.gap) == (0, 5, 0)


def test_fewest_hours_go_first_then_the_earlier_row():
    pool = Pool(
        *np.zeros((2, 4), np.int64),
        np.zeros(4, np.int64),
        np.ones(4, np.int64),
        np.array([5, 2, 9, 2]),
    )
    matching = match(pool, posts((0, 0, 0, 3, 1)), line(), Pledges.none(), Rules())
    assert matching.member.tolist() == [0, 1, 3]


@pytest.mark.parametrize(
    ("pool", "demand"),
    [
        (people(), posts((0, 0, 0, 2, 1))),
        (people((0, -1, 0, 1)), posts()),
        (people(), posts()),
        (people((0, -1, 0, 1)), posts((0, 0, 0, 0, 1))),
        (people((0, -1, 0, 0)), posts((0, 0, 0, 1, 1))),
        (people((0, -1, 0, 1)), posts((0, 0, 8, 1, 1))),
    ],
    ids=["no members", "no posts", "neither", "no need", "nobody free", "nobody skilled"],
)
def test_edges_assign_nobody_and_still_prove_it(pool, demand):
    matching = match(pool, demand, line(), Pledges.none(), Rules())
    assert len(matching.member) == 0 and matching.gap == 0
    assert check(pool, demand, line(), Pledges.none(), Rules(), matching) == []
    assert all(each.why is Why.NOBODY_ELIGIBLE for each in matching.shortfalls)


def test_nowhere_to_go():
    seconds = np.full((4, 4), UNREACHABLE)
    travel = Travel(seconds, np.zeros(4, np.int64))
    pool, demand = people((0, 1, 0, 1)), posts((1, 0, 0, 1, 1))
    matching = match(pool, demand, travel, Pledges(np.array([1]), np.array([1])), Rules())
    assert [each.why for each in matching.shortfalls] == [Why.NOBODY_ELIGIBLE]


def test_travel_to_a_few_places_is_enough():
    full, question = (
        line(),
        (people((0, 2, 0, 1), (1, -1, 0, 1)), posts((1, 0, 0, 1, 1), (3, 0, 0, 1, 1))),
    )
    part = Travel(full.seconds[:, [1, 3]], full.community, np.array([1, 3]))
    pledges = Pledges(np.array([2, 2]), np.array([0, 3]))
    whole, few = (match(*question, each, pledges, Rules()) for each in (full, part))
    assert (whole.objective, whole.post.tolist()) == (few.objective, few.post.tolist())
    assert check(*question, part, pledges, Rules(), few) == []
    with pytest.raises(ProblemError, match="no travel times"):
        match(question[0], posts((2, 0, 0, 1, 1)), part, pledges, Rules())


def test_reasons():
    pool = people((0, -1, 0, 1), (1, -1, 0, 1))
    demand = posts((0, 0, 0, 1, 1), (1, 0, 0, 1, 1))
    matching = match(pool, demand, line(), Pledges.none(), Rules())
    reason = matching.reason_parts(0)
    assert (reason.tier, reason.minutes) == (Tier.OWN, 0)
    assert reason.margin >= 0 and reason.next_post in (1, -1)
    assert matching.price[reason.next_post] - matching.price[0] <= 1200


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_nobody_would_rather_stand_elsewhere(seed):
    matching = match(*town(seed, 25, 6, 10))
    assert all(matching.reason_parts(row).margin >= 0 for row in range(len(matching.member)))


def test_refuses_what_makes_no_sense():
    none = Pledges.none()
    with pytest.raises(ProblemError, match="not among"):
        match(people((9, -1, 0, 1)), posts(), line(), none, Rules())
    with pytest.raises(ProblemError, match="64 bits"):
        match(people((0, -1, 0, 1)), posts((0, 0, 0, 2**30, 2**30)), line(), none, Rules())
    with pytest.raises(ProblemError, match="must not fall"):
        Rules(own=10, pledged=5)
    with pytest.raises(ProblemError, match="differ in length"):
        Pledges(np.array([1]), np.array([1, 2]))
    with pytest.raises(ProblemError, match="0 or more"):
        posts((0, 0, 0, -1, 1))
    with pytest.raises(ProblemError, match="integers"):
        Travel(np.zeros((2, 2)), np.zeros(2, int))
