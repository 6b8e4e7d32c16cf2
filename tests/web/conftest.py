"""Clients that are logged in, on the shared city (reads) or on a clone (what commits)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from gis.accounts.actions import set_account
from gis.base.runtime import Runtime
from gis.base.settings import Settings
from gis.territory.tables import Territory
from web.app import create_app

ORDER = {
    "plan_id": "flood-II", "order_no": "张防指〔2026〕1号", "authority": "市防汛指挥部",
    "starts_at": "2026-06-22T03:00:00+08:00", "expected_end_at": "2036-06-23T03:00:00+08:00",
}  # fmt: skip
AUDITOR = "correct-horse-battery"


@dataclass
class Visitor:
    """A browser without scripts: keeps cookies, sends the CSRF token of the page it saw."""

    http: FlaskClient
    token: str = ""

    def get(self, path: str, **how: Any) -> TestResponse:
        return self.http.get(path, **how)

    def post(self, path: str, json: Any = None, **how: Any) -> TestResponse:
        headers = {"X-CSRFToken": self.token, **how.pop("headers", {})}
        return self.http.post(path, json=json, headers=headers, **how)

    def send(self, path: str, **form: Any) -> TestResponse:
        return self.http.post(path, data={"csrf_token": self.token, **form})


def app_for(settings: Settings, runtime: Runtime) -> APIFlask:
    """The application on the database of a runtime, with the keys of the suite's data folder."""
    values = {
        "home": settings.home, "database_url": runtime.urls.owner,
        "service_database_url": runtime.urls.service, "threads": 4,
    }  # fmt: skip
    return create_app(Settings(**values))  # type: ignore[arg-type]


def log_in(app: APIFlask, username: str, password: str) -> Visitor:
    """A visitor who is logged in."""
    visitor = Visitor(app.test_client())
    form = visitor.get("/login").text
    visitor.token = found(r'csrf_token" value="([^"]+)"', form)
    answer = visitor.send("/login", username=username, password=password)
    assert answer.status_code == 302, answer.text
    visitor.token = found(r'csrf-token" content="([^"]+)"', visitor.get("/help").text)
    return visitor


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, pattern
    return match[1]


def add_auditor(runtime: Runtime) -> None:
    """The demo has no auditor: one is made for the journal's pages."""
    with runtime.load() as session:
        city = session.scalars(
            select(Territory.territory_id).where(Territory.level == "city")
        ).first()
        set_account(
            session, username="audit", display_name="审计", role="auditor",
            territory_id=int(city or 0), password=AUDITOR,
        )  # fmt: skip


@pytest.fixture(scope="session")
def shared_app(settings: Settings, shared_city: Runtime) -> Iterator[APIFlask]:
    """The application on the shared city: for tests that only read."""
    add_auditor(shared_city)
    app = app_for(settings, shared_city)
    yield app
    app.extensions["lianjian.engine"].dispose()


@pytest.fixture(scope="session")
def visitors(shared_app: APIFlask, city_template: Any) -> Callable[[str], Visitor]:
    """``visitors("grid")``: a reader on the shared city, logged in once a session."""
    known: dict[str, Visitor] = {}
    passwords = {**city_template[1], "audit": AUDITOR}

    def of(username: str) -> Visitor:
        if username not in known:
            known[username] = log_in(shared_app, username, passwords[username])
        return known[username]

    return of


def around_compounds(runtime: Runtime) -> dict[str, Any]:
    """A rectangle around the compounds of the first street, as GeoJSON."""
    box = text(
        "SELECT min(ST_XMin(c.geom)), min(ST_YMin(c.geom)), max(ST_XMax(c.geom)), "
        "max(ST_YMax(c.geom)) FROM territory c JOIN territory s ON c.lo >= s.lo AND c.hi <= s.hi "
        "WHERE c.level = 'compound' AND s.territory_id = (SELECT territory_id FROM territory "
        "WHERE level = 'street' ORDER BY lo LIMIT 1)"
    )
    with runtime.read() as session:
        west, south, east, north = session.execute(box).one()
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture(scope="session")
def area(shared_city: Runtime) -> dict[str, Any]:
    """A rectangle around the compounds of the first street; the same on every clone."""
    return around_compounds(shared_city)


@pytest.fixture
def own_app(settings: Settings, own_city: Runtime) -> Iterator[APIFlask]:
    """The application on a clone: what is done here is committed."""
    app = app_for(settings, own_city)
    yield app
    app.extensions["lianjian.engine"].dispose()


@pytest.fixture
def activated(dispatcher: Visitor, area: dict[str, Any]) -> int:
    """The id of an activation that the dispatcher has just made on a clone."""
    incident = dispatcher.post("/api/incidents", json={
        "name": "内涝", "category": "natural_disaster", "event_grade": 2, "shape": area,
    })  # fmt: skip
    assert incident.status_code == 201, incident.text
    made = dispatcher.post(
        f"/api/incidents/{incident.json['incident_id']}/mobilization", json=ORDER
    )
    assert made.status_code == 201, made.text
    return made.json["activation_id"]


@pytest.fixture
def dispatcher(own_app: APIFlask, city_template: Any) -> Visitor:
    """The dispatcher on a clone."""
    return log_in(own_app, "dispatch", city_template[1]["dispatch"])
