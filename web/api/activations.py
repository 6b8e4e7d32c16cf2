"""Activations: the board, its changes, answers taken on the phone, the stand-down."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from gis.base import changes
from gis.mobilization import actions, queries
from web.api import door
from web.inputs import StandDownInput, StatusInput
from web.permissions import needs
from web.session import begin, read

blueprint = door.blueprint("activations", "应急启动")


@blueprint.get("/activations")
@needs("mobilization.read")
def activations() -> ResponseReturnValue:
    """The activations of the scope, running ones first."""
    with read() as session:
        return {"activations": queries.activations(session)}


@blueprint.get("/activations/<int:activation_id>")
@needs("mobilization.read")
def board(activation_id: int) -> ResponseReturnValue:
    """The board: totals, rows (widest gap first) and the cursor to follow it with."""
    with read() as session:
        state = queries.activation(session, activation_id).state
        return {"activation_id": activation_id, "state": state,
                **queries.board_dict(session, activation_id)}  # fmt: skip


@blueprint.get("/activations/<int:activation_id>/changes")
@needs("mobilization.read")
def board_changes(activation_id: int) -> ResponseReturnValue:
    """The rows that changed at or after ``?after=``; a row may come again."""
    after = changes.parse(request.args.get("after"))
    with read() as session:
        return queries.changes(session, activation_id, after)


@blueprint.post("/assignments/<int:assignment_id>/status")
@blueprint.input(StatusInput)
@needs("assignment.move")
def move_assignment(assignment_id: int, json_data: StatusInput) -> ResponseReturnValue:
    """Enters a member's answer for them. Repeating it changes nothing."""
    with begin() as session:
        moved = actions.move_assignment(session, assignment_id, json_data.verb, json_data.reason)
        return {"assignment_id": assignment_id, "state": moved.state}


@blueprint.post("/activations/<int:activation_id>/stand-down")
@blueprint.input(StandDownInput)
@needs("mobilization.stand_down")
def stand_down(activation_id: int, json_data: StandDownInput) -> ResponseReturnValue:
    """Ends the response; every live assignment is stood down with it."""
    with begin() as session:
        ended = actions.stand_down(session, activation_id, json_data.reason)
        return {"activation_id": activation_id, "state": ended.state}
