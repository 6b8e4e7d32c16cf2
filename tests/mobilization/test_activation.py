"""From an area to posts, people, answers and stand-down, against the real database."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shapely
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from gis.base.access import Actor, actor_of, enter
from gis.base.errors import (
    BadGeometry,
    BadInput,
    Conflict,
    Forbidden,
    LinkExpired,
    NotFound,
    WrongState,
)
from gis.mobilization import actions, links, matching, planning, queries
from gis.mobilization.tables import Assignment, Post
from tests.mobilization.conftest import NOW, activate, area_around, geojson


def test_affected_equals_a_count_by_shapely(session, area, demo_frames):
    found = queries.affected(session, area)
    frame = demo_frames.compounds
    share = frame.geometry.intersection(area).area / frame.geometry.area
    touched = frame[share >= 0.01]
    assert sorted(found.compounds["name"]) == sorted(touched["name"])
    whole = found.compounds[found.compounds["area_share"] >= 0.9999]
    assert len(whole) == int((share >= 0.9999).sum())
    answer = found.as_dict()
    assert answer["affected_compounds"] == len(touched)
    assert answer["reserve"] == int(found.compounds["reserve"].sum())
    inside = demo_frames.facilities.geometry.intersects(area).sum()
    assert answer["facilities"] == len(answer["facilities_list"]) == inside


def test_a_grazed_compound_is_not_affected(session, demo_frames):
    shape = demo_frames.compounds.geometry.iloc[0]
    west, south, east, north = shape.bounds
    graze = shapely.box(west - 0.001, south, west + (east - west) * 0.001, north)
    found = queries.affected(session, shapely.MultiPolygon([graze]))
    assert demo_frames.compounds["name"].iloc[0] not in set(found.compounds["name"])


@pytest.mark.parametrize("plan_id", ["flood-I", "flood-II", "epidemic-I", "epidemic-IV"])
def test_a_proposal_is_certified_and_adds_up(session, area, plan_id):
    proposal = planning.propose(session, area, plan_id, NOW)
    answer = proposal.as_dict()
    assert answer["gap"] == 0 and answer["objective"] == answer["bound"]
    assert answer["assigned"] + answer["unfilled"] == answer["needed"]
    assert answer["needed"] == proposal.posts["needed"].sum()
    assert sum(k["unfilled"] for k in answer["by_kind"]) == answer["unfilled"]
    assert not proposal.people["member_id"].duplicated().any()
    assert all(s["reason"] for s in answer["assignments_sample"])
    assert {"read", "plan", "solve"} <= set(answer["seconds"])


def test_residents_of_a_flooded_area_are_not_sent_back_into_it(session, area):
    proposal = planning.propose(session, area, "flood-II", NOW)
    homes = set(
        session.scalars(
            text("SELECT home_compound_id FROM member WHERE member_id = ANY (:ids)"),
            {"ids": proposal.people["member_id"].tolist()},
        )
    )
    assert len(proposal.people) and not homes & set(proposal.affected.compounds["compound_id"])


def test_skills_and_hours_are_kept(session, area):
    proposal = planning.propose(session, area, "flood-I", NOW)
    people = proposal.people.merge(proposal.posts, left_on="post", right_index=True)
    rows = dict(
        session.execute(text("SELECT member_id, ARRAY[skills, hours_offered] FROM member")).all()
    )
    for person in people.itertuples():
        skills, hours = rows[person.member_id]
        assert skills & person.skills == person.skills
        assert hours >> person.shift_no & 1


def test_shortfalls_are_listed_with_a_reason(session, area):
    proposal = planning.propose(session, area, "flood-I", NOW)
    listed = proposal.shortfalls()
    assert sum(s["missing"] for s in listed) == proposal.unfilled > 0
    assert all(s["reason"] for s in listed)


def test_an_activation_is_written_as_proposed(session, settings):
    activation, proposal = activate(session, settings)
    people = session.scalars(
        select(Assignment).where(Assignment.activation_id == activation.activation_id)
    ).all()
    posts = session.scalars(
        select(Post).where(Post.activation_id == activation.activation_id)
    ).all()
    assert len(people) == len(proposal.people) == activation.figures["assigned"]
    assert sum(p.needed for p in posts) == proposal.needed
    by_post = {p.post_id: p for p in posts}
    for person in people:
        assert person.during == by_post[person.post_id].during
        assert person.compound_id == by_post[person.post_id].compound_id


def test_the_board_equals_the_rows(session, settings):
    activation, proposal = activate(session, settings)
    board = queries.board_dict(session, activation.activation_id)
    assert board["totals"]["needed"] == proposal.needed
    assert board["totals"]["sent"] == len(proposal.people)
    assert board["totals"]["shortfall"] == proposal.unfilled


def test_a_second_activation_takes_nobody_twice(session, settings):
    first, _ = activate(session, settings, "epidemic-I")
    second, _ = activate(session, settings, "flood-III", at=1)
    doubled = session.scalar(
        text("SELECT count(*) FROM assignment a JOIN assignment b USING (member_id) "
             "WHERE a.activation_id = :a AND b.activation_id = :b AND a.during && b.during"),
        {"a": first.activation_id, "b": second.activation_id},
    )  # fmt: skip
    assert doubled == 0
    with pytest.raises(DBAPIError, match="ex_assignment_member_once"):
        session.execute(
            text("INSERT INTO assignment (activation_id, post_id, compound_id, member_id, during, "
                 "tier, travel_s, reason) SELECT activation_id, post_id, compound_id, member_id, "
                 "during, tier, travel_s, reason FROM assignment LIMIT 1")
        )  # fmt: skip


def test_one_running_activation_an_incident(session, settings):
    activation, _ = activate(session, settings)
    with pytest.raises(Conflict):
        actions.activate_plan(
            session, activation.incident_id, "epidemic-I", order_no="2", authority="x",
            starts_at=NOW, expected_end_at=NOW + timedelta(days=1),
        )  # fmt: skip


def test_answers_move_the_board(session, settings):
    activation, _ = activate(session, settings)
    before = queries.board_dict(session, activation.activation_id)
    one, two, three = queries.assignments(session, activation.activation_id)[:3]
    actions.move_assignment(session, one["assignment_id"], "acknowledge", by_link=True)
    actions.move_assignment(session, one["assignment_id"], "acknowledge", by_link=True)
    actions.move_assignment(session, two["assignment_id"], "arrive", by_link=True)
    actions.move_assignment(session, three["assignment_id"], "decline", "不在本地", by_link=True)
    after = queries.changes(session, activation.activation_id, before["cursor"])
    assert (after["totals"]["acknowledged"], after["totals"]["on_post"],
            after["totals"]["declined"]) == (1, 1, 1)  # fmt: skip
    touched = {one["compound_id"], two["compound_id"], three["compound_id"]}
    assert touched <= {row["compound_id"] for row in after["rows"]}
    assert after["totals"]["shortfall"] == before["totals"]["shortfall"] + 1


def test_wrong_answers_are_refused(session, settings):
    activation, _ = activate(session, settings)
    one = queries.assignments(session, activation.activation_id)[0]["assignment_id"]
    with pytest.raises(BadInput):
        actions.move_assignment(session, one, "decline", by_link=True)
    with pytest.raises(BadInput):
        actions.move_assignment(session, one, "explode", by_link=True)
    actions.move_assignment(session, one, "decline", "away", by_link=True)
    with pytest.raises(WrongState):
        actions.move_assignment(session, one, "arrive", by_link=True)
    with pytest.raises(NotFound):
        actions.move_assignment(session, 10**12, "arrive", by_link=True)


def test_standing_down_frees_everybody(session, settings):
    activation, _ = activate(session, settings)
    one = queries.assignments(session, activation.activation_id)[0]["assignment_id"]
    actions.stand_down(session, activation.activation_id)
    live = session.scalar(
        text("SELECT count(*) FROM assignment WHERE activation_id = :i AND state <> 'stood_down'"),
        {"i": activation.activation_id},
    )
    assert live == 0
    with pytest.raises(WrongState):
        actions.move_assignment(session, one, "arrive", by_link=True)


def test_a_running_activation_widens_a_dispatcher_for_its_term(session, settings):
    activation, proposal = activate(session, settings)
    home = int(proposal.affected.compounds["lo"].iloc[0])
    narrow = Actor("值班员", "dispatcher", home, home + 32)
    wide = queries.in_force(session, narrow, NOW)
    opened = {lo for lo, _ in wide.more}
    assert set(proposal.affected.compounds["lo"]) - {home} <= opened
    assert wide.purpose == "emergency"
    outsider = Actor("外人", "dispatcher", 1, 2)
    manager = Actor("网格员", "grid_manager", home, home + 32)
    assert queries.in_force(session, outsider, NOW) == outsider
    assert queries.in_force(session, narrow, NOW + timedelta(days=3)) == narrow  # its term is over
    assert queries.in_force(session, manager, NOW) == manager
    actions.stand_down(session, activation.activation_id)
    assert queries.in_force(session, narrow, NOW) == narrow


def test_an_activation_is_seen_in_the_whole_city_and_edited_within_its_place(session, settings):
    activation, proposal = activate(session, settings)
    home = int(proposal.affected.compounds["lo"].iloc[0])
    enter(session, Actor("网格员", "grid_manager", home, home + 32))
    found = [a["activation_id"] for a in queries.activations(session, running_only=True)]
    assert found == [activation.activation_id]
    board = queries.board(session, activation.activation_id)
    assert [row.compound_id for row in board] == [
        int(proposal.affected.compounds["compound_id"].iloc[0])
    ]
    enter(session, Actor("值班员", "dispatcher", home, home + 32))
    with pytest.raises(NotFound):
        actions.stand_down(session, activation.activation_id)
    enter(session, Actor("外市", "dispatcher", 5 << 52, 6 << 52))
    assert queries.activations(session) == []


def test_only_a_dispatcher_activates(acting, settings):
    for role in ("grid_manager", "auditor", "administrator"):
        with acting(role=role) as session, pytest.raises(Forbidden):
            activate(session, settings)
    with acting(role="grid_manager") as session, pytest.raises(Forbidden):
        queries.assignments(session, 1)


@pytest.mark.parametrize("wrong", [
    {"order_no": " "}, {"authority": ""}, {"expected_end_at": NOW},
    {"starts_at": NOW.replace(tzinfo=None)},
])  # fmt: skip
def test_an_order_is_complete(session, settings, wrong):
    incident = actions.report_incident(
        session, settings, name="x", category="public_health", event_grade=None,
        shape=geojson(area_around(session)),
    )  # fmt: skip
    order = {"order_no": "1", "authority": "x", "starts_at": NOW,
             "expected_end_at": NOW + timedelta(days=1)}  # fmt: skip
    with pytest.raises(BadInput):
        actions.activate_plan(session, incident.incident_id, "epidemic-I", **{**order, **wrong})


BOW = {"type": "Polygon", "coordinates": [[[110.47, 29.12], [110.48, 29.13], [110.48, 29.12],
                                           [110.47, 29.13], [110.47, 29.12]]]}  # fmt: skip
FAR = geojson(shapely.box(0, 0, 1, 1))
MANY = geojson(shapely.Point(110.48, 29.13).buffer(0.01, quad_segs=25_001))


@pytest.mark.parametrize("drawn", [
    BOW, FAR, MANY, {"type": "Polygon", "coordinates": []}, {"type": "Point",
    "coordinates": [110.48, 29.13]}, {"type": "Blob"}, [], None, "x", 7,
    {"type": "Polygon", "coordinates": [[[110.47, float("nan")], [110, 29], [110, 30]]]},
], ids=["crossing", "outside", "100000 vertices", "empty", "point", "unknown", "list", "null",
        "text", "number", "nan"])  # fmt: skip
def test_a_bad_area_is_refused_and_nothing_is_written(session, settings, drawn):
    before = session.scalar(text("SELECT count(*) FROM incident"))
    with pytest.raises(BadGeometry) as refused:
        actions.report_incident(
            session, settings, name="x", category="accident", event_grade=None, shape=drawn
        )
    assert refused.value.zh and refused.value.en and refused.value.status == 422
    assert session.scalar(text("SELECT count(*) FROM incident")) == before


def test_an_area_without_compounds_is_refused(session, settings):
    corner = geojson(shapely.box(110.30, 29.35, 110.301, 29.351))
    with pytest.raises(BadGeometry, match="任何小区"):
        planning.propose(session, actions.clean_area(session, settings, corner), "flood-I", NOW)


def test_an_unknown_plan_names_the_known_ones(session, area):
    with pytest.raises(NotFound, match="flood-II"):
        planning.propose(session, area, "flood-X", NOW)


def test_links_open_one_assignment_for_a_while(settings):
    token = links.answer_token(settings, 42)
    assert links.read_token(settings, token) == 42
    broken = ("x" + token, token[:-1], "", "a.b.c", token.replace(token[0], "_", 1), "9" * 5000)
    for wrong in broken:
        with pytest.raises(LinkExpired):
            links.read_token(settings, wrong)
    expired = settings.model_copy(update={"answer_link_hours": -1})
    with pytest.raises(LinkExpired):
        links.read_token(expired, token)


def test_the_independent_checker_agrees_on_real_rows(session, area):
    proposal = planning.propose(session, area, "epidemic-I", NOW)
    assert proposal.objective == proposal.bound
    assert isinstance(matching.Tier.OWN, int)
    # Cost recomputed from the written columns alone.
    surcharge = {"own": 0, "pledged": 300, "community": 600, "near": 900}
    people = proposal.people
    cost = int((people["tier"].map(surcharge) + people["travel_s"]).sum())
    assert proposal.unfilled or cost == proposal.objective
    assert actor_of(session).is_system
