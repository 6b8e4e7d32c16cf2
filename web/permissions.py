"""What every route asks for: a permission, a log-in, or nothing. A route that says nothing is shut.

    @blueprint.get("/coverage")
    @needs("coverage.read")
    def coverage(): ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

from gis.base.access import PERMISSIONS

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
LOGGED_IN = "logged_in"


def needs(permission: str) -> Callable[[View], View]:
    """Marks a view: only for an actor who holds this permission."""
    if permission not in PERMISSIONS and permission != LOGGED_IN:
        raise KeyError(f"unknown permission {permission}")
    return _mark(permission)


def public(view: View) -> View:
    """Marks a view: open to everybody, logged in or not."""
    return _mark(PUBLIC)(view)


def logged_in(view: View) -> View:
    """Marks a view: for anybody who is logged in, whatever the role."""
    return _mark(LOGGED_IN)(view)


def of_view(view: Callable[..., Any]) -> str | None:
    """What this view asks for; None when it does not say."""
    return getattr(view, "web_permission", None)


def registry(app: Flask) -> dict[str, str | None]:
    """Endpoint → what it asks for. None is a mistake that the guard answers with 403."""
    return {endpoint: of_view(view) for endpoint, view in app.view_functions.items()}


def _mark(permission: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.web_permission = permission  # type: ignore[attr-defined]
        return view

    return mark
