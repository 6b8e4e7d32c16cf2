"""The activations, the board of one, its people, and the stand-down."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gis.mobilization import actions, queries
from gis.mobilization.tables import (
    ACTIVATION_FLOW,
    ASSIGNMENT_FLOW,
    CATEGORIES,
    DECLINE_REASONS,
    EVENT_GRADES,
    TIERS,
)
from web.maps import map_parts
from web.permissions import needs
from web.session import begin, current_actor, read
from web.texts import say

blueprint = Blueprint("activations", __name__)
LAYERS_SHOWN = ["roads", "territory", "post-status"]


@blueprint.get("/activations")
@needs("mobilization.read")
def activations() -> str:
    """Every activation of the scope, running ones first."""
    with read() as session:
        found = queries.activations(session)
        waiting = queries.waiting_incidents(session)
    return render_template(
        "activations.html", activations=found, waiting=waiting, states=ACTIVATION_FLOW.states,
        categories=CATEGORIES, grades=EVENT_GRADES,
        may_report=current_actor().may("incident.report"),
    )  # fmt: skip


@blueprint.get("/activations/<int:activation_id>")
@needs("mobilization.read")
def board(activation_id: int) -> str:
    """Map and list side by side, widest gap first. The list needs no map and no script."""
    with read() as session:
        activation = queries.activation(session, activation_id)
        incident = queries.incident(session, activation.incident_id)
        plan = next(p for p in queries.plans(session) if p["plan_id"] == activation.plan_id)
        live = queries.board_dict(session, activation_id)
        parts = map_parts(
            session, LAYERS_SHOWN, params={"post-status": {"activation_id": activation_id}},
            bounds=_bounds(live["rows"]),
        )  # fmt: skip
    actor = current_actor()
    return render_template(
        "board.html", activation=activation, incident=incident, plan=plan, live=live, parts=parts,
        states=ACTIVATION_FLOW.states, may_call=actor.may("mobilization.call"),
        may_stand_down=actor.may("mobilization.stand_down"),
    )  # fmt: skip


def _bounds(rows: list[dict]) -> tuple[float, float, float, float] | None:
    """Around the compounds of the board, with a margin of about 300 m."""
    if not rows:
        return None
    lons, lats = [row["lon"] for row in rows], [row["lat"] for row in rows]
    return min(lons) - 0.003, min(lats) - 0.003, max(lons) + 0.003, max(lats) + 0.003


@blueprint.get("/activations/<int:activation_id>/people")
@needs("mobilization.call")
def people(activation_id: int) -> str:
    """Who was called for one compound (``?compound_id=``), and what each answered."""
    compound_id = request.args.get("compound_id", type=int)
    with read() as session:
        activation = queries.activation(session, activation_id)
        called = queries.assignments(session, activation_id, compound_id or 0)
    # Whom to ring next stands first: by shift, then by what is still open.
    order = list(ASSIGNMENT_FLOW.states)
    called.sort(key=lambda p: (p["starts_at"], order.index(p["state"]), p["assignment_id"]))
    return render_template(
        "people.html", activation=activation, people=called, flow=ASSIGNMENT_FLOW, tiers=TIERS,
        reasons=DECLINE_REASONS, compound_id=compound_id,
        may_move=current_actor().may("assignment.move"),
    )  # fmt: skip


@blueprint.post("/activations/<int:activation_id>/people/<int:assignment_id>")
@needs("assignment.move")
def move(activation_id: int, assignment_id: int) -> ResponseReturnValue:
    """Enters the answer of a member who is on the phone."""
    verb, reason = request.form.get("verb", ""), request.form.get("reason", "")
    with begin() as session:
        moved = actions.move_assignment(session, assignment_id, verb, reason)
    return redirect(
        url_for("activations.people", activation_id=activation_id, compound_id=moved.compound_id)
        + f"#a{assignment_id}"
    )


@blueprint.post("/activations/<int:activation_id>/stand-down")
@needs("mobilization.stand_down")
def stand_down(activation_id: int) -> ResponseReturnValue:
    """Ends the response after a confirmation on the page."""
    with begin() as session:
        actions.stand_down(session, activation_id, request.form.get("reason", "")[:200])
    flash(say("响应已解除，仍在岗的派岗已一并解除。"))
    return redirect(url_for("activations.board", activation_id=activation_id))
