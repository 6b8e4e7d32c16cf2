"""What Alembic compares: our tables, not those of PostGIS."""

from __future__ import annotations

from typing import Any

from geoalchemy2 import alembic_helpers

_FOREIGN = {"spatial_ref_sys", "geography_columns", "geometry_columns", "alembic_version"}


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Whether Alembic should look at this object at all."""
    return not (kind == "table" and name in _FOREIGN)


include_object = alembic_helpers.include_object
