"""From a drawn area to the stand-down, through the doors that the pages use."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from gis.base.runtime import Runtime

START = {"plan_id": "flood-II", "starts_at": "2026-06-22T03:00:00+08:00"}


def test_the_consequence_shows_before_anything_is_written(visitors: Callable, area: Any) -> None:
    found = visitors("dispatch").post("/api/incidents/affected", json={"shape": area}).json
    assert found["affected_compounds"] == len(found["compounds"]) > 0
    assert found["affected_grids"] > 0 and found["reserve"] > 0
    assert found["facilities"] == len(found["facilities_list"])


def test_a_trial_proves_itself_and_explains(visitors: Callable, area: Any) -> None:
    found = visitors("dispatch").post(
        "/api/incidents/proposal", json={"shape": area, **START}
    ).json  # fmt: skip
    assert found["needed"] == found["assigned"] + found["unfilled"]
    assert found["gap"] == 0 and found["objective"] == found["bound"]
    assert all(one["reason"] for one in found["assignments_sample"])
    assert all(one["reason"] for one in found["shortfalls"])


def test_an_activation_from_report_to_stand_down(
    dispatcher: Any, activated: int, own_city: Runtime
) -> None:
    board = dispatcher.get(f"/api/activations/{activated}").json
    totals = board["totals"]
    assert board["state"] == "active" and totals["sent"] > 0
    assert totals["needed"] == totals["sent"] + totals["shortfall"]
    with own_city.read() as session:
        one = session.scalar(text("SELECT min(assignment_id) FROM assignment"))
    moved = dispatcher.post(f"/api/assignments/{one}/status", json={"verb": "acknowledge"})
    assert moved.json == {"assignment_id": one, "state": "acknowledged"}
    news = dispatcher.get(f"/api/activations/{activated}/changes?after={board['cursor']}").json
    assert news["totals"]["acknowledged"] == 1
    assert [row["acknowledged"] for row in news["rows"]] == [1]
    quiet = dispatcher.get(f"/api/activations/{activated}/changes?after={news['cursor']}").json
    assert quiet["rows"] == []
    ended = dispatcher.post(f"/api/activations/{activated}/stand-down", json={"reason": "退水"})
    assert ended.json["state"] == "stood_down"
    late = dispatcher.post(f"/api/assignments/{one}/status", json={"verb": "arrive"})
    assert late.status_code == 409


def test_every_page_says_that_an_emergency_runs(dispatcher: Any, activated: int) -> None:
    for path in ("/map", "/coverage", "/help", "/activations", f"/activations/{activated}"):
        page = dispatcher.get(path).text
        assert 'class="alarm"' in page and f"/activations/{activated}" in page
    dispatcher.send(f"/activations/{activated}/stand-down", reason="退水")
    assert 'class="alarm"' not in dispatcher.get("/map").text


def test_an_incident_is_activated_once(dispatcher: Any, activated: int, own_city: Runtime) -> None:
    with own_city.read() as session:
        incident = session.scalar(text("SELECT incident_id FROM activation"))
    order = {**START, "order_no": "2", "authority": "x",
             "expected_end_at": "2036-06-23T03:00:00+08:00"}  # fmt: skip
    again = dispatcher.post(f"/api/incidents/{incident}/mobilization", json=order)
    assert again.status_code == 409
    with own_city.read() as session:
        assert session.scalar(text("SELECT count(*) FROM activation")) == 1


def test_an_order_needs_its_words_and_times(dispatcher: Any, area: Any) -> None:
    made = dispatcher.post("/api/incidents", json={
        "name": "内涝", "category": "natural_disaster", "shape": area,
    }).json  # fmt: skip
    path = f"/api/incidents/{made['incident_id']}/mobilization"
    order = {**START, "order_no": "1", "authority": "市防指",
             "expected_end_at": "2036-06-23T03:00:00+08:00"}  # fmt: skip
    for wrong in (
        {"order_no": " "}, {"authority": ""}, {"expected_end_at": "2020-01-01T00:00:00+08:00"},
        {"starts_at": "2026-06-22T03:00:00"}, {"plan_id": "'; DROP"},
    ):  # fmt: skip
        assert dispatcher.post(path, json={**order, **wrong}).status_code == 422, wrong
    assert dispatcher.post(path, json={**order, "plan_id": "no-such"}).status_code == 404


def test_the_call_list_needs_a_reason_and_is_recorded(
    dispatcher: Any, activated: int, own_city: Runtime
) -> None:
    path = f"/activations/{activated}/call-list"
    assert dispatcher.send(path, reason=" ").status_code == 422
    answer = dispatcher.send(path, reason="首轮叫应")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    board = dispatcher.get(f"/api/activations/{activated}").json
    assert len(rows) == board["totals"]["sent"]
    assert all(row[5].startswith("199") for row in rows)  # the demo's own, never given out
    assert all("/a/" in row[9] for row in rows)
    with own_city.read() as session:
        kept = session.execute(
            text("SELECT detail FROM journal WHERE verb = 'take_call_list'")
        ).scalar_one()
    assert kept["reason"] == "首轮叫应" and kept["people"] == len(rows)


def test_phones_are_nowhere_on_screen(dispatcher: Any, activated: int) -> None:
    board = dispatcher.get(f"/api/activations/{activated}").json
    compound = next(r["compound_id"] for r in board["rows"] if r["sent"])
    page = dispatcher.get(f"/activations/{activated}/people?compound_id={compound}")
    assert page.status_code == 200 and "演示成员" in page.text
    for path in ("", f"/changes?after={board['cursor']}"):
        assert "1990000" not in dispatcher.get(f"/api/activations/{activated}{path}").text
    assert "1990000" not in page.text


def test_a_dispatcher_on_the_phone_enters_the_answer(
    dispatcher: Any, activated: int, own_city: Runtime
) -> None:
    with own_city.read() as session:
        one = session.scalar(text("SELECT min(assignment_id) FROM assignment"))
    path = f"/activations/{activated}/people/{one}"
    assert dispatcher.send(path, verb="decline", reason="").status_code == 422
    assert dispatcher.send(path, verb="decline", reason="身体原因").status_code == 302
    with own_city.read() as session:
        moved = session.execute(
            text("SELECT actor, reason FROM transition WHERE workflow = 'assignment'")
        ).one()
    assert tuple(moved) == ("演示调度员", "身体原因")


@pytest.mark.parametrize("path", ["", "/people", "/changes"])
def test_no_such_activation(visitors: Callable, path: str) -> None:
    root = "/api/activations/999999" if path == "/changes" else "/activations/999999"
    assert visitors("dispatch").get(root + path).status_code == 404


def test_a_bad_cursor(visitors: Callable) -> None:
    answer = visitors("dispatch").get("/api/activations/1/changes?after=-1")
    assert answer.status_code == 422
