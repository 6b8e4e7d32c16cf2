"""A process's way to the database: started, migrated, as the service role or as the owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from gis.base import cluster, db
from gis.base.access import SYSTEM, Actor
from gis.base.settings import Settings


class Runtime:
    """The engines of one process. Starts the embedded database on first use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def urls(self) -> cluster.ClusterUrls:
        """The addresses of the running database."""
        return cluster.ensure_running(self.settings)

    @cached_property
    def service(self) -> Engine:
        """The engine of the service role: row policies apply."""
        return db.make_engine(self.urls.service)

    @cached_property
    def owner(self) -> Engine:
        """The owner's engine: migrations and bulk loading."""
        return db.make_engine(self.urls.owner, pool_size=2)

    @contextmanager
    def begin(self, actor: Actor = SYSTEM) -> Iterator[Session]:
        """One writing transaction of the service."""
        with db.begin(self.service, actor) as session:
            yield session

    @contextmanager
    def read(self, actor: Actor = SYSTEM) -> Iterator[Session]:
        """One reading transaction of the service."""
        with db.read(self.service, actor) as session:
            yield session

    @contextmanager
    def load(self) -> Iterator[Session]:
        """One loading transaction as the owner: rows may be born in a later state."""
        with db.begin(self.owner, SYSTEM) as session:
            yield session

    def analyze(self) -> None:
        """Brings the planner's statistics up to date after a load."""
        with self.owner.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")

    def close(self) -> None:
        """Gives the connections back."""
        for name in ("service", "owner"):
            engine = self.__dict__.pop(name, None)
            if engine is not None:
                engine.dispose()
