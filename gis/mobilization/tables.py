"""Incidents, plans, activations, posts, assignments: the emergency half of the map (急)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from gis.base.db import Base, Changed, Placed
from gis.base.workflow import Move, Workflow, check_states
from gis.territory.tables import geometry

CATEGORIES: dict[str, str] = {
    "natural_disaster": "自然灾害", "accident": "事故灾难",
    "public_health": "公共卫生事件", "public_security": "社会安全事件",
}  # fmt: skip
# Three separate four-step scales of the law (arts. 3, 63, 71): never merged.
EVENT_GRADES: dict[int, str] = {1: "特别重大", 2: "重大", 3: "较大", 4: "一般"}
RESPONSE_LEVELS: dict[int, str] = {1: "一级响应", 2: "二级响应", 3: "三级响应", 4: "四级响应"}
TIERS: dict[str, str] = {
    "own": "本小区", "pledged": "包保单位", "community": "本社区", "near": "就近",
}  # fmt: skip
DECLINE_REASONS: dict[str, str] = {
    "ill": "身体原因", "away": "不在本地", "duty": "单位值守", "care": "照护家人", "other": "其他",
}  # fmt: skip

ACTIVATION_FLOW = Workflow(
    name="activation",
    states={"active": "已启动", "stood_down": "已解除"},
    initial=("active",),
    final=("stood_down",),
    moves=(Move("stand_down", "解除响应", ("active",), "stood_down", "mobilization.stand_down"),),
)

ASSIGNMENT_FLOW = Workflow(
    name="assignment",
    states={
        "sent": "已派出", "acknowledged": "已应答", "on_post": "已到岗", "declined": "不能到岗",
        "relieved": "已换下", "stood_down": "已解除",
    },
    initial=("sent",),
    final=("declined", "relieved", "stood_down"),
    moves=(
        Move("acknowledge", "能到岗", ("sent",), "acknowledged"),
        Move("arrive", "已到岗", ("sent", "acknowledged"), "on_post"),
        Move("decline", "不能到岗", ("sent", "acknowledged"), "declined", needs_reason=True),
        Move("relieve", "已换下", ("on_post",), "relieved"),
        Move("stand_down", "解除", ("sent", "acknowledged", "on_post"), "stood_down"),
    ),
)  # fmt: skip
LIVE_STATES = ("sent", "acknowledged", "on_post")


class Plan(Base):
    """A plan as data (预案): which posts at which rate, for a category and a response level."""

    __tablename__ = "plan"
    __scope__ = "shared"
    plan_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    category: Mapped[str]
    response_level: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    max_travel_min: Mapped[int]
    calls_residents: Mapped[bool]
    travel_mode: Mapped[str]
    shifts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    measures: Mapped[str]
    source: Mapped[str]
    __table_args__ = (
        CheckConstraint(f"category IN {tuple(CATEGORIES)}", name="category"),
        CheckConstraint("response_level BETWEEN 1 AND 4", name="response_level"),
        CheckConstraint("max_travel_min BETWEEN 1 AND 240", name="max_travel"),
        CheckConstraint("travel_mode IN ('walk', 'drive')", name="travel_mode"),
    )


class PlanRate(Base):
    """One post kind of a plan: so many people for so many households, gates or compounds."""

    __tablename__ = "plan_rate"
    __scope__ = "shared"
    plan_id: Mapped[str] = mapped_column(
        ForeignKey("plan.plan_id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    basis: Mapped[str]
    per: Mapped[int]
    people: Mapped[int]
    at_least: Mapped[int]
    skills: Mapped[int] = mapped_column(server_default=text("0"))
    priority: Mapped[int]
    shift_nos: Mapped[list[int]] = mapped_column(JSONB)
    __table_args__ = (
        CheckConstraint("basis IN ('household', 'gate', 'building', 'compound')", name="basis"),
        CheckConstraint("per > 0 AND people > 0 AND at_least >= 0", name="rate"),
        CheckConstraint("priority BETWEEN 1 AND 9", name="priority"),
    )


class Incident(Changed, Placed, Base):
    """What happened, where: a polygon with a category and a grade, reported by somebody."""

    __tablename__ = "incident"
    # What is declared is public within the city: whoever works below it must see the banner.
    __scope__ = "open"
    __place_from__ = (("territory_id", "*"),)
    incident_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str]
    category: Mapped[str]
    event_grade: Mapped[int | None] = mapped_column(SmallInteger)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"))
    geom: Mapped[Any] = mapped_column(geometry("MULTIPOLYGON"), nullable=False)
    reported_by: Mapped[str]
    reported_at: Mapped[datetime] = mapped_column(server_default=func.now())
    __table_args__ = (
        CheckConstraint(f"category IN {tuple(CATEGORIES)}", name="category"),
        CheckConstraint("event_grade BETWEEN 1 AND 4", name="event_grade"),
        CheckConstraint("st_isvalid(geom) AND NOT st_isempty(geom)", name="geom_valid"),
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name"),
        Index("ix_incident_geom", "geom", postgresql_using="gist"),
    )


class Activation(Changed, Placed, Base):
    """A plan switched on for an incident: order, authority, level and expected end (art. 72)."""

    __tablename__ = "activation"
    __scope__ = "open"
    __place_from__ = (("territory_id", "*"),)
    __workflow__ = ACTIVATION_FLOW
    activation_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.incident_id"), index=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"))
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.plan_id"))
    plan_version: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="active")
    order_no: Mapped[str]
    authority: Mapped[str]
    starts_at: Mapped[datetime]
    expected_end_at: Mapped[datetime]
    activated_by: Mapped[str]
    activated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    __table_args__ = (
        CheckConstraint(check_states("state", ACTIVATION_FLOW), name="state"),
        CheckConstraint("expected_end_at > starts_at", name="term"),
        # One running activation an incident: the second dispatcher is told, not doubled.
        Index("uq_activation_running", "incident_id", unique=True,
              postgresql_where=text("state = 'active'")),
    )  # fmt: skip


class ActivationArea(Placed, Base):
    """A compound that an activation covers, with the share of it that the incident touches."""

    __tablename__ = "activation_area"
    __place_from__ = (("compound_id", "compound"),)
    activation_id: Mapped[int] = mapped_column(
        ForeignKey("activation.activation_id"), primary_key=True, autoincrement=False
    )
    compound_id: Mapped[int] = mapped_column(
        ForeignKey("territory.territory_id"), primary_key=True, autoincrement=False, index=True
    )
    area_share: Mapped[float]
    households: Mapped[int]
    __table_args__ = (CheckConstraint("area_share > 0 AND area_share <= 1.000001", name="share"),)


class Post(Changed, Placed, Base):
    """So many people of one kind, at one compound, in one shift."""

    __tablename__ = "post"
    __place_from__ = (("compound_id", "compound"),)
    post_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    activation_id: Mapped[int] = mapped_column(ForeignKey("activation.activation_id"), index=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    shift_no: Mapped[int]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    needed: Mapped[int]
    skills: Mapped[int] = mapped_column(server_default=text("0"))
    priority: Mapped[int]
    shortfall_reason: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        CheckConstraint("needed > 0", name="needed"),
        CheckConstraint("NOT isempty(during)", name="during"),
        Index("uq_post_place", "activation_id", "compound_id", "kind", "shift_no", unique=True),
    )


class Assignment(Changed, Placed, Base):
    """A member called to a post. Emergency personal data: it carries its activation."""

    __tablename__ = "assignment"
    __place_from__ = (("compound_id", "compound"),)
    __workflow__ = ASSIGNMENT_FLOW
    assignment_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    activation_id: Mapped[int] = mapped_column(ForeignKey("activation.activation_id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.post_id"), index=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.member_id"), index=True)
    state: Mapped[str] = mapped_column(server_default="sent")
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    tier: Mapped[str]
    travel_s: Mapped[int]
    reason: Mapped[str]
    answer_note: Mapped[str] = mapped_column(server_default="")
    assigned_at: Mapped[datetime] = mapped_column(server_default=func.now())
    __table_args__ = (
        CheckConstraint(check_states("state", ASSIGNMENT_FLOW), name="state"),
        CheckConstraint(f"tier IN {tuple(TIERS)}", name="tier"),
        # Nobody stands on two posts at once, whoever activates what at the same moment.
        ExcludeConstraint(
            ("member_id", "="), ("during", "&&"), using="gist",
            where=text("state IN ('sent', 'acknowledged', 'on_post')"),
            name="ex_assignment_member_once",
        ),
    )  # fmt: skip
