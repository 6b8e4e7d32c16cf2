"""Every route says what it asks for, and holds it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from apiflask import APIFlask

from gis.base.access import PERMISSIONS
from web import permissions

PUBLIC = {
    "static.send", "health.healthz", "login.form", "login.log_in", "answer.page", "answer.answer",
}  # fmt: skip


def test_every_view_declares_what_it_asks_for(shared_app: APIFlask) -> None:
    silent = [name for name, asked in permissions.registry(shared_app).items() if asked is None]
    assert silent == []


def test_public_views_are_these_and_no_others(shared_app: APIFlask) -> None:
    registry = permissions.registry(shared_app)
    assert {name for name, asked in registry.items() if asked == permissions.PUBLIC} == PUBLIC
    known = {*PERMISSIONS, permissions.PUBLIC, permissions.LOGGED_IN}
    assert set(registry.values()) <= known


def test_a_view_that_says_nothing_is_shut(shared_app: APIFlask) -> None:
    registry = permissions.registry(shared_app)
    assert registry  # the guard reads the same attribute that this removes
    view = shared_app.view_functions["home.help_page"]
    kept = view.web_permission
    try:
        del view.web_permission
        assert shared_app.test_client().get("/help").status_code == 403
    finally:
        view.web_permission = kept


def test_a_stranger_is_sent_to_the_log_in_or_told_401(shared_app: APIFlask) -> None:
    client = shared_app.test_client()
    for rule in shared_app.url_map.iter_rules():
        if rule.endpoint in PUBLIC or "GET" not in rule.methods:
            continue
        path = rule.rule
        for name in rule.arguments:
            kind = type(rule._converters[name]).__name__
            known = "1" if kind == "IntegerConverter" else "x"
            path = path.replace(f"<int:{name}>", known).replace(f"<path:{name}>", known)
            path = path.replace(f"<{name}>", known)
        answer = client.get(path)
        if path.startswith("/api/"):
            assert answer.status_code == 401, path
            assert answer.json["code"] == "not_logged_in"
        else:
            assert answer.status_code == 302 and "/login?next=" in answer.location, path


@pytest.mark.parametrize(
    ("username", "path", "status"),
    [
        ("dispatch", "/journal", 403),
        ("admin", "/journal", 200),
        ("audit", "/journal", 200),
        ("audit", "/incidents/new", 403),
        ("grid", "/incidents/new", 200),
        ("dispatch", "/activations", 200),
    ],
)
def test_pages_hold_their_permission(
    visitors: Callable, username: str, path: str, status: int
) -> None:
    assert visitors(username).get(path).status_code == status


@pytest.mark.parametrize("username", ["grid", "audit"])
def test_writing_is_refused_by_role(visitors: Callable, username: str) -> None:
    body = {"plan_id": "flood-II", "starts_at": "2026-06-22T03:00:00+08:00"}
    visitor = visitors(username)
    assert visitor.post("/api/incidents/1/proposal", json=body).status_code == 403
    assert visitor.post("/api/activations/1/stand-down", json={}).status_code == 403
    assert visitor.post("/api/assignments/1/status", json={"verb": "arrive"}).status_code == 403
    assert visitor.get("/activations/1/people").status_code == 403
    assert visitor.post("/activations/1/call-list").status_code == 403


def test_a_narrow_scope_sees_less(visitors: Callable) -> None:
    wide = visitors("dispatch").get("/api/coverage?level=street").json
    narrow = visitors("grid").get("/api/coverage?level=street").json
    assert len(narrow["rows"]) == 1 < len(wide["rows"])
    other = next(r for r in wide["rows"] if r["territory_id"] != narrow["rows"][0]["territory_id"])
    assert visitors("grid").get(f"/map?unit={other['territory_id']}").status_code == 404
