"""An independent look at a matching: is it allowed, is the cost right, is the bound proved?

Written a second time on purpose, one person and one post after the other, from the raw question. It
shares nothing with the encoder, the solver or the pricing, so an error there cannot excuse itself
here.
"""

import numpy as np

from gis.mobilization.matching.assign import Matching
from gis.mobilization.matching.problem import (
    UNREACHABLE,
    Demand,
    Pledges,
    Pool,
    Rules,
    Tier,
    Travel,
    penalties,
)


def check(
    pool: Pool, demand: Demand, travel: Travel, pledges: Pledges, rules: Rules, matching: Matching
) -> list[str]:
    """What is wrong with a matching, one sentence each; an empty list when it holds."""
    problems: list[str] = []
    sworn = set(zip(pledges.unit.tolist(), pledges.compound.tolist(), strict=True))
    column = {compound: row for row, compound in enumerate(travel.places.tolist())}
    total = 0
    seen: set[int] = set()
    placed = [0] * len(demand)
    columns = "member", "post", "tier", "seconds", "cost"
    rows = zip(*(np.asarray(getattr(matching, name)).tolist() for name in columns), strict=True)
    for member, post, tier, seconds, cost in rows:
        if member in seen:
            problems.append(f"member {member} is assigned twice")
        seen.add(member)
        placed[post] += 1
        if demand.skills[post] & ~pool.skills[member]:
            problems.append(f"member {member} lacks a skill that post {post} requires")
        if not pool.availability[member] >> demand.shift[post] & 1:
            problems.append(f"member {member} is not available in the shift of post {post}")
        right, way = _tier(pool, demand, travel, column, sworn, member, post)
        if way >= UNREACHABLE or (right >= Tier.COMMUNITY and way > rules.max_seconds):
            problems.append(f"member {member} cannot reach post {post} within the rules")
        if (right, way) != (tier, seconds):
            problems.append(f"member {member} at post {post} is {right.name} and {way} s away")
        if cost != rules.surcharge(right) + way:
            problems.append(f"member {member} at post {post} does not cost {cost}")
        total += rules.surcharge(right) + way
    penalty = penalties(pool, demand, travel, rules).tolist()
    for post, here in enumerate(placed):
        need = int(demand.need[post])
        if here > need:
            problems.append(f"post {post} has {here} people and needs {need}")
        if need - here != matching.unfilled[post]:
            problems.append(f"post {post} lacks {need - here}, not {matching.unfilled[post]}")
        total += max(0, need - here) * penalty[post]
    if {each.post for each in matching.shortfalls} != {
        p for p, n in enumerate(placed) if n < demand.need[p]
    }:
        problems.append("the list of shortfalls is not the list of posts with empty places")
    if total != matching.objective:
        problems.append(f"the cost is {total}, not {matching.objective}")
    proved = bound_of(pool, demand, travel, pledges, rules, np.asarray(matching.price), penalty)
    if proved != matching.bound:
        problems.append(f"the prices prove {proved}, not {matching.bound}")
    if matching.bound > total:
        problems.append("the bound is above the cost")
    return problems


def _tier(pool, demand, travel, column, sworn, member, post) -> tuple[Tier, int]:
    home, compound = int(pool.home[member]), int(demand.compound[post])
    seconds = int(travel.seconds[home, column[compound]])
    if home == compound:
        return Tier.OWN, seconds
    if (int(pool.unit[member]), compound) in sworn:
        return Tier.PLEDGED, seconds
    if travel.community[home] == travel.community[compound]:
        return Tier.COMMUNITY, seconds
    return Tier.NEAR, seconds


def bound_of(pool, demand, travel, pledges, rules, price, penalty) -> int:
    """The weak dual bound of prices per post: need x price less the best gain of each member,
    anywhere.

    Works through the members home by home against every post, so memory stays at posts x members of
    one home.
    """
    price = np.clip(price, 0, penalty)
    live = np.flatnonzero(demand.need > 0)
    total = int(demand.need[live] @ price[live])
    compound, shift, wanted = demand.compound[live], demand.shift[live], demand.skills[live]
    where = np.searchsorted(travel.places, compound)
    for home in np.unique(pool.home):
        seconds = travel.seconds[home, where].astype(np.int64)
        same = travel.community[compound] == travel.community[home]
        cost = np.where(same, rules.community, rules.near) + seconds
        allowed = (seconds < UNREACHABLE) & (seconds <= rules.max_seconds)
        cost = np.where(compound == home, rules.own + seconds, cost)
        allowed = np.where(compound == home, seconds < UNREACHABLE, allowed)
        for member in np.flatnonzero(pool.home == home):
            may = (pool.skills[member] & wanted) == wanted
            may &= (pool.availability[member] >> shift) & 1 == 1
            gain = np.where(may & allowed, price[live] - cost, 0)
            theirs = (
                pledges.compound[pledges.unit == pool.unit[member]]
                if pool.unit[member] >= 0
                else []
            )
            pledged = may & np.isin(compound, theirs) & (seconds < UNREACHABLE)
            gain = np.maximum(gain, np.where(pledged, price[live] - rules.pledged - seconds, 0))
            total -= max(0, int(gain.max(initial=0)))
    return total
