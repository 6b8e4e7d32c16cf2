"""Log in, log out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gis.base.errors import NotLoggedIn, TooManyTries
from web import auth
from web.permissions import logged_in, public
from web.texts import language

blueprint = Blueprint("login", __name__)
LONGEST_PASSWORD = 256  # hashing is slow on purpose: nobody may make it slower


@blueprint.get("/login")
@public
def form() -> ResponseReturnValue:
    """The log-in form; whoever is logged in is sent on."""
    if current_user.is_authenticated:
        return redirect(_onward())
    return render_template("login.html", next=request.args.get("next", ""), username="")


@blueprint.post("/login")
@public
def log_in() -> ResponseReturnValue:
    """Checks name and password; sends on to where the visitor wanted to go."""
    username = request.form.get("username", "")[:40]
    try:
        auth.log_in(username, request.form.get("password", "")[:LONGEST_PASSWORD])
    except (NotLoggedIn, TooManyTries) as error:
        page = render_template(
            "login.html", next=request.form.get("next", ""), username=username,
            sentence=error.say(language()),
        )  # fmt: skip
        return make_response(page, error.status)
    return redirect(_onward())


@blueprint.post("/logout")
@logged_in
def log_out() -> ResponseReturnValue:
    """Ends the session."""
    auth.log_out()
    return redirect(url_for("login.form"))


def _onward() -> str:
    """Where to go after the log-in: a path of ours, never another host."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    if not is_ours or parts.scheme or parts.netloc or "\\" in wanted or not wanted.isprintable():
        return url_for("home.home")
    return wanted
