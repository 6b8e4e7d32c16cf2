"""Bulk loading by COPY: frames in, rows out, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session


def copy_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[Any]) -> int:
    """Copies rows (tuples in the order of ``columns``) into a table; how many.

    PostgreSQL does not COPY into a table with row policies: the rows go through a temporary table
    and are inserted in their order, so that triggers and policies see each of them.
    """
    raw = session.connection().connection.driver_connection
    assert raw is not None
    names = {
        "table": sql.Identifier(table),
        "heap": sql.Identifier(f"load_{table}"),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
    }
    with raw.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {heap}").format(**names))
        cursor.execute(
            sql.SQL(
                "CREATE TEMP TABLE {heap} ON COMMIT DROP AS SELECT {columns} FROM {table} "
                "WITH NO DATA"
            ).format(**names)
        )
        statement = sql.SQL("COPY {heap} ({columns}) FROM STDIN").format(**names)
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            sql.SQL(
                "INSERT INTO {table} ({columns}) SELECT {columns} FROM {heap} ORDER BY ctid"
            ).format(**names)
        )
        count = cursor.rowcount
        cursor.execute(sql.SQL("DROP TABLE {heap}").format(**names))
    return count


def copy_frame(session: Session, table: str, columns: dict[str, Any]) -> int:
    """Copies equally long columns, by name; missing values (NA, NaN, NaT) become NULL."""
    series = [_plain(values) for values in columns.values()]
    return copy_rows(session, table, list(columns), zip(*series, strict=True))


def _plain(values: Any) -> list[Any]:
    frame = pd.Series(values) if not isinstance(values, pd.Series) else values
    if frame.dtype == object:
        return [None if _missing(v) else v for v in frame]
    out = frame.astype(object).where(frame.notna(), None)
    return [v.item() if isinstance(v, np.generic) else v for v in out]


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)


def ewkb(geometries: Any, *, kind: str | None = None) -> list[str]:
    """Geometries (EPSG:4326) as PostGIS reads them in COPY; polygons become multi when asked."""
    shapes = np.asarray(geometries, dtype=object)
    if kind == "multipolygon":
        shapes = np.array(
            [g if g.geom_type == "MultiPolygon" else shapely.MultiPolygon([g]) for g in shapes],
            dtype=object,
        )
    return list(shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True))


def reserve_ids(session: Session, table: str, key: str, count: int) -> int:
    """The first of ``count`` ids that nobody else will get, so that a load may refer to itself.

    Locks the table against other loaders until the end of the transaction.
    """
    session.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
    sequence = f"pg_get_serial_sequence('{table}', '{key}')"
    first = session.scalar(text(f"SELECT nextval({sequence})"))
    session.execute(text(f"SELECT setval({sequence}, :last)"), {"last": first + count})
    return int(first)
