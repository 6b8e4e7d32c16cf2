"""Signs that no database takes, years that no calendar has: a clear 4xx, never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest

NUL, HALF = "a\u0000b", "a\ud800b"


def incident(area: Any, **wrong: Any) -> dict[str, Any]:
    asked = {"name": "x", "category": "natural_disaster", "event_grade": None, "shape": area}
    return {**asked, **wrong}


@pytest.mark.parametrize("sign", [NUL, HALF], ids=["nul", "surrogate"])
def test_strange_signs_in_json(dispatcher: Any, area: Any, sign: str) -> None:
    for path, document in [
        ("/api/incidents", incident(area, name=sign)),
        ("/api/incidents", incident({"type": sign, "coordinates": []})),
        ("/api/incidents/affected", {"shape": {"type": sign, "coordinates": []}}),
        ("/api/assignments/1/status", {"verb": "decline", "reason": sign}),
        ("/api/assignments/1/status", {"verb": sign, "reason": "x"}),
    ]:
        # As bytes: our own writer of JSON would mend half a sign before it is sent.
        answer = dispatcher.post(path, data=json.dumps(document), content_type="application/json")
        assert 400 <= answer.status_code < 500, (path, document, answer.text)
        assert answer.json["message"]


def test_strange_signs_in_forms_and_queries(dispatcher: Any) -> None:
    assert dispatcher.get("/api/find?q=%00").status_code < 500
    assert dispatcher.get("/login?next=/%0d%0aSet-Cookie:x=1").status_code < 400
    answer = dispatcher.send("/login", username="za\0b", password="x")
    assert answer.status_code < 500


@pytest.mark.parametrize("year", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_impossible_years(dispatcher: Any, area: Any, year: str) -> None:
    answer = dispatcher.post("/api/incidents/proposal", json={
        "shape": area, "plan_id": "flood-II", "starts_at": year,
    })  # fmt: skip
    assert answer.status_code == 422, answer.text
