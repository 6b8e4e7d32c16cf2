"""The life of one row whose table has a workflow: what happened, what may come next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.base.access import actor_of
from gis.base.ledger.declare import Ledger
from gis.base.ledger.page import Row
from gis.base.workflow import Move, Transition, Workflow


@dataclass(frozen=True, slots=True)
class Step:
    """One move that was made: from which state to which, by whom, when, why."""

    from_state: str
    to_state: str
    actor: str
    reason: str
    moved_at: datetime


def flow_of(ledger: Ledger) -> Workflow | None:
    """The workflow of a ledger's rows, if they have one."""
    return getattr(ledger.table, "__workflow__", None)


def history(session: Session, ledger: Ledger, row_id: int) -> list[Step]:
    """The moves of one row within the scope, oldest first."""
    flow = flow_of(ledger)
    if flow is None:
        return []
    rows = session.execute(
        select(
            Transition.from_state, Transition.to_state, Transition.actor, Transition.reason,
            Transition.moved_at,
        )
        .where(Transition.workflow == flow.name, Transition.subject_id == row_id)
        .order_by(Transition.transition_id)
    )  # fmt: skip
    return [Step(*row) for row in rows]


def open_moves(session: Session, ledger: Ledger, row: Row) -> list[Move]:
    """The moves that the row's state allows and the actor's role holds, in declared order."""
    flow, actor = flow_of(ledger), actor_of(session)
    if flow is None or ledger.move is None:
        return []
    moves = flow.moves_from(row.raw["state"])
    return [m for m in moves if m.permission is None or actor.may(m.permission)]
