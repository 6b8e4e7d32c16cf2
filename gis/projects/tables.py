"""The two ledgers (建设项目, 工作项目): a need, its money, its way from request to close-out."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.base.db import Base, Changed, Placed
from gis.base.workflow import Move, Workflow, check_states
from gis.territory.tables import geometry

KINDS: dict[str, str] = {"construction": "建设项目", "work": "工作项目"}
# Three published sets whose overlap is not known: never added up (DOMAIN 1.0).
PROGRAMS: dict[str, str] = {
    "community_build": "社区建设", "compound_project": "小区项目", "amenity": "便民设施",
}  # fmt: skip

PROJECT_FLOW = Workflow(
    name="project",
    states={
        "draft": "草拟", "requested": "点单", "screened": "街道已审", "returned": "退回",
        "merged": "并入他项", "dispatched": "派单", "accepted": "接单", "declined": "不予承接",
        "in_work": "实施中", "done_claimed": "报完工", "rework": "返工", "verified": "已验收",
        "closed_out": "销号", "suspended": "暂停", "cancelled": "取消",
    },
    initial=("draft", "requested"),
    final=("closed_out", "merged", "cancelled"),
    moves=(
        Move("request", "点单", ("draft", "returned"), "requested", "project.move"),
        Move("screen", "街道审核通过", ("requested",), "screened", "project.move"),
        Move("return", "退回", ("requested", "screened"), "returned", "project.move", True),
        Move("merge", "并入他项", ("requested", "screened"), "merged", "project.move", True),
        Move("dispatch", "派单", ("screened", "declined"), "dispatched", "project.move"),
        Move("accept", "接单", ("dispatched",), "accepted", "project.move"),
        Move("decline", "不予承接", ("dispatched",), "declined", "project.move", True),
        Move("start", "开工", ("accepted",), "in_work", "project.move"),
        Move("claim_done", "报完工", ("in_work", "rework"), "done_claimed", "project.move"),
        Move("verify", "社区与居民验收", ("done_claimed",), "verified", "project.move"),
        Move("send_back", "要求返工", ("done_claimed",), "rework", "project.move", True),
        Move("close_out", "销号", ("verified",), "closed_out", "project.move"),
        Move("suspend", "暂停", ("accepted", "in_work", "rework"), "suspended",
             "project.move", True),
        Move("resume", "恢复", ("suspended",), "in_work", "project.move"),
        Move("cancel", "取消",
             ("draft", "requested", "returned", "screened", "dispatched", "declined", "suspended"),
             "cancelled", "project.move", True),
    ),
)  # fmt: skip


class Project(Placed, Changed, Base):
    """One row of a ledger. Money in integer fen."""

    __tablename__ = "project"
    __place_from__ = (("territory_id", "*"),)
    __workflow__ = PROJECT_FLOW
    project_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    title: Mapped[str]
    kind: Mapped[str]
    program: Mapped[str]
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), index=True)
    state: Mapped[str] = mapped_column(server_default="draft", index=True)
    budget_fen: Mapped[int]
    lead_unit: Mapped[str] = mapped_column(server_default="")
    requested_on: Mapped[date]
    due_on: Mapped[date | None]
    location: Mapped[Any | None] = mapped_column(geometry("POINT"))
    source: Mapped[str]
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        CheckConstraint(check_states("state", PROJECT_FLOW), name="state"),
        CheckConstraint(f"kind IN {tuple(KINDS)}", name="kind"),
        CheckConstraint(f"program IN {tuple(PROGRAMS)}", name="program"),
        CheckConstraint("budget_fen >= 0", name="budget"),
        CheckConstraint("due_on >= requested_on", name="due"),
        CheckConstraint("length(title) BETWEEN 1 AND 200", name="title"),
        Index("ix_project_location", "location", postgresql_using="gist"),
    )
