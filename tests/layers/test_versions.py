"""Counts are kept a version long: a write, another date or another scope makes another one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from gis.base.access import SYSTEM
from gis.base.db import begin, read
from layers import counts, tiles
from layers.catalog import LAYERS

LAYER = LAYERS["compounds"]


def test_a_write_is_seen_in_the_next_transaction(own_city) -> None:
    with read(own_city.service, SYSTEM) as session:
        before = tiles.version(session, LAYER)
        assert tiles.version(session, LAYER) == before
        asked = LAYER.asked(None, {})
        total = counts.by_parent(session, LAYER, "county", asked)
    with begin(own_city.owner, SYSTEM) as session:  # the service itself deletes nothing
        session.execute(
            text("DELETE FROM branch WHERE branch_id = (SELECT min(branch_id) FROM branch)")
        )
        session.execute(
            text("UPDATE branch SET name = name WHERE branch_id = "
                 "(SELECT max(branch_id) FROM branch)")
        )  # fmt: skip
    with read(own_city.service, SYSTEM) as session:
        assert tiles.version(session, LAYER) != before
        after = counts.by_parent(session, LAYER, "county", asked)
        legend = {row["key"]: row["n"] for row in LAYER.legend(session).rows}
    assert after != total
    for key, n in legend.items():
        assert sum(states.get(key, 0) for states in after.values()) == n


def test_a_late_commit_of_an_older_transaction_is_not_missed(own_city) -> None:
    """41 commits after 42: the highest number stays, and the counts must still be made anew."""
    slow = own_city.service.connect()
    outer = slow.begin()
    slow.execute(text("SELECT set_config('lianjian.scope_lo', '0', true), "
                      "set_config('lianjian.scope_hi', '4611686018427387904', true)"))  # fmt: skip
    ids = slow.scalars(text("SELECT branch_id FROM branch ORDER BY 1 LIMIT 2")).all()
    slow.execute(text("UPDATE branch SET name = name WHERE branch_id = :i"), {"i": ids[0]})
    with begin(own_city.service, SYSTEM) as session:
        session.execute(text("UPDATE branch SET name = name WHERE branch_id = :i"), {"i": ids[1]})
    with read(own_city.service, SYSTEM) as session:
        during = tiles.version(session, LAYER)
    outer.commit()
    slow.close()
    with read(own_city.service, SYSTEM) as session:
        assert tiles.version(session, LAYER) != during


def test_date_and_scope_are_part_of_it(session, acting) -> None:
    here = tiles.version(session, LAYER)
    assert tiles.version(session, LAYER, date(2021, 1, 1)) != here
    lo, hi = session.execute(
        text("SELECT lo, hi FROM territory WHERE level = 'street' LIMIT 1")
    ).one()
    with acting(lo, hi) as mine:
        assert tiles.version(mine, LAYER) != here
    assert tiles.version(session, LAYERS["roads"])
