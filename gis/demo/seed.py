"""Writes the demo city into the database, in one transaction: the city is there whole or not.

Runs as the owner, by COPY. Ids of the frames become ids of the tables through one offset a table.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.base import journal, private
from gis.base.errors import Conflict
from gis.base.load import copy_frame, ewkb, reserve_ids
from gis.base.settings import Settings
from gis.demo.city import DemoCity
from gis.mobilization.plans import load_defaults
from gis.people.tables import SKILLS

VALID_FROM = date(2020, 1, 1)
EDITION = "demo"
CITY_NAME, CITY_CODE = "张家界市", "430800"
MEASURING_EPSG = 4546
Progress = Callable[[str, int, int], None]


def write_city(
    session: Session, settings: Settings, city: DemoCity, on_progress: Progress | None = None
) -> dict[str, int]:
    """Writes every frame; rows by table. Raises Conflict when the demo city is there already."""
    if session.scalar(text("SELECT 1 FROM territory WHERE edition = 'NBS2023' LIMIT 1")):
        raise Conflict("演示城市已经在库里了。", "The demo city is already there.")
    told = on_progress or (lambda step, done, of: None)
    steps = (_territory, _backing, _serving, _members, _projects)
    written: dict[str, int] = {}
    ids: dict[str, int] = {}
    for number, step in enumerate(steps, start=1):
        written |= step(session, settings, city, ids)
        told(step.__name__.strip("_"), number, len(steps))
    load_defaults(session)
    journal.record(session, "seed", "city", ids["city"], **written)
    return written


def _territory(
    session: Session, settings: Settings, city: DemoCity, ids: dict[str, int]
) -> dict[str, int]:
    levels = {
        "county": city.counties, "street": city.streets, "community": city.communities,
        "grid": city.grids, "compound": city.compounds,
    }  # fmt: skip
    first = reserve_ids(session, "territory", "territory_id", 1 + sum(map(len, levels.values())))
    ids["city"], at = first, first + 1
    for level, frame in levels.items():
        ids[level] = at - 1  # frame ids start at 1
        at += len(frame)
    _write_city_row(session, city, ids)
    _write_levels(session, city, ids)
    _fill_households(session)
    return {
        **{level: len(frame) for level, frame in levels.items()},
        "territory_alias": _aliases(session, city, ids),
        "compound_grid": _compound_grids(session, city, ids),
        "building": _buildings(session, city, ids),
        "road": _roads(session, city, ids),
    }


def _fill_households(session: Session) -> None:
    """Households of streets and counties are the sums of their communities."""
    session.execute(
        text(
            "UPDATE territory u SET households = (SELECT sum(c.households) FROM territory c "
            "WHERE c.level = 'community' AND c.lo >= u.lo AND c.lo < u.hi) "
            "WHERE u.level IN ('city', 'county', 'street')"
        )
    )


def _write_city_row(session: Session, city: DemoCity, ids: dict[str, int]) -> None:
    outline = shapely.union_all(city.counties.geometry.to_numpy())
    _units(session, "city", ids["city"], pd.DataFrame(
        {"name": [CITY_NAME], "code": [CITY_CODE], "edition": ["NBS2023"],
         "source": [city.counties["source"].iloc[0]], "is_synthetic": [False]}),
        parents=[None], shapes=[outline])  # fmt: skip
    copy_frame(session, "city", {
        "territory_id": [ids["city"]], "measuring_epsg": [MEASURING_EPSG],
        "attribution": ["区县界数据来源：天地图；街道以下为合成演示数据"],
    })  # fmt: skip


def _write_levels(session: Session, city: DemoCity, ids: dict[str, int]) -> None:
    county_of = dict(zip(city.counties["code"], city.counties["county_id"], strict=True))
    by_share = city.compound_grids.sort_values(["compound_id", "area_share"])
    home_grid = by_share.groupby("compound_id")["grid_id"].last()
    parents = {
        "county": np.full(len(city.counties), ids["city"]),
        "street": city.streets["county_code"].map(county_of).to_numpy() + ids["county"],
        "community": city.communities["street_id"].to_numpy() + ids["street"],
        "grid": city.grids["community_id"].to_numpy() + ids["community"],
        "compound": city.compounds["compound_id"].map(home_grid).to_numpy() + ids["grid"],
    }
    frames = {
        "county": city.counties, "street": city.streets, "community": city.communities,
        "grid": city.grids.assign(edition=EDITION), "compound": city.compounds,
    }  # fmt: skip
    keys = {"county": "county_id", "street": "street_id", "community": "community_id",
            "grid": "grid_id", "compound": "compound_id"}  # fmt: skip
    for level, frame in frames.items():
        numbers = frame[keys[level]].to_numpy() + ids[level]
        _units(session, level, numbers, frame, parents[level], frame.geometry.to_numpy())


def _units(
    session: Session, level: str, numbers: Any, frame: pd.DataFrame, parents: Any, shapes: Any
) -> None:
    blank = [None] * len(frame)
    code = frame.get("code", blank)
    has_code = pd.Series(code).notna().to_numpy()
    edition = frame["edition"] if "edition" in frame else pd.Series(blank)
    copy_frame(session, "territory", {
        "territory_id": np.atleast_1d(numbers), "level": [level] * len(frame),
        "kind": frame["kind"] if level == "grid" else blank,
        "parent_id": parents, "code": code,
        "edition": np.where(has_code, np.asarray(edition, object), np.array(None, object)),
        "local_code": frame.get("local_code", blank), "name": frame["name"],
        "households": frame.get("households", blank),
        "gates": frame["gates"] if level == "compound" else blank,
        "geom": ewkb(shapes, kind="multipolygon"), "valid_from": [VALID_FROM] * len(frame),
        "source": frame["source"], "is_synthetic": frame["is_synthetic"],
    })  # fmt: skip


def _aliases(session: Session, city: DemoCity, ids: dict[str, int]) -> int:
    return copy_frame(session, "territory_alias", {
        "territory_id": city.aliases["community_id"] + ids["community"],
        "alias": city.aliases["alias"], "source": city.aliases["source"],
    })  # fmt: skip


def _compound_grids(session: Session, city: DemoCity, ids: dict[str, int]) -> int:
    frame = city.compound_grids
    return copy_frame(session, "compound_grid", {
        "compound_id": frame["compound_id"] + ids["compound"],
        "grid_id": frame["grid_id"] + ids["grid"],
        "area_share": frame["area_share"].clip(upper=1.0),
        "household_share": frame["household_share"].clip(upper=1.0),
    })  # fmt: skip


def _buildings(session: Session, city: DemoCity, ids: dict[str, int]) -> int:
    frame = city.buildings
    return copy_frame(session, "building", {
        "compound_id": frame["compound_id"] + ids["compound"], "name": frame["building_no"],
        "entrances": frame["entrances"], "floors": frame["floors"],
        "households": frame["households"], "location": ewkb(frame.geometry.to_numpy()),
        "is_synthetic": frame["is_synthetic"],
    })  # fmt: skip


def _roads(session: Session, city: DemoCity, ids: dict[str, int]) -> int:
    frame = city.roads
    return copy_frame(session, "road", {
        "city_id": [ids["city"]] * len(frame),
        **{c: frame[c] for c in ("from_node", "to_node", "road_class", "length_m", "walk_s",
                                 "drive_s", "is_oneway")},
        "geom": ewkb(frame.geometry.to_numpy()),
    })  # fmt: skip


def _backing(
    session: Session, settings: Settings, city: DemoCity, ids: dict[str, int]
) -> dict[str, int]:
    """Branches, committees, firms, units, work groups and pledges."""
    for key, table, frame in (
        ("firm", "property_firm", city.property_firms),
        ("unit", "support_unit", city.support_units),
        ("work_group", "work_group", city.work_groups),
    ):  # fmt: skip
        ids[key] = reserve_ids(session, table, f"{table}_id", len(frame)) - 1
    return {
        **_firms(session, city, ids),
        **_bodies(session, city, ids),
        **_units_and_groups(session, city, ids),
    }


def _firms(session: Session, city: DemoCity, ids: dict[str, int]) -> dict[str, int]:
    served = city.compounds[city.compounds["property_firm_id"].notna()]
    return {
        "property_firm": copy_frame(session, "property_firm", {
            "property_firm_id": city.property_firms["property_firm_id"] + ids["firm"],
            **{c: city.property_firms[c] for c in ("name", "has_party_body", "is_synthetic")},
        }),
        "property_contract": copy_frame(session, "property_contract", {
            "compound_id": served["compound_id"] + ids["compound"],
            "property_firm_id": served["property_firm_id"].astype(int) + ids["firm"],
        }),
    }  # fmt: skip


def _bodies(session: Session, city: DemoCity, ids: dict[str, int]) -> dict[str, int]:
    committees = city.committees
    # In the frames "preparing" stands for a committee preparing its next election: its term is due.
    state = committees["state"].replace("preparing", "term_due")
    return {
        "branch": copy_frame(session, "branch", {
            "compound_id": city.branches["compound_id"] + ids["compound"],
            "name": city.branches["name"], "founded_on": _days(city.branches["founded_on"]),
            "source": city.branches["source"], "is_synthetic": city.branches["is_synthetic"],
        }),
        "owners_committee": copy_frame(session, "owners_committee", {
            "compound_id": committees["compound_id"] + ids["compound"], "state": state,
            "elected_on": _days(committees["elected_on"]),
            "term_due_on": _days(committees["term_ends_on"]),
            "source": committees["source"], "is_synthetic": committees["is_synthetic"],
        }),
    }  # fmt: skip


def _units_and_groups(session: Session, city: DemoCity, ids: dict[str, int]) -> dict[str, int]:
    units, groups, pairs = city.support_units, city.work_groups, city.work_group_communities
    levels = {"district": "county"}
    return {
        "support_unit": copy_frame(session, "support_unit", {
            "support_unit_id": units["unit_id"] + ids["unit"], "name": units["name"],
            "level": units["level"].replace(levels), "site": ewkb(units.geometry.to_numpy()),
            "is_synthetic": units["is_synthetic"],
        }),
        "work_group": copy_frame(session, "work_group", {
            "work_group_id": groups["work_group_id"] + ids["work_group"], "name": groups["name"],
            "level": groups["level"].replace(levels), "round_no": [6] * len(groups),
            "people": groups["people"], "is_synthetic": groups["is_synthetic"],
        }),
        "work_group_unit": copy_frame(session, "work_group_unit", {
            "work_group_id": units["work_group_id"] + ids["work_group"],
            "support_unit_id": units["unit_id"] + ids["unit"],
        }),
        "work_group_community": copy_frame(session, "work_group_community", {
            "work_group_id": pairs["work_group_id"] + ids["work_group"],
            "community_id": pairs["community_id"] + ids["community"],
        }),
        "pledge": copy_frame(session, "pledge", {
            "support_unit_id": city.pledges["unit_id"] + ids["unit"],
            "compound_id": city.pledges["compound_id"] + ids["compound"],
            "role": city.pledges["role"], "is_synthetic": city.pledges["is_synthetic"],
        }),
    }  # fmt: skip


def _serving(
    session: Session, settings: Settings, city: DemoCity, ids: dict[str, int]
) -> dict[str, int]:
    """Facilities and postings. A worker in no grid serves the community as a whole."""
    places = _place_ids(city.facilities, ids)
    workers = city.workers.merge(city.postings, on="worker_id", how="left", suffixes=("", "_p"))
    in_grid = workers["grid_id"].notna()
    return {
        "facility": copy_frame(session, "facility", {
            "kind": city.facilities["kind"], "name": city.facilities["name"],
            "territory_id": places, "location": ewkb(city.facilities.geometry.to_numpy()),
            "capacity": city.facilities["capacity"], "source": city.facilities["source"],
            "is_synthetic": city.facilities["is_synthetic"],
        }),
        "posting": copy_frame(session, "posting", {
            "territory_id": np.where(in_grid, workers["grid_id"].fillna(0) + ids["grid"],
                                     workers["community_id"] + ids["community"]).astype(int),
            "role": workers["role"].where(in_grid, "community_worker"),
            "worker_name": workers["name"],
            "valid_from": [d or VALID_FROM for d in _days(workers["valid_from"])],
            "is_synthetic": workers["is_synthetic"],
        }),
    }  # fmt: skip


def _members(
    session: Session, settings: Settings, city: DemoCity, ids: dict[str, int]
) -> dict[str, int]:
    frame = city.members
    ids["member"] = reserve_ids(session, "member", "member_id", len(frame)) - 1
    salts = [os.urandom(8) for _ in range(len(frame))]
    key = settings.field_key
    bit = {name: 1 << i for i, name in enumerate(SKILLS)}
    no_home = frame["home_compound_id"].isna()
    community = frame["home_community_id"].astype("Int64") + ids["community"]
    written = copy_frame(session, "member", {
        "member_id": frame["member_id"] + ids["member"], "name": frame["name"],
        "support_unit_id": frame["unit_id"] + ids["unit"],
        "home_compound_id": frame["home_compound_id"].astype("Int64") + ids["compound"],
        "home_community_id": community.where(no_home),
        "skills": [sum(bit[s] for s in skills) for skills in frame["skills"]],
        "hours_offered": frame["shifts_mask"], "is_reserve": frame["is_reserve"],
        "phone_sealed": [private.seal(key, f"member.phone.{salt.hex()}", phone)
                         for salt, phone in zip(salts, frame["phone"], strict=True)],
        "phone_index": [private.blind_index(key, "member.phone", p) for p in frame["phone"]],
        "phone_salt": salts, "is_synthetic": frame["is_synthetic"],
    })  # fmt: skip
    registered = city.registrations
    return {
        "member": written,
        "registration": copy_frame(session, "registration", {
            "member_id": registered["member_id"] + ids["member"], "kind": registered["kind"],
            "territory_id": _place_ids(registered, ids),
            "registered_on": _days(registered["registered_on"]),
        }),
    }  # fmt: skip


def _projects(
    session: Session, settings: Settings, city: DemoCity, ids: dict[str, int]
) -> dict[str, int]:
    frame = city.projects
    return {
        "project": copy_frame(session, "project", {
            "title": frame["title"], "kind": frame["kind"], "program": frame["set"],
            "territory_id": _place_ids(frame, ids), "state": frame["state"],
            "budget_fen": frame["amount_fen"], "lead_unit": frame["lead_note"].fillna(""),
            "requested_on": _days(frame["requested_on"]), "due_on": _days(frame["due_on"]),
            "location": ewkb(frame.geometry.to_numpy()), "source": frame["source"],
            "is_synthetic": frame["is_synthetic"],
        })
    }  # fmt: skip


def _place_ids(frame: pd.DataFrame, ids: dict[str, int]) -> np.ndarray:
    """The compound of each row where it names one, else its community."""
    compound = frame["compound_id"].astype("Float64") + ids["compound"]
    community = frame["community_id"].astype("Float64") + ids["community"]
    return compound.fillna(community).astype(int).to_numpy()


def _days(values: pd.Series) -> list[date | None]:
    return [None if pd.isna(v) else v.date() for v in pd.to_datetime(values)]
