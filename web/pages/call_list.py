"""The call list: who to ring, where they are wanted, and each one's answer link, as a sheet.

Phones leave the database here and nowhere else: the dispatcher says why, and the journal keeps it.
"""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from flask import Blueprint, Response, request, url_for

from gis.base import journal, private
from gis.base.errors import BadInput
from gis.mobilization import links, queries
from gis.mobilization.tables import TIERS
from web.permissions import needs
from web.session import begin, settings
from web.texts import label, local_time, say

blueprint = Blueprint("call_list", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    ("小区", 20), ("岗位", 14), ("班次开始", 16), ("班次结束", 16), ("姓名", 16), ("电话", 14),
    ("关系", 10), ("状态", 10), ("备注", 24), ("答复链接", 60),
)  # fmt: skip


@blueprint.post("/activations/<int:activation_id>/call-list")
@needs("mobilization.call")
def call_list(activation_id: int) -> Response:
    """The sheet of an activation, or of one compound of it. Needs a reason."""
    reason = request.form.get("reason", "").strip()[:200]
    compound_id = request.form.get("compound_id", type=int)
    if not reason:
        raise BadInput("请写明取用电话的原因。", "Say why the phone numbers are needed.")
    with begin() as session:
        activation = queries.activation(session, activation_id)
        called = queries.assignments(session, activation_id, compound_id)
        journal.record(
            session, "take_call_list", "activation", activation_id, reason=reason,
            people=len(called), compound_id=compound_id,
        )  # fmt: skip
        title = f"{activation.order_no} {activation.authority}"
    body = _sheet(title, called)
    response = Response(body, mimetype=XLSX)
    name = f"call-list-{activation_id}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _sheet(title: str, called: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    # Nothing that somebody typed may become a formula or a link in the reader's program.
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, safe) as book:
        sheet = book.add_worksheet(say("叫应名单"))
        head = book.add_format({"bold": True, "bottom": 1})
        sheet.write(0, 0, title)
        sheet.write(1, 0, say("仅用于本次响应，用后销毁。"))
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write(3, column, say(name), head)
        for number, person in enumerate(called, start=4):
            for column, value in enumerate(_row(person)):
                sheet.write_string(number, column, value)
        sheet.freeze_panes(4, 0)
    return out.getvalue()


def _row(person: dict[str, Any]) -> tuple[str, ...]:
    return (
        person["compound"], person["post"], local_time(person["starts_at"]),
        local_time(person["ends_at"]), person["member"], _phone(person),
        label(TIERS, person["tier"]), person["state_zh"], person["answer_note"],
        answer_url(person["assignment_id"]),
    )  # fmt: skip


def _phone(person: dict[str, Any]) -> str:
    if person["phone_sealed"] is None:
        return ""
    where = f"member.phone.{person['phone_salt'].hex()}"
    return private.open_sealed(settings().field_key, where, person["phone_sealed"])


def answer_url(assignment_id: int) -> str:
    """The address of one member's answer page, as phones reach it."""
    base = settings().public_url or request.host_url
    path = url_for("answer.page", token=links.answer_token(settings(), assignment_id))
    return base.rstrip("/") + path
