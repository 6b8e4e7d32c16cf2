"""Places: what lies at a point, what a name means, a compound's card, coverage."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from gis.coverage import queries as coverage
from gis.territory import queries as territory
from web.api import door
from web.card import card_of
from web.inputs import AtInput, CoverageInput, FindInput
from web.permissions import needs
from web.session import read
from web.texts import language

blueprint = door.blueprint("places", "地点与覆盖")


@blueprint.get("/at")
@blueprint.input(AtInput, location="query")
@needs("map.read")
def at(query_data: AtInput) -> ResponseReturnValue:
    """The units at a point, outermost first, and the card of the compound there, if any.

    ``compound`` are its facts, ``card`` the same as rows of words in the reader's language.
    """
    compound: dict[str, Any] | None = None
    card: dict[str, Any] | None = None
    with read() as session:
        chain = territory.chain_at(session, query_data.lon, query_data.lat)
        inner = chain[-1] if chain else None
        if inner is not None and inner.level == "compound":
            found = coverage.compound_card(session, inner.territory_id)
            card = card_of(found)
            # The map words facts in Chinese; in English it shows the rows instead.
            compound = found.as_dict() if language() == "zh" else None
    return {"chain": [unit.as_dict() for unit in chain], "compound": compound, "card": card}


@blueprint.get("/find")
@blueprint.input(FindInput, location="query")
@needs("map.read")
def find(query_data: FindInput) -> ResponseReturnValue:
    """Units by name, alias or code, best first."""
    with read() as session:
        return {"units": [u.as_dict() for u in territory.find_units(session, query_data.q)]}


@blueprint.get("/compounds/<int:compound_id>")
@needs("map.read")
def compound(compound_id: int) -> ResponseReturnValue:
    """What one compound has and lacks."""
    with read() as session:
        return coverage.compound_card(session, compound_id).as_dict()


@blueprint.get("/coverage")
@blueprint.input(CoverageInput, location="query")
@needs("coverage.read")
def by_level(query_data: CoverageInput) -> ResponseReturnValue:
    """Coverage of every unit of a level, with the scope's totals."""
    with read() as session:
        rows = coverage.coverage(session, query_data.level)
        return {"totals": coverage.totals(session), "rows": [row.as_dict() for row in rows]}
