"""Errors as answers: JSON for the API, a calm page for people; never an internal detail.

The domain's own errors carry their status. What the database refuses is told by its SQLSTATE:
triggers of ours speak in LJ codes (``gis/base/sql/guards.sql``).
"""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Any

from apiflask.exceptions import HTTPError as ApiError
from flask import (
    Flask,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from gis.base.errors import (
    BadInput,
    Conflict,
    Forbidden,
    LianjianError,
    NotFound,
    NotLoggedIn,
    ServiceUnavailable,
    TooLarge,
    WrongState,
)
from web.texts import language

log = logging.getLogger("lianjian.web")
RETRY_S = 3

Sentence = tuple[type[LianjianError], str, str]
_OUT_OF_SCOPE: Sentence = (
    NotFound, "没有这个地方，或不在您的辖区内。", "No such place, or not within your territory.",
)  # fmt: skip
_BUSY: Sentence = (
    ServiceUnavailable, "数据库正忙或正在恢复，请稍候重试。",
    "The database is busy or recovering; please try again shortly.",
)  # fmt: skip
_TAKEN: Sentence = (
    Conflict, "与已有记录冲突：可能有人先做了同一件事。请刷新后再看。",
    "This conflicts with what is there already: somebody may have been first. Reload and look.",
)  # fmt: skip
_UNFIT: Sentence = (
    BadInput, "有的值不符合规定，没有保存。", "A value does not fit its rule; nothing was saved.",
)  # fmt: skip
SQLSTATES: dict[str, Sentence] = {
    "LJ001": (WrongState, "日志只可追加，不可更改。", "The log is append-only."),
    "LJ002": _OUT_OF_SCOPE,
    "LJ003": (BadInput, "这一级辖区不能放在这里。", "This level of territory does not fit here."),
    "LJ004": (Conflict, "编号已用完。", "No number is left here."),
    "LJ005": (WrongState, "现在的状态不能走这一步。", "The present state does not allow this."),
    "23P01": _TAKEN,
    "23505": _TAKEN,
    "23503": (Conflict, "所指的记录不存在或仍被引用。", "A referenced row is missing or in use."),
    "23514": _UNFIT,
    "23502": _UNFIT,
    "42501": (Forbidden, "您的辖区不允许这样做。", "Your territory does not allow this."),
    "40001": _BUSY, "40P01": _BUSY, "55P03": _BUSY, "57014": _BUSY,
    "57P01": _BUSY, "57P02": _BUSY, "57P03": _BUSY, "25006": _BUSY,
}  # fmt: skip
_CLASSES: dict[str, Sentence] = {"08": _BUSY, "53": _BUSY, "58": _BUSY, "22": _UNFIT}
# What the HTTP layer itself refuses, in our words.
_HTTP: dict[int, tuple[str, str]] = {
    400: ("请求看不懂。", "The request cannot be read."),
    404: ("没有这个页面。", "There is no such page."),
    405: ("这个地址不支持这种操作。", "This address does not take that method."),
    413: ("发送的内容太大。", "What was sent is too large."),
    415: ("需要 application/json。", "application/json is needed."),
    422: ("有的内容不符合要求。", "Some of what was sent does not fit."),
    429: ("操作太频繁，请稍后再试。", "Too many requests; try again later."),
}


class Unreadable(BadInput):
    """The request cannot be parsed."""

    code, status = "unreadable", 400


def install(app: Flask) -> None:
    """Hangs the handlers on the application."""
    app.register_error_handler(ApiError, _refused_input)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _any)


def as_domain(error: Exception) -> LianjianError | None:
    """The domain's word for an error from below; None when it is a surprise."""
    if isinstance(error, LianjianError):
        return error
    if isinstance(error, RecursionError):  # JSON nested a hundred thousand deep
        return Unreadable(*_HTTP[400])
    if isinstance(error, UnicodeEncodeError):  # half a sign: JSON may carry it, UTF-8 may not
        return Unreadable(*_HTTP[400])
    if isinstance(error, PoolTimeout):
        cls, zh, en = _BUSY
        return cls(zh, en)
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        found = SQLSTATES.get(state) or _CLASSES.get(state[:2])
        if found is None and isinstance(error, OperationalError | InterfaceError) and not state:
            found = _BUSY
        if found is None and isinstance(error, DataError) and not state:
            found = _UNFIT  # refused before it was sent, e.g. a NUL in a text
        if found is not None:
            cls, zh, en = found
            return cls(zh, en)
    return None


def wants_json() -> bool:
    """Whether the answer should be JSON: the API, or a client that asks for nothing else."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.path.startswith("/api/") or (best == "application/json")


def without_token(path: str) -> str:
    """A path as logs may keep it: whoever reads the log must not be able to answer for others."""
    return "/a/…" if path.startswith("/a/") else path


def _any(error: Exception) -> Response:
    known = as_domain(error)
    if known is not None:
        if known.status >= 500:
            path = without_token(request.path)
            log.warning("%s %s: %s", request.method, path, known.code, exc_info=error)
        return _answer(known.status, known.code, known.zh, known.en, known.facts, known)
    number = secrets.token_hex(4)
    path = without_token(request.path)
    log.error("incident %s: %s %s", number, request.method, path, exc_info=error)
    return _answer(
        500, "internal", f"出了意外，已记录，编号 {number}。没有做完的一步没有保存。",
        f"Something unexpected happened; it is logged as {number}. The unfinished step was not "
        "saved.", {"incident": number},
    )  # fmt: skip


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, CSRFError):
        return _answer(
            400, "csrf", "页面已过期，请刷新后重试。没有保存任何内容。",
            "The page is out of date; reload it and try again. Nothing was saved.", {},
        )  # fmt: skip
    if status < 400:  # a redirect of the router
        return make_response(error.get_response())
    zh, en = _HTTP.get(status, ("请求没有被接受。", HTTPStatus(status).phrase + "."))
    code = TooLarge.code if status == 413 else HTTPStatus(status).phrase.lower().replace(" ", "_")
    answer = _answer(status, code, zh, en, {})
    for name in ("Allow", "Retry-After"):
        if name in (found := dict(error.get_headers())):
            answer.headers[name] = found[name]
    return answer


def _refused_input(error: ApiError) -> Response:
    """What pydantic refused: which field and why, never the value that was sent."""
    zh, en = _HTTP.get(error.status_code, _HTTP[400])
    return _answer(error.status_code, BadInput.code, zh, en, {"fields": error.detail})


def _answer(
    status: int, code: str, zh: str, en: str, facts: dict[str, Any],
    error: LianjianError | None = None,
) -> Response:  # fmt: skip
    if isinstance(error, NotLoggedIn) and not wants_json() and request.method == "GET":
        return redirect(url_for("login.form", next=request.full_path.rstrip("?")))
    if wants_json():
        body = {"code": code, "message": zh, "message_en": en, **facts}
        response = jsonify(body)
    else:
        sentence = en if language() == "en" else zh
        template = "answer/error.html" if request.path.startswith("/a/") else "error.html"
        response = make_response(render_template(template, status=status, sentence=sentence))
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_S)
    response.headers["Cache-Control"] = "no-store"
    return response
