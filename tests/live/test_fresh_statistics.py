"""Right after an activation the statistics know nothing of it: the board must not wait for them."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from gis.mobilization import queries
from layers.catalog import LAYERS
from tests.mobilization.conftest import activate

pytestmark = pytest.mark.live


def _rows_touched(session, statement: str, values: dict) -> float:
    """How many rows the plan's nodes put out in all, loops counted: work, not time."""
    plan = session.execute(
        text(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}"), values
    ).scalar()

    def walk(node: dict) -> float:
        below = sum(walk(child) for child in node.get("Plans", ()))
        removed = node.get("Rows Removed by Join Filter", 0) + node.get("Rows Removed by Filter", 0)
        return (node["Actual Rows"] + removed) * node["Actual Loops"] + below

    return walk(plan[0]["Plan"])


def test_the_boards_work_grows_with_its_rows_not_with_their_product(own_city, settings):
    with own_city.load() as session:  # statistics from before: empty tables, never looked at again
        for table in ("post", "assignment", "activation_area"):
            session.execute(text(f"ALTER TABLE {table} SET (autovacuum_enabled = false)"))
            session.execute(text(f"ANALYZE {table}"))
    with own_city.begin() as session:
        activation, proposal = activate(session, settings, "epidemic-I", degrees=0.05)
    rows = len(proposal.posts) + len(proposal.people)
    values = {"id": activation.activation_id, "activation_id": activation.activation_id}
    with own_city.read() as session:
        board = _rows_touched(session, queries.sql("board"), values)
        layer = _rows_touched(session, LAYERS["post-status"].items, values)
    assert rows > 500
    assert board < 20 * rows and layer < 20 * rows
