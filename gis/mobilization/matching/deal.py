"""From head counts to names: who of several alike goes where.

Fewest hours served go first, then the earlier row; so the same input always names the same people.
"""

import numpy as np

from gis.mobilization.matching.network import Network
from gis.mobilization.matching.problem import NOBODY


def deal(network: Network, flow: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """The post each member is given, as a row of the market's posts, -1 for those who rest."""
    market = network.market
    turn = np.lexsort((np.arange(len(hours)), hours))
    spot = _hand_out(market.member_class, turn, *_slots(network.sworn, flow, (2, 3)))
    waiting = np.where(spot == NOBODY, market.member_hub, NOBODY)
    sent = _hand_out(waiting, turn, *_slots(network.pairs, flow, (1, 2)))
    spot = np.where(spot == NOBODY, sent, spot)
    post = _hand_out(spot, turn, *_slots(network.exits, flow, (1, 2)))
    placed = np.flatnonzero(spot != NOBODY)
    node = network.arrival_node[spot[placed]]
    alone = node < 1 + len(market.post)  # an arrival with a single post is that post's node
    post[placed[alone]] = node[alone] - 1
    return post


def _slots(chunks: list[np.ndarray], flow: np.ndarray, columns: tuple[int, int]):
    """(owner, value, how many) of the arcs with flow, by owner and then by arc."""
    if not chunks:
        return (np.empty(0, np.int64),) * 3
    table = np.concatenate(chunks, axis=1)
    table = table[:, flow[table[0]] > 0]
    table = table[:, np.argsort(table[columns[0]], kind="stable")]
    return table[columns[0]], table[columns[1]], flow[table[0]]


def _hand_out(group: np.ndarray, turn: np.ndarray, owner, value, many) -> np.ndarray:
    """Give each group's slots to its people in turn; -1 for those left over and those without a
    group.

    Slots are `many` of `value` for group `owner`, sorted by owner.
    """
    given = np.full(len(group), NOBODY)
    people = turn[group[turn] != NOBODY]
    people = people[np.argsort(group[people], kind="stable")]
    mine = group[people]
    rank = np.arange(len(people)) - np.searchsorted(mine, mine)
    owner, value = np.repeat(owner, many), np.repeat(value, many)
    first = np.searchsorted(owner, mine)
    served = first + rank < np.searchsorted(owner, mine, "right")
    given[people[served]] = value[(first + rank)[served]]
    return given
