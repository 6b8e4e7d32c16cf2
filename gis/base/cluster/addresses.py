"""The addresses of the database: owner for migrations, service for everything else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from .faults import fault
from .place import PORT

DRIVER = "postgresql+psycopg"
OWNER = "lianjian_owner"
SERVICE = "lianjian_service"
SUPERUSER = "lianjian_admin"
DATABASE = "lianjian"
TEMPLATE = "lianjian_template"


@dataclass(frozen=True)
class ClusterUrls:
    """SQLAlchemy addresses of one database.

    `superuser` is None for a database that is not ours to administer.
    """

    owner: str
    service: str
    superuser: str | None
    embedded: bool

    def database(self, name: str) -> ClusterUrls:
        """The same server and roles, another database."""
        return replace(
            self,
            owner=_renamed(self.owner, name),
            service=_renamed(self.service, name),
            superuser=self.superuser and _renamed(self.superuser, name),
        )


def embedded_urls(run: Path) -> ClusterUrls:
    """Addresses through the socket in `run`: no password, the kernel says who is calling."""

    def url(role: str) -> str:
        # The port is named because PGPORT in someone's shell would send us elsewhere.
        query = {"host": str(run), "port": str(PORT)}
        return _text(URL.create(DRIVER, username=role, database=DATABASE, query=query))

    return ClusterUrls(url(OWNER), url(SERVICE), url(SUPERUSER), embedded=True)


def external_urls(owner: str, service: str | None) -> ClusterUrls:
    """Addresses of an existing PostgreSQL; without a service address the owner's is used.

    Raises ClusterError `bad_url`.
    """
    owner = _with_driver(owner)
    return ClusterUrls(owner, _with_driver(service) if service else owner, None, embedded=False)


def conninfo(url: str) -> str:
    """The same address as libpq reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _with_driver(url: str) -> str:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise fault("bad_url") from None
    if parsed.drivername not in ("postgres", "postgresql", DRIVER):
        raise fault("bad_url")
    return _text(parsed.set(drivername=DRIVER))


def _renamed(url: str, database: str) -> str:
    return _text(make_url(url).set(database=database))


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
