"""What every JSON address checks before it reads a body."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request

from gis.base.errors import BadInput


class UnsupportedBody(BadInput):
    """The body is not JSON."""

    code, status = "unsupported_body", 415


def blueprint(name: str, title: str) -> APIBlueprint:
    """A blueprint below /api that takes JSON bodies only."""
    made = APIBlueprint(f"api_{name}", f"web.api.{name}", url_prefix="/api", tag=title)
    made.before_request(_check_body)
    return made


def _check_body() -> None:
    if request.method not in ("POST", "PUT", "PATCH"):
        return
    if request.mimetype not in ("application/json", "application/geo+json"):
        raise UnsupportedBody(
            "请以 application/json 发送。", "Send the body as application/json.",
            content_type=request.mimetype[:60],
        )  # fmt: skip
