"""Alembic revisions of the schema, run by ``gis.migrate``."""
