"""Areas that cannot be used: each a clear 4xx that says what is wrong, and nothing is written."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from gis.base.runtime import Runtime


def polygon(*ring: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(p) for p in (*ring, ring[0])]]}


LON, LAT = 110.48, 29.13
CIRCLE = [
    (LON + 0.01 * math.cos(2 * math.pi * i / 100_000),
     LAT + 0.01 * math.sin(2 * math.pi * i / 100_000))
    for i in range(100_000)
]  # fmt: skip
BAD = {
    "crosses_itself": polygon((LON, LAT), (LON + 0.1, LAT + 0.1), (LON + 0.1, LAT),
                              (LON, LAT + 0.1)),
    "outside": polygon((24.9, 60.1), (25.0, 60.1), (25.0, 60.2)),
    "empty": {"type": "Polygon", "coordinates": []},
    "too_many_vertices": polygon(*CIRCLE),
    "wrong_type": {"type": "Point", "coordinates": [LON, LAT]},
    "unknown_type": {"type": "Circle", "radius": 5},
    "no_type": {"coordinates": [[[1, 2]]]},
    "swapped": polygon((LAT, LON), (LAT, LON + 0.1), (LAT + 0.1, LON + 0.1)),
    "null_coordinates": {"type": "Polygon", "coordinates": None},
    "words": {"type": "Polygon", "coordinates": [[["a", "b"], ["c", "d"], ["e", "f"]]]},
    "huge_numbers": polygon((1e308, 1e308), (1e308, 0.0), (0.0, 1e308)),
    "no_compound": polygon((110.6, 29.6), (110.6001, 29.6), (110.6001, 29.6001)),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in BAD if name != "no_compound"])
def test_a_bad_area_is_told_apart(visitors: Callable, name: str) -> None:
    answer = visitors("dispatch").post("/api/incidents/affected", json={"shape": BAD[name]})
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json["code"] in ("bad_geometry", "bad_crs", "bad_input")
    assert len(answer.json["message"]) > 4 and len(answer.json["message_en"]) > 10
    if "reason" in answer.json and name in ("crosses_itself", "outside", "too_many_vertices"):
        assert answer.json["reason"] == name


def test_nothing_is_written(dispatcher: Any, own_city: Runtime) -> None:
    def rows() -> tuple[int, ...]:
        tables = ("incident", "activation", "post", "assignment")
        with own_city.read() as session:
            return tuple(session.scalar(text(f"SELECT count(*) FROM {t}")) for t in tables)

    before = rows()
    order = {"plan_id": "flood-II", "starts_at": "2026-06-22T03:00:00+08:00"}
    for name, shape in BAD.items():
        body = {"name": "x", "category": "natural_disaster", "shape": shape}
        tried = dispatcher.post("/api/incidents/proposal", json={"shape": shape, **order})
        assert 400 <= tried.status_code < 500, (name, tried.text)
        if name != "no_compound":  # an incident may lie where no compound is; no plan can
            answer = dispatcher.post("/api/incidents", json=body)
            assert 400 <= answer.status_code < 500, (name, answer.text)
    assert rows() == before


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{not json", "application/json", 400),
        ("[" * 200_000, "application/json", 400),
        ("[]", "application/json", 422),
        ("null", "application/json", 422),
        (json.dumps({"shape": {}, "extra": 1}), "application/json", 422),
        (json.dumps({"shape": "Polygon"}), "application/json", 422),
        ("shape=x", "application/x-www-form-urlencoded", 415),
        ("<x/>", "text/xml", 415),
        ('{"shape": {"type":"Polygon","coordinates":[[[NaN,1],[2,3],[4,5],[NaN,1]]]}}',
         "application/json", 422),
    ],
)  # fmt: skip
def test_bodies_that_are_no_such_json(
    visitors: Callable, body: str, kind: str, status: int
) -> None:
    answer = visitors("dispatch").post(
        "/api/incidents/affected", data=body, headers={"Content-Type": kind}
    )
    assert answer.status_code == status, answer.text
    assert answer.json["message"]


def test_a_body_without_end_is_413(visitors: Callable) -> None:
    answer = visitors("dispatch").post(
        "/api/incidents/affected", data=b" " * (17 * 2**20),
        headers={"Content-Type": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 413
    assert answer.json["code"] == "too_large"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "ghost"), ("event_grade", 5), ("name", ""), ("name", "x" * 121),
        ("name", None), ("event_grade", "grave"),
    ],
)  # fmt: skip
def test_fields_of_an_incident(visitors: Callable, area: Any, field: str, value: Any) -> None:
    body = {"name": "内涝", "category": "natural_disaster", "event_grade": 2, "shape": area}
    answer = visitors("dispatch").post("/api/incidents", json={**body, field: value})
    assert answer.status_code == 422
    assert field in answer.json["fields"]["json"]


def test_a_refusal_does_not_echo_what_was_sent(visitors: Callable, area: Any) -> None:
    body = {"name": "x", "category": "SECRET-13800001111", "shape": area}
    assert "13800001111" not in visitors("dispatch").post("/api/incidents", json=body).text
