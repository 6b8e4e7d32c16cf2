"""Pages of rows: filters, orders, paging, scope; and what is tried against them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from gis.base.errors import BadInput, Forbidden, NotFound
from gis.base.ledger import row, rows, walk
from gis.base.settings import Settings
from gis.ledgers import LEDGERS
from gis.people.tables import Member
from gis.projects.tables import PROJECT_FLOW, Project
from gis.territory.tables import Territory

PROJECTS, MEMBERS, COMPOUNDS = (LEDGERS[key] for key in ("projects", "members", "compounds"))


@pytest.mark.parametrize("key", list(LEDGERS))
def test_every_ledger_reads_and_sorts_both_ways(session: Session, key: str) -> None:
    ledger = LEDGERS[key]
    total = rows(session, ledger).total
    assert total > 0
    for column in ledger.columns:
        if column.is_sortable and not column.sealed and not column.is_point:
            for sort in (column.key, "-" + column.key):
                seen = [
                    r.id
                    for offset in range(0, total, 200)
                    for r in rows(session, ledger, sort=sort, offset=offset, limit=200).rows
                ]
                assert len(seen) == len(set(seen)) == total


def test_pages_agree_with_one_plain_query(session: Session) -> None:
    """Also behind the middle, where the page is reached from the end."""
    plain = session.scalars(
        select(Project.project_id).order_by(
            Project.budget_fen.desc().nulls_last(), Project.project_id
        )
    ).all()
    paged = [
        r.id
        for offset in range(0, len(plain), 7)
        for r in rows(session, PROJECTS, sort="-budget_fen", offset=offset, limit=7).rows
    ]
    assert paged == list(plain)


def test_states_sort_by_the_order_of_life(session: Session) -> None:
    order = list(PROJECT_FLOW.states)
    found = [
        order.index(r.raw["state"]) for r in rows(session, PROJECTS, sort="state", limit=200).rows
    ]
    assert found == sorted(found)


def test_walking_by_id_meets_every_row_once(session: Session) -> None:
    seen: list[int] = []
    while page := rows(session, PROJECTS, after=seen[-1] if seen else 0, limit=50).rows:
        seen += [r.id for r in page]
    assert seen == sorted(set(seen)) and len(seen) == rows(session, PROJECTS).total


def test_a_search_pages_like_everything_else(session: Session) -> None:
    plain = session.scalars(
        select(Project.project_id)
        .where(Project.title.contains("社区"))
        .order_by(Project.project_id)
    ).all()
    for offset in (0, 20, 10**9):
        page = rows(session, PROJECTS, filters={"title": "社区"}, offset=offset, limit=20)
        again = rows(session, PROJECTS, filters={"q": "社区"}, offset=offset, limit=20)
        assert page.total == len(plain) and again.total >= page.total and again.rows
        assert [r.id for r in page.rows] == list(plain[page.offset : page.offset + 20])


def test_an_enormous_page_is_the_last(session: Session) -> None:
    last = rows(session, PROJECTS, offset=10**17, limit=50)
    assert 0 < len(last.rows) <= 50 and last.offset == (last.total - 1) // 50 * 50
    assert rows(session, PROJECTS, after=10**30).rows == []


@pytest.mark.parametrize(
    ("filters", "condition"),
    [
        ({"state": ["accepted", "in_work"]}, Project.state.in_(["accepted", "in_work"])),
        ({"state": "接单"}, Project.state == "accepted"),
        (
            {"budget_fen.min": "10万", "budget_fen.max": "300000"},
            Project.budget_fen.between(10**7, 3 * 10**7),
        ),
        ({"due_on.max": "2022-06-30"}, Project.due_on <= text("date '2022-06-30'")),
        ({"title": "项目"}, Project.title.contains("项目")),
        ({"q": "%"}, Project.title.contains("%", autoescape=True)),
        ({"kind": ""}, text("true")),
    ],
)
def test_filters_are_the_conditions_they_say(
    session: Session, filters: dict[str, Any], condition: Any
) -> None:
    expected = session.scalar(select(func.count()).select_from(Project).where(condition))
    assert rows(session, PROJECTS, filters=filters).total == expected


def test_a_place_takes_in_what_lies_below_it(session: Session) -> None:
    lo, hi, name = session.execute(
        select(Territory.lo, Territory.hi, Territory.name)
        .where(Territory.level == "county")
        .order_by(Territory.lo)
        .limit(1)
    ).one()
    expected = session.scalar(
        select(func.count()).select_from(Project).where(Project.place >= lo, Project.place < hi)
    )
    assert rows(session, PROJECTS, filters={"territory_id": name}).total == expected
    assert rows(session, PROJECTS, filters={"territory_id": "没有这里"}).total == 0


@pytest.mark.parametrize(
    "ask",
    [
        {"filters": {"1=1; DROP TABLE project": "x"}},
        {"filters": {"password": "x"}},
        {"filters": {"state": "' OR 1=1 --"}},
        {"filters": {"title.min": "a"}},
        {"filters": {"location": "1,1"}},
        {"filters": {"title": "x" * 300}},
        {"filters": {"title": "a\x00b"}},
        {"filters": {"budget_fen.min": "many"}},
        {"sort": "title; DROP TABLE project"},
        {"sort": "nobody"},
        {"sort": "location"},
        {"limit": 0},
        {"limit": 100_000},
        {"offset": -1},
    ],
)
def test_what_is_not_declared_is_refused(session: Session, ask: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        rows(session, PROJECTS, **ask)


def test_a_text_filter_never_becomes_sql(session: Session) -> None:
    assert rows(session, PROJECTS, filters={"q": "'; DELETE FROM project; --"}).total == 0
    assert rows(session, PROJECTS).total > 0


def test_another_territory_is_not_there(session: Session, acting: Callable[..., Any]) -> None:
    counties = session.execute(
        select(Territory.lo, Territory.hi).where(Territory.level == "county").order_by(Territory.lo)
    ).all()
    (lo, hi), (other, _) = counties[0], counties[1]
    outside = session.scalars(select(Project.project_id).where(Project.place >= other)).first()
    every = rows(session, PROJECTS).total
    with acting(lo, hi) as mine:
        assert 0 < rows(mine, PROJECTS).total < every
        with pytest.raises(NotFound):
            row(mine, PROJECTS, outside)


def test_roles_are_held(acting: Callable[..., Any]) -> None:
    with acting(role="auditor") as session:
        with pytest.raises(Forbidden):
            rows(session, MEMBERS)
        assert rows(session, PROJECTS).rows
        with pytest.raises(Forbidden):
            next(walk(session, PROJECTS))


def test_phones_are_masked_and_members_do_not_leave(session: Session, settings: Settings) -> None:
    page = rows(session, MEMBERS, key=settings.field_key)
    for found in page.rows:
        assert "****" in found.shown["phone"] and len(found.shown["phone"]) == 11
        assert found.raw["phone"] == found.values["phone"] == found.shown["phone"]
    assert {r.shown["phone"] for r in rows(session, MEMBERS).rows} == {"****"}
    with pytest.raises(Forbidden):
        next(walk(session, MEMBERS))
    for ask in ({"filters": {"phone": "138"}}, {"sort": "phone"}, {"sort": "-skills"}):
        with pytest.raises(BadInput):
            rows(session, MEMBERS, **ask)  # type: ignore[arg-type]


def test_a_search_does_not_reach_sealed_columns(session: Session) -> None:
    assert session.scalar(select(func.count()).select_from(Member)) > 0
    assert rows(session, MEMBERS, filters={"q": "1990"}).total == 0


def test_the_number_of_questions_does_not_grow_with_the_rows(
    session: Session, engine: Engine
) -> None:
    asked: list[str] = []
    listen = lambda *event_: asked.append(event_[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listen)
    try:
        rows(session, MEMBERS, limit=5)
        few = len(asked)
        rows(session, MEMBERS, limit=200)
        assert few <= 6 and len(asked) - few <= 6
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def test_a_row_knows_its_place_on_the_map(session: Session) -> None:
    found = rows(session, COMPOUNDS).rows[0]
    assert found.unit_id == found.id and 109 < found.lon < 112 and 28 < found.lat < 30
