"""The checker must catch what is wrong: every tampering is a negative control."""

from dataclasses import replace

import numpy as np
import pytest

from gis.mobilization.matching import Demand, Pledges, Pool, check, match
from tests.mobilization.matching.towns import town

QUESTION = town(11, members=40, compounds=6, posts=12)
POOL, DEMAND, TRAVEL, PLEDGES, RULES = QUESTION
MATCHING = match(*QUESTION)


def changed(values, row, value):
    values = values.copy()
    values[row] = value
    return values


def test_the_honest_one_passes():
    assert len(MATCHING.member) > 5
    assert check(*QUESTION, MATCHING) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"member": changed(MATCHING.member, 1, MATCHING.member[0])}, "twice"),
        ({"tier": changed(MATCHING.tier, 0, 3 - MATCHING.tier[0])}, "is"),
        ({"seconds": MATCHING.seconds + 1}, "s away"),
        ({"cost": MATCHING.cost - 1}, "does not cost"),
        ({"objective": MATCHING.objective - 1}, "the cost is"),
        ({"bound": MATCHING.bound + 1}, "above the cost"),
        ({"bound": MATCHING.bound - 1}, "the prices prove"),
        ({"price": MATCHING.price + 50}, "the prices prove"),
        ({"unfilled": changed(MATCHING.unfilled, 0, 9)}, "lacks"),
        ({"shortfalls": ()}, "shortfalls"),
    ],
)
def test_tampering_is_caught(change, words):
    assert any(words in each for each in check(*QUESTION, replace(MATCHING, **change)))


def test_one_person_too_many_is_caught():
    post = changed(MATCHING.post, slice(None), MATCHING.post[0])
    found = check(*QUESTION, replace(MATCHING, post=post))
    assert any("and needs" in each for each in found)


@pytest.mark.parametrize(
    ("pool", "words"),
    [
        (replace(POOL, skills=POOL.skills * 0), "lacks a skill"),
        (replace(POOL, availability=POOL.availability * 0), "not available"),
    ],
)
def test_unfit_members_are_caught(pool: Pool, words):
    assert any(words in each for each in check(pool, DEMAND, TRAVEL, PLEDGES, RULES, MATCHING))


def test_too_far_is_caught():
    rules = replace(RULES, max_seconds=0)
    assert any(
        "cannot reach" in each for each in check(POOL, DEMAND, TRAVEL, PLEDGES, rules, MATCHING)
    )


def test_the_nearer_of_two_goes():
    """The nearer of two members goes; the other would be allowed too, and dearer."""
    demand = Demand(*np.array([[0, 0, 0, 1, 1]]).T)
    pool = Pool(
        np.array([0, 1]), np.array([-1, -1]), np.zeros(2, int), np.ones(2, int), np.zeros(2, int)
    )
    seconds = np.array([[0, 300], [300, 0]])
    question = (
        pool,
        demand,
        replace(TRAVEL, seconds=seconds, community=np.zeros(2, int), places=None),
    )
    best = match(
        *question, Pledges.none(), replace(RULES, max_seconds=900, near=5000, unfilled=None)
    )
    assert best.member.tolist() == [0] and best.gap == 0
