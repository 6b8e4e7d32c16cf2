"""Coverage: the same number in the table, the total, the class and the long way round."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from gis.base.errors import BadInput, NotFound
from gis.coverage import queries
from gis.coverage.classes import CLASSES


@pytest.mark.parametrize("level", queries.LEVELS)
def test_every_level_adds_up_to_the_city(session, level):
    rows = queries.coverage(session, level)
    totals = queries.totals(session)
    assert sum(r.compounds for r in rows) == totals["compounds"]
    assert sum(r.with_branch for r in rows) == totals["branches"]
    assert sum(r.with_committee for r in rows) == totals["owners_committees"]


def test_reserve_and_households_add_up_by_community(session):
    rows = queries.coverage(session, "community")
    totals = queries.totals(session)
    assert sum(r.reserve for r in rows) == totals["reserve"]
    assert sum(r.households for r in rows) == totals["households"]


def test_each_compound_has_one_class(session, demo_frames):
    counts = queries.classes(session)
    assert list(counts) == list(CLASSES)
    assert sum(counts.values()) == len(demo_frames.compounds)
    # The long way, from the frames that the city was made of.
    branch = set(demo_frames.branches["compound_id"])
    committee = set(demo_frames.committees["compound_id"])
    firm = set(demo_frames.compounds.dropna(subset=["property_firm_id"])["compound_id"])
    everyone = set(demo_frames.compounds["compound_id"])
    assert counts["complete"] == len(branch & committee & firm)
    assert counts["branch"] == len(branch - (committee & firm))
    assert counts["committee"] == len(committee - branch)
    assert counts["firm"] == len(firm - branch - committee)
    assert counts["none"] == len(everyone - branch - committee - firm)


def test_a_change_of_a_row_changes_the_number(owner_session):
    session = owner_session
    before = queries.totals(session)["branches"]
    session.execute(
        text("DELETE FROM branch WHERE branch_id = (SELECT min(branch_id) FROM branch)")
    )
    assert queries.totals(session)["branches"] == before - 1
    assert sum(r.with_branch for r in queries.coverage(session, "street")) == before - 1


def test_counts_run_under_scope(session, acting):
    lo, hi = session.execute(
        text("SELECT lo, hi FROM territory WHERE level = 'street' ORDER BY lo LIMIT 1")
    ).one()
    whole = {r.territory_id: r for r in queries.coverage(session, "street")}
    with acting(lo, hi) as narrow:
        rows = queries.coverage(narrow, "street")
    assert [r.as_dict() for r in rows] == [whole[r.territory_id].as_dict() for r in rows]
    assert len(rows) == 1


def test_an_empty_unit_has_no_rate(session):
    empty = [r for r in queries.coverage(session, "county") if not r.compounds]
    assert empty and all(r.coverage_rate is None and r.reserve_per_1000 is None for r in empty)


def test_an_unknown_level_is_refused(session):
    with pytest.raises(BadInput):
        queries.coverage(session, "compound; DROP TABLE member")


def test_the_card_names_what_a_compound_has(session):
    row = session.execute(
        text("SELECT b.compound_id, b.name FROM branch b JOIN pledge p USING (compound_id) "
             "WHERE p.role = 'A' LIMIT 1")
    ).one()  # fmt: skip
    card = queries.compound_card(session, row.compound_id).as_dict()
    assert card["branch"] == row.name and card["unit_a"]
    assert [u["level"] for u in card["chain"]] == ["city", "county", "street", "community", "grid"]
    assert sum(g["household_share"] for g in card["grids"]) == pytest.approx(1, abs=0.01)
    people = session.scalar(
        text("SELECT count(*) FROM member WHERE home_compound_id = :i"), {"i": row.compound_id}
    )
    assert card["reserve"] == (None if 0 < people < 5 else people)
    assert card["reserve_is_few"] == (0 < people < 5)


def test_a_card_out_of_scope_is_not_found(session, acting):
    with acting(1, 2) as narrow, pytest.raises(NotFound):
        queries.compound_card(
            narrow, session.scalar(text("SELECT min(compound_id) FROM branch"))
        )
