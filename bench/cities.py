"""Made-up cities to measure dispatch on: seeded, and no real place."""

import numpy as np

from gis.mobilization.matching import problem

SHIFTS = 3
KINDS = np.array([0, 1, 2, 4, 8])  # guard, medic, driver, electrician, interpreter
KIND_SHARE = np.array([0.6, 0.12, 0.12, 0.08, 0.08])


def city(
    scenario: str, members: int, load: float, compounds: int = 1000, units: int = 282, seed: int = 1
):
    """(pool, demand, travel, pledges) of a lockdown or a flood.

    Lockdown: every compound needs people, in proportion to those who live there. Flood: a sixth of
    the compounds, those nearest the river, need them all. `load` is need over members.
    """
    rng = np.random.default_rng(seed)
    spot = _spots(rng, compounds)
    travel = _travel(spot)
    weight = rng.lognormal(0, 0.5, compounds)
    weight /= weight.sum()
    pool = _pool(rng, members, weight, units)
    if scenario == "lockdown":
        share = weight
    elif scenario == "flood":
        river = np.abs(spot[:, 1] - 15_000 - 3_000 * np.sin(spot[:, 0] / 4_000))
        share = np.where(np.argsort(np.argsort(river)) < compounds // 6, weight, 0)
    else:
        raise ValueError(f"no scenario {scenario}")
    demand = _demand(rng, round(load * members), share / share.sum())
    pledges = problem.Pledges(np.repeat(np.arange(units), 3), rng.integers(0, compounds, units * 3))
    return pool, demand, travel, pledges


def _spots(rng, compounds):
    """Metres; compounds crowd around a dozen centres."""
    centre = rng.uniform(3_000, 27_000, (12, 2))
    spot = centre[rng.integers(0, 12, compounds)] + rng.normal(0, 2_500, (compounds, 2))
    return np.clip(spot, 0, 30_000)


def _travel(spot):
    """60 s to start, then 20 km/h on 1.3 times the straight line; communities are 2 km squares."""
    straight = np.hypot(*(spot[:, None, :] - spot[None, :, :]).transpose(2, 0, 1))
    seconds = (60 + straight * 1.3 / (20 / 3.6)).astype(np.int32)
    np.fill_diagonal(seconds, 0)
    square = (spot // 2_000).astype(np.int64)
    return problem.Travel(seconds, square[:, 0] * 100 + square[:, 1])


def _pool(rng, members, weight, units):
    """Half have no skill; a quarter is free for all shifts, the others for one or two."""
    skills = sum(
        (rng.random(members) < p) * bit
        for p, bit in zip((0.2, 0.3, 0.15, 0.15), KINDS[1:], strict=True)
    )
    availability = rng.choice(
        [1, 2, 4, 3, 6, 5, 7], members, p=[0.13, 0.13, 0.13, 0.12, 0.12, 0.12, 0.25]
    )
    return problem.Pool(
        rng.choice(len(weight), members, p=weight),
        rng.integers(0, units, members),
        skills,
        availability,
        rng.integers(0, 40, members),
    )


def _demand(rng, need, share):
    """Needs spread over compound x shift x kind by chance, in the given shares."""
    compounds = len(share)
    odds = (share[:, None, None] * np.full(SHIFTS, 1 / SHIFTS)[None, :, None] * KIND_SHARE).ravel()
    count = rng.multinomial(need, odds)
    compound, shift, kind = np.unravel_index(np.arange(len(odds)), (compounds, SHIFTS, len(KINDS)))
    return problem.Demand(compound, shift, KINDS[kind], count, np.ones(len(odds), np.int64))
