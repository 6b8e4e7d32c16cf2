"""Migrations: up, nothing left to change, down to nothing, up again; the same as the tables."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from gis import migrate, schema
from gis.base import cluster


@pytest.fixture
def empty(server):
    urls = cluster.create_database(server, "migrations")
    yield urls
    cluster.drop_database(server, "migrations")


def _catalog(url) -> dict[str, set]:
    """Every constraint and index of the schema by its definition."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            "constraints": connection.execute(
                text("SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
                     "FROM pg_constraint WHERE connamespace = current_schema()::regnamespace "
                     "AND conrelid::regclass::text NOT IN ('spatial_ref_sys', 'alembic_version')")
            ).all(),
            "indexes": connection.execute(
                text("SELECT tablename, indexname, indexdef FROM pg_indexes "
                     "WHERE schemaname = current_schema() AND tablename NOT IN "
                     "('spatial_ref_sys', 'alembic_version')")
            ).all(),
            "columns": connection.execute(
                text("SELECT table_name, column_name, udt_name, is_nullable, column_default "
                     "FROM information_schema.columns WHERE table_schema = current_schema() "
                     "AND table_name NOT IN ('spatial_ref_sys', 'alembic_version', "
                     "'geography_columns', 'geometry_columns')")
            ).all(),
        }  # fmt: skip
    engine.dispose()
    return {kind: {tuple(row) for row in rows} for kind, rows in found.items()}


def test_up_down_up(empty):
    migrate.upgrade(empty.owner)
    assert migrate.diff(empty.owner) == []
    first = _catalog(empty.owner)
    migrate.downgrade(empty.owner)
    assert not any(_catalog(empty.owner).values())
    migrate.upgrade(empty.owner)
    assert _catalog(empty.owner) == first


def test_migrations_make_what_the_tables_declare(empty, server):
    migrate.upgrade(empty.owner)
    declared = cluster.create_database(server, "declared")
    try:
        engine = create_engine(declared.owner)
        schema.metadata().create_all(engine)
        engine.dispose()
        assert _catalog(empty.owner) == _catalog(declared.owner)
    finally:
        cluster.drop_database(server, "declared")


def test_upgrading_twice_changes_nothing(empty):
    migrate.upgrade(empty.owner)
    before = _catalog(empty.owner)
    migrate.upgrade(empty.owner)
    assert _catalog(empty.owner) == before


def test_guards_have_one_policy_set(empty):
    migrate.upgrade(empty.owner)
    migrate.upgrade(empty.owner)
    engine = create_engine(empty.owner)
    with engine.connect() as connection:
        doubled = connection.execute(
            text("SELECT tablename, policyname FROM pg_policies GROUP BY 1, 2 HAVING count(*) > 1")
        ).all()
    engine.dispose()
    assert doubled == []
