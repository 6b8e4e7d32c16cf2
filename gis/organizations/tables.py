"""Branches, owners' committees, property firms, support units, work groups and their pledges."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.base.db import Base, Changed, Placed
from gis.base.workflow import Move, Workflow, check_states
from gis.territory.tables import geometry

COMMITTEE_FLOW = Workflow(
    name="owners_committee",
    states={
        "preparing": "筹备中", "elected": "已选举", "filed": "已备案", "term_due": "届满待换届",
    },
    initial=("preparing",),
    moves=(
        Move("elect", "选举产生", ("preparing", "term_due"), "elected", "committee.move"),
        Move("file", "备案", ("elected",), "filed", "committee.move"),
        Move("fall_due", "届满", ("filed", "elected"), "term_due", "committee.move"),
        Move("void", "选举无效", ("elected",), "preparing", "committee.move", needs_reason=True),
    ),
)  # fmt: skip


class Branch(Placed, Changed, Base):
    """The party branch of a compound; a compound has at most one."""

    __tablename__ = "branch"
    __place_from__ = (("compound_id", "compound"),)
    branch_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), unique=True)
    name: Mapped[str]
    founded_on: Mapped[date | None]
    source: Mapped[str]
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))


class OwnersCommittee(Placed, Changed, Base):
    """The owners' committee of a compound; a compound has at most one."""

    __tablename__ = "owners_committee"
    __place_from__ = (("compound_id", "compound"),)
    __workflow__ = COMMITTEE_FLOW
    owners_committee_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), unique=True)
    state: Mapped[str] = mapped_column(server_default="preparing", index=True)
    elected_on: Mapped[date | None]
    term_due_on: Mapped[date | None]
    source: Mapped[str]
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        CheckConstraint(check_states("state", COMMITTEE_FLOW), name="state"),
        CheckConstraint("term_due_on > elected_on", name="term"),
    )


class PropertyFirm(Base):
    """A property firm; it may serve many compounds."""

    __tablename__ = "property_firm"
    __scope__ = "shared"
    property_firm_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    has_party_body: Mapped[bool] = mapped_column(server_default=text("false"))
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))


class PropertyContract(Placed, Changed, Base):
    """Which firm serves a compound now; at most one."""

    __tablename__ = "property_contract"
    __place_from__ = (("compound_id", "compound"),)
    compound_id: Mapped[int] = mapped_column(
        ForeignKey("territory.territory_id"), primary_key=True, autoincrement=False
    )
    property_firm_id: Mapped[int] = mapped_column(
        ForeignKey("property_firm.property_firm_id"), index=True
    )


class SupportUnit(Base):
    """An organ or firm that backs communities and pledges itself to compounds."""

    __tablename__ = "support_unit"
    __scope__ = "shared"
    support_unit_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    level: Mapped[str]
    site: Mapped[Any | None] = mapped_column(geometry("POINT"))
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        CheckConstraint("level IN ('central', 'province', 'city', 'county')", name="level"),
    )


class WorkGroup(Base):
    """A work group of a round: leaders' offices and units that back communities."""

    __tablename__ = "work_group"
    __scope__ = "shared"
    work_group_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    level: Mapped[str]
    round_no: Mapped[int]
    people: Mapped[int]
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (CheckConstraint("level IN ('city', 'county')", name="level"),)


class WorkGroupUnit(Base):
    """Which units make up a work group."""

    __tablename__ = "work_group_unit"
    __scope__ = "shared"
    work_group_id: Mapped[int] = mapped_column(
        ForeignKey("work_group.work_group_id"), primary_key=True, autoincrement=False
    )
    support_unit_id: Mapped[int] = mapped_column(
        ForeignKey("support_unit.support_unit_id"), primary_key=True, autoincrement=False
    )


class WorkGroupCommunity(Placed, Base):
    """Which communities a work group backs."""

    __tablename__ = "work_group_community"
    __place_from__ = (("community_id", "community"),)
    work_group_id: Mapped[int] = mapped_column(
        ForeignKey("work_group.work_group_id"), primary_key=True, autoincrement=False
    )
    community_id: Mapped[int] = mapped_column(
        ForeignKey("territory.territory_id"), primary_key=True, autoincrement=False
    )


class Pledge(Placed, Changed, Base):
    """A unit's promise to stand up for a compound, in role A or B (包保)."""

    __tablename__ = "pledge"
    __place_from__ = (("compound_id", "compound"),)
    pledge_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    support_unit_id: Mapped[int] = mapped_column(ForeignKey("support_unit.support_unit_id"))
    compound_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"))
    role: Mapped[str]
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        CheckConstraint("role IN ('A', 'B')", name="role"),
        Index("uq_pledge_compound_id_role", "compound_id", "role", unique=True),
        Index("uq_pledge_support_unit_id_compound_id", "support_unit_id", "compound_id",
              unique=True),
    )  # fmt: skip
