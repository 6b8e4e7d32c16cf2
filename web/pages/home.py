"""Each role's home, and the short help."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from web.permissions import logged_in
from web.session import current_actor

blueprint = Blueprint("home", __name__)
HOMES = {"dispatcher": "/activations", "auditor": "/journal"}


@blueprint.get("/")
@logged_in
def home() -> ResponseReturnValue:
    """Each role's first page: activations, the journal, or the map."""
    return redirect(HOMES.get(current_actor().role, "/map"))


@blueprint.get("/help")
@logged_in
def help_page() -> str:
    """What the pages are for, what the signs mean, what the service declines to do."""
    return render_template("help.html")
