"""Who backs a place: support units, work groups, pledges (包保, A and B role), leaders' links."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.demo.compounds import points_inside
from gis.demo.figures import PLEDGES_PER_UNIT
from gis.demo.metres import frame
from gis.demo.names import numbered
from gis.demo.randoms import days, quotas, split, stream

SYNTHETIC = {"is_synthetic": True, "source": "synthetic; counts from the article"}
LEVELS = {"central": 0.03, "province": 0.06, "city": 0.31, "district": 0.60}
LEVEL_NAMES = {"central": "中央", "province": "省直", "city": "市直", "district": "区县直"}


def work_group_frame(totals, seed: int) -> pd.DataFrame:
    """work_group_id, name, level (city, county), people (sum to the article's 434)."""
    n = totals.city_work_groups + totals.county_work_groups
    rng = stream(seed, "work_groups")
    level = np.repeat(
        np.array(["city", "county"], dtype=object),
        [totals.city_work_groups, totals.county_work_groups],
    )
    title = np.where(level == "city", "市", "区县").astype(object)
    return pd.DataFrame(
        {
            "work_group_id": np.arange(1, n + 1),
            "name": title + numbered("演示工作组", n, 2).to_numpy(dtype=object),
            "level": level,
            "people": split(totals.group_people, rng.uniform(0.7, 1.3, n), 1),
            **SYNTHETIC,
        }
    )


def group_community_frame(groups: pd.DataFrame, communities) -> pd.DataFrame:
    """work_group_id, community_id: every community has a group, every group a community.

    City groups take the first turns; a few communities share a group or are shared where the
    numbers differ.
    """
    n = max(len(communities), len(groups))
    return pd.DataFrame(
        {
            "work_group_id": np.resize(groups.work_group_id.to_numpy(), n),
            "community_id": np.resize(communities.community_id.to_numpy(), n),
            **SYNTHETIC,
        }
    )


def unit_frame(communities, groups: pd.DataFrame, links: pd.DataFrame, ground, totals, seed):
    """unit_id, name, level, work_group_id, community_id (of its site), geometry point 4326.

    Central, provincial and city units sit in the city's seat county, district ones near the
    communities of their group.
    """
    rng = stream(seed, "units")
    n = totals.support_units
    level = quotas(rng, LEVELS, n)
    group = rng.permutation(np.resize(groups.work_group_id.to_numpy(), n))
    first = links.drop_duplicates("work_group_id").set_index("work_group_id").community_id
    seat = communities.community_id[communities.county_code == "430802"].to_numpy()
    site = np.where(level == "district", first[group].to_numpy(), rng.choice(seat, n))
    name = numbered("演示单位", n, 3).to_numpy(dtype=object)
    return frame(
        {
            "unit_id": np.arange(1, n + 1),
            "name": name + "·" + pd.Series(level).map(LEVEL_NAMES).to_numpy(dtype=object),
            "level": level,
            "work_group_id": group,
            "community_id": site,
            **SYNTHETIC,
        },
        points_inside(ground.community_polygons[site - 1], rng),
    )


def pledge_frame(units, compounds, branches: pd.DataFrame, communities, totals, seed):
    """pledge_id, unit_id, compound_id, role (A, B), pledged_on.

    Each unit pledges three compounds. 440 compounds (all that have a branch, and a few more) have
    an A unit; the pledges left over are B roles, so that some B are missing on purpose. A and B
    of a compound are different units; both mostly sit in the compound's county.
    """
    rng = stream(seed, "pledges")
    slots = len(units) * PLEDGES_PER_UNIT
    n_a = min(totals.pledged_with_a, len(compounds), slots)
    has_branch = compounds.compound_id.isin(branches.compound_id).to_numpy()
    pick = np.lexsort((rng.random(len(compounds)), ~has_branch))[:n_a]
    county = communities.county_code.to_numpy()[compounds.community_id.to_numpy() - 1]
    pick = pick[np.lexsort((rng.random(n_a), county[pick]))]
    roles = np.ones(n_a, dtype=int)
    roles[rng.permutation(n_a)[: min(slots - n_a, n_a)]] = 2
    at = np.repeat(pick, roles)
    is_b = np.append(False, at[1:] == at[:-1])
    of_unit = communities.county_code.to_numpy()[units.community_id.to_numpy() - 1]
    # Compounds and units are both in county order, so most pledges stay within a county.
    turn = np.lexsort((rng.random(len(units)), of_unit))
    unit = turn[_alternating(len(units))[: len(at)]]
    return pd.DataFrame(
        {
            "pledge_id": np.arange(1, len(at) + 1),
            "unit_id": units.unit_id.to_numpy()[unit],
            "compound_id": compounds.compound_id.to_numpy()[at],
            "role": np.where(is_b, "B", "A"),
            "pledged_on": days(rng, "2020-03-01", "2022-10-20", len(at)),
            **SYNTHETIC,
        }
    )


def _alternating(units: int) -> np.ndarray:
    """Every unit three times, never twice running: pairs of units take turns (the last three
    together where their number is odd), so A and B of a compound are different units."""
    if units < 2:
        return np.zeros(units * PLEDGES_PER_UNIT, dtype=int)
    bounds = np.arange(0, units - 1, 2)
    sizes = np.append(np.full(len(bounds) - 1, 2), units - bounds[-1])
    rounds = [
        np.tile(np.arange(b, b + s), PLEDGES_PER_UNIT) for b, s in zip(bounds, sizes, strict=True)
    ]
    return np.concatenate(rounds)


def leader_link_frame(communities, totals, seed: int) -> pd.DataFrame:
    """leader_link_id, post_title (never a name), level, community_id, valid_from."""
    rng = stream(seed, "leader_links")
    counts = [totals.city_leaders, totals.county_leaders]
    n = sum(counts)
    level = np.repeat(np.array(["city", "county"], dtype=object), counts)
    title = np.repeat(np.array(["市级联点领导岗位", "区县级联点领导岗位"], dtype=object), counts)
    order = np.resize(rng.permutation(communities.community_id.to_numpy()), n)
    return pd.DataFrame(
        {
            "leader_link_id": np.arange(1, n + 1),
            "post_title": title + numbered("", n, 2).to_numpy(dtype=object),
            "level": level,
            "community_id": order,
            "valid_from": days(rng, "2020-04-01", "2021-06-30", n),
            **SYNTHETIC,
        }
    )
