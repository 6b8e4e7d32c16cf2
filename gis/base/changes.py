"""The cursor of live feeds.

"Everything after the highest id I saw" loses rows, because id 42 can commit before 41. Rows carry
``changed_in``, the transaction that wrote them; the cursor is the oldest transaction still
running, read *before* the rows and asked with ``>=``. A row may come twice, never not at all.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis.base.errors import BadInput


def cursor(session: Session) -> int:
    """The cursor for the next question; take it before reading the rows."""
    return int(session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")))


def parse(value: str | None) -> int:
    """A cursor as a client sent it; 0 when none. Raises BadInput."""
    if not value:
        return 0
    if not value.isascii() or not value.isdigit() or len(value) > 19:
        raise BadInput("游标应为一个非负整数。", "The cursor must be a non-negative integer.")
    return int(value)


def since(column: InstrumentedAttribute[int], after: int) -> ColumnElement[bool]:
    """The condition "written at or after this cursor"."""
    return column >= text(f"'{int(after)}'::xid8")
