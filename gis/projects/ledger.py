"""The ledger of projects (两套台账): need, money, state, place."""

from __future__ import annotations

from gis.base.ledger import Column, Ledger
from gis.projects.actions import move_project
from gis.projects.tables import KINDS, PROGRAMS, Project
from gis.territory.place_names import PLACE

PROJECTS = Ledger(
    key="projects", title="项目台账", table=Project,
    note="建设项目与工作项目：点单、派单、接单、对账、销号。三个专项可能重叠，不加总。",
    columns=(
        Column(Project.title, "项目名称", aliases=("工程名称", "名称")),
        Column(Project.kind, "台账", labels=KINDS, aliases=("类别",)),
        Column(Project.program, "专项", labels=PROGRAMS),
        Column(Project.territory_id, "所属辖区", via=PLACE, aliases=("辖区", "小区", "社区")),
        Column(Project.state, "状态"),
        Column(Project.budget_fen, "预算", unit="元", aliases=("预算金额", "金额")),
        Column(Project.lead_unit, "牵头单位", aliases=("责任单位",)),
        Column(Project.requested_on, "点单日期"),
        Column(Project.due_on, "完成时限"),
        Column(Project.location, "位置"),
        Column(Project.source, "来源", is_read_only=True, is_listed=False),
        Column(Project.is_synthetic, "演示数据", is_read_only=True),
    ),
    identity=("title", "territory_id", "requested_on"), defaults={"source": "表格导入"},
    refusals={"ck_project_due": ("due_on", "完成时限不能早于点单日期")},
    move=move_project,
)  # fmt: skip
