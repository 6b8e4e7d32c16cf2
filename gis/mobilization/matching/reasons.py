"""Why this person stands here, and why that place at a post is empty."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gis.mobilization.matching.jit import compiled
from gis.mobilization.matching.market import FAR, Market
from gis.mobilization.matching.pricing import worths
from gis.mobilization.matching.problem import NOBODY, Tier


class Why(StrEnum):
    """Why a place stays empty."""

    NOBODY_ELIGIBLE = "nobody_eligible"  # no member has the skills and the time and is within reach
    OUTBID = "outbid"  # there are such members, and all are worth more elsewhere


@dataclass(frozen=True)
class Shortfall:
    """`missing` people at a post (row of Demand), and why."""

    post: int
    missing: int
    why: Why


@dataclass(frozen=True)
class Reason:
    """The parts of one person's reason; the caller makes the sentence.

    `price`: what one person more at this post is worth, in seconds of cost. `margin`: by how many
    seconds the matching would be worse, at these prices, had this member gone to their next best
    instead; `next_post` is that post's row in Demand, -1 for staying at home.
    """

    tier: Tier
    minutes: float
    price: int
    margin: int
    next_post: int


def shortfalls(market: Market, missing: np.ndarray) -> tuple[Shortfall, ...]:
    """Posts with people missing (per market post), by row of Demand."""
    found = []
    place = np.repeat(np.arange(len(market.place)), np.diff(market.first))
    short = np.flatnonzero(missing)
    owner = np.repeat(np.arange(len(market.class_hub)), np.diff(market.pledge_first))
    sworn = market.hub_ability[market.class_hub[owner]]
    for spot in np.unique(place[short]):
        within = market.hub_ability[market.cost[market.hub_home, spot] < FAR]
        ability = np.union1d(within, sworn[market.pledge_place == spot])
        for post in short[place[short] == spot]:
            able = market.fits[ability, market.kind[post]].any()
            why = Why.OUTBID if able else Why.NOBODY_ELIGIBLE
            found.append(Shortfall(int(market.post[post]), int(missing[post]), why))
    return tuple(sorted(found, key=lambda each: each.post))


@compiled
def _next_best(worth, cost, price, kind, first, fits, homes, abilities, posts, spots):
    """Per assigned member the best (gain, post) elsewhere, pledges aside; (0, -1): at home."""
    gains = np.zeros(homes.size, np.int64)
    others = np.full(homes.size, -1)
    for row in range(homes.size):
        values, costs = worth[abilities[row]], cost[homes[row]]
        best, where = np.int64(0), -1
        for place in range(costs.size):
            gain = values[place] - costs[place]
            if gain > best and place != spots[row]:
                best, where = gain, place
        if where >= 0:
            for post in range(first[where + 1] - 1, first[where] - 1, -1):
                if fits[abilities[row], kind[post]] and price[post] == values[where]:
                    others[row] = post
        gains[row] = best
    return gains, others


def next_best(
    market: Market, price: np.ndarray, member: np.ndarray, post: np.ndarray, cost: np.ndarray
):
    """(margin, next post as a row of the market, -1: at home) of members at their posts."""
    place = np.repeat(np.arange(len(market.place)), np.diff(market.first))
    hub = market.member_hub[member]
    ability = market.hub_ability[hub]
    worth = worths(market, price)
    gain, other = _next_best(
        worth, market.cost, price, market.kind, market.first, market.fits,
        market.hub_home[hub], ability, post, place[post],
    )  # fmt: skip
    for row, target, offer in _more_offers(market, price, member, post, cost, ability, place):
        better = offer > gain[row]
        gain[row[better]], other[row[better]] = offer[better], target[better]
    return price[post] - cost - gain, other


def _more_offers(market, price, member, post, cost, ability, place):
    """(rows, posts, gains) left out so far: pledges, and other posts at the same place."""
    group = market.member_class[member]
    rows = np.flatnonzero(group != NOBODY)
    start, stop = market.pledge_first[group[rows]], market.pledge_first[group[rows] + 1]
    for step in range(int((stop - start).max(initial=0))):
        has = start + step < stop
        row, pledge = rows[has], (start + step)[has]
        yield from _posts_at(
            market,
            price,
            row,
            market.pledge_place[pledge],
            market.pledge_cost[pledge],
            ability,
            post,
        )
    yield from _posts_at(market, price, np.arange(len(member)), place[post], cost, ability, post)


def _posts_at(market, price, row, spot, cost, ability, post):
    """Offers to these rows from every post at their spot but the one they have."""
    many = np.diff(market.first)[spot]
    for step in range(int(many.max(initial=0))):
        target = market.first[spot] + np.minimum(step, many - 1)
        fit = (step < many) & market.fits[ability[row], market.kind[target]] & (target != post[row])
        yield row[fit], target[fit], (price[target] - cost)[fit]
