"""At scale 1 the demo city's totals are the article's, counted from rows."""

from __future__ import annotations

import numpy as np
import pytest

from gis.demo.figures import totals
from gis.demo.projects import STATES
from gis.demo.randoms import split, split_groups

ROWS = {
    "counties": 4, "streets": 11, "communities": 106, "grids": 530, "compounds": 1000,
    "branches": 421, "committees": 239, "property_firms": 60, "work_groups": 76,
    "support_units": 282, "leader_links": 86, "facilities": 519, "members": 25_000,
    "registrations": 43_459, "workers": 1_067, "projects": 3_888, "pledges": 846,
}
PROJECTS = {
    "community_build": (1635, 18_900_000_000),
    "compound_project": (215, 1_907_000_000),
    "amenity": (2038, 7_199_000_000),
}


@pytest.mark.parametrize(("name", "rows"), ROWS.items())
def test_rows(city, name, rows):
    assert len(city.frames()[name]) == rows


@pytest.mark.parametrize(("name", "expected"), PROJECTS.items())
def test_project_sets_have_their_exact_sums(city, name, expected):
    amounts = city.projects.loc[city.projects["set"] == name, "amount_fen"]
    assert (len(amounts), int(amounts.sum())) == expected
    assert (amounts % 10_000 == 0).all() and (amounts > 0).all()


def test_every_state_and_both_ledgers_occur(city, small):
    for made in (city, small):
        assert set(made.projects.state) == set(STATES)
        assert set(made.projects.kind) == {"construction", "work"}


def test_households_agree_at_every_level(city, small):
    for made in (city, small):
        assert made.grids.households.sum() == totals(1 if made is city else 0.05).households
        for frame in (made.communities, made.streets, made.compounds, made.buildings):
            assert frame.households.sum() == made.grids.households.sum()
        by_building = made.buildings.groupby("compound_id").households.sum()
        assert (by_building.to_numpy() == made.compounds.households.to_numpy()).all()


def test_most_general_grids_hold_300_to_500_households(city):
    general = city.grids[city.grids.kind == "general"].households
    inside = general.between(300, 500).mean()
    assert 0.85 < inside < 1.0
    assert (city.grids[city.grids.kind == "dedicated"].households == 0).all()


def test_published_parts(city):
    assert city.facilities.kind.value_counts().to_dict() == {
        "service_centre": 146, "platform": 115, "property_centre": 241, "party_square": 17}
    assert city.work_groups.level.value_counts().to_dict() == {"city": 18, "county": 58}
    assert city.work_groups.people.sum() == 434
    assert city.leader_links.level.value_counts().to_dict() == {"city": 19, "county": 67}
    assert city.property_firms.has_party_body.sum() == 18
    assert city.members.is_reserve.all() and city.members.phone.is_unique


def test_small_city_scales_every_total(small):
    wanted = totals(0.05)
    for name in ("branches", "committees", "members", "registrations", "workers"):
        assert len(small.frames()[name]) == getattr(wanted, name)
    sums = small.projects.groupby("set").amount_fen.sum()
    assert {name: int(sums[name]) for name in PROJECTS} == {
        "community_build": 945_000_000, "compound_project": 95_350_000, "amenity": 359_950_000}
    assert small.communities.county_code.value_counts().ge(3).sum() >= 2


def test_example_projects_of_the_article(city, small):
    for made in (city, small):
        fixtures = made.projects[made.projects.is_fixture]
        codes = made.communities.code.to_numpy()[fixtures.community_id - 1]
        assert set(codes) == {"430802002203", "430802006209"}
        water = fixtures[fixtures.title.str.contains("饮水")]
        assert water.amount_fen.tolist() == [50_000_000]


def test_splits_are_exact():
    assert split(10, [1, 1, 1]).sum() == 10
    assert split(5, [1, 1000], 1).tolist() == [1, 4]
    parts = split_groups([7, 0, 100], [0, 2, 0, 1, 2], [1, 1, 2, 1, 3])
    assert np.bincount([0, 2, 0, 1, 2], parts).tolist() == [7, 0, 100]
