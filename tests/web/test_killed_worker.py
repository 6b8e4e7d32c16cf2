"""kill -9 of the web workers in the middle of an activation: it is there whole or not at all."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from gis.base.runtime import Runtime
from tests.web.conftest import ORDER
from tests.web.test_serve import Served, served, until

pytestmark = pytest.mark.live
__all__ = ["served"]


class Dispatcher:
    """A logged-in dispatcher who speaks HTTP to the real service."""

    def __init__(self, url: str, password: str) -> None:
        jar = http.cookiejar.CookieJar()
        self.url = url
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open
        token = self._found(r'csrf_token" value="([^"]+)"', "/login")
        form = {"csrf_token": token, "username": "dispatch", "password": password}
        self.open(url + "/login", urllib.parse.urlencode(form).encode(), timeout=30).read()
        self.token = self._found(r'csrf-token" content="([^"]+)"', "/help")

    def _found(self, pattern: str, path: str) -> str:
        page = self.open(self.url + path, timeout=30).read().decode()
        match = re.search(pattern, page)
        assert match, pattern
        return match[1]

    def post(self, path: str, document: Any) -> Any:
        request = urllib.request.Request(
            self.url + path, json.dumps(document).encode(),
            {"Content-Type": "application/json", "X-CSRFToken": self.token},
        )  # fmt: skip
        with self.open(request, timeout=60) as answer:
            return json.load(answer)


def whole(city: Runtime) -> tuple[int, bool]:
    with city.read() as session:
        rows = session.execute(
            text("SELECT (a.figures->>'posts')::int, (a.figures->>'assigned')::int, "
                 "(SELECT count(*) FROM post p WHERE p.activation_id = a.activation_id), "
                 "(SELECT count(*) FROM assignment s WHERE s.activation_id = a.activation_id) "
                 "FROM activation a")
        ).all()  # fmt: skip
    return len(rows), all(a == c and b == d and b for a, b, c, d in rows)


def test_an_activation_survives_whole_or_not_at_all(
    served: Served, own_city: Runtime, city_template: Any, area: dict[str, Any]
) -> None:
    dispatcher = Dispatcher(served.url, city_template[1]["dispatch"])
    for pause in (0.05, 0.3, 5.0):
        incident = dispatcher.post("/api/incidents", {
            "name": "内涝", "category": "natural_disaster", "event_grade": 2, "shape": area,
        })  # fmt: skip
        path = f"/api/incidents/{incident['incident_id']}/mobilization"
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(dispatcher.post, path, ORDER)
            time.sleep(pause)
            for worker in served.workers():
                os.kill(worker, signal.SIGKILL)
            answered = asked.exception() is None
        assert until(lambda: served.ask("/healthz") == 200)
        count, is_whole = whole(own_city)
        assert is_whole
        if answered:  # what was answered was written
            assert count >= 1
        with own_city.begin() as session:  # free the people for the next round
            session.execute(text("UPDATE activation SET state = 'stood_down'"))
            session.execute(text("UPDATE assignment SET state = 'stood_down' "
                                 "WHERE state IN ('sent', 'acknowledged', 'on_post')"))  # fmt: skip
    assert whole(own_city)[0] >= 1  # the last one had the time to finish
