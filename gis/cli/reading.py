"""Commands that only read: coverage, plans, find, status of the journal."""

from __future__ import annotations

from typing import Any

import click

from gis.base import journal
from gis.cli.tools import command, runtime, table
from gis.coverage import queries as coverage_queries
from gis.mobilization import queries as mobilization
from gis.territory import queries as territory


@command("coverage", help="各级辖区的覆盖与空白。Coverage by territory level.")
@click.option(
    "--level", default="community", show_default=True,
    type=click.Choice(coverage_queries.LEVELS), help="层级",
)  # fmt: skip
def coverage(level: str) -> dict[str, Any]:
    with runtime().read() as session:
        rows = [row.as_dict() for row in coverage_queries.coverage(session, level)]
        totals = coverage_queries.totals(session)
        classes = coverage_queries.classes(session)
    columns = {
        "name": "名称", "compounds": "小区", "with_branch": "有支部", "with_committee": "有业委会",
        "with_firm": "有物业", "with_none": "三方皆无", "coverage_rate": "支部覆盖率",
        "reserve": "在册成员", "households": "户数",
    }  # fmt: skip
    return {
        "level": level, "rows": rows, "totals": totals, "classes": classes,
        "_say": table(rows, columns),
    }  # fmt: skip


@command("plans", help="列出预案。List the plans.")
def plans() -> dict[str, Any]:
    with runtime().read() as session:
        rows = mobilization.plans(session)
    columns = {"plan_id": "编号", "name": "名称", "max_travel_min": "路程上限（分）",
               "measures": "措施"}  # fmt: skip
    return {"plans": rows, "_say": table(rows, columns)}


@command("find", help="按名称、别名或代码找辖区。Find a place by name, alias or code.")
@click.argument("words")
def find(words: str) -> tuple[dict[str, Any], int]:
    with runtime().read() as session:
        rows = [unit.as_dict() for unit in territory.find_units(session, words)]
    columns = {"level": "层级", "name": "名称", "code": "代码", "lon": "经度", "lat": "纬度"}
    said = table(rows, columns) if rows else f"没有找到“{words}”。"
    return {"rows": rows, "_say": said}, 0 if rows else 1


@command("journal", help="封存并核对审计链。Seal and verify the journal's chain.")
def verify_journal() -> tuple[dict[str, Any], int]:
    with runtime().load() as session:  # sealing is the owner's
        sealed = journal.seal(session)
        broken = journal.verify(session)
    said = (
        f"审计链完好，本次封存 {sealed} 条。" if broken is None else f"审计链在第 {broken} 条断开！"
    )
    return {"sealed": sealed, "broken_at": broken, "_say": said}, 0 if broken is None else 1
