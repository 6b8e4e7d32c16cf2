"""Every number the demo city is built to, and where it comes from.

ARTICLE holds the published figures of the sixth round (红网 2023-04-13); ASSUMED holds ours.
Nothing else in the package states a total.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from gis.demo.randoms import scaled, split

ARTICLE = {
    "branches": 421,
    "committees": 239,
    "firms_with_party_body": 18,
    "city_work_groups": 18,
    "county_work_groups": 58,
    "support_units": 282,
    "group_people": 434,
    "city_leaders": 19,
    "county_leaders": 67,
    "members": 25_000,
    "registrations": 43_459,
    "workers": 1_067,
    "service_centres": 146,
    "platforms": 115,
    "property_centres": 241,
    "party_squares": 17,
    "community_build": 1_635,
    "compound_project": 215,
    "amenity": 2_038,
}

AMOUNTS_FEN = {
    "community_build": 18_900_000_000,
    "compound_project": 1_907_000_000,
    "amenity": 7_199_000_000,
}

ASSUMED = {
    "communities": 106,
    "grids": 530,
    "compounds": 1_000,
    "households": 212_000,
    "property_firms": 60,
    "firm_contracts": 640,
    "unit_registrations": 15_000,
}

PLEDGES_PER_UNIT = 3
PLEDGED_WITH_A = 440
DEDICATED_SHARE = 0.045
STRADDLING_SHARE = 0.10
HOME_UNKNOWN_SHARE = 0.05
GRID_AREA_M2 = 200_000
COMPOUND_LN_AREA = (10.476, 0.909)
AMOUNT_STEP_FEN = 10_000
SMALLEST_COMMUNITIES = 7


def totals(scale: float) -> SimpleNamespace:
    """Row counts at a scale, by the names above.

    Figures that belong together (18 + 58 groups) are scaled as a sum and divided by largest
    remainder, so that parts never disagree with their total.
    """
    counts: dict[str, Any] = {name: scaled(n, scale) for name, n in (ARTICLE | ASSUMED).items()}
    counts["communities"] = max(SMALLEST_COMMUNITIES, counts["communities"])
    for pair in (("city_work_groups", "county_work_groups"), ("city_leaders", "county_leaders")):
        whole = [ARTICLE[name] for name in pair]
        parts = split(max(2, scaled(sum(whole), scale)), whole, 1)
        counts.update(zip(pair, map(int, parts), strict=True))
    counts["dedicated"] = scaled(round(ASSUMED["grids"] * DEDICATED_SHARE), scale)
    counts["cells"] = max(3 * counts["communities"], counts["grids"] - counts["dedicated"])
    counts["pledged_with_a"] = scaled(PLEDGED_WITH_A, scale)
    counts["amounts_fen"] = {
        name: scaled(fen // AMOUNT_STEP_FEN, scale) * AMOUNT_STEP_FEN
        for name, fen in AMOUNTS_FEN.items()
    }
    return SimpleNamespace(scale=scale, **counts)
