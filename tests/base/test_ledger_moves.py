"""Deeds on single rows: a project registered and moved, a committee moved, each once and logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gis.base.errors import BadInput, Forbidden, NotFound, WrongState
from gis.base.journal import JournalEntry
from gis.base.ledger import life, row
from gis.ledgers import LEDGERS
from gis.organizations.actions import move_committee
from gis.organizations.tables import OwnersCommittee
from gis.projects.actions import add_project, move_project
from gis.projects.queries import program_totals
from gis.projects.tables import Project
from gis.territory.tables import Territory

PROJECTS = LEDGERS["projects"]


def project(session: Session, **other: Any) -> Project:
    unit = session.scalars(
        select(Territory.territory_id).where(Territory.level == "compound").order_by(Territory.lo)
    ).first()
    values = {
        "title": " 新路灯 ", "kind": "construction", "program": "amenity", "territory_id": unit,
        "budget_fen": 100, "requested_on": date(2024, 1, 5), **other,
    }  # fmt: skip
    return add_project(session, **values)


def deeds(session: Session, subject: str, subject_id: int) -> list[str]:
    return list(session.scalars(
        select(JournalEntry.verb)
        .where(JournalEntry.subject == subject, JournalEntry.subject_id == subject_id)
        .order_by(JournalEntry.journal_id)
    ))  # fmt: skip


def test_a_project_lives_and_its_life_is_kept(session: Session) -> None:
    made = project(session)
    assert (made.title, made.state) == ("新路灯", "draft") and made.place > 0
    for verb in ("request", "screen", "dispatch", "accept", "start"):
        move_project(session, made.project_id, verb)
    move_project(session, made.project_id, "start")  # said twice, done once
    shown = row(session, PROJECTS, made.project_id)
    assert shown.shown["state"] == "实施中"
    assert [m.verb for m in life.open_moves(session, PROJECTS, shown)] == ["claim_done", "suspend"]
    steps = life.history(session, PROJECTS, made.project_id)
    assert [s.to_state for s in steps][-2:] == ["accepted", "in_work"]
    assert deeds(session, "project", made.project_id) == [
        "add", "request", "screen", "dispatch", "accept", "start",
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [
    {"title": " "}, {"title": "长" * 201}, {"kind": "x"}, {"program": "x"}, {"budget_fen": -1},
    {"due_on": date(2023, 1, 1)},
])  # fmt: skip
def test_a_project_that_does_not_fit_is_refused(session: Session, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        project(session, **wrong)


def test_moves_out_of_turn_without_reason_or_out_of_sight(session: Session) -> None:
    made = project(session)
    with pytest.raises(WrongState):
        move_project(session, made.project_id, "close_out")
    with pytest.raises(BadInput):
        move_project(session, made.project_id, "cancel", " ")
    with pytest.raises(BadInput):
        move_project(session, made.project_id, "fly")
    with pytest.raises(NotFound):
        move_project(session, 10**12, "request")


def test_roles_and_territories_are_held(session: Session, acting: Callable[..., Any]) -> None:
    counties = session.execute(
        select(Territory.lo, Territory.hi).where(Territory.level == "county").order_by(Territory.lo)
    ).all()
    mine, other = counties[0], counties[1]
    outside = session.scalars(
        select(Project.project_id).where(Project.place >= other.lo, Project.place < other.hi)
    ).first()
    with acting(role="dispatcher") as dispatcher, pytest.raises(Forbidden):
        move_project(dispatcher, outside, "request")
    with acting(mine.lo, mine.hi) as narrow:
        with pytest.raises(NotFound):
            move_project(narrow, outside, "request")
        unit = session.scalars(
            select(Territory.territory_id).where(Territory.lo >= other.lo, Territory.hi <= other.hi)
        ).first()
        with pytest.raises(DBAPIError) as caught:
            project(narrow, territory_id=unit)
        assert caught.value.orig.sqlstate == "LJ002"


def test_a_committee_comes_due_and_is_elected_again(session: Session) -> None:
    committee_id = session.scalars(
        select(OwnersCommittee.owners_committee_id).where(OwnersCommittee.state == "filed")
    ).first()
    for verb in ("fall_due", "elect", "file", "file"):
        assert move_committee(session, committee_id, verb).owners_committee_id == committee_id
    assert deeds(session, "owners_committee", committee_id) == ["fall_due", "elect", "file"]
    with pytest.raises(NotFound):
        move_committee(session, 10**12, "file")


def test_totals_keep_the_programs_apart(session: Session) -> None:
    totals = program_totals(session)
    assert len({(t.program, t.state) for t in totals}) == len(totals)
    counted = len(session.scalars(select(Project.project_id)).all())
    assert sum(t.projects for t in totals) == counted
