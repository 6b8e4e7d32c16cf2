"""Report and activate: draw the area, see what it holds, try a plan, switch it on."""

from __future__ import annotations

from typing import Any

import shapely.geometry
from flask import Blueprint, render_template

from gis.mobilization import actions, queries
from gis.mobilization.tables import CATEGORIES, EVENT_GRADES, TIERS, Incident
from web.maps import map_parts
from web.permissions import needs
from web.session import current_actor, read
from web.texts import label

blueprint = Blueprint("incidents", __name__)
LAYERS_SHOWN = ["roads", "territory", "grids", "compounds", "facilities"]


@blueprint.get("/incidents/new")
@needs("incident.report")
def new() -> str:
    """The page that the dispatcher works on: a map to draw on, four steps beside it."""
    return _page(None)


@blueprint.get("/incidents/<int:incident_id>")
@needs("incident.report")
def reported(incident_id: int) -> str:
    """The same page for an incident that was reported before: its area is drawn already."""
    return _page(incident_id)


def _page(incident_id: int | None) -> str:
    with read() as session:
        found = queries.incident(session, incident_id) if incident_id else None
        parts = map_parts(
            session, LAYERS_SHOWN, visible=["roads", "territory", "compounds"], draw=True
        )
        plans = queries.plans(session)
    actor = current_actor()
    return render_template(
        "incident.html", parts=parts, plans=plans, categories=CATEGORIES, grades=EVENT_GRADES,
        tier_words={key: label(TIERS, key) for key in TIERS}, given=found and _given(found),
        may_plan=actor.may("mobilization.plan"), may_activate=actor.may("mobilization.activate"),
    )  # fmt: skip


def _given(incident: Incident) -> dict[str, Any]:
    return {
        "incident_id": incident.incident_id, "name": incident.name,
        "category": incident.category, "event_grade": incident.event_grade,
        "shape": shapely.geometry.mapping(actions.shape_of(incident)),
    }  # fmt: skip
