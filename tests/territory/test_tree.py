"""The tree: ranges nest, numbers are never reused, shapes are sound."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

SQUARE = "SRID=4326;MULTIPOLYGON(((110 29,110.1 29,110.1 29.1,110 29.1,110 29)))"
BOW = "SRID=4326;MULTIPOLYGON(((110 29,110.1 29.1,110.1 29,110 29.1,110 29)))"


def add(session, level: str, parent: int | None, name: str = "甲", geom: str = SQUARE) -> int:
    return session.scalar(
        text("INSERT INTO territory (level, parent_id, name, geom, valid_from, source) "
             "VALUES (:l, :p, :n, CAST(:g AS geometry), '2020-01-01', 'test') "
             "RETURNING territory_id"),
        {"l": level, "p": parent, "n": name, "g": geom},
    )  # fmt: skip


def bounds(session, unit: int) -> tuple[int, int]:
    row = session.execute(
        text("SELECT lo, hi FROM territory WHERE territory_id = :i"), {"i": unit}
    ).one()
    return row.lo, row.hi


def first(session, level: str) -> int:
    return session.scalar(
        text("SELECT territory_id FROM territory WHERE level = :l ORDER BY lo LIMIT 1"),
        {"l": level},
    )


def test_every_range_lies_in_its_parents(session):
    outside = session.scalar(
        text("SELECT count(*) FROM territory c JOIN territory p ON p.territory_id = c.parent_id "
             "WHERE NOT (c.lo > p.lo AND c.hi <= p.hi)")
    )  # fmt: skip
    assert outside == 0


def test_siblings_do_not_overlap(session):
    overlaps = session.scalar(
        text("SELECT count(*) FROM territory a JOIN territory b ON a.parent_id = b.parent_id "
             "AND a.territory_id < b.territory_id AND a.lo < b.hi AND b.lo < a.hi "
             "WHERE a.level = b.level")
    )  # fmt: skip
    assert overlaps == 0


def test_numbers_are_not_reused(owner_session):
    session = owner_session
    community = first(session, "community")
    one = bounds(session, add(session, "compound", community))
    two = bounds(session, add(session, "compound", community))
    assert two[0] == one[1]


def test_a_compound_may_lie_below_any_coarser_unit(session):
    for level in ("city", "county", "street", "community", "grid"):
        parent = first(session, level)
        lo, hi = bounds(session, add(session, "compound", parent))
        above_lo, above_hi = bounds(session, parent)
        assert above_lo < lo and hi <= above_hi


@pytest.mark.parametrize(("level", "parent"), [("street", "compound"), ("county", "street"),
                                               ("grid", "grid")])  # fmt: skip
def test_a_coarser_unit_does_not_lie_below_a_finer_one(session, level, parent):
    with pytest.raises(DBAPIError, match="cannot lie below"):
        add(session, level, first(session, parent))


def test_range_and_parent_are_set_at_birth(session):
    unit = first(session, "grid")
    for change in ("lo = lo + 1", "parent_id = parent_id + 1", "level = 'section'"):
        nested = session.begin_nested()
        with pytest.raises(DBAPIError):
            session.execute(
                text(f"UPDATE territory SET {change} WHERE territory_id = :i"), {"i": unit}
            )
        nested.rollback()


def test_a_crossing_ring_is_refused_by_the_database(session):
    with pytest.raises(DBAPIError, match="geom_valid"):
        add(session, "compound", first(session, "community"), geom=BOW)


def test_area_is_measured_in_the_citys_own_crs(session):
    unit = add(session, "compound", first(session, "community"))
    area, mercator = session.execute(
        text("SELECT area_m2, ST_Area(ST_Transform(geom, 3857)) FROM territory "
             "WHERE territory_id = :i"), {"i": unit},
    ).one()  # fmt: skip
    # 0.1° × 0.1° at 29.05° N: 9,734 m × 11,082 m by the ellipsoid's formulas.
    assert area == pytest.approx(9734 * 11082, rel=2e-3)
    assert mercator > 1.3 * area


def test_an_official_code_is_unique_in_its_edition(session):
    with pytest.raises(DBAPIError, match="uq_territory_edition_code"):
        session.execute(
            text("INSERT INTO territory (level, parent_id, name, code, edition, geom, valid_from, "
                 "source) SELECT 'county', parent_id, '甲', code, edition, geom, '2020-01-01', 't' "
                 "FROM territory WHERE level = 'county' LIMIT 1")
        )  # fmt: skip


def test_units_are_never_deleted(session):
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("DELETE FROM territory"))
