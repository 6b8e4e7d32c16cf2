"""Coverage as a table: every unit of a level, and the list of what is missing."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from gis.base.glossary import TERMS
from gis.coverage import queries
from web.permissions import needs
from web.session import read

blueprint = Blueprint("coverage", __name__)


@blueprint.get("/coverage")
@needs("coverage.read")
def coverage() -> str:
    """The table of one level; ``?gaps=1`` keeps the units with a gap, the widest first."""
    level = request.args.get("level", "street")
    only_gaps = request.args.get("gaps") == "1"
    with read() as session:
        rows = queries.coverage(session, level)
        totals = queries.totals(session)
    if only_gaps:
        rows = sorted((row for row in rows if row.gap), key=lambda row: -row.gap)
    return render_template(
        "coverage.html", rows=rows, totals=totals, level=level, levels=queries.LEVELS,
        only_gaps=only_gaps, terms=TERMS,
    )  # fmt: skip

