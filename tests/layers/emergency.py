"""A small activation for tests of the live layer: three compounds, a few posts, real members."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

START = datetime(2026, 6, 1, tzinfo=UTC)
TERM = {"a": START, "b": START + timedelta(hours=8)}


def activate(session: Session, needed: dict[int, list[int]]) -> int:
    """An activation whose compounds need these posts: {compound_id: [people of each post]}."""
    first = next(iter(needed))
    incident = session.scalar(
        text("INSERT INTO incident (name, category, territory_id, geom, reported_by) SELECT "
             "'测试', 'natural_disaster', territory_id, geom, '测试' FROM territory "
             "WHERE territory_id = :c RETURNING incident_id"), {"c": first},
    )  # fmt: skip
    activation = session.scalar(
        text("INSERT INTO activation (incident_id, territory_id, plan_id, plan_version, order_no, "
             "authority, starts_at, expected_end_at, activated_by, figures) SELECT :i, :c, "
             "plan_id, version, '1', '测试', :a, :b, '测试', '{}' FROM plan LIMIT 1 "
             "RETURNING activation_id"), {"i": incident, "c": first, **TERM},
    )  # fmt: skip
    for compound, posts in needed.items():
        for number, people in enumerate(posts):
            session.execute(
                text("INSERT INTO post (activation_id, compound_id, kind, name, shift_no, during, "
                     "needed, priority) VALUES (:v, :c, :k, '岗', 1, tstzrange(:a, :b), :n, 1)"),
                {"v": activation, "c": compound, "k": f"gate{number}", "n": people, **TERM},
            )  # fmt: skip
    return activation


def assign(session: Session, activation: int, post: int, people: int, state: str = "sent") -> None:
    """Puts so many free members on a post, in this state."""
    session.execute(
        text("INSERT INTO assignment (activation_id, post_id, compound_id, member_id, state, "
             "during, tier, travel_s, reason) SELECT :v, p.post_id, p.compound_id, m.member_id, "
             ":s, p.during, 'own', 60, '' FROM post p CROSS JOIN (SELECT member_id FROM member "
             "WHERE member_id NOT IN (SELECT member_id FROM assignment) ORDER BY 1 LIMIT :n) m "
             "WHERE p.post_id = :p"),
        {"v": activation, "p": post, "n": people, "s": state},
    )  # fmt: skip


def move(session: Session, post: int, state: str, people: int = 99) -> None:
    """Moves that many assignments of a post to a state, as the workflow allows."""
    session.execute(
        text("UPDATE assignment SET state = :s WHERE assignment_id IN (SELECT assignment_id FROM "
             "assignment WHERE post_id = :p AND state <> :s ORDER BY 1 LIMIT :n)"),
        {"p": post, "s": state, "n": people},
    )  # fmt: skip


def compounds(session: Session, many: int) -> list[int]:
    """The first compounds of the city."""
    return list(
        session.scalars(
            text("SELECT territory_id FROM territory WHERE level = 'compound' ORDER BY 1 LIMIT :n"),
            {"n": many},
        )
    )


def posts(session: Session, activation: int) -> list[Any]:
    """post_id, compound_id, needed, in the order they were made."""
    return list(
        session.execute(
            text("SELECT post_id, compound_id, needed FROM post WHERE activation_id = :v "
                 "ORDER BY 1"), {"v": activation},
        )
    )  # fmt: skip
