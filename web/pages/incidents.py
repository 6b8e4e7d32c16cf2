"""Report and activate: draw the area, see what it holds, try a plan, switch it on."""

from __future__ import annotations

from flask import Blueprint, render_template

from gis.mobilization import queries
from gis.mobilization.tables import CATEGORIES, EVENT_GRADES, TIERS
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
    with read() as session:
        parts = map_parts(
            session, LAYERS_SHOWN, visible=["roads", "territory", "compounds"], draw=True
        )
        plans = queries.plans(session)
    actor = current_actor()
    return render_template(
        "incident.html", parts=parts, plans=plans, categories=CATEGORIES,
        grades=EVENT_GRADES, tier_words={key: label(TIERS, key) for key in TIERS},
        may_plan=actor.may("mobilization.plan"), may_activate=actor.may("mobilization.activate"),
    )  # fmt: skip
