"""What a matching is asked: who there is, what is needed, how far it is, who is pledged, and the
rules.

Compounds, units, shifts and skills are numbers the caller has given out; rows keep their order. All
columns are one-dimensional integer arrays of equal length. Wrong shapes and impossible values raise
ProblemError.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

UNREACHABLE = 2**31 - 1  # seconds between places without a way between them
NOBODY = -1  # "no unit", "no post"
LARGEST = 1 << 61


class ProblemError(ValueError):
    """A question that makes no sense, or does not fit in 64 bits."""


class Tier(IntEnum):
    """Why a member stands where they stand; the first that applies."""

    OWN = 0  # the compound is their home
    PLEDGED = 1  # their unit is pledged to it
    COMMUNITY = 2  # it belongs to the community of their home
    NEAR = 3  # it is within reach


@dataclass(frozen=True)
class Pool:
    """Members: `home` compound, `unit` (-1: none), `skills` and `availability` as bit masks (bit s:
    shift s).

    `hours` already served decide who of several equal members goes first (fewest, then row order).
    """

    home: np.ndarray
    unit: np.ndarray
    skills: np.ndarray
    availability: np.ndarray
    hours: np.ndarray

    def __post_init__(self) -> None:
        _columns(self, "home", "unit", "skills", "availability", "hours")
        _floor(self, 0, "home", "skills", "availability")
        _floor(self, NOBODY, "unit")

    def __len__(self) -> int:
        return len(self.home)


@dataclass(frozen=True)
class Demand:
    """Posts: `compound`, `shift`, `skills` (all required), `need` (people), `priority` (from 1)."""

    compound: np.ndarray
    shift: np.ndarray
    skills: np.ndarray
    need: np.ndarray
    priority: np.ndarray

    def __post_init__(self) -> None:
        _columns(self, "compound", "shift", "skills", "need", "priority")
        _floor(self, 0, "compound", "shift", "skills", "need")
        _floor(self, 1, "priority")
        if len(self.shift) and self.shift.max() > 62:
            raise ProblemError("a shift above 62 does not fit in the availability mask")

    def __len__(self) -> int:
        return len(self.compound)


@dataclass(frozen=True)
class Travel:
    """`seconds[home, column]`, UNREACHABLE where there is no way, and the `community` of every
    compound.

    Columns are all compounds, or those listed in `places` (ascending): a city's travel times to the
    few compounds that an incident touches need no square matrix.
    """

    seconds: np.ndarray
    community: np.ndarray
    places: np.ndarray = None  # type: ignore[assignment]  # None: all compounds

    def __post_init__(self) -> None:
        seconds = np.asarray(self.seconds)
        places = (
            np.arange(len(seconds)) if self.places is None else np.asarray(self.places, np.int64)
        )
        object.__setattr__(self, "seconds", seconds)
        object.__setattr__(self, "places", places)
        object.__setattr__(self, "community", np.asarray(self.community, np.int64))
        if seconds.dtype.kind not in "iu" or seconds.ndim != 2:
            raise ProblemError("travel seconds must be a matrix of integers")
        if seconds.shape != (len(self.community), len(places)):
            raise ProblemError("travel seconds are not homes x places")
        if len(places) and not (
            np.all(np.diff(places) > 0) and places[0] >= 0 and places[-1] < len(seconds)
        ):
            raise ProblemError("travel places must be compounds, ascending")
        if seconds.size and seconds.min() < 0:
            raise ProblemError("a travel time is negative")

    def to(self, compounds: np.ndarray) -> np.ndarray:
        """Columns of these compounds. Raises ProblemError for one that is not among the places."""
        found = np.searchsorted(self.places, compounds)
        if len(compounds) and (
            len(self.places) == 0
            or found.max() >= len(self.places)
            or np.any(self.places[found] != compounds)
        ):
            raise ProblemError("no travel times to a compound that has posts")
        return found


@dataclass(frozen=True)
class Pledges:
    """Pairs: `unit` is pledged to `compound`."""

    unit: np.ndarray
    compound: np.ndarray

    def __post_init__(self) -> None:
        _columns(self, "unit", "compound")
        _floor(self, 0, "unit", "compound")

    @staticmethod
    def none() -> "Pledges":
        """No pledge at all."""
        return Pledges(np.empty(0, np.int64), np.empty(0, np.int64))


@dataclass(frozen=True)
class Rules:
    """What an assignment costs: the tier's surcharge plus the travel time, both in seconds.

    Surcharges may not fall from tier to tier. `max_seconds` binds members sent by community or
    nearness; one's own compound is never too far, and a pledge binds wherever there is a way. An
    empty place at a post costs `unfilled` x its priority; None takes a cost no saving can outweigh,
    so that filling comes first and travel second. `neighbours` is how many places per home are
    looked at before prices decide; it moves the time, not the result.
    """

    own: int = 0
    pledged: int = 300
    community: int = 600
    near: int = 900
    max_seconds: int = 3600
    unfilled: int | None = None
    neighbours: int = 8

    def __post_init__(self) -> None:
        if not 0 <= self.own <= self.pledged <= self.community <= self.near:
            raise ProblemError("surcharges must not fall from own to pledged to community to near")
        if (
            self.max_seconds < 0
            or self.neighbours < 1
            or (self.unfilled is not None and self.unfilled < 0)
        ):
            raise ProblemError("a limit is negative")

    def surcharge(self, tier: int) -> int:
        """The tier's cost in seconds."""
        return (self.own, self.pledged, self.community, self.near)[tier]


def penalties(pool: Pool, demand: Demand, travel: Travel, rules: Rules) -> np.ndarray:
    """What one empty place costs at each post. Raises ProblemError beyond 64 bits."""
    finite = travel.seconds[travel.seconds < UNREACHABLE]
    dearest = rules.near + (int(finite.max()) if finite.size else 0)
    people = min(len(pool), int(demand.need.sum()))
    base = rules.unfilled if rules.unfilled is not None else (dearest + 1) * (people + 1)
    top = int(demand.priority.max()) if len(demand) else 1
    if (base * top + dearest) * max(1, int(demand.need.sum()) + len(pool)) >= LARGEST:
        raise ProblemError("priorities times needs do not fit in 64 bits")
    return base * demand.priority


def _columns(table: object, *names: str) -> None:
    """Make the named fields int64 columns of one length."""
    for name in names:
        values = np.asarray(getattr(table, name))
        if values.ndim != 1 or (values.size and values.dtype.kind not in "iub"):
            raise ProblemError(f"{name} must be a column of integers")
        object.__setattr__(table, name, np.ascontiguousarray(values, np.int64))
    if len({len(getattr(table, name)) for name in names}) > 1:
        raise ProblemError(f"{', '.join(names)} differ in length")


def _floor(table: object, least: int, *names: str) -> None:
    for name in names:
        values = getattr(table, name)
        if values.size and values.min() < least:
            raise ProblemError(f"{name} must be {least} or more")
