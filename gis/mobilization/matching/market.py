"""The question boiled down: members who are alike become one class, and costs become one table.

Members who can do the same posts have the same *ability*. Members with the same home and ability
share a *hub*; those of them who also share a unit with pledges are a *class*. Everything downstream
counts heads of hubs and classes; people are dealt out at the end.
"""

from dataclasses import dataclass

import numpy as np

from gis.mobilization.matching.problem import (
    NOBODY,
    UNREACHABLE,
    Demand,
    Pledges,
    Pool,
    ProblemError,
    Rules,
    Travel,
    penalties,
)

FAR = 1 << 60  # the cost of a pair out of reach


@dataclass(frozen=True)
class Market:
    """All int64 unless said otherwise.

    Posts (only those with a need, ordered by place): `post` row in Demand, `need`, `penalty`,
    `kind`; those of place d are `first[d]` to `first[d + 1]`. Places: `place` compound.
    `fits[ability, kind]` bool. `cost[home, place]`, FAR out of reach, over the rows of `home`.
    Hubs: `hub_home` (row), `hub_ability`, `hub_count`. Classes: `class_hub`, `class_count`; their
    pledged places are `pledge_place`, at `pledge_cost`, from `pledge_first[c]` on. Members:
    `member_hub` and `member_class`, -1 where they have none.
    """

    post: np.ndarray
    need: np.ndarray
    penalty: np.ndarray
    kind: np.ndarray
    first: np.ndarray
    place: np.ndarray
    home: np.ndarray
    fits: np.ndarray
    cost: np.ndarray
    hub_home: np.ndarray
    hub_ability: np.ndarray
    hub_count: np.ndarray
    class_hub: np.ndarray
    class_count: np.ndarray
    pledge_first: np.ndarray
    pledge_place: np.ndarray
    pledge_cost: np.ndarray
    member_hub: np.ndarray
    member_class: np.ndarray


def market(pool: Pool, demand: Demand, travel: Travel, pledges: Pledges, rules: Rules) -> Market:
    """Boil the question down. Raises ProblemError for compounds that travel does not know."""
    _known(pool, demand, pledges, len(travel.community))
    penalty = penalties(pool, demand, travel, rules)
    live = np.flatnonzero(demand.need > 0)
    post = live[np.lexsort((live, demand.shift[live], demand.compound[live]))]
    place, first = np.unique(demand.compound[post], return_index=True)
    first = np.append(first, len(post))
    kind, ability, fits = _abilities(pool, demand, post)
    able = np.flatnonzero(ability >= 0)
    home, home_row = np.unique(pool.home[able], return_inverse=True)
    seconds = travel.seconds[np.ix_(home, travel.to(place))].astype(np.int64)
    hub, member_hub, hub_count = _grouped(len(pool), able, home_row, ability[able])
    unit = _pledged_units(pool, pledges, place)
    sworn = able[unit[able] >= 0]
    group, member_class, class_count = _grouped(len(pool), sworn, member_hub[sworn], unit[sworn])
    hub_home, hub_ability = hub
    class_hub, class_unit = group
    pledge_first, pledge_place, pledge_cost = _pledge_pairs(
        pledges, place, class_unit, seconds, hub_home[class_hub], rules
    )
    return Market(
        post, demand.need[post], penalty[post], kind, first, place, home, fits,
        _costs(seconds, home, place, travel.community, rules),
        hub_home, hub_ability, hub_count, class_hub, class_count,
        pledge_first, pledge_place, pledge_cost, member_hub, member_class,
    )  # fmt: skip


def _known(pool: Pool, demand: Demand, pledges: Pledges, compounds: int) -> None:
    for name, values in (
        ("home", pool.home),
        ("post", demand.compound),
        ("pledge", pledges.compound),
    ):
        if values.size and values.max() >= compounds:
            raise ProblemError(
                f"the compound of a {name} is not among the {compounds} of the travel times"
            )


def _abilities(pool: Pool, demand: Demand, post: np.ndarray):
    """(kind of each post, ability of each member or -1 for none, fits[ability, kind])."""
    kinds, kind = np.unique(
        np.stack([demand.shift[post], demand.skills[post]], 1), axis=0, return_inverse=True
    )
    talents, talent = np.unique(
        np.stack([pool.skills, pool.availability], 1), axis=0, return_inverse=True
    )
    shift, required = kinds[:, 0], kinds[:, 1]
    can = ((talents[:, 1:] >> shift) & 1 == 1) & (talents[:, :1] & required == required)
    fits, ability = np.unique(can, axis=0, return_inverse=True)
    if len(fits) and not fits[0].any():  # rows are sorted: nothing at all comes first
        return kind, ability[talent] - 1, fits[1:]
    return kind, ability[talent], fits


def _grouped(members: int, rows: np.ndarray, *keys: np.ndarray):
    """(distinct keys as columns, the group of each member or -1, heads per group)."""
    if not len(rows):
        empty = np.empty(0, np.int64)
        return (empty,) * len(keys), np.full(members, NOBODY), empty
    distinct, group, heads = np.unique(
        np.stack(keys, 1), axis=0, return_inverse=True, return_counts=True
    )
    of_member = np.full(members, NOBODY)
    of_member[rows] = group
    return tuple(np.ascontiguousarray(column) for column in distinct.T), of_member, heads


def _pledged_units(pool: Pool, pledges: Pledges, place: np.ndarray) -> np.ndarray:
    """Each member's unit, -1 where it is pledged to no place with posts."""
    wanted = pledges.unit[np.isin(pledges.compound, place)]
    return np.where(np.isin(pool.unit, wanted), pool.unit, NOBODY)


def _pledge_pairs(pledges, place, class_unit, seconds, class_home, rules):
    """(first, place, cost) of the pledges of each class, by place."""
    pairs = np.unique(np.stack([pledges.unit, pledges.compound], 1), axis=0)
    pairs = pairs[np.isin(pairs[:, 1], place)]
    low = np.searchsorted(pairs[:, 0], class_unit)
    many = np.searchsorted(pairs[:, 0], class_unit, "right") - low
    owner = np.repeat(np.arange(len(class_unit)), many)
    row = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many) + np.repeat(low, many)
    target = np.searchsorted(place, pairs[row, 1])
    taken = seconds[class_home[owner], target]
    way = taken < UNREACHABLE
    first = np.searchsorted(owner[way], np.arange(len(class_unit) + 1))
    return first, target[way], rules.pledged + taken[way]


def _costs(seconds, home, place, community, rules: Rules) -> np.ndarray:
    """cost[home, place] of members as neighbours: own, community or near; pledges come apart."""
    cost = np.full(seconds.shape, FAR)
    reach = seconds <= rules.max_seconds
    near = reach & (seconds < UNREACHABLE)
    cost[near] = rules.near + seconds[near]
    same = near & (community[home][:, None] == community[place][None, :])
    cost[same] = rules.community + seconds[same]
    own = (home[:, None] == place[None, :]) & (seconds < UNREACHABLE)
    cost[own] = rules.own + seconds[own]
    return cost
