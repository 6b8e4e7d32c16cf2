"""Same seed, same city; roads join it; people and promises refer to what exists."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.demo.city import STEPS, generate
from gis.demo.randoms import stream


def digest(city) -> dict[str, str]:
    hashes = {}
    for name, frame in city.frames().items():
        plain = pd.DataFrame(frame)
        if "geometry" in frame:
            plain = plain.assign(geometry=frame.geometry.to_wkb(hex=True))
        hashes[name] = hashlib.sha256(plain.to_csv(index=False).encode()).hexdigest()
    return hashes


def test_the_same_seed_gives_the_same_city(small):
    assert digest(generate(0.05)) == digest(small)


def test_another_seed_gives_another_city(small):
    ours, other = digest(small), digest(generate(0.05, seed=7))
    assert {name for name in ours if ours[name] == other[name]} <= {
        "counties", "aliases", "work_group_communities"}


def test_streams_do_not_disturb_each_other():
    alone = stream(1, "members").random(3)
    stream(1, "something new").random(1000)
    assert (stream(1, "members").random(3) == alone).all()


def test_progress_is_told():
    told = []
    generate(0.05, on_progress=lambda *step: told.append(step))
    assert told == [(name, i, len(STEPS)) for i, name in enumerate(STEPS, start=1)]


@pytest.mark.parametrize("scale", [0, -1, 1000])
def test_impossible_scales_are_refused(scale):
    with pytest.raises(ValueError, match="scale"):
        generate(scale)


def components(roads: pd.DataFrame, connection: str) -> int:
    nodes, index = np.unique(roads[["from_node", "to_node"]], return_inverse=True)
    index = index.reshape(-1, 2)
    two_way = ~roads.is_oneway.to_numpy()
    pairs = np.vstack([index, index[two_way][:, ::-1]])
    graph = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(nodes), len(nodes)))
    return connected_components(graph, directed=True, connection=connection)[0]


def test_roads_are_one_network(city, small):
    for made in (city, small):
        assert components(made.roads, "weak") == 1
        driven = made.roads[made.roads.drive_s.notna()]
        assert components(driven, "strong") == 1
        assert set(driven.from_node) | set(driven.to_node) == (
            set(made.roads.from_node) | set(made.roads.to_node))


def test_road_lengths_and_ends(city):
    length = city.roads.to_crs(4546).length
    assert np.abs(length - city.roads.length_m).max() < 0.05
    ends = {}
    for node, line, at in [(n, g, i) for i, column in ((0, "from_node"), (-1, "to_node"))
                           for n, g in zip(city.roads[column], city.roads.geometry, strict=True)]:
        assert ends.setdefault(node, line.coords[at]) == line.coords[at]


def test_pledges(city):
    pledges = city.pledges
    assert not pledges.duplicated(["compound_id", "role"]).any()
    assert not pledges.duplicated(["compound_id", "unit_id"]).any()
    assert (pledges.groupby("unit_id").size() == 3).all()
    a, b = (set(pledges[pledges.role == role].compound_id) for role in "AB")
    assert b < a and len(a) >= 421 and set(city.branches.compound_id) <= a


def test_members(city):
    members = city.members
    assert 0.03 < members.home_compound_id.isna().mean() < 0.07
    known = members.dropna(subset=["home_compound_id"])
    home = city.compounds.community_id.to_numpy()[known.home_compound_id.astype(int) - 1]
    assert (home == known.home_community_id).all()
    assert members.skills.map(lambda s: "boat" in s).mean() < 0.03
    assert members.phone.str.fullmatch(r"1990\d{7}").all()


def test_registrations_are_person_times(city):
    kinds = city.registrations.groupby("kind").size()
    assert kinds["unit"] == 15_000
    first = city.registrations[~city.registrations.is_repeat]
    assert not first.duplicated(["member_id", "kind"]).any()
    assert set(first[first.kind == "home"].member_id) == set(city.members.member_id)


def test_postings_leave_some_grids_vacant(city):
    led = city.postings[city.postings.role == "grid_lead"]
    assert 0 < len(city.grids) - led.grid_id.nunique() < 0.1 * len(city.grids)
    grid_home = city.grids.community_id.to_numpy()[city.postings.grid_id - 1]
    worker_home = city.workers.community_id.to_numpy()[city.postings.worker_id - 1]
    assert (grid_home == worker_home).all()


def test_some_open_projects_are_overdue(city):
    open_ = city.projects[city.projects.closed_on.isna()]
    assert 0.1 < (open_.due_on < pd.Timestamp("2023-03-31")).mean() < 0.8
    assert (city.projects.closed_on.dropna() >= city.projects.requested_on[
        city.projects.closed_on.notna()]).all()


def test_projects_lie_in_their_place(city):
    at = city.projects.community_id.to_numpy() - 1
    assert city.projects.geometry.within(city.communities.geometry.iloc[at], align=False).all()


def test_every_row_says_what_it_is(city):
    for name, frame in city.frames().items():
        assert frame.is_synthetic.dtype == bool and (frame.source.str.len() > 3).all(), name
        assert frame.iloc[:, 0].is_unique or name in ("compound_grids", "work_group_communities")


def test_references_exist(city):
    keys = {"community_id": city.communities, "street_id": city.streets, "grid_id": city.grids,
            "compound_id": city.compounds, "unit_id": city.support_units,
            "home_compound_id": city.compounds, "member_id": city.members,
            "property_firm_id": city.property_firms, "work_group_id": city.work_groups}
    for name, frame in city.frames().items():
        for key in set(keys) & set(frame):
            assert frame[key].dropna().between(1, len(keys[key])).all(), (name, key)
