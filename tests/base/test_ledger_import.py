"""Imports: headers as people draw them, refusals by row and column, one transaction, no state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.base.errors import BadInput, Forbidden
from gis.base.journal import JournalEntry
from gis.base.ledger import Outcome, Row, bring, rows
from gis.base.private import open_sealed
from gis.base.settings import Settings
from gis.base.sheets.cells import Formula, SheetError
from gis.base.sheets.reading import Table
from gis.ledgers import LEDGERS
from gis.organizations.tables import Pledge
from gis.people.tables import Member
from gis.projects.tables import Project
from gis.territory.tables import Territory

PROJECTS, MEMBERS, COMPOUNDS = (LEDGERS[key] for key in ("projects", "members", "compounds"))
HEAD = ["项目名称*", "台账", "专项", "所属辖区", "预算（元）", "点单日期"]


def table(*lines: list[Any], **more: Any) -> Table:
    return Table(
        [(n, list(line)) for n, line in enumerate(lines, 1) if any(c is not None for c in line)],
        **more,
    )


def ends(outcome: Outcome) -> dict[str, int]:
    told = outcome.as_dict()
    counts = {k: told[k] for k in ("added", "changed", "unchanged", "refused")}
    assert sum(counts.values()) == told["read"]
    assert told["applied"] == told["added"] + told["changed"]
    return {k: v for k, v in counts.items() if v}


def line(title: str, place: str, **other: Any) -> list[Any]:
    values = {
        "kind": "建设项目",
        "program": "社区建设",
        "budget": 12000,
        "on": date(2024, 1, 5),
        **other,
    }
    return [title, values["kind"], values["program"], place, values["budget"], values["on"]]


@pytest.fixture
def place(session: Session) -> str:
    """The path of one compound that no other shares a name with."""
    return rows(session, LEDGERS["branches"]).rows[0].shown["compound_id"]


def one(session: Session) -> Row:
    return rows(session, PROJECTS, limit=1).rows[0]


def edited(found: Row, **cells: Any) -> Table:
    """The export of one row with some cells changed."""
    shown = {c.key: found.shown[c.key] for c in PROJECTS.exported} | cells
    head = ["编号", "版本", *(c.title for c in PROJECTS.exported)]
    return table(head, [found.id, found.version, *(shown[c.key] for c in PROJECTS.exported)])


def only_problem(outcome: Outcome) -> tuple[int, str, str]:
    assert ends(outcome) == {"refused": 1}, outcome.as_dict()
    (problem,) = outcome.problems
    return problem.row, problem.field.strip("*"), problem.code


def test_one_edited_cell_is_one_change(session: Session) -> None:
    found = one(session)
    outcome = bring(session, PROJECTS, edited(found, budget_fen="1.5万"))
    assert ends(outcome) == {"changed": 1}
    assert outcome.entries[0].changes == {"budget_fen": (found.shown["budget_fen"], "15000.00")}
    assert session.get(Project, found.id).budget_fen == 1_500_000
    assert ends(bring(session, PROJECTS, edited(found, budget_fen="1.5万"))) == {"unchanged": 1}


def test_a_dry_run_writes_nothing_and_says_the_same(session: Session, place: str) -> None:
    given = table(HEAD, line("甲", place), line("乙", place, budget=-1), line("丙", "没有这里"))
    before = session.scalar(select(func.count()).select_from(Project))
    tried = bring(session, PROJECTS, given, dry_run=True)
    assert session.scalar(select(func.count()).select_from(Project)) == before
    done = bring(session, PROJECTS, given)
    assert ends(tried) == ends(done) == {"added": 1, "refused": 2}
    assert tried.digest == done.digest and tried.problems == done.problems
    assert session.scalar(select(func.count()).select_from(Project)) == before + 1


def test_added_rows_begin_their_life_and_come_once(session: Session, place: str) -> None:
    given = table(HEAD, line("新路灯", place))
    assert ends(bring(session, PROJECTS, given)) == {"added": 1}
    project = session.scalars(select(Project).where(Project.title == "新路灯")).one()
    assert (project.state, project.budget_fen, project.source) == ("draft", 1_200_000, "表格导入")
    assert ends(bring(session, PROJECTS, given)) == {"unchanged": 1}
    assert ends(bring(session, PROJECTS, table(HEAD, line("新路灯", place, budget=1)))) == {
        "changed": 1
    }


def test_titles_above_and_strange_writing_of_labels(session: Session, place: str) -> None:
    head = ["序号", " 项目 名称 ", "类别", "专项", "辖区", "预算金额(万元)", "点单日期", "备注"]
    given = table(
        ["张家界市项目台账"],
        [None],
        ["填报单位：某某", None, "２０２４年"],
        head,
        [1, "增设车位", "建设项目", "便民设施", place, "１．２", "2024.1.5", "急"],
        [2, "修楼道灯", "工作项目", "便民设施", place, "3万元", 20240105, None],
    )
    outcome = bring(session, PROJECTS, given)
    assert ends(outcome) == {"added": 2} and outcome.ignored == ["序号", "备注"]
    fen = dict(
        session.execute(
            select(Project.title, Project.budget_fen).where(
                Project.title.in_(["增设车位", "修楼道灯"])
            )
        ).all()
    )
    assert fen == {"增设车位": 1_200_000, "修楼道灯": 3_000_000}


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (["甲", "乙"], "no_header"),
        ([*HEAD, "预算"], "column_twice"),
        (HEAD[1:], "column_missing"),
        ([*HEAD[:4], "预算（美元）", "点单日期"], "unit"),
    ],
)
def test_a_header_that_cannot_serve_is_refused(
    session: Session, head: list[str], reason: str
) -> None:
    with pytest.raises(BadInput) as caught:
        bring(session, PROJECTS, table(head, ["x"] * len(head)))
    assert caught.value.facts["reason"] == reason


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"kind": "建社项目"}, "台账", "unknown_value"),
        ({"budget": "很多"}, "预算（元）", "not_money"),
        ({"budget": None}, "预算", "required"),
        ({"budget": "12,34"}, "预算（元）", "not_money"),
        ({"budget": Formula("=1+1")}, "预算（元）", "formula"),
        ({"on": "2024-02-30"}, "点单日期", "not_a_date"),
        ({"on": SheetError("#REF!")}, "点单日期", "sheet_error"),
        ({"title": "长" * 201}, "项目名称", "too_long"),
        ({"title": " "}, "项目名称", "required"),
        ({"place": "桃花源"}, "所属辖区", "unknown_value"),
    ],
)
def test_a_refusal_names_row_and_column(
    session: Session, place: str, change: dict[str, Any], field: str, code: str
) -> None:
    cells = line(change.pop("title", "某项目"), change.pop("place", place), **change)
    outcome = bring(session, PROJECTS, table(["标题"], HEAD, cells))
    assert only_problem(outcome) == (3, field, code)


def test_the_closest_word_and_place_are_told(session: Session, place: str) -> None:
    name = place.split("/")[-1]
    given = table(HEAD, line("甲", name[:-1] + "x", kind="建设类项目"))
    said = " ".join(p.message for p in bring(session, PROJECTS, given).problems)
    assert "建设项目" in said and name in said


def test_a_state_is_moved_by_verbs_alone(session: Session, place: str) -> None:
    found = one(session)
    other = "草拟" if found.shown["state"] != "草拟" else "点单"
    assert only_problem(bring(session, PROJECTS, edited(found, state=other)))[1:] == (
        "状态",
        "read_only",
    )
    assert ends(bring(session, PROJECTS, edited(found, state=""))) == {"unchanged": 1}
    head, cells = [*HEAD, "状态"], [*line("新", place), "销号"]
    assert only_problem(bring(session, PROJECTS, table(head, cells)))[2] == "read_only"
    assert ends(bring(session, PROJECTS, table(head, [*line("新", place), "草拟"]))) == {"added": 1}


def test_somebody_elses_later_edit_is_a_conflict(session: Session) -> None:
    found = one(session)
    old = Row(found.id, "1", found.raw, found.values, found.shown)
    assert only_problem(bring(session, PROJECTS, edited(old, title="改过"))) == (
        2,
        "版本",
        "conflict",
    )
    assert ends(bring(session, PROJECTS, edited(old))) == {"unchanged": 1}


def test_merged_cells_are_refused_not_guessed(session: Session, place: str) -> None:
    given = table(
        ["大标题"],
        HEAD,
        line("甲", place),
        line("乙", place, budget=None),
        line("丙", place),
        merged=[(1, 1, 1, 6), (3, 4, 5, 5)],
    )
    outcome = bring(session, PROJECTS, given)
    assert ends(outcome) == {"added": 1, "refused": 2}
    assert {(p.row, p.code) for p in outcome.problems} == {(3, "merged"), (4, "merged")}


def test_what_only_the_database_sees_is_told_by_row(session: Session, place: str) -> None:
    head = [*HEAD, "完成时限"]
    lines = [[*line(f"项目{i}", place), "2023-01-01" if i == 3 else "2025-01-01"] for i in range(8)]
    outcome = bring(session, PROJECTS, table(head, *lines))
    assert ends(outcome) == {"added": 7, "refused": 1}
    (problem,) = outcome.problems
    assert (problem.row, problem.field) == (5, "完成时限") and "早于" in problem.message


def test_a_pledge_of_one_unit_in_both_roles_is_refused(session: Session) -> None:
    pledges = LEDGERS["pledges"]
    found = next(r for r in rows(session, pledges, limit=200).rows if r.raw["role"] == "A")
    other = session.scalars(
        select(Pledge).where(Pledge.compound_id == found.raw["compound_id"], Pledge.role == "B")
    ).one_or_none()
    given = table(
        ["小区", "角色", "包保单位"],
        [found.shown["compound_id"], "B角", found.shown["support_unit_id"]],
    )
    outcome = bring(session, pledges, given)
    assert other is not None and only_problem(outcome)[2] == "exists"


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        ((10**12,), "not_found"),
        ((10**30,), "bad_id"),
        (("x",), "bad_id"),
        ((True,), "bad_id"),
        ((-5,), "bad_id"),
        ((1.5,), "bad_id"),
    ],
)
def test_ids_that_are_none_of_ours(
    session: Session, ids: tuple[Any], code: str, place: str
) -> None:
    outcome = bring(session, PROJECTS, table(["编号", *HEAD], [ids[0], *line("甲", place)]))
    assert only_problem(outcome)[2] == code


def test_the_same_row_twice_is_refused_once(session: Session, place: str) -> None:
    outcome = bring(session, PROJECTS, table(HEAD, line("甲", place), line("甲", place)))
    assert ends(outcome) == {"added": 1, "refused": 1} and outcome.problems[0].code == "repeated"


def test_compounds_are_corrected_not_made(session: Session) -> None:
    found = rows(session, COMPOUNDS).rows[0]
    head = ["小区名称", "上级辖区", "户数"]
    outcome = bring(
        session, COMPOUNDS, table(head, [found.shown["name"], found.shown["parent_id"], "321户"])
    )
    assert ends(outcome) == {"changed": 1}
    given = table(
        ["编号", "小区名称", "户数"], [found.id, found.shown["name"], "322户"], [None, "新小区", 5]
    )
    outcome = bring(session, COMPOUNDS, given)
    assert (
        ends(outcome) == {"changed": 1, "refused": 1} and outcome.problems[0].code == "cannot_add"
    )
    assert session.get(Territory, found.id).households == 322


def test_another_territory_is_neither_read_nor_written(
    session: Session, acting: Callable[..., Any], place: str
) -> None:
    (lo, hi), (other_lo, other_hi) = session.execute(
        select(Territory.lo, Territory.hi).where(Territory.level == "county").order_by(Territory.lo)
    ).all()[:2]
    theirs = next(
        r
        for r in rows(session, PROJECTS, limit=200).rows
        if other_lo <= session.get(Project, r.id).place < other_hi
    )
    with acting(lo, hi) as mine:
        assert only_problem(bring(mine, PROJECTS, edited(theirs, title="抢")))[2] == "not_found"
        foreign = table(HEAD, line("偷", theirs.shown["territory_id"]))
        assert only_problem(bring(mine, PROJECTS, foreign))[2] == "unknown_value"
        own = rows(mine, PROJECTS, limit=1).rows[0]
        away = edited(own, territory_id=theirs.shown["territory_id"])
        assert only_problem(bring(mine, PROJECTS, away))[2] == "unknown_value"


def test_shared_rows_need_a_city(acting: Callable[..., Any], session: Session) -> None:
    lo, hi = session.execute(
        select(Territory.lo, Territory.hi).where(Territory.level == "county")
    ).first()
    with acting(lo, hi) as mine:
        outcome = bring(
            mine, LEDGERS["support_units"], table(["单位名称", "层级"], ["某局", "市直"])
        )
        assert only_problem(outcome)[2] == "forbidden"


@pytest.mark.parametrize("role", ["dispatcher", "auditor"])
def test_wrong_roles_write_nothing(acting: Callable[..., Any], role: str, place: str) -> None:
    with acting(role=role) as session, pytest.raises(Forbidden):
        bring(session, PROJECTS, table(HEAD, line("甲", place)), dry_run=True)


def test_a_members_phone_goes_in_and_does_not_come_out(
    session: Session, settings: Settings, place: str
) -> None:
    head = ["姓名", "居住小区", "特长", "手机号"]
    given = table(
        head,
        ["演示甲", place, "急救、驾船", "138-0013-8000"],
        ["演示乙", place, "", 13800138001],
        ["演示丙", place, "", "138****8000"],
    )
    outcome = bring(session, MEMBERS, given, key=settings.field_key)
    assert ends(outcome) == {"added": 2, "refused": 1}
    told = repr([outcome.as_dict(), outcome.entries[0].changes])
    assert "13800138" not in told and "138-0013" not in told
    member = session.scalars(select(Member).where(Member.name == "演示甲")).one()
    where = f"member.phone.{member.phone_salt.hex()}"
    assert open_sealed(settings.field_key, where, member.phone_sealed) == "13800138000"
    shown = rows(session, MEMBERS, filters={"name": "演示甲"}, key=settings.field_key).rows[0]
    assert shown.shown["phone"] == "138****8000" and member.hours_offered == 7
    logged = session.scalars(select(JournalEntry).where(JournalEntry.subject == "members")).all()
    assert "演示甲" not in repr([entry.detail for entry in logged])


def test_the_journal_keeps_the_import_and_each_row(session: Session) -> None:
    found = one(session)
    bring(session, PROJECTS, edited(found, title="改后"), file_name="a.xlsx")
    kept = session.scalars(
        select(JournalEntry)
        .where(JournalEntry.subject == "projects")
        .order_by(JournalEntry.journal_id)
    ).all()
    assert [entry.verb for entry in kept] == ["import", "changed"]
    assert kept[0].detail["file"] == "a.xlsx" and kept[1].subject_id == found.id
    assert kept[1].detail["columns"] == {"title": [found.shown["title"], "改后"]}
