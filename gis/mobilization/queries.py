"""Reads of mobilization: what an area holds, the board of an activation, answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
from shapely import MultiPolygon
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, aliased

from gis.base import changes as feed
from gis.base.access import Actor, actor_of, check
from gis.base.errors import NotFound
from gis.mobilization.rules import LEAST_SHARE
from gis.mobilization.tables import (
    ASSIGNMENT_FLOW,
    Activation,
    ActivationArea,
    Assignment,
    Incident,
    Plan,
    Post,
)
from gis.people.tables import Member
from gis.territory.tables import WIDTHS, Territory

FACILITIES_LISTED = 500
AFFECTED_COLUMNS = (
    "compound_id", "name", "lo", "households", "gates", "lon", "lat", "area_share", "buildings",
    "reserve",
)  # fmt: skip


@lru_cache(maxsize=8)
def sql(name: str) -> str:
    """A statement of this area by file name."""
    return resources.files("gis.mobilization").joinpath(f"sql/{name}.sql").read_text()


@dataclass(frozen=True)
class Affected:
    """What a shape touches. ``compounds``: one row each, columns ``AFFECTED_COLUMNS``.

    Households and buildings are those of the touched share of each compound, rounded up once per
    compound; reserve counts the members whose home is a touched compound. All facilities are
    counted, the first ``FACILITIES_LISTED`` are listed.
    """

    compounds: pd.DataFrame
    grids: int
    facilities: int = 0
    facilities_list: list[dict[str, Any]] = field(default_factory=list)

    @property
    def households(self) -> int:
        """Households of the touched shares."""
        return _touched(self.compounds, "households")

    @property
    def buildings(self) -> int:
        """Buildings of the touched shares."""
        return _touched(self.compounds, "buildings")

    def as_dict(self) -> dict[str, Any]:
        """Figures first, then the compounds and facilities by name."""
        listed = self.compounds[
            ["compound_id", "name", "area_share", "households", "reserve", "lon", "lat"]
        ]
        return {
            "affected_compounds": len(self.compounds),
            "affected_grids": self.grids,
            "affected_households": self.households,
            "buildings": self.buildings,
            "reserve": int(self.compounds["reserve"].sum()),
            "facilities": self.facilities,
            "facilities_list": self.facilities_list,
            "compounds": listed.round({"area_share": 3}).to_dict("records"),
        }


def _touched(compounds: pd.DataFrame, column: str) -> int:
    share = compounds[column].to_numpy(float) * compounds["area_share"].to_numpy(float)
    return int(np.ceil(share - 1e-9).sum())


def affected(session: Session, shape: MultiPolygon) -> Affected:
    """What this shape (WGS 84) touches within the scope: compounds, grids, facilities."""
    wkb = shape.wkb
    rows = session.execute(text(sql("affected")), {"shape": wkb, "least": LEAST_SHARE}).all()
    compounds = pd.DataFrame(rows, columns=list(AFFECTED_COLUMNS))
    grids = session.scalar(
        text(
            "SELECT count(*) FROM territory t, "
            "(SELECT ST_SetSRID(ST_GeomFromWKB(:shape), 4326) AS geom) s "
            "WHERE t.level = 'grid' AND t.valid_to IS NULL AND t.geom && s.geom "
            "AND ST_Intersects(t.geom, s.geom) AND NOT ST_Touches(t.geom, s.geom)"
        ),
        {"shape": wkb},
    )
    points = session.execute(
        text(
            "SELECT f.facility_id, f.kind, f.name, f.capacity, count(*) OVER () AS total "
            "FROM facility f, "
            "(SELECT ST_SetSRID(ST_GeomFromWKB(:shape), 4326) AS geom) s "
            "WHERE f.location && s.geom AND ST_Intersects(f.location, s.geom) "
            "ORDER BY f.kind, f.facility_id LIMIT :listed"
        ),
        {"shape": wkb, "listed": FACILITIES_LISTED},
    ).mappings()
    listed = [dict(point) for point in points]
    total = listed[0]["total"] if listed else 0
    for point in listed:
        del point["total"]
    return Affected(compounds, grids or 0, total, listed)


def plans(session: Session) -> list[dict[str, Any]]:
    """Every plan with its scale and measures, by id."""
    rows = session.scalars(select(Plan).order_by(Plan.category, Plan.response_level))
    return [
        {
            "plan_id": p.plan_id, "name": p.name, "category": p.category,
            "response_level": p.response_level, "version": p.version, "measures": p.measures,
            "max_travel_min": p.max_travel_min, "travel_mode": p.travel_mode,
            "calls_residents": p.calls_residents, "source": p.source,
        }
        for p in rows
    ]  # fmt: skip


def incident(session: Session, incident_id: int) -> Incident:
    """One incident. Raises NotFound."""
    found = session.get(Incident, incident_id)
    if found is None:
        raise NotFound(
            "没有这个突发事件，或不在您的范围内。", "No such incident within your scope."
        )
    return found


def activation(session: Session, activation_id: int) -> Activation:
    """One activation. Raises NotFound."""
    found = session.get(Activation, activation_id)
    if found is None:
        raise NotFound("没有这次启动，或不在您的范围内。", "No such activation within your scope.")
    return found


def activations(session: Session, *, running_only: bool = False) -> list[dict[str, Any]]:
    """The activations of the scope, running ones first, then the newest."""
    query = (
        select(Activation, Incident.name, Plan.name)
        .join(Incident, Incident.incident_id == Activation.incident_id)
        .join(Plan, Plan.plan_id == Activation.plan_id)
        .order_by(Activation.state != "active", Activation.activated_at.desc())
        .limit(200)
    )
    if running_only:
        query = query.where(Activation.state == "active")
    return [
        {
            "activation_id": a.activation_id, "incident_id": a.incident_id, "incident": name,
            "plan_id": a.plan_id, "plan": plan, "state": a.state, "order_no": a.order_no,
            "authority": a.authority, "starts_at": a.starts_at,
            "expected_end_at": a.expected_end_at, "activated_by": a.activated_by,
            "activated_at": a.activated_at, "figures": a.figures,
        }
        for a, name, plan in session.execute(query)
    ]  # fmt: skip


def in_force(session: Session, actor: Actor, now: datetime) -> Actor:
    """The actor with what running activations open: a dispatcher whose territory an activation
    touches works in all its compounds, for its term only. Ask under a scope that sees it.
    """
    if actor.role != "dispatcher" or actor.hi - actor.lo >= 1 << WIDTHS["city"]:
        return actor  # a whole city's dispatcher needs no wider scope
    mine = (ActivationArea.place >= actor.lo) & (ActivationArea.place < actor.hi)
    running = (
        select(Activation.activation_id)
        .join(ActivationArea, ActivationArea.activation_id == Activation.activation_id)
        .where(Activation.state == "active", Activation.expected_end_at > now, mine)
    )
    areas = select(Territory.lo, Territory.hi).join(
        ActivationArea, ActivationArea.compound_id == Territory.territory_id
    )
    ranges = areas.where(ActivationArea.activation_id.in_(running)).distinct()
    outside = [
        (lo, hi) for lo, hi in session.execute(ranges) if lo < actor.lo or hi > actor.hi
    ]
    return actor.widened(outside, "emergency") if outside else actor


def waiting_incidents(session: Session) -> list[Incident]:
    """Incidents of the scope that no plan was ever activated for, newest first, at most 20."""
    any_activation = select(Activation).where(Activation.incident_id == Incident.incident_id)
    query = select(Incident).where(~any_activation.exists())
    return list(session.scalars(query.order_by(Incident.incident_id.desc()).limit(20)))


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One compound of the board: needed, and where the people called for it stand."""

    compound_id: int
    name: str
    lon: float
    lat: float
    needed: int
    priority: int
    sent: int
    acknowledged: int
    on_post: int
    declined: int
    ended: int
    shortfall: int
    shortfall_reason: str | None


def board(session: Session, activation_id: int) -> list[BoardRow]:
    """The board by compound, the widest gap first."""
    check(actor_of(session), "mobilization.read")
    rows = session.execute(text(sql("board")), {"id": activation_id}).mappings()
    return [BoardRow(**row) for row in rows]


def board_totals(rows: list[BoardRow]) -> dict[str, int]:
    """The sums over the board's rows."""
    names = ("needed", "sent", "acknowledged", "on_post", "declined", "ended", "shortfall")
    return {
        "compounds": len(rows),
        **{name: sum(int(getattr(row, name)) for row in rows) for name in names},
    }


def board_dict(session: Session, activation_id: int) -> dict[str, Any]:
    """The board as the API answers it: totals, rows, and the cursor to follow it with."""
    cursor = feed.cursor(session)
    rows = board(session, activation_id)
    return {
        "cursor": cursor,
        "totals": board_totals(rows),
        "rows": [asdict(row) for row in rows],
    }


def changes(session: Session, activation_id: int, after: int) -> dict[str, Any]:
    """The board's rows that changed at or after a cursor, with new totals and the next cursor.

    A row may come again; clients replace it by ``compound_id``.
    """
    cursor = feed.cursor(session)
    touched = set(
        session.scalars(
            select(Assignment.compound_id)
            .where(Assignment.activation_id == activation_id)
            .where(feed.since(Assignment.changed_in, after))
            .distinct()
        )
    )
    rows = board(session, activation_id)
    return {
        "cursor": cursor,
        "totals": board_totals(rows),
        "rows": [asdict(row) for row in rows if row.compound_id in touched],
        "state": activation(session, activation_id).state,
    }


def assignments(
    session: Session, activation_id: int, compound_id: int | None = None
) -> list[dict[str, Any]]:
    """Who was called where, by compound, shift and post: for the call list. Phones stay sealed."""
    check(actor_of(session), "mobilization.call")
    query = (
        select(
            Assignment.assignment_id, Member.member_id, Member.name.label("member"),
            Territory.name.label("compound"), Assignment.compound_id, Post.name.label("post"),
            Post.shift_no, func.lower(Assignment.during).label("starts_at"),
            func.upper(Assignment.during).label("ends_at"), Assignment.state, Assignment.tier,
            Assignment.travel_s, Assignment.reason, Assignment.answer_note,
            Member.phone_sealed, Member.phone_salt,
        )
        .join(Member, Member.member_id == Assignment.member_id)
        .join(Post, Post.post_id == Assignment.post_id)
        .join(Territory, Territory.territory_id == Assignment.compound_id)
        .where(Assignment.activation_id == activation_id)
        .order_by(Territory.lo, Post.shift_no, Post.priority.desc(), Assignment.assignment_id)
    )  # fmt: skip
    if compound_id is not None:
        query = query.where(Assignment.compound_id == compound_id)
    return [
        {**row, "state_zh": ASSIGNMENT_FLOW.states[row["state"]]}
        for row in session.execute(query).mappings()
    ]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What a member sees behind their link: their own post, nobody else."""

    assignment_id: int
    member: str
    compound: str
    community: str | None
    lon: float
    lat: float
    post: str
    starts_at: datetime
    ends_at: datetime
    state: str
    incident: str
    measures: str
    order_no: str
    authority: str
    is_running: bool


def answer_view(session: Session, assignment_id: int) -> AnswerView:
    """The page behind an answer link. Raises NotFound."""
    above = aliased(Territory)
    community = (
        select(above.name)
        .where(above.level == "community")
        .where(above.lo <= Assignment.place, above.hi > Assignment.place)
        .correlate(Assignment)
        .scalar_subquery()
    )
    row = session.execute(
        select(
            Assignment.assignment_id, Member.name, Territory.name, community,
            func.st_x(Territory.anchor), func.st_y(Territory.anchor), Post.name,
            func.lower(Assignment.during), func.upper(Assignment.during), Assignment.state,
            Incident.name, Plan.measures, Activation.order_no, Activation.authority,
            Activation.state == "active",
        )
        .join(Member, Member.member_id == Assignment.member_id)
        .join(Post, Post.post_id == Assignment.post_id)
        .join(Territory, Territory.territory_id == Assignment.compound_id)
        .join(Activation, Activation.activation_id == Assignment.activation_id)
        .join(Incident, Incident.incident_id == Activation.incident_id)
        .join(Plan, Plan.plan_id == Activation.plan_id)
        .where(Assignment.assignment_id == assignment_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound("这次派岗已不存在。", "This assignment no longer exists.")
    return AnswerView(*row)
