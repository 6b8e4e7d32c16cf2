"""The application: blueprints and the walls around them, nothing else."""

from __future__ import annotations

from datetime import timedelta

from apiflask import APIFlask

from gis.base.settings import Settings
from gis.base.settings import settings as settings_of_process
from web import (
    api,
    auth,
    compress,
    errors,
    frame,
    ledgers,
    pages,
    permissions,
    security,
    statics,
    texts,
)
from web.json_provider import Json
from web.session import EngineBox


def create_app(settings: Settings | None = None) -> APIFlask:
    """The web application for these settings. Touches neither the database nor the network."""
    settings = settings or settings_of_process()
    app = APIFlask(
        "web", title="联建一张图", version="1", spec_path="/api/openapi.json", docs_path=None,
        json_errors=False, static_folder=None, template_folder="templates",
    )  # fmt: skip
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="lianjian",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 2**20,
        MAX_FORM_MEMORY_SIZE=2**20,
        MAX_FORM_PARTS=100,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=settings.is_https,
    )
    app.json = Json(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["lianjian.settings"] = settings
    app.extensions["lianjian.engine"] = EngineBox(settings)
    # after_request runs backwards: compression is installed first, so that it comes last.
    compress.install(app)
    security.install(app, settings)
    errors.install(app)
    texts.install(app)
    auth.install(app)
    frame.install(app)
    statics.install(app, settings)
    for blueprint in (*pages.BLUEPRINTS, ledgers.blueprint, *api.BLUEPRINTS):
        app.register_blueprint(blueprint)
    permissions.logged_in(app.view_functions["openapi.spec"])
    return app
