"""Incidents: what an area touches, plans tried on it, the report, the activation."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from gis.mobilization import actions, planning, queries
from web.api import door
from web.inputs import (
    AreaInput,
    AreaProposalInput,
    IncidentInput,
    MobilizationInput,
    ProposalInput,
)
from web.permissions import needs
from web.session import begin, read, settings

blueprint = door.blueprint("incidents", "突发事件")


@blueprint.get("/plans")
@needs("incident.read")
def plans() -> ResponseReturnValue:
    """Every plan with its response level and measures."""
    with read() as session:
        return {"plans": queries.plans(session)}


@blueprint.post("/incidents/affected")
@blueprint.input(AreaInput)
@needs("incident.report")
def affected(json_data: AreaInput) -> ResponseReturnValue:
    """What an area touches. Writes nothing."""
    with read() as session:
        area = actions.clean_area(session, settings(), json_data.shape)
        return queries.affected(session, area).as_dict()


@blueprint.post("/incidents/proposal")
@blueprint.input(AreaProposalInput)
@needs("mobilization.plan")
def proposal_of_area(json_data: AreaProposalInput) -> ResponseReturnValue:
    """A plan tried on an area: posts, people, shortfall, proof. Writes nothing."""
    with read() as session:
        area = actions.clean_area(session, settings(), json_data.shape)
        proposal = planning.propose(session, area, json_data.plan_id, json_data.starts_at)
    return proposal.as_dict()


@blueprint.post("/incidents")
@blueprint.input(IncidentInput)
@needs("incident.report")
def report_incident(json_data: IncidentInput) -> ResponseReturnValue:
    """Records what happened and where; answers what it touches."""
    with begin() as session:
        incident = actions.report_incident(
            session, settings(), name=json_data.name, category=json_data.category,
            event_grade=json_data.event_grade, shape=json_data.shape,
        )  # fmt: skip
        touched = queries.affected(session, actions.shape_of(incident))
        made = {"incident_id": incident.incident_id, "name": incident.name}
    return {**made, **touched.as_dict()}, 201


@blueprint.post("/incidents/<int:incident_id>/proposal")
@blueprint.input(ProposalInput)
@needs("mobilization.plan")
def proposal(incident_id: int, json_data: ProposalInput) -> ResponseReturnValue:
    """A plan tried on a reported incident. Writes nothing."""
    with read() as session:
        area = actions.shape_of(queries.incident(session, incident_id))
        found = planning.propose(session, area, json_data.plan_id, json_data.starts_at)
    return found.as_dict()


@blueprint.post("/incidents/<int:incident_id>/mobilization")
@blueprint.input(MobilizationInput)
@needs("mobilization.activate")
def activate_plan(incident_id: int, json_data: MobilizationInput) -> ResponseReturnValue:
    """Switches a plan on: posts and assignments are written whole or not at all."""
    with begin() as session:
        activation, _ = actions.activate_plan(
            session, incident_id, json_data.plan_id, order_no=json_data.order_no,
            authority=json_data.authority, starts_at=json_data.starts_at,
            expected_end_at=json_data.expected_end_at,
        )  # fmt: skip
        made = {"activation_id": activation.activation_id, **activation.figures}
    return {**made, "board": f"/activations/{made['activation_id']}"}, 201
