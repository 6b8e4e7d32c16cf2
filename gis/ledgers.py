"""Every ledger of the house, in the order of the menu: an explicit list."""

from __future__ import annotations

from gis.base.errors import NotFound
from gis.base.ledger import Ledger
from gis.facilities.ledger import FACILITIES
from gis.organizations.ledger import BRANCHES, OWNERS_COMMITTEES, PLEDGES, SUPPORT_UNITS
from gis.people.ledger import MEMBERS
from gis.projects.ledger import PROJECTS
from gis.territory.ledger import COMPOUNDS, GRIDS

LEDGERS: dict[str, Ledger] = {
    ledger.key: ledger
    for ledger in (
        PROJECTS, COMPOUNDS, GRIDS, BRANCHES, OWNERS_COMMITTEES, PLEDGES, SUPPORT_UNITS,
        MEMBERS, FACILITIES,
    )
}  # fmt: skip


def ledger(key: str) -> Ledger:
    """The ledger of this key. Raises NotFound."""
    if key not in LEDGERS:
        raise NotFound(f"没有“{key[:40]}”这本台账。", f"There is no ledger {key[:40]!r}.",
                       ledgers=list(LEDGERS))  # fmt: skip
    return LEDGERS[key]
