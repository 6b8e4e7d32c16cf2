"""Areas of the small city for the tests of mobilization."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.base.settings import Settings
from gis.mobilization import actions

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


def area_around(session: Session, degrees: float = 0.01, at: int = 0) -> shapely.MultiPolygon:
    """A disc around one compound."""
    lon, lat = session.execute(
        text("SELECT ST_X(anchor), ST_Y(anchor) FROM territory WHERE level = 'compound' "
             "ORDER BY territory_id OFFSET :n LIMIT 1"), {"n": at},
    ).one()  # fmt: skip
    return shapely.MultiPolygon([shapely.Point(lon, lat).buffer(degrees)])


def geojson(shape: Any) -> dict[str, Any]:
    """The shape as a client sends it."""
    return json.loads(shapely.to_geojson(shape))


def activate(session: Session, settings: Settings, plan_id: str = "epidemic-II", at: int = 0,
             degrees: float = 0.01) -> tuple[Any, Any]:  # fmt: skip
    """Reports an incident around a compound and activates a plan for it."""
    category = "public_health" if plan_id.startswith("epidemic") else "natural_disaster"
    incident = actions.report_incident(
        session, settings, name="演练", category=category, event_grade=3,
        shape=geojson(area_around(session, degrees, at)),
    )  # fmt: skip
    return actions.activate_plan(
        session, incident.incident_id, plan_id, order_no="演〔2026〕1号", authority="演示指挥部",
        starts_at=NOW, expected_end_at=NOW + timedelta(days=2),
    )  # fmt: skip


@pytest.fixture
def area(session: Session) -> shapely.MultiPolygon:
    """A disc of about a kilometre around the first compound."""
    return area_around(session)
