"""The coverage map: who serves which compound, and what is missing."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from gis.coverage import queries as coverage
from gis.territory import queries as territory
from web.maps import map_parts
from web.permissions import needs
from web.session import read

blueprint = Blueprint("maps", __name__)
LAYERS_SHOWN = ["roads", "territory", "grids", "compounds", "members", "projects", "facilities"]
VISIBLE = ["roads", "grids", "compounds"]
GAPS = 8
# How near the map opens on a unit that a table links to.
ZOOMS = {"city": 10, "county": 11, "street": 13, "community": 15, "grid": 16, "compound": 17}


@blueprint.get("/map")
@needs("map.read")
def coverage_map() -> str:
    """Grids and compounds, with the scope's totals and its widest gaps beside them.

    ``?unit=`` opens the map on one unit.
    """
    unit_id = request.args.get("unit", type=int)
    with read() as session:
        unit = territory.unit(session, unit_id) if unit_id else None
        where = {"center": (unit.lon, unit.lat), "zoom": ZOOMS[unit.level]} if unit else {}
        parts = map_parts(session, LAYERS_SHOWN, visible=VISIBLE, **where)
        totals = coverage.totals(session)
        streets = coverage.coverage(session, "street")
    gaps = sorted((s for s in streets if s.gap), key=lambda s: s.gap, reverse=True)[:GAPS]
    return render_template("map.html", parts=parts, totals=totals, gaps=gaps, unit=unit)
