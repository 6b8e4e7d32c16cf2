"""``lianjian mobilize``: the same proposal and activation as on the page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from gis.base.access import EVERYWHERE, Actor
from gis.base.errors import BadInput
from gis.base.settings import settings
from gis.cli.tools import command, console, runtime, table
from gis.mobilization import actions, planning
from gis.mobilization.tables import Activation

OPERATOR = Actor("命令行", "dispatcher", *EVERYWHERE, purpose="emergency")


@command("mobilize", help="按突发事件范围排岗派人。Lay out posts and assign members for an area.")
@click.option("--incident", "path", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="范围，GeoJSON（WGS 84）")  # fmt: skip
@click.option("--plan", "plan_id", required=True, help="预案编号，见 lianjian plans")
@click.option("--dry-run", is_flag=True, help="只试排，不写入")
@click.option("--name", default="命令行上报", show_default=True, help="突发事件名称")
@click.option("--order-no", default="", help="命令文号（启动时必填）")
@click.option("--authority", default="", help="发布机关（启动时必填）")
@click.option("--hours", default=72, show_default=True, type=click.IntRange(1, 24 * 60),
              help="预计时长")  # fmt: skip
def mobilize(path: Path, plan_id: str, dry_run: bool, name: str, order_no: str, authority: str,
             hours: int) -> dict[str, Any]:  # fmt: skip
    drawn = read_geojson(path)
    now = datetime.now(UTC).replace(microsecond=0)
    made = runtime()
    with (made.read if dry_run else made.begin)(OPERATOR) as session:
        if dry_run:
            shape = actions.clean_area(session, settings(), drawn)
            proposal, activation = planning.propose(session, shape, plan_id, now), None
        else:
            plan_category = planning.plans.plan(session, plan_id)[0].category
            incident = actions.report_incident(
                session, settings(), name=name, category=plan_category, event_grade=None,
                shape=drawn,
            )  # fmt: skip
            activation, proposal = actions.activate_plan(
                session, incident.incident_id, plan_id, order_no=order_no, authority=authority,
                starts_at=now, expected_end_at=now + timedelta(hours=hours),
            )  # fmt: skip
        document = proposal.as_dict()
        _add_activation(document, activation)
    document["_say"] = _say(document)
    return document


def _add_activation(document: dict[str, Any], activation: Activation | None) -> None:
    document["is_dry_run"] = activation is None
    if activation is not None:
        document["activation_id"] = activation.activation_id
        document["assigned"] = activation.figures["assigned"]
        document["unfilled"] = activation.figures["unfilled"]


def _say(document: dict[str, Any]) -> str:
    certified = "已证明最优" if document["gap"] == 0 else f"与下界相差 {document['gap']}"
    lines = [
        f"{document['plan_name']}：小区 {document['affected_compounds']}，"
        f"户 {document['affected_households']}，岗位 {document['posts']}",
        f"需 {document['needed']} 人，派出 {document['assigned']} 人，缺 {document['unfilled']} 人"
        f"（{certified}）",
    ]
    if document["shortfalls"]:
        columns = {"compound": "小区", "post": "岗位", "missing": "缺", "reason": "原因"}
        lines.append(table(document["shortfalls"][:12], columns))
    if not document["is_dry_run"]:
        lines.append(f"已启动，编号 {document['activation_id']}")
    return "\n".join(lines)


def read_geojson(path: Path) -> Any:
    """The document in this file. Raises BadInput: missing, too large, not JSON."""
    limit = settings().max_upload_mb * 1024 * 1024
    try:
        if path.stat().st_size > limit:
            raise BadInput(
                f"文件超过 {settings().max_upload_mb} MB。",
                f"The file is larger than {settings().max_upload_mb} MB.",
            )
        return json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        console.print(str(error), style="dim", markup=False)
        raise BadInput(f"打不开文件 {path.name}。", f"Cannot open {path.name}.") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput(
            f"{path.name} 不是 GeoJSON 文本。", f"{path.name} is not GeoJSON text."
        ) from None
