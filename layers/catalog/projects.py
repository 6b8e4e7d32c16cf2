"""Projects of both ledgers as points, by group of states; what is overdue stands out."""

from __future__ import annotations

from gis.projects.tables import PROJECT_FLOW
from layers import palette
from layers.catalog.common import PARENTS
from layers.layer import Layer, sql
from layers.style import Categories, Sign

# Every state of the workflow belongs to one group; the test holds it.
GROUPS: dict[str, tuple[str, ...]] = {
    "requested": ("draft", "requested", "screened", "returned", "declined"),
    "in_progress": ("dispatched", "accepted", "in_work", "rework", "suspended"),
    "done_claimed": ("done_claimed", "verified"),
    "closed": PROJECT_FLOW.final,
}
# What can be late: somebody still has to do the work.
LATE = GROUPS["requested"] + GROUPS["in_progress"]

STYLE = Categories(
    "point",
    (
        Sign("overdue", "已逾期未完工", "overdue", palette.VERMILION, symbol="triangle"),
        Sign("requested", "点单待派（含退回）", "requested, not yet dispatched", palette.OCHRE,
             symbol="diamond"),
        Sign("in_progress", "接单实施中", "in progress", palette.BLUE, symbol="circle"),
        Sign("done_claimed", "报完工，待验收销号", "done, to be verified", palette.TEAL,
             symbol="square"),
        Sign("closed", "已销号（含并入、取消）", "closed out, merged, cancelled", palette.STONE,
             symbol="ring"),
    ),
    radius=4.5,
)  # fmt: skip


def _status() -> str:
    def words(states: tuple[str, ...]) -> str:
        return ", ".join(f"'{state}'" for state in states)

    cases = "".join(f" WHEN p.state IN ({words(states)}) THEN '{group}'"
                    for group, states in GROUPS.items())  # fmt: skip
    return f"CASE WHEN p.due_on < :on AND p.state IN ({words(LATE)}) THEN 'overdue'{cases} END"


LAYER = Layer(
    key="projects",
    title_zh="项目进度",
    title_en="Projects by state",
    kind="tiles",
    permission="ledger.read",
    style=STYLE,
    items=sql("items/projects").replace("{status}", _status()),
    unit="个项目",
    parents=PARENTS,
    names_from=17,
    unplaced_zh="另有 {n} 个没有位置，不在图上。",
    about="两套台账的项目按状态分组；逾期指应完成日期已过而未报完工。三类项目可能重叠，不合计金额。",
    sources=("project",),
)
