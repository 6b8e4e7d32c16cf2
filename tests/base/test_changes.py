"""The live cursor loses nothing; the obvious cursor does, which is the negative control."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from gis.base import changes
from gis.base.errors import BadInput
from gis.projects.tables import Project


def _touch(session, project_id: int) -> None:
    session.execute(
        text("UPDATE project SET lead_unit = lead_unit || '.' WHERE project_id = :i"),
        {"i": project_id},
    )


def test_a_slow_writer_is_seen_by_the_cursor_and_lost_by_the_naive_one(own_city):
    with own_city.read() as session:
        first, second = session.scalars(select(Project.project_id).limit(2)).all()
    with own_city.begin() as slow:
        _touch(slow, first)  # takes an older transaction id, commits later
        with own_city.begin() as quick:
            _touch(quick, second)
        with own_city.read() as reader:
            cursor = changes.cursor(reader)
            naive = reader.scalar(text("SELECT max(changed_in::text::int8) FROM project"))
    with own_city.read() as reader:
        after = reader.scalars(
            select(Project.project_id).where(changes.since(Project.changed_in, cursor))
        ).all()
        lost = reader.scalars(
            text("SELECT project_id FROM project WHERE changed_in::text::int8 > :n"), {"n": naive}
        ).all()
    assert first in after
    assert first not in lost


@pytest.mark.parametrize("value", ["-1", "1.5", "x", "٣", "9" * 20])
def test_a_bad_cursor_is_refused(value):
    with pytest.raises(BadInput):
        changes.parse(value)


def test_no_cursor_is_the_beginning():
    assert changes.parse(None) == changes.parse("") == 0
