"""The only transaction edges of the web: ``begin()`` writes, ``read()`` reads.

Both run in the scope of whoever is logged in. The engine is of the service role, one a process;
it is made at first use, so that a process forked from a preloaded one never shares a connection.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, g
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from gis.base import cluster, db
from gis.base.access import Actor
from gis.base.errors import NotLoggedIn
from gis.base.settings import Settings


class EngineBox:
    """The engine of this process; a forked child drops its parent's without closing it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._pid = 0

    def get(self) -> Engine:
        """The engine; made when there is none, or when this process was forked."""
        with self._lock:
            if self._engine is None or self._pid != os.getpid():
                self._forget()
                url = cluster.urls(self._settings).service
                self._engine = db.make_engine(url, pool_size=self._settings.threads)
                self._pid = os.getpid()
            return self._engine

    def dispose(self) -> None:
        """Drops the engine; its connections are closed when they are this process's own."""
        with self._lock:
            self._forget()

    def after_fork(self) -> None:
        """In a forked child: a new lock (the old one may be held by a thread that is not here)."""
        self._lock = threading.Lock()
        self.dispose()

    def _forget(self) -> None:
        if self._engine is not None:
            self._engine.dispose(close=self._pid == os.getpid())
        self._engine = None


def settings() -> Settings:
    """The settings that this application was made with."""
    return current_app.extensions["lianjian.settings"]


def engine_box() -> EngineBox:
    """The holder of the engine of this application."""
    return current_app.extensions["lianjian.engine"]


def current_actor() -> Actor:
    """Who is logged in. Raises NotLoggedIn."""
    actor = getattr(g, "actor", None)
    if actor is None:
        raise NotLoggedIn("请先登录。", "Please log in.")
    return actor


@contextmanager
def begin(actor: Actor | None = None) -> Iterator[Session]:
    """One writing transaction of the actor who is logged in; commits at the end.

    ``actor`` is given by the two doors that open without a log-in: the log-in itself and the
    answer link.
    """
    with db.begin(engine_box().get(), actor or current_actor()) as session:
        yield session


@contextmanager
def read(actor: Actor | None = None) -> Iterator[Session]:
    """One reading transaction of the actor who is logged in; the database refuses writes."""
    with db.read(engine_box().get(), actor or current_actor()) as session:
        session.expire_on_commit = False  # what was read is shown after the connection is back
        yield session
