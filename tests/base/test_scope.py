"""Territory scope is held by the database: a forgotten filter leaks nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gis.base.access import SYSTEM, Actor, enter
from gis.schema import mapped

PLACED = ["branch", "owners_committee", "member", "registration", "project", "facility", "building",
          "pledge", "property_contract", "compound_grid", "posting"]  # fmt: skip


def street(session: Session) -> tuple[int, int]:
    return session.execute(
        text("SELECT lo, hi FROM territory WHERE level = 'street' ORDER BY lo LIMIT 1")
    ).one()


def test_without_a_scope_there_are_no_rows(engine):
    with Session(engine) as session:
        for table in ["territory", *PLACED, "account", "support_unit"]:
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table


def test_scope_ends_with_its_transaction(engine):
    with Session(engine) as session:
        with session.begin():
            enter(session, SYSTEM)
            assert session.scalar(text("SELECT count(*) FROM member")) > 0
        with session.begin():
            assert session.scalar(text("SELECT count(*) FROM member")) == 0


@pytest.mark.parametrize("table", PLACED)
def test_a_street_sees_its_own_rows_and_no_others(session, acting, table):
    lo, hi = street(session)
    inside = session.scalar(
        text(f"SELECT count(*) FROM {table} WHERE place >= :lo AND place < :hi"),
        {"lo": lo, "hi": hi},
    )
    everywhere = session.scalar(text(f"SELECT count(*) FROM {table}"))
    with acting(lo, hi) as narrow:
        assert narrow.scalar(text(f"SELECT count(*) FROM {table}")) == inside
    assert 0 < inside < everywhere


def test_ancestors_are_seen_by_name_but_not_changed(session, acting):
    lo, hi = street(session)
    with acting(lo, hi, "administrator") as narrow:
        names = narrow.scalars(text("SELECT level FROM territory WHERE lo < :lo"), {"lo": lo}).all()
        assert sorted(names) == ["city", "county"]
        changed = narrow.execute(text("UPDATE territory SET name = 'x' WHERE level = 'county'"))
        assert changed.rowcount == 0


def test_nobody_writes_into_another_territory(session, acting):
    lo, hi = street(session)
    outside = session.scalar(
        text("SELECT territory_id FROM territory WHERE level = 'compound' AND lo >= :hi LIMIT 1"),
        {"hi": hi},
    )
    with acting(lo, hi, "administrator") as narrow, pytest.raises(DBAPIError, match="out of scope"):
        narrow.execute(
            text("INSERT INTO branch (compound_id, name, source) VALUES (:c, 'x', 'x')"),
            {"c": outside},
        )


def test_a_row_cannot_be_moved_out_of_scope_by_its_place(session, acting):
    lo, hi = street(session)
    with acting(lo, hi, "administrator") as narrow:
        before = narrow.scalar(text("SELECT max(place) FROM branch"))
        narrow.execute(text("UPDATE branch SET place = 1"))
        assert narrow.scalar(text("SELECT max(place) FROM branch")) == before


def test_shared_rows_are_written_only_with_a_whole_city(session, acting):
    lo, hi = street(session)
    with acting(lo, hi, "administrator") as narrow:
        assert narrow.execute(text("UPDATE support_unit SET name = name || 'x'")).rowcount == 0
        with pytest.raises(DBAPIError, match="row-level security"):
            narrow.execute(text("INSERT INTO property_firm (name) VALUES ('x')"))


def test_an_activation_opens_further_ranges(session, acting):
    lo, hi = street(session)
    other = session.execute(
        text("SELECT lo, hi FROM territory WHERE level = 'compound' AND lo >= :hi LIMIT 1"),
        {"hi": hi},
    ).one()
    with acting(lo, hi, more=((other.lo, other.hi),)) as wide:
        seen = wide.scalar(text("SELECT count(*) FROM territory WHERE lo = :lo"), {"lo": other.lo})
    with acting(lo, hi) as narrow:
        hidden = narrow.scalar(
            text("SELECT count(*) FROM territory WHERE lo = :lo"), {"lo": other.lo}
        )
    assert (seen, hidden) == (1, 0)


def test_every_table_is_guarded(owner_session):
    """Catalog: forced row security and a policy everywhere, no way around it."""
    found = owner_session.execute(
        text("SELECT relname, relrowsecurity AND relforcerowsecurity, "
             "(SELECT count(*) FROM pg_policy WHERE polrelid = c.oid) "
             "FROM pg_class c WHERE relkind IN ('r', 'p') "
             "AND relnamespace = current_schema()::regnamespace")
    ).all()  # fmt: skip
    guarded = {name for name, forced, policies in found if forced and policies}
    assert {cls.__table__.name for cls in mapped()} <= guarded
    loose = {name for name, *_ in found} - guarded
    assert loose <= {"alembic_version", "spatial_ref_sys"}


def test_no_back_door_in_the_catalog(owner_session):
    ours = "pronamespace = current_schema()::regnamespace AND proowner = current_user::regrole"
    definers = owner_session.scalar(
        text(f"SELECT count(*) FROM pg_proc WHERE prosecdef AND {ours}")
    )
    views = owner_session.scalar(
        text("SELECT count(*) FROM pg_class WHERE relkind IN ('v', 'm') AND relowner = "
             "current_user::regrole AND NOT COALESCE(reloptions::text LIKE '%security_invoker%', "
             "false)")
    )  # fmt: skip
    roles = owner_session.execute(
        text("SELECT rolsuper, rolbypassrls FROM pg_roles "
             "WHERE rolname IN ('lianjian_owner', 'lianjian_service')")
    ).all()  # fmt: skip
    assert definers == 0 and views == 0
    assert [tuple(r) for r in roles] == [(False, False), (False, False)]


def test_box_queries_use_the_index_under_the_policy(owner_session):
    """The trap: without LEAKPROOF the policy keeps the spatial index from being used.

    The city is small: any index would do, so the others are taken away first.
    """
    owner_session.execute(text("SET LOCAL enable_seqscan = off"))
    # Any other index could be read whole instead; which one hangs on statistics.
    others = owner_session.scalars(
        text("SELECT indexname FROM pg_indexes WHERE tablename = 'territory' "
             "AND indexname NOT LIKE 'ix_territory_geom%' AND indexname NOT LIKE 'pk_%'")
    ).all()  # fmt: skip
    owner_session.execute(text(f"DROP INDEX {', '.join(others)}"))
    owner_session.execute(text("ANALYZE territory"))
    plan = "\n".join(
        owner_session.scalars(
            text("EXPLAIN SELECT territory_id FROM territory WHERE level = 'compound' "
                 "AND geom && ST_MakeEnvelope(110, 29, 110.1, 29.1, 4326)")
        )
    )  # fmt: skip
    assert "ix_territory_geom" in plan and "Index Cond: (geom &&" in plan


def test_actor_permissions_are_not_scope(acting):
    assert not Actor("x", "auditor", 0, 1).may("mobilization.activate")
    assert Actor("x", "dispatcher", 0, 1).may("mobilization.activate")
