"""Who is asking: the log-in that the session cookie carries, checked against the account each time.

The cookie holds the account's id, its epoch and the moment of the log-in, signed. Raising the
epoch ends every log-in of the account; ``session_hours`` after the log-in it ends by itself,
however busy it was.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect

from gis.accounts import actions, queries
from gis.base import access
from gis.base.access import SYSTEM, Actor
from gis.base.errors import Forbidden, LianjianError, NotLoggedIn
from gis.mobilization.queries import in_force
from web import permissions
from web.session import begin, read, settings

csrf = CSRFProtect()
_manager = LoginManager()


class User:
    """Flask-Login's view of an actor."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, login_id: str, actor: Actor) -> None:
        self.login_id, self.actor = login_id, actor

    def get_id(self) -> str:
        return self.login_id


class Sessions(SecureCookieSessionInterface):
    """Signed cookies, but none on static files: ``Vary: Cookie`` would spoil their caching."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static.send":
            super().save_session(app, session, response)


def install(app: Flask) -> None:
    """Sessions, CSRF and the guard that stands before every view."""
    app.session_interface = Sessions()
    # Its template variable would ask the database again, also on the page that says it is down.
    _manager.init_app(app, add_context_processor=False)
    app.before_request(_guard)  # before CSRF: "log in" is the more useful answer
    csrf.init_app(app)


@_manager.user_loader
def load(login_id: str) -> User | None:
    """The actor behind a cookie; None when the log-in has ended for any reason."""
    try:
        account_id, epoch = (int(part) for part in login_id.split(":"))
        since = datetime.fromtimestamp(session["since"], UTC)
    except (KeyError, TypeError, ValueError):
        return None
    if datetime.now(UTC) - since > timedelta(hours=settings().session_hours):
        return None
    with read(SYSTEM) as db:
        actor = queries.actor_for(db, account_id, epoch)
        actor = in_force(db, actor, datetime.now(UTC)) if actor else None
    return User(login_id, actor) if actor else None


def log_in(username: str, password: str) -> None:
    """Checks the password and opens a session. Raises NotLoggedIn, TooManyTries.

    A failed try is committed before it is told: the lock-out counts it.
    """
    refused: LianjianError | None = None
    now = datetime.now(UTC)
    with begin(SYSTEM) as db:
        try:
            account = actions.log_in(db, settings(), username, password, now)
            login_id = f"{account.account_id}:{account.epoch}"
            actor = queries.actor_for(db, account.account_id, account.epoch)
        except LianjianError as error:
            refused = error
    if refused is not None or actor is None:
        raise refused or NotLoggedIn("账号已停用。", "The account is switched off.")
    session.clear()  # nothing planted before the log-in survives it
    session.permanent = True
    session["since"] = int(now.timestamp())
    login_user(User(login_id, actor))
    g.actor = actor


def log_out() -> None:
    """Ends this session."""
    logout_user()
    session.clear()


def _guard() -> None:
    """Shuts every view to whoever does not hold what it asks for. Raises NotLoggedIn, Forbidden."""
    g.actor = None
    if request.endpoint is None:
        return  # an unknown address: the router answers 404
    wanted = permissions.of_view(current_app.view_functions[request.endpoint])
    if wanted is None:
        raise Forbidden("这个地址没有登记权限。", "This address has no permission declared.")
    if wanted == permissions.PUBLIC:
        return
    if not current_user.is_authenticated:
        raise NotLoggedIn("请先登录。", "Please log in.")
    g.actor = current_user.actor
    if wanted != permissions.LOGGED_IN:
        access.check(g.actor, wanted)
