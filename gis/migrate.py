"""Bringing a database to the present schema, and asking whether it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL

from gis import schema
from gis.migrations import filters

HERE = Path(__file__).parent / "migrations"


def config(connection: Connection | None = None, **attributes: Any) -> Config:
    """Alembic's configuration without a file."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.set_main_option("path_separator", "os")
    made.attributes.update(attributes, connection=connection)
    return made


def upgrade(url: str | URL, revision: str = "head") -> None:
    """Migrates up to a revision and lays the guards. One transaction, one migrator at a time."""
    _run(url, lambda cfg: command.upgrade(cfg, revision))


def downgrade(url: str | URL, revision: str = "base") -> None:
    """Migrates down to a revision; ``base`` leaves an empty schema."""
    _run(url, lambda cfg: command.downgrade(cfg, revision))


def _run(url: str | URL, work: Any) -> None:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lianjian.migrate'))"))
            work(config(connection))
    finally:
        engine.dispose()


def head() -> str:
    """The newest revision in the code."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def present(engine: Engine) -> str:
    """The revision that the database stands at; empty when it has none."""
    with engine.connect() as connection:
        if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return ""
        return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def diff(url: str | URL) -> list[Any]:
    """What Alembic would change to reach the declared tables; empty when nothing."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection,
                opts={
                    "include_name": filters.include_name,
                    "include_object": filters.include_object,
                    "compare_type": True,
                },
            )
            return compare_metadata(context, schema.metadata())
    finally:
        engine.dispose()
