"""Writes of mobilization: report, activate, answer, stand down.

Each checks, locks, writes and records; none commits: the caller's transaction is
the edge, so an activation is there whole or not at all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import shapely
from geoalchemy2.shape import from_shape, to_shape
from shapely import MultiPolygon
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gis.base import journal, workflow
from gis.base.access import actor_of, check
from gis.base.errors import BadInput, Conflict, NotFound, WrongState
from gis.base.settings import Settings
from gis.geo.shapes import clean_polygon
from gis.mobilization import queries
from gis.mobilization.planning import Proposal, propose
from gis.mobilization.rules import FIRST_YEAR, LAST_YEAR, shortfall_sentence
from gis.mobilization.tables import (
    ACTIVATION_FLOW,
    ASSIGNMENT_FLOW,
    CATEGORIES,
    EVENT_GRADES,
    LIVE_STATES,
    Activation,
    Assignment,
    Incident,
)
from gis.territory import queries as territory
from gis.territory.tables import Territory


def clean_area(session: Session, settings: Settings, drawn: Any) -> MultiPolygon:
    """A drawn or uploaded area as a clean polygon inside one of the cities. Raises BadGeometry."""
    cities = territory.cities(session)
    if not cities:
        raise NotFound("还没有城市数据。", "There is no city yet.")
    outline = shapely.union_all([territory.city_outline(session, city) for city in cities])
    names = ("、".join(c.name for c in cities), ", ".join(c.name for c in cities))
    return clean_polygon(
        drawn, max_vertices=settings.max_vertices, within=outline, within_name=names
    )


def report_incident(
    session: Session,
    settings: Settings,
    *,
    name: str,
    category: str,
    event_grade: int | None,
    shape: Any,
) -> Incident:
    """Records what happened and where. Raises Forbidden, BadInput, BadGeometry."""
    actor = actor_of(session)
    check(actor, "incident.report")
    if category not in CATEGORIES:
        raise BadInput(
            f"事件类别应为：{'、'.join(CATEGORIES)}。",
            f"The category must be one of {', '.join(CATEGORIES)}.",
        )
    if event_grade is not None and event_grade not in EVENT_GRADES:
        raise BadInput("事件分级应为 1–4，或不填。", "The event grade is 1 to 4, or none.")
    if not name.strip() or len(name) > 120:
        raise BadInput("请填写 1–120 字的名称。", "Give a name of 1 to 120 signs.")
    area = clean_area(session, settings, shape)
    incident = Incident(
        name=name.strip(), category=category, event_grade=event_grade,
        territory_id=_home(session), geom=from_shape(area, srid=4326), reported_by=actor.name,
    )  # fmt: skip
    session.add(incident)
    session.flush()
    journal.record(session, "report", "incident", incident.incident_id, name=incident.name)
    return incident


def _home(session: Session) -> int:
    """The unit that the actor acts for: that of their range, or the first city."""
    actor = actor_of(session)
    found = session.scalar(
        select(Territory.territory_id).where(Territory.lo == actor.lo, Territory.hi == actor.hi)
    )
    return found or territory.cities(session)[0].territory_id


def shape_of(incident: Incident) -> MultiPolygon:
    """The incident's polygon (WGS 84)."""
    return to_shape(incident.geom)


def activate_plan(
    session: Session,
    incident_id: int,
    plan_id: str,
    *,
    order_no: str,
    authority: str,
    starts_at: datetime,
    expected_end_at: datetime,
) -> tuple[Activation, Proposal]:
    """Switches a plan on for an incident and writes posts and assignments in this transaction.

    Raises Forbidden, NotFound, BadInput, Conflict when the incident has a running activation.
    Members whom another activation took in the same moment are left to it: the exclusion
    constraint decides, and what was really written is counted in ``figures``.
    """
    check(actor_of(session), "mobilization.activate")
    _check_order(order_no, authority, starts_at, expected_end_at)
    # One activation at a time: the second sees the first one's people as taken.
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('lianjian.activate'))"))
    incident = queries.incident(session, incident_id)
    proposal = propose(session, shape_of(incident), plan_id, starts_at)
    activation = Activation(
        incident_id=incident_id, territory_id=incident.territory_id, plan_id=plan_id,
        plan_version=proposal.plan.version, order_no=order_no.strip(), authority=authority.strip(),
        starts_at=starts_at, expected_end_at=expected_end_at,
        activated_by=actor_of(session).name, figures={},
    )  # fmt: skip
    session.add(activation)
    try:
        session.flush()
    except IntegrityError:
        raise Conflict(
            "这个突发事件已经启动了预案，请先看它的看板。",
            "This incident has a running activation; see its board.",
        ) from None
    posts = _write_posts(session, activation, proposal)
    written = _write_assignments(session, activation, proposal, posts)
    activation.figures = {
        "needed": proposal.needed, "assigned": written, "unfilled": proposal.needed - written,
        "posts": len(proposal.posts), "compounds": len(proposal.affected.compounds),
        "households": proposal.affected.households, "objective": proposal.objective,
        "bound": proposal.bound,
    }  # fmt: skip
    session.flush()
    journal.record(session, "activate", "activation", activation.activation_id,
                   plan=plan_id, order_no=order_no, **activation.figures)  # fmt: skip
    return activation, proposal


def _check_order(order_no: str, authority: str, starts_at: datetime, ends_at: datetime) -> None:
    if not order_no.strip() or not authority.strip():
        raise BadInput(
            "请填写命令文号和发布机关：启动由人决定，系统只作记录。",
            "Give the order number and the authority: a person declares, the software records.",
        )
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise BadInput("时间要带时区。", "Times need a time zone.")
    if not FIRST_YEAR < ends_at.year < LAST_YEAR:
        raise BadInput("预计结束的年份不对。", "The year of the expected end is wrong.")
    if ends_at <= starts_at:
        raise BadInput("预计结束时间要晚于开始时间。", "The expected end must be after the start.")


def _write_posts(session: Session, activation: Activation, proposal: Proposal) -> list[int]:
    compounds, posts = proposal.affected.compounds, proposal.posts
    session.execute(
        text(
            "INSERT INTO activation_area (activation_id, compound_id, area_share, households) "
            "SELECT :id, * FROM unnest(CAST(:c AS int8[]), CAST(:s AS float8[]), "
            "CAST(:h AS int8[]))"
        ),
        {
            "id": activation.activation_id,
            "c": compounds["compound_id"].tolist(),
            "s": compounds["area_share"].clip(upper=1.0).tolist(),
            "h": compounds["households"].tolist(),
        },
    )
    reasons = [
        shortfall_sentence(why, int(skills), proposal.plan.max_travel_min) if why else ""
        for why, skills in zip(posts["why"], posts["skills"], strict=True)
    ]
    rows = session.execute(
        text(queries.sql("insert_posts")),
        {
            "id": activation.activation_id,
            **{c: posts[c].tolist() for c in
               ("compound_id", "kind", "name", "shift_no", "needed", "skills", "priority")},
            "starts": [proposal.windows[n][0] for n in posts["shift_no"]],
            "ends": [proposal.windows[n][1] for n in posts["shift_no"]],
            "reason": reasons,
        },
    )  # fmt: skip
    by_row = {row_no: post_id for post_id, row_no in rows}
    return [by_row[i] for i in range(len(posts))]


def _write_assignments(
    session: Session, activation: Activation, proposal: Proposal, posts: list[int]
) -> int:
    people = proposal.people
    row = people["post"].tolist()
    compounds = proposal.posts["compound_id"].tolist()
    shifts = proposal.posts["shift_no"].tolist()
    written = session.execute(
        text(queries.sql("insert_assignments")),
        {
            "id": activation.activation_id,
            "post_id": [posts[r] for r in row],
            "compound_id": [compounds[r] for r in row],
            "member_id": people["member_id"].tolist(),
            "starts": [proposal.windows[shifts[r]][0] for r in row],
            "ends": [proposal.windows[shifts[r]][1] for r in row],
            "tier": people["tier"].tolist(),
            "travel_s": people["travel_s"].tolist(),
            "reason": proposal.reasons,
        },
    )
    return len(written.all())


def move_assignment(
    session: Session, assignment_id: int, verb: str, reason: str = "", *, by_link: bool = False
) -> Assignment:
    """Moves one assignment: by the member's own link, or by a dispatcher on the phone.

    Raises NotFound, WrongState, BadInput (declining needs a reason). Repeating the same answer
    changes nothing.
    """
    if not by_link:
        check(actor_of(session), "assignment.move")
    assignment = session.scalar(
        select(Assignment).where(Assignment.assignment_id == assignment_id).with_for_update()
    )
    if assignment is None:
        raise NotFound("没有这次派岗，或不在您的范围内。", "No such assignment within your scope.")
    running = session.scalar(
        select(Activation.state).where(Activation.activation_id == assignment.activation_id)
    )
    if running != "active":
        raise WrongState(
            "响应已解除，不用再答复了。", "The activation has ended; no answer is needed."
        )
    workflow.move(session, ASSIGNMENT_FLOW, assignment, verb, reason=reason)
    if reason:
        assignment.answer_note = reason[:200]
        session.flush()
    return assignment


def stand_down(session: Session, activation_id: int, reason: str = "") -> Activation:
    """Ends an activation: every live assignment is stood down in the same transaction."""
    check(actor_of(session), "mobilization.stand_down")
    activation = session.scalar(
        select(Activation).where(Activation.activation_id == activation_id).with_for_update()
    )
    if activation is None:
        raise NotFound("没有这次启动，或不在您的范围内。", "No such activation within your scope.")
    workflow.move(session, ACTIVATION_FLOW, activation, "stand_down", reason=reason)
    ended = session.scalars(
        update(Assignment)
        .where(Assignment.activation_id == activation_id, Assignment.state.in_(LIVE_STATES))
        .values(state="stood_down")
        .returning(Assignment.assignment_id)
        .execution_options(synchronize_session=False)
    ).all()
    journal.record(session, "stand_down", "activation", activation_id, ended=len(ended))
    return activation
