"""One workflow: declared moves only, in code and in the database, and a log nobody can forge."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from gis.base import workflow
from gis.base.errors import BadInput, Forbidden, WrongState
from gis.mobilization.tables import ACTIVATION_FLOW, ASSIGNMENT_FLOW
from gis.organizations.tables import COMMITTEE_FLOW
from gis.projects.tables import PROJECT_FLOW, Project

FLOWS = [PROJECT_FLOW, COMMITTEE_FLOW, ACTIVATION_FLOW, ASSIGNMENT_FLOW]


def project_in(session, state: str) -> Project:
    return session.scalars(select(Project).where(Project.state == state).limit(1)).one()


def test_a_move_is_made_and_logged(session):
    project = project_in(session, "in_work")
    workflow.move(session, PROJECT_FLOW, project, "claim_done")
    logged = session.execute(
        text("SELECT from_state, to_state, actor FROM transition WHERE workflow = 'project' "
             "AND subject_id = :i"), {"i": project.project_id},
    ).one()  # fmt: skip
    assert tuple(logged) == ("in_work", "done_claimed", "system")


def test_a_wrong_move_is_refused_with_what_is_possible(session):
    project = project_in(session, "closed_out")
    with pytest.raises(WrongState) as refused:
        workflow.move(session, PROJECT_FLOW, project, "start")
    assert "销号" in refused.value.zh and refused.value.facts["moves"] == []


def test_the_database_refuses_it_too(session):
    project = project_in(session, "closed_out")
    with pytest.raises(DBAPIError, match='no move from "closed_out" to "draft"'):
        session.execute(
            text("UPDATE project SET state = 'draft' WHERE project_id = :i"),
            {"i": project.project_id},
        )


def test_a_row_is_born_in_an_initial_state(session):
    with pytest.raises(DBAPIError, match='no move from "" to "closed_out"'):
        session.execute(
            text("INSERT INTO project (title, kind, program, territory_id, state, budget_fen, "
                 "requested_on, source) SELECT 'x', 'work', 'amenity', min(territory_id), "
                 "'closed_out', 1, '2023-01-01', 'x' FROM territory")
        )  # fmt: skip


def test_declining_needs_a_reason(session):
    project = project_in(session, "dispatched")
    with pytest.raises(BadInput):
        workflow.move(session, PROJECT_FLOW, project, "decline")
    workflow.move(session, PROJECT_FLOW, project, "decline", reason="不在职责内")
    reason = session.scalar(
        text("SELECT reason FROM transition WHERE subject_id = :i AND workflow = 'project' "
             "ORDER BY transition_id DESC"), {"i": project.project_id},
    )  # fmt: skip
    assert reason == "不在职责内"


def test_the_wrong_role_is_refused(acting):
    with acting(role="auditor") as session, pytest.raises(Forbidden):
        workflow.move(session, PROJECT_FLOW, project_in(session, "in_work"), "claim_done")


def test_repeating_a_move_changes_nothing(session):
    project = project_in(session, "in_work")
    workflow.move(session, PROJECT_FLOW, project, "claim_done")
    workflow.move(session, PROJECT_FLOW, project, "claim_done")
    count = session.scalar(
        text("SELECT count(*) FROM transition WHERE workflow = 'project' AND subject_id = :i"),
        {"i": project.project_id},
    )
    assert count == 1


@pytest.mark.parametrize("statement", [
    "INSERT INTO transition (workflow, subject_id, from_state, to_state, actor, place) "
    "VALUES ('project', 1, 'a', 'b', 'x', 1)",
    "CREATE TEMP TABLE z (i int); CREATE FUNCTION pg_temp.f() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN INSERT INTO public.transition (workflow, subject_id, from_state, to_state, actor, "
    "place) VALUES ('project', 1, 'a', 'b', 'x', 1); RETURN NEW; END$$; "
    "CREATE TRIGGER t BEFORE INSERT ON z FOR EACH ROW EXECUTE FUNCTION pg_temp.f(); "
    "INSERT INTO z VALUES (1)",
    "UPDATE transition SET actor = 'x'",
    "DELETE FROM transition",
    "DELETE FROM workflow_move",
])  # fmt: skip
def test_the_log_cannot_be_forged(session, statement):
    workflow.move(session, PROJECT_FLOW, project_in(session, "in_work"), "claim_done")
    with pytest.raises(DBAPIError):
        session.execute(text(statement))


@pytest.mark.parametrize("flow", FLOWS, ids=lambda f: f.name)
def test_every_state_can_be_reached_and_left(flow):
    reached = set(flow.initial)
    for _ in flow.states:
        reached |= {m.target for m in flow.moves if set(m.sources) & reached}
    assert reached == set(flow.states)
    stuck = {s for s in flow.states if not flow.moves_from(s)}
    assert stuck == set(flow.final)


def test_declared_moves_are_what_the_database_knows(session):
    known = set(session.execute(text("SELECT workflow, from_state, to_state FROM workflow_move")))
    declared = {(f.name, s, m.target) for f in FLOWS for m in f.moves for s in m.sources}
    born = {(f.name, "", s) for f in FLOWS for s in f.initial}
    assert {tuple(row) for row in known} == declared | born


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(verbs=st.lists(st.sampled_from([m.verb for m in PROJECT_FLOW.moves]), max_size=12))
def test_no_sequence_of_moves_reaches_an_undeclared_pair(session, verbs):
    nested = session.begin_nested()
    project = project_in(session, "draft")
    for verb in verbs:
        before = project.state
        try:
            workflow.move(session, PROJECT_FLOW, project, verb, reason="因")
        except WrongState:
            assert project.state == before
        else:
            moved = any(before in m.sources and m.target == project.state
                        for m in PROJECT_FLOW.moves if m.verb == verb)  # fmt: skip
            assert moved or project.state == before
    nested.rollback()
