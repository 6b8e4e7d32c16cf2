"""Roles, the template with the extensions, and databases cloned from it: the embedded cluster's.

An external PostgreSQL has its own administrator, who makes roles and extensions there.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from .addresses import (
    DATABASE,
    OWNER,
    SERVICE,
    SUPERUSER,
    TEMPLATE,
    ClusterUrls,
    conninfo,
)

VERSION = 1  # raise it when `bootstrap` does more: clusters made earlier catch up at their next use
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist", "unaccent")
LIMITS = "LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS"


def bootstrap(urls: ClusterUrls, names: tuple[str, ...] = (TEMPLATE, DATABASE)) -> None:
    """Roles, template with the extensions, our database. May be run again at any time.

    Restoring a dump drops LEAKPROOF; running this again sets it.
    """
    with _admin(urls, "postgres") as db:
        for role in (OWNER, SERVICE):
            known = db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = "ALTER" if known else "CREATE"
            db.execute(sql.SQL(f"{verb} ROLE {{}} {LIMITS}").format(sql.Identifier(role)))
    for name in names:
        with _admin(urls, "postgres") as db:
            known = db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not known:
                _create(db, name, None if name == TEMPLATE else TEMPLATE)
        with _admin(urls, name) as db:
            _extend(db)
    with _admin(urls, "postgres") as db:
        db.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(TEMPLATE)))


def create_database(urls: ClusterUrls, name: str, template: str | None = None) -> ClusterUrls:
    """A database of ours cloned from `template` (default: empty, with the extensions)."""
    with _admin(urls, "postgres") as db:
        _create(db, name, template or TEMPLATE)
    return urls.database(name)


def drop_database(urls: ClusterUrls, name: str) -> None:
    """Removes a database and disconnects whoever is in it; nothing happens when it is not there."""
    with _admin(urls, "postgres") as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(db: psycopg.Connection, name: str, template: str | None) -> None:
    """The template belongs to the superuser, so nobody sits in it and blocks cloning."""
    words = {
        "name": sql.Identifier(name),
        "owner": sql.Identifier(OWNER if template else SUPERUSER),
        "template": sql.Identifier(template or "template0"),
        "service": sql.Identifier(SERVICE),
    }
    db.execute(sql.SQL("CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}").format(**words))
    db.execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(**words))
    if template:
        grant = "GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {service}"
        db.execute(sql.SQL(grant).format(**words))


def _extend(db: psycopg.Connection) -> None:
    """What only a superuser may do, done here so that the owner need not be one."""
    for name in EXTENSIONS:
        db.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
    # Without it the row policies keep the planner from the spatial index: 336 ms instead of 1.1.
    db.execute("ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF")


def _admin(urls: ClusterUrls, name: str) -> psycopg.Connection:
    address = urls.database(name)
    return psycopg.connect(conninfo(address.superuser or address.owner), autocommit=True)
