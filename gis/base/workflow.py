"""States, moves and one transition log for everything that has a life cycle.

An area declares a ``Workflow`` in its ``tables.py``; this module makes the move, and the database
refuses every other one: trigger ``workflow_guard`` looks the pair up in ``workflow_move`` and
writes ``transition`` (who, when, why), so that raw SQL and bulk updates are held and logged too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Identity, Index, delete, func, insert, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from gis.base import access
from gis.base.access import Actor
from gis.base.db import Base, Changed
from gis.base.errors import BadInput, WrongState


@dataclass(frozen=True, slots=True)
class Move:
    """One verb: from which states, to which, who may, and whether it needs a reason."""

    verb: str
    zh: str
    sources: tuple[str, ...]
    target: str
    permission: str | None = None
    needs_reason: bool = False


@dataclass(frozen=True)
class Workflow:
    """A declared life cycle. ``states`` maps a state to its Chinese word, in the order of life."""

    name: str
    states: dict[str, str]
    initial: tuple[str, ...]
    moves: tuple[Move, ...]
    final: tuple[str, ...] = ()

    registry: ClassVar[dict[str, Workflow]] = {}

    def __post_init__(self) -> None:
        known = set(self.states)
        named = {s for m in self.moves for s in (*m.sources, m.target)} | set(self.initial)
        if not named | set(self.final) <= known:
            raise ValueError(f"{self.name}: undeclared states {named - known}")
        Workflow.registry[self.name] = self

    def move(self, verb: str) -> Move:
        """The move of this verb. Raises BadInput."""
        for move in self.moves:
            if move.verb == verb:
                return move
        raise BadInput(
            f"没有“{verb}”这一步。可用：{'、'.join(m.verb for m in self.moves)}。",
            f"There is no move {verb!r}. Known: {', '.join(m.verb for m in self.moves)}.",
        )

    def moves_from(self, state: str) -> list[Move]:
        """The moves that this state allows, in declared order."""
        return [m for m in self.moves if state in m.sources]


class WorkflowMove(Base):
    """The declared moves as the database knows them; laid anew after each migration."""

    __tablename__ = "workflow_move"
    __scope__ = "system"
    workflow: Mapped[str] = mapped_column(primary_key=True)
    from_state: Mapped[str] = mapped_column(primary_key=True)
    to_state: Mapped[str] = mapped_column(primary_key=True)


class Transition(Changed, Base):
    """Who moved what, when and why; written by trigger only, never changed."""

    __tablename__ = "transition"
    __scope__ = "place"
    __table_args__ = (Index(None, "workflow", "subject_id"),)
    transition_id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    workflow: Mapped[str]
    subject_id: Mapped[int]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    moved_at: Mapped[datetime] = mapped_column(server_default=func.now())
    place: Mapped[int] = mapped_column(index=True)


def sync(session: Session) -> None:
    """Writes every declared move to ``workflow_move``; a state that may be born is ''→state."""
    rows = [
        {"workflow": flow.name, "from_state": source, "to_state": target}
        for flow in Workflow.registry.values()
        for source, target in _pairs(flow)
    ]
    session.execute(delete(WorkflowMove))
    session.execute(insert(WorkflowMove), rows)


def _pairs(flow: Workflow) -> set[tuple[str, str]]:
    born = {("", state) for state in flow.initial}
    return born | {(source, move.target) for move in flow.moves for source in move.sources}


def move(session: Session, flow: Workflow, row: Any, verb: str, *, reason: str = "") -> None:
    """Moves one locked row by this verb. Raises Forbidden, BadInput, WrongState.

    Asking for the state that the row already has from this very verb is no error: a phone on a
    bad network repeats itself.
    """
    step = flow.move(verb)
    actor: Actor = access.actor_of(session)
    if step.permission:
        access.check(actor, step.permission)
    if row.state == step.target and row.state not in step.sources:
        return
    if row.state not in step.sources:
        raise WrongState(
            f"现在是“{flow.states[row.state]}”，不能“{step.zh}”。",
            f"The present state is {row.state}; {verb} is not possible from it.",
            state=row.state,
            moves=[m.verb for m in flow.moves_from(row.state)],
        )
    if step.needs_reason and not reason.strip():
        raise BadInput(f"“{step.zh}”要写明原因。", f"{verb} needs a reason.")
    say_why(session, reason)
    row.state = step.target
    session.flush()


def say_why(session: Session, reason: str) -> None:
    """The reason that the log keeps for the moves that follow in this transaction."""
    session.execute(text("SELECT set_config('lianjian.reason', :r, true)"), {"r": reason[:500]})


def check_states(column: str, flow: Workflow) -> str:
    """The CHECK expression that holds a column to the declared states."""
    return f"{column} IN ({', '.join(repr(s) for s in flow.states)})"


def labels(flow: Workflow, states: Iterable[str]) -> list[str]:
    """The Chinese words of these states."""
    return [flow.states[s] for s in states]
