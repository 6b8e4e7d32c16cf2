"""Reads of projects: one to be written, and totals that are never added across programs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.base.errors import NotFound
from gis.projects.tables import Project


@dataclass(frozen=True, slots=True)
class ProgramTotal:
    """Projects of one program in one state: how many, and their budgets in fen."""

    program: str
    state: str
    projects: int
    budget_fen: int


def locked_project(session: Session, project_id: int) -> Project:
    """One project, locked until the transaction ends. Raises NotFound, also out of scope."""
    project = session.get(Project, project_id, with_for_update=True)
    if project is None:
        raise NotFound("没有这个项目，或不在您的辖区内。",
                       "No such project, or not within your territory.")  # fmt: skip
    return project


def program_totals(session: Session) -> list[ProgramTotal]:
    """By program and state within the scope. The programs may overlap: never sum over them."""
    rows = session.execute(
        select(Project.program, Project.state, func.count(), func.sum(Project.budget_fen))
        .group_by(Project.program, Project.state)
        .order_by(Project.program, Project.state)
    )
    return [ProgramTotal(program, state, n, int(fen)) for program, state, n, fen in rows]
