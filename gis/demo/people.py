"""Members, registrations, community workers and their postings: invented people only.

Names are serial numbers. Phones are 1990 + seven digits counted from 0000001: a pattern that the
service may treat as fake, never to be dialled; the demo sends no message.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.demo.figures import HOME_UNKNOWN_SHARE
from gis.demo.names import numbered
from gis.demo.randoms import days, split, stream

SYNTHETIC = {"is_synthetic": True, "source": "synthetic; counts from the article"}
# Share of members who offer each skill: assumed.
SKILLS = {
    "driving": 0.30,
    "logistics": 0.22,
    "electrician": 0.05,
    "counselling": 0.035,
    "first_aid": 0.08,
    "boat": 0.012,
    "translation": 0.008,
    "sign_language": 0.003,
    "medical": 0.025,
    "drone": 0.006,
}
# Bits of shifts_mask: 1 day, 2 evening, 4 night.
SHIFTS = {1: 0.12, 2: 0.13, 3: 0.25, 4: 0.05, 6: 0.10, 7: 0.35}


def member_frame(units, compounds, communities, totals, seed: int) -> pd.DataFrame:
    """member_id, name, unit_id, home_compound_id (null for about 5 %), home_community_id, skills
    (tuple of text), shifts_mask (bits 1 day, 2 evening, 4 night), hours_per_week, phone,
    is_reserve.

    Homes follow households; units differ in size. All are in the reserve, as published.
    """
    rng = stream(seed, "members")
    n = totals.members
    home = rng.choice(len(compounds), n, p=compounds.households / compounds.households.sum())
    elsewhere = rng.random(n) < HOME_UNKNOWN_SHARE
    community = compounds.community_id.to_numpy()[home]
    size = rng.lognormal(0, 0.7, len(units))
    width = max(7, len(str(n)))
    return pd.DataFrame(
        {
            "member_id": np.arange(1, n + 1),
            "name": numbered("演示成员", n, 5),
            "unit_id": rng.permutation(np.repeat(units.unit_id.to_numpy(), split(n, size, 1))),
            "home_compound_id": pd.array(np.where(elsewhere, np.nan, home + 1.0), dtype="Int64"),
            "home_community_id": community,
            "skills": _skills(n, rng),
            "shifts_mask": rng.choice(list(SHIFTS), n, p=list(SHIFTS.values())).astype(np.int16),
            "hours_per_week": rng.choice([2, 4, 6, 8, 12], n, p=[0.2, 0.35, 0.25, 0.15, 0.05]),
            "phone": "1990" + pd.Series(np.arange(1, n + 1)).astype(str).str.zfill(width),
            "is_reserve": True,
            **SYNTHETIC,
        }
    )


def _skills(n: int, rng) -> np.ndarray:
    """A tuple of skills for each member; equal sets are one tuple, so a million stay small."""
    has = np.column_stack([rng.random(n) < share for share in SKILLS.values()])
    mask = has @ (1 << np.arange(len(SKILLS)))
    names = list(SKILLS)
    stock = np.empty(1 << len(SKILLS), dtype=object)
    for value in range(len(stock)):
        stock[value] = tuple(s for bit, s in enumerate(names) if value >> bit & 1)
    return stock[mask]


def registration_frame(members: pd.DataFrame, links, units, totals, seed: int) -> pd.DataFrame:
    """registration_id, member_id, kind (home, unit), is_repeat, community_id, compound_id (null
    for unit), registered_on.

    Person-times, not persons: every member at home once, most also with the unit (to a community
    of the unit's group), the rest of the total by registering again at home after a first time.
    """
    rng = stream(seed, "registrations")
    n = len(members)
    with_unit = np.sort(rng.permutation(n)[: min(totals.unit_registrations, n)])
    again = np.sort(rng.integers(0, n, max(0, totals.registrations - n - len(with_unit))))
    row = np.concatenate([np.arange(n), with_unit, again])
    kind = np.repeat(
        np.array(["home", "unit", "home"], dtype=object), [n, len(with_unit), len(again)]
    )
    is_unit = kind == "unit"
    served = links.drop_duplicates("work_group_id").set_index("work_group_id").community_id
    unit_community = served[units.work_group_id].to_numpy()[members.unit_id.to_numpy()[row] - 1]
    first, later = ("2020-05-01", "2022-05-31"), ("2022-06-01", "2023-03-31")
    repeat = np.arange(len(row)) >= n + len(with_unit)
    home = members.home_compound_id.to_numpy(dtype=float, na_value=np.nan)[row]
    home_community = members.home_community_id.to_numpy()[row]
    return pd.DataFrame(
        {
            "registration_id": np.arange(1, len(row) + 1),
            "member_id": row + 1,
            "kind": kind,
            "is_repeat": repeat,
            "community_id": np.where(is_unit, unit_community, home_community),
            "compound_id": pd.array(np.where(is_unit, np.nan, home), dtype="Int64"),
            "registered_on": np.where(
                repeat, days(rng, *later, len(row)), days(rng, *first, len(row))
            ),
            **SYNTHETIC,
        }
    )


def worker_frame(communities, totals, seed: int) -> pd.DataFrame:
    """worker_id, name, community_id: community workers by households. No pay, no grade."""
    n = totals.workers
    counts = split(n, communities.households + 1, 2)
    return pd.DataFrame(
        {
            "worker_id": np.arange(1, n + 1),
            "name": numbered("演示社工", n, 4),
            "community_id": np.repeat(communities.community_id.to_numpy(), counts),
            **SYNTHETIC,
        }
    )


def posting_frame(workers: pd.DataFrame, grids, seed: int) -> pd.DataFrame:
    """posting_id, worker_id, grid_id, role (grid_lead, grid_worker), valid_from.

    Each community's workers take its grids in turn: leads first, then grid workers. A few roles
    stay vacant on purpose (about 4 % of the leads and 10 % of the grid workers).
    """
    rng = stream(seed, "postings")
    crew = workers.groupby("community_id").worker_id.apply(np.array).to_dict()
    rows = []
    for community, own in grids.groupby("community_id").grid_id:
        people = crew.get(community, np.array([], dtype=int))
        for role, step in (("grid_lead", 0), ("grid_worker", len(own))):
            for i, grid in enumerate(own.tolist()):
                if len(people):
                    rows.append((people[(i + step) % len(people)], grid, role))
    found = pd.DataFrame(rows, columns=["worker_id", "grid_id", "role"])
    vacant = np.where(found.role == "grid_lead", 0.04, 0.10)
    found = found[rng.random(len(found)) >= vacant].reset_index(drop=True)
    found.insert(0, "posting_id", np.arange(1, len(found) + 1))
    found["valid_from"] = days(rng, "2020-06-01", "2022-12-31", len(found))
    return found.assign(**SYNTHETIC)
