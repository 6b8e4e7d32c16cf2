"""Log in, log out, lock-out, and what a session cookie is worth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from gis.base.runtime import Runtime


@pytest.fixture
def form(own_app: APIFlask) -> Any:
    """A visitor on the log-in page: (client, token)."""
    client = own_app.test_client()
    page = client.get("/login").text
    return client, page.split('csrf_token" value="')[1].split('"')[0]


def test_the_cookie_is_signed_and_closed_to_scripts(form: Any, city_template: Any) -> None:
    client, token = form
    password = city_template[1]["dispatch"]
    answer = client.post(
        "/login", data={"csrf_token": token, "username": "dispatch", "password": password}
    )
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("lianjian="))
    assert answer.status_code == 302
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    changed = cookie.split(";")[0].split("=", 1)[1]
    client.set_cookie("lianjian", changed[:-2] + ("AA" if changed[-2:] != "AA" else "BB"))
    assert client.get("/help").status_code == 302


def test_without_a_token_nothing_is_taken(form: Any) -> None:
    client, _ = form
    assert client.post("/login", data={"username": "a", "password": "b"}).status_code == 400


def test_unknown_name_and_wrong_password_say_the_same(form: Any) -> None:
    client, token = form

    def said(username: str) -> str:
        answer = client.post(
            "/login", data={"csrf_token": token, "username": username, "password": "wrong"}
        )
        assert answer.status_code == 401
        return answer.text.split('role="alert">')[1].split("<")[0]

    assert said("dispatch") == said("nobody")


def test_too_many_tries_are_locked_out(form: Any, city_template: Any) -> None:
    client, token = form
    data = {"csrf_token": token, "username": "grid", "password": "wrong"}
    assert [client.post("/login", data=data).status_code for _ in range(8)] == [401] * 8
    right = {**data, "password": city_template[1]["grid"]}
    assert client.post("/login", data=right).status_code == 429


@pytest.mark.parametrize(
    "wanted", ["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_log_in_sends_nobody_to_another_host(
    form: Any, city_template: Any, wanted: str
) -> None:
    client, token = form
    answer = client.post("/login", data={
        "csrf_token": token, "username": "admin", "password": city_template[1]["admin"],
        "next": wanted,
    })  # fmt: skip
    assert answer.location == "/"


def test_log_out_and_a_raised_epoch_end_the_session(
    dispatcher: Any, own_city: Runtime
) -> None:
    assert dispatcher.get("/help").status_code == 200
    with own_city.load() as session:
        session.execute(text("UPDATE account SET epoch = epoch + 1 WHERE username = 'dispatch'"))
    assert dispatcher.get("/help").status_code == 302


def test_log_out(dispatcher: Any) -> None:
    assert dispatcher.http.post("/logout").status_code == 400  # no token, no log-out by a picture
    assert dispatcher.send("/logout").status_code == 302
    assert dispatcher.get("/help").status_code == 302


def test_a_session_ends_by_itself(dispatcher: Any) -> None:
    with dispatcher.http.session_transaction() as kept:
        kept["since"] = int((datetime.now(UTC) - timedelta(hours=13)).timestamp())
    assert dispatcher.get("/help").status_code == 302


def test_json_requests_need_the_token_too(dispatcher: Any, area: Any) -> None:
    answer = dispatcher.http.post("/api/incidents/affected", json={"shape": area})
    assert answer.status_code == 400
    assert answer.json["code"] == "csrf"
