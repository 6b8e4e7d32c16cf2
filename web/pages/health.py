"""Whether the service is ready: the database answers and its schema is the code's."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from gis import migrate
from gis.base.errors import LianjianError
from web.permissions import public
from web.session import engine_box

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """200 when ready; 503 with what is missing: ``database`` or ``schema``. Says no more."""
    wanted = _head()
    try:
        present = migrate.present(engine_box().get())
        missing = None if present == wanted else "schema"
    except (SQLAlchemyError, LianjianError):
        missing = "database"
    answer = jsonify({"status": "ok"} if missing is None else {"status": "no", "missing": missing})
    answer.status_code = 200 if missing is None else 503
    if missing:
        answer.headers["Retry-After"] = "3"
    return answer


@lru_cache(maxsize=1)
def _head() -> str:
    return migrate.head()
