"""Two dispatchers in the same second: nobody on two posts, no error that a user sees."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from gis.base.errors import Conflict
from gis.mobilization import actions
from tests.mobilization.conftest import NOW, activate, area_around, geojson

pytestmark = pytest.mark.live


def test_overlapping_activations_share_nobody(own_city, settings):
    barrier = Barrier(2)

    def dispatch(at: int) -> int:
        barrier.wait()
        with own_city.begin() as session:
            return activate(session, settings, "epidemic-I", at=at, degrees=0.02)[0].activation_id

    with ThreadPoolExecutor(2) as pool:
        for _ in range(3):
            ids = list(pool.map(dispatch, [0, 1]))
            assert len(set(ids)) == 2
    with own_city.read() as session:
        doubled = session.scalar(
            text("SELECT count(*) FROM assignment a JOIN assignment b ON a.member_id = b.member_id "
                 "AND a.assignment_id < b.assignment_id AND a.during && b.during")
        )  # fmt: skip
        people = session.scalar(text("SELECT count(*) FROM assignment"))
    assert doubled == 0 and people > 0


def test_the_same_incident_is_activated_once(own_city, settings):
    with own_city.begin() as session:
        incident = actions.report_incident(
            session, settings, name="x", category="public_health", event_grade=None,
            shape=geojson(area_around(session)),
        ).incident_id  # fmt: skip
    barrier = Barrier(4)

    def dispatch(_: int) -> str:
        barrier.wait()
        try:
            with own_city.begin() as session:
                actions.activate_plan(
                    session, incident, "epidemic-II", order_no="1", authority="x", starts_at=NOW,
                    expected_end_at=NOW + timedelta(days=1),
                )  # fmt: skip
        except Conflict:
            return "told"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(dispatch, range(4))) == ["done", "told", "told", "told"]


def test_children_born_at_once_get_different_numbers(own_city):
    barrier = Barrier(6)

    def add(number: int) -> None:
        barrier.wait()
        with own_city.begin() as session:
            session.execute(
                text("INSERT INTO territory (level, parent_id, name, geom, valid_from, source) "
                     "SELECT 'compound', territory_id, :n, geom, '2020-01-01', 'race' "
                     "FROM territory WHERE level = 'community' ORDER BY lo LIMIT 1"),
                {"n": f"race {number}"},
            )  # fmt: skip

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(6)))
    with own_city.read() as session:
        numbers = session.scalars(text("SELECT lo FROM territory WHERE source = 'race'")).all()
    assert len(set(numbers)) == 6
