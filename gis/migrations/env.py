"""Alembic's way into the schema: runs as the owner, then lays the guards anew."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis import schema
from gis.base import guards, workflow
from gis.base.access import SYSTEM, enter
from gis.migrations import filters
from gis.territory.tables import WIDTHS


def run() -> None:
    """Migrates on the connection that the caller handed over."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=schema.metadata(),
        include_name=filters.include_name,
        include_object=filters.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if context.config.attributes.get("lay_guards", True):
            lay(connection)


def lay(connection) -> None:
    """Guards and declared moves, when the tables stand (not after a downgrade to nothing)."""
    if connection.scalar(text("SELECT to_regclass('territory')")) is None:
        return
    guards.lay(connection, schema.mapped(), WIDTHS)
    with Session(connection) as session:
        enter(session, SYSTEM)
        workflow.sync(session)
        session.flush()


run()
