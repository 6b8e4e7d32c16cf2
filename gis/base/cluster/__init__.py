"""The embedded PostGIS: a private cluster in the data folder, made and started when needed.

    urls = ensure_running(settings)     # init if needed, start if needed, wait until it answers
    create_engine(urls.service)         # everything but migrations
    create_engine(urls.owner)           # migrations

Unix socket only, no password: the kernel names the caller, and only the server's OS user and root
are let in. Roles: lianjian_owner (owns the database, no superuser), lianjian_service (row
policies apply), lianjian_admin (superuser, for bootstrap and doctor). Linux only (/proc, flock).
With LIANJIAN_DATABASE_URL nothing is embedded and the same functions answer for that database.
"""

from .addresses import (
    DATABASE,
    OWNER,
    SERVICE,
    SUPERUSER,
    TEMPLATE,
    ClusterUrls,
    conninfo,
)
from .databases import bootstrap, create_database, drop_database
from .faults import ClusterError
from .find import find_binaries
from .server import Status, ensure_running, status, stop, urls

__all__ = [
    "DATABASE",
    "OWNER",
    "SERVICE",
    "SUPERUSER",
    "TEMPLATE",
    "ClusterError",
    "ClusterUrls",
    "Status",
    "bootstrap",
    "conninfo",
    "create_database",
    "drop_database",
    "ensure_running",
    "find_binaries",
    "status",
    "stop",
    "urls",
]
