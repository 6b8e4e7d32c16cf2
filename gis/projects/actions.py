"""Writes of projects: register a need, move it along its life. Never commits."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from gis.base import journal, workflow
from gis.base.access import actor_of, check
from gis.base.errors import BadInput
from gis.projects import queries
from gis.projects.tables import KINDS, PROGRAMS, PROJECT_FLOW, Project


def add_project(
    session: Session, *, title: str, kind: str, program: str, territory_id: int,
    budget_fen: int, requested_on: date, due_on: date | None = None, lead_unit: str = "",
    source: str = "登记",
) -> Project:  # fmt: skip
    """Registers a project as a draft, within the actor's territory. Raises Forbidden, BadInput.

    A territory out of scope is refused by the database (LJ002), which the caller's edge tells.
    """
    check(actor_of(session), "project.write")
    title = title.strip()
    if not 1 <= len(title) <= 200:
        raise BadInput("项目名称应为 1–200 字。", "The title must have 1 to 200 characters.")
    if kind not in KINDS or program not in PROGRAMS:
        raise BadInput("没有这个类别。", "No such kind or program.",
                       kinds=list(KINDS), programs=list(PROGRAMS))  # fmt: skip
    if budget_fen < 0 or (due_on is not None and due_on < requested_on):
        raise BadInput("预算不能为负，完成时限不能早于点单日期。",
                       "The budget may not be negative, nor due before requested.")  # fmt: skip
    project = Project(
        title=title, kind=kind, program=program, territory_id=territory_id,
        budget_fen=budget_fen, requested_on=requested_on, due_on=due_on,
        lead_unit=lead_unit.strip(), source=source,
    )  # fmt: skip
    session.add(project)
    session.flush()
    session.refresh(project, ["place", "state"])
    journal.record(session, "add", PROJECT_FLOW.name, project.project_id, place=project.place,
                   budget_fen=budget_fen)  # fmt: skip
    return project


def move_project(session: Session, project_id: int, verb: str, reason: str = "") -> Project:
    """Moves one project by this verb. Raises Forbidden, NotFound, BadInput, WrongState.

    Repeating the verb that led to the present state is no error and is not recorded again.
    """
    check(actor_of(session), "project.move")
    project = queries.locked_project(session, project_id)
    before = project.state
    workflow.move(session, PROJECT_FLOW, project, verb, reason=reason)
    if project.state != before:
        journal.record(session, verb, PROJECT_FLOW.name, project_id, place=project.place,
                       before=before, after=project.state)  # fmt: skip
    return project
