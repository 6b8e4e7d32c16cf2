"""Errors become answers: the right status, a sentence, nothing internal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from apiflask import APIFlask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from gis.base import errors as domain
from gis.base.settings import Settings
from web import errors
from web.app import create_app


def of_database(state: str) -> DBAPIError:
    cause = psycopg.Error("SECRET detail")
    cause.sqlstate = state
    return DBAPIError("SELECT secret", {}, cause)


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("LJ002", domain.NotFound), ("LJ003", domain.BadInput), ("LJ005", domain.WrongState),
        ("23P01", domain.Conflict), ("23505", domain.Conflict), ("23514", domain.BadInput),
        ("22P02", domain.BadInput), ("42501", domain.Forbidden),
        ("40001", domain.ServiceUnavailable), ("40P01", domain.ServiceUnavailable),
        ("55P03", domain.ServiceUnavailable), ("57P01", domain.ServiceUnavailable),
        ("08006", domain.ServiceUnavailable), ("53300", domain.ServiceUnavailable),
    ],
)  # fmt: skip
def test_what_the_database_refuses(state: str, wanted: type) -> None:
    found = errors.as_domain(of_database(state))
    assert type(found) is wanted
    assert "SECRET" not in str(found)


def test_a_lost_connection_is_unavailable_and_a_bug_is_a_surprise() -> None:
    lost = OperationalError("SELECT 1", {}, psycopg.OperationalError("gone"))
    assert isinstance(errors.as_domain(lost), domain.ServiceUnavailable)
    assert errors.as_domain(of_database("42P01")) is None  # a missing table is our mistake
    assert errors.as_domain(ValueError("x")) is None


def test_a_surprise_has_a_number_and_no_internals(
    visitors: Callable, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError("SECRET /etc/passwd")

    monkeypatch.setattr("gis.coverage.queries.totals", breaks)
    answer = visitors("dispatch").get("/api/coverage")
    assert answer.status_code == 500
    assert answer.json["incident"] in caplog.text  # whoever is told the number finds the trace
    page = visitors("dispatch").get("/coverage")
    for body in (answer.text, page.text):
        assert "SECRET" not in body and "Traceback" not in body and "ZeroDivision" not in body


def test_no_database_is_503(settings: Settings, tmp_path: Path) -> None:
    values = {"home": settings.home, "database_url": f"postgresql:///none?host={tmp_path}"}
    client = create_app(Settings(**values)).test_client()  # type: ignore[arg-type]
    health = client.get("/healthz")
    assert (health.status_code, health.json["missing"]) == (503, "database")
    with client.session_transaction() as kept:
        kept["_user_id"], kept["since"] = "1:1", 4_000_000_000
    answer = client.get("/api/coverage")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert client.get("/map").status_code == 503


def test_healthz_knows_an_old_schema(own_app: APIFlask, own_city: object) -> None:
    client = own_app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    with own_city.owner.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["missing"]) == (503, "schema")


@pytest.mark.parametrize("path", ["/nothing", "/api/nothing", "/static/nothing.js"])
def test_unknown_addresses(shared_app: APIFlask, path: str) -> None:
    answer = shared_app.test_client().get(path)
    assert answer.status_code == 404
    assert answer.is_json == path.startswith("/api/")


def test_answer_links_never_reach_a_log() -> None:
    assert errors.without_token("/a/abc.def") == "/a/…"
    assert errors.without_token("/api/layers") == "/api/layers"
