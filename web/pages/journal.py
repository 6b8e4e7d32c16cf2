"""The journal: who did what, newest first. Reading it changes nothing."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy import select

from gis.base.errors import BadInput
from gis.base.glossary import TERMS
from gis.base.journal import JournalEntry
from gis.organizations.tables import COMMITTEE_FLOW
from gis.projects.tables import PROJECT_FLOW
from web.permissions import needs
from web.session import read

blueprint = Blueprint("journal", __name__)
PAGE = 100
# The words of the deeds that the domain records; a new one shows as it is written.
VERBS = {
    "report": "上报", "activate": "启动预案", "stand_down": "解除响应", "set_account": "设置账号",
    "take_call_list": "取用叫应名单", "import": "导入", "export": "导出", "undo": "撤销导入",
    "seed": "生成演示城市", "add": "登记", "added": "导入新增", "changed": "导入修改",
    **{move.verb: move.zh for flow in (PROJECT_FLOW, COMMITTEE_FLOW) for move in flow.moves},
}  # fmt: skip


@blueprint.get("/journal")
@needs("journal.read")
def journal() -> str:
    """The latest entries of the scope; ``?before=`` goes on from an entry."""
    before = request.args.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise BadInput("页码不对。", "The page mark is wrong.")
    query = select(JournalEntry).order_by(JournalEntry.journal_id.desc()).limit(PAGE + 1)
    if before:
        query = query.where(JournalEntry.journal_id < int(before))
    with read() as session:
        entries = session.scalars(query).all()
        return render_template(
            "journal.html", entries=entries[:PAGE], has_more=len(entries) > PAGE, verbs=VERBS,
            terms=TERMS,
        )  # fmt: skip
