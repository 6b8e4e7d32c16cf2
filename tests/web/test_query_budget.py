"""A page asks the database a few questions, however much it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import event
from sqlalchemy.engine import Engine

# Six of them belong to every page: opening two transactions in a scope, the account, and what
# is running; each legend of a map is one more.
BUDGET = {
    "/map": 20, "/incidents/new": 16, "/coverage": 12, "/coverage?level=grid": 12,
    "/activations": 12, "/journal": 12, "/help": 12, "/api/find?q=1": 8, "/api/plans": 8,
    "/api/at?lon=110.48&lat=29.13": 8, "/api/layers/grids/tiles/12/3304/1700.mvt": 9,
}  # fmt: skip


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that run inside."""
    seen: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", BUDGET)
def test_pages_keep_their_budget(shared_app: APIFlask, visitors: Callable, path: str) -> None:
    visitor = visitors("admin")
    with counted(shared_app.extensions["lianjian.engine"].get()) as seen:
        assert visitor.get(path).status_code in (200, 204)
    assert 0 < len(seen) <= BUDGET[path], "\n".join(s.split("\n")[0][:100] for s in seen)


def test_the_board_keeps_its_budget(own_app: APIFlask, dispatcher: Any, activated: int) -> None:
    for path, most in ((f"/activations/{activated}", 20), (f"/api/activations/{activated}", 9),
                       (f"/api/activations/{activated}/changes?after=1", 9)):  # fmt: skip
        with counted(own_app.extensions["lianjian.engine"].get()) as seen:
            assert dispatcher.get(path).status_code == 200
        assert len(seen) <= most, "\n".join(s.split("\n")[0][:100] for s in seen)
