"""Makes the demo city: every frame, from a scale and a seed, without a database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import geopandas as gpd
import pandas as pd

from gis.demo import backing, compounds, organizations, people, places, projects, roads
from gis.demo.facilities import facility_frame
from gis.demo.figures import totals
from gis.demo.ground import lay_out

SEED = 430800
# Below, a set of projects is smaller than its published example; above, the counties are full.
SCALES = (0.02, 60)
STEPS = ("ground", "territory", "compounds", "organizations", "people", "projects")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class DemoCity:
    """The frames of one city; geometry is EPSG:4326, ids start at 1 and refer to each other.

    Columns are listed in the docstring of each frame's function.
    """

    counties: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    aliases: pd.DataFrame
    grids: gpd.GeoDataFrame
    compounds: gpd.GeoDataFrame
    compound_grids: pd.DataFrame
    buildings: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    property_firms: pd.DataFrame
    branches: pd.DataFrame
    committees: pd.DataFrame
    work_groups: pd.DataFrame
    work_group_communities: pd.DataFrame
    support_units: gpd.GeoDataFrame
    pledges: pd.DataFrame
    leader_links: pd.DataFrame
    facilities: gpd.GeoDataFrame
    members: pd.DataFrame
    registrations: pd.DataFrame
    workers: pd.DataFrame
    postings: pd.DataFrame
    projects: gpd.GeoDataFrame

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every frame by name, parents before children."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def generate(scale: float = 1.0, seed: int = SEED, on_progress: Progress | None = None) -> DemoCity:
    """The demo city at a scale (1 = the article's totals); the same seed gives the same frames.

    `on_progress(step, done, of)` is told after each of `STEPS`. Raises ValueError outside `SCALES`.
    """
    if not SCALES[0] <= scale <= SCALES[1]:
        raise ValueError(f"scale must be from {SCALES[0]} to {SCALES[1]}, not {scale}")
    told = on_progress or (lambda step, done, of: None)
    wanted = totals(scale)
    ground = lay_out(wanted, seed)
    told("ground", 1, len(STEPS))
    made = _territory(ground, seed)
    told("territory", 2, len(STEPS))
    polygons = _settlement(made, ground, wanted, seed)
    told("compounds", 3, len(STEPS))
    _organizations(made, ground, polygons, wanted, seed)
    told("organizations", 4, len(STEPS))
    _people(made, wanted, seed)
    told("people", 5, len(STEPS))
    made["projects"] = projects.project_frame(
        made["compounds"],
        made["communities"],
        made["support_units"],
        ground,
        polygons,
        wanted,
        seed,
    )
    told("projects", 6, len(STEPS))
    return DemoCity(**made)


def _territory(ground, seed: int) -> dict:
    communities = places.community_frame(ground)
    return {
        "counties": places.county_frame(),
        "streets": places.street_frame(ground),
        "communities": communities,
        "aliases": places.alias_frame(communities),
        "grids": places.grid_frame(ground, seed),
        "roads": roads.road_frame(ground, seed),
    }


def _settlement(made: dict, ground, wanted, seed: int):
    """Adds compounds, compound_grids, buildings, firms, households; the polygons in EPSG:4546."""
    settlement = compounds.settle(ground, wanted, seed)
    parts = compounds.part_frame(ground, settlement, wanted, seed)
    made["compounds"] = compounds.compound_frame(ground, settlement, parts, seed)
    made["compound_grids"] = parts
    made["buildings"] = compounds.building_frame(made["compounds"], settlement.polygons, seed)
    made["property_firms"] = organizations.firm_frame(wanted, seed)
    made["compounds"]["property_firm_id"] = organizations.give_firms(
        made["compounds"], made["property_firms"], wanted, seed
    )
    places.with_households(made, parts)
    return settlement.polygons


def _organizations(made: dict, ground, polygons, wanted, seed: int) -> None:
    homes, communities = made["compounds"], made["communities"]
    made["branches"] = organizations.branch_frame(homes, wanted, seed)
    made["committees"] = organizations.committee_frame(homes, made["branches"], wanted, seed)
    made["work_groups"] = backing.work_group_frame(wanted, seed)
    links = backing.group_community_frame(made["work_groups"], communities)
    made["work_group_communities"] = links
    made["support_units"] = units = backing.unit_frame(
        communities, made["work_groups"], links, ground, wanted, seed
    )
    made["pledges"] = backing.pledge_frame(
        units, homes, made["branches"], communities, wanted, seed
    )
    made["leader_links"] = backing.leader_link_frame(communities, wanted, seed)
    made["facilities"] = facility_frame(homes, communities, ground, polygons, wanted, seed)


def _people(made: dict, wanted, seed: int) -> None:
    units, links = made["support_units"], made["work_group_communities"]
    made["members"] = people.member_frame(
        units, made["compounds"], made["communities"], wanted, seed
    )
    made["registrations"] = people.registration_frame(made["members"], links, units, wanted, seed)
    made["workers"] = people.worker_frame(made["communities"], wanted, seed)
    made["postings"] = people.posting_frame(made["workers"], made["grids"], seed)
