"""The areas in their order and every table of the service: what migrations and guards work on."""

from __future__ import annotations

from sqlalchemy import MetaData

from gis.accounts import tables as accounts
from gis.base import journal, workflow
from gis.base.db import Base
from gis.facilities import tables as facilities
from gis.mobilization import tables as mobilization
from gis.organizations import tables as organizations
from gis.people import tables as people
from gis.projects import tables as projects
from gis.territory import tables as territory

TABLE_MODULES = (
    workflow, journal, territory, organizations, people, accounts, facilities, projects,
    mobilization,
)  # fmt: skip


def metadata() -> MetaData:
    """The metadata of all areas."""
    return Base.metadata


def mapped() -> list[type[Base]]:
    """Every mapped class, in the order of foreign keys."""
    by_table = {m.class_.__tablename__: m.class_ for m in Base.registry.mappers}
    return [by_table[t.name] for t in Base.metadata.sorted_tables]
