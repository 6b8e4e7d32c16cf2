"""The phone page behind an answer link: no log-in, no script, nobody else's data.

The link is the key: signed, expiring, for one assignment. Opening it changes nothing, so that a
messenger that fetches it for a preview answers for nobody.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gis.base.access import EVERYWHERE, Actor
from gis.base.errors import BadInput
from gis.mobilization import actions, links, queries
from gis.mobilization.tables import ASSIGNMENT_FLOW, DECLINE_REASONS
from web.auth import csrf
from web.permissions import public
from web.session import begin, read, settings

blueprint = Blueprint("answer", __name__)
VERBS = ("acknowledge", "decline", "arrive")


def _answering(assignment_id: int) -> Actor:
    """Who answers: a role that holds no permission, so only what a link may do is possible."""
    return Actor(f"答复链接 {assignment_id}", "answer_link", *EVERYWHERE, purpose="answer")


@blueprint.get("/a/<token>")
@public
def page(token: str) -> str:
    """Place, time, post and what to do, with the answers that are possible now."""
    assignment_id = links.read_token(settings(), token)
    with read(_answering(assignment_id)) as session:
        view = queries.answer_view(session, assignment_id)
    verbs = {m.verb for m in ASSIGNMENT_FLOW.moves_from(view.state)} if view.is_running else set()
    return render_template(
        "answer/page.html", view=view, verbs=verbs, states=ASSIGNMENT_FLOW.states,
        reasons=DECLINE_REASONS,
    )  # fmt: skip


@blueprint.post("/a/<token>")
@public
@csrf.exempt  # the address itself is the secret; there is no cookie to be borrowed
def answer(token: str) -> ResponseReturnValue:
    """Takes one answer; the same answer twice is one."""
    assignment_id = links.read_token(settings(), token)
    verb, reason = request.form.get("verb", ""), request.form.get("reason", "")
    if verb not in VERBS:
        raise BadInput("请从页面上的按钮里选择。", "Choose one of the buttons of the page.")
    if verb == "decline" and reason not in DECLINE_REASONS:
        raise BadInput("请选择不能到岗的原因。", "Choose why you cannot come.")
    note = DECLINE_REASONS.get(reason, "") if verb == "decline" else ""
    with begin(_answering(assignment_id)) as session:
        actions.move_assignment(session, assignment_id, verb, note, by_link=True)
    return redirect(url_for("answer.page", token=token), 303)
