"""Small random towns with all that can go wrong: no way, no skill, no time, no need, ties."""

import numpy as np

from gis.mobilization.matching import UNREACHABLE, Demand, Pledges, Pool, Rules, Travel


def town(seed: int, members: int = 12, compounds: int = 5, posts: int = 8, flat: bool = False):
    """(pool, demand, travel, pledges, rules); `flat` makes nearly all costs tie."""
    rng = np.random.default_rng(seed)
    seconds = rng.integers(0, 4 if flat else 4000, (compounds, compounds)).astype(np.int32)
    seconds[rng.random(seconds.shape) < 0.1] = UNREACHABLE
    travel = Travel(seconds, rng.integers(0, 3, compounds))
    pool = Pool(
        rng.integers(0, compounds, members),
        rng.integers(-1, 3, members),
        rng.integers(0, 8, members),
        rng.integers(0, 8, members),
        rng.integers(0, 5, members),
    )
    demand = Demand(
        rng.integers(0, compounds, posts),
        rng.integers(0, 3, posts),
        rng.choice([0, 0, 1, 2, 4, 5], posts),
        rng.integers(0, 4, posts),
        rng.integers(1, 4, posts),
    )
    pledges = Pledges(rng.integers(0, 3, 5), rng.integers(0, compounds, 5))
    rules = Rules(
        *np.sort(rng.integers(0, 1 if flat else 2000, 4)).tolist(),
        max_seconds=int(rng.integers(0, 4000)),
        unfilled=None if rng.random() < 0.7 else int(rng.integers(0, 3000)),
        neighbours=int(rng.integers(1, 3)),
    )
    return pool, demand, travel, pledges, rules
