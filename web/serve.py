"""The service as processes: gunicorn, gthread workers forked from one preloaded application.

Importing the map libraries takes seconds; with preload a killed worker is back in one.
"""

from __future__ import annotations

import sys
from logging import INFO, basicConfig
from pathlib import Path
from threading import Thread
from typing import Any

from apiflask import APIFlask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from gis.base.settings import Settings
from gis.mobilization.warm import warm
from web.app import create_app
from web.errors import without_token

GRACE_S = 20  # how long a request may still run after Ctrl-C
TIMEOUT_S = 60  # a worker whose heart stops this long is killed and replaced


class QuietLogger(Logger):
    """An access log without secrets: an answer link is a key, so its address is cut."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        found = super().atoms(resp, req, environ, request_time)
        found["U"] = without_token(found.get("U") or "")
        return found


class Server(BaseApplication):
    """Gunicorn inside our own command, configured from our settings, reading no file of its own."""

    def __init__(self, app: APIFlask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def init(self, parser: Any, opts: Any, args: Any) -> None:
        """Nothing to read: gunicorn asks for this method."""

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> APIFlask:
        return self._app


def options(settings: Settings, app: APIFlask, log_dir: Path) -> dict[str, Any]:
    """Gunicorn's settings for ours."""
    return {
        "bind": f"{settings.host}:{settings.port}",
        "worker_class": "gthread",
        "workers": settings.workers,
        "threads": settings.threads,
        "preload_app": True,
        "timeout": TIMEOUT_S,
        "graceful_timeout": GRACE_S,
        "keepalive": 15,
        "max_requests": 20_000,
        "max_requests_jitter": 4_000,
        "limit_request_line": 8190,
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,
        "proc_name": "lianjian",
        # stdout belongs to commands that print one JSON document.
        "accesslog": str(log_dir / "access.log"),
        # Addresses only: a query may carry what somebody searched for.
        "access_log_format": '%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms "%(a)s"',
        "logger_class": QuietLogger,
        "errorlog": "-",
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_fork": lambda _server, _worker: _begin_worker(app),
        "worker_exit": lambda _server, _worker: app.extensions["lianjian.engine"].dispose(),
    }


def _begin_worker(app: APIFlask) -> None:
    """A new worker: connections of its own, and the solver's kernels loaded beside the first
    requests, so that neither the start nor the first dispatch waits for them."""
    app.extensions["lianjian.engine"].after_fork()
    Thread(target=warm, name="warm", daemon=True).start()


def serve(settings: Settings) -> None:
    """Serves until Ctrl-C or SIGTERM; running requests are let end. The database must be up."""
    log_dir = settings.home_dir / "log"
    log_dir.mkdir(parents=True, exist_ok=True)
    basicConfig(stream=sys.stderr, level=INFO, format="%(asctime)s %(levelname)s %(message)s")
    app = create_app(settings)
    Server(app, options(settings, app, log_dir)).run()
