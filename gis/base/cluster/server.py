"""Start, look at and stop the embedded cluster."""

from __future__ import annotations

import errno
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import psycopg
from psycopg.errors import DiskFull
from psycopg.pq import PGconn, Ping
from sqlalchemy.engine import make_url

from . import databases, initialize, processes
from .addresses import ClusterUrls, conninfo, embedded_urls, external_urls
from .faults import fault
from .find import Binaries, choose
from .osuser import ServerUser, run_as, server_user
from .place import SOCKET_NAME, Place, look, prepare

START_S = 120  # recovery after a kill under load took 7–9 s
LOCK_S = 180  # longer than a first init and a recovery together
STOP_S = 60
ORPHAN_S = 10
DEAF_S = 5
START_MB = 32  # a start writes a checkpoint and needs room for one more log segment


class ClusterSettings(Protocol):
    """What is read of the settings."""

    @property
    def home(self) -> Path: ...
    @property
    def database_url(self) -> str | None: ...
    @property
    def service_database_url(self) -> str | None: ...
    @property
    def pg_bin(self) -> Path | None: ...


@dataclass(frozen=True)
class Status:
    """How the database stands. Paths and pid are None for an external or absent one."""

    state: Literal["external", "absent", "stopped", "starting", "running"]
    data: Path | None = None
    socket_dir: Path | None = None
    log: Path | None = None
    pid: int | None = None
    major: int | None = None


def ensure_running(settings: ClusterSettings, *, durable: bool = True) -> ClusterUrls:
    """The addresses of a database that answers; made and started first when it must be.

    Safe to call from many processes at once, and cheap when it runs. `durable=False` (tests
    only) gives up crash safety for speed. Raises ClusterError.
    """
    if settings.database_url:
        return _external(settings)
    with _in_words(settings):
        place = look(_home(settings))
        if place is None or not _is_ready(place):
            _home(settings).mkdir(parents=True, exist_ok=True)
            with processes.start_lock(_lock(settings), LOCK_S):
                place = _bring_up(settings, durable)
    return embedded_urls(place.run)


def urls(settings: ClusterSettings) -> ClusterUrls:
    """The addresses, starting nothing. Raises ClusterError `absent` when there is no cluster."""
    if settings.database_url:
        return external_urls(settings.database_url, settings.service_database_url)
    place = look(_home(settings))
    if place is None:
        raise fault("absent", home=settings.home)
    return embedded_urls(place.run)


def status(settings: ClusterSettings) -> Status:
    """How the database stands, changing nothing. Raises ClusterError for a place gone wrong."""
    if settings.database_url:
        return Status("external")
    with _in_words(settings):
        place = _own_place(settings)
        major = initialize.data_major(place.data) if place else None
        if place is None or major is None:
            return Status("absent")
        pid = processes.postmaster(place.data)
        state: Literal["stopped", "starting", "running"] = "stopped"
        if pid or processes.is_held(place.alive):
            state = "running" if _is_ready(place) else "starting"
        return Status(state, place.data, place.run, place.log, pid, major)


def stop(settings: ClusterSettings) -> bool:
    """Ends the cluster, clients included, losing nothing committed; False when none ran.

    An external database is left alone. Raises ClusterError `stop`.
    """
    with _in_words(settings):
        place = None if settings.database_url else _own_place(settings)
        if place is None:
            return False
        with processes.start_lock(_lock(settings), LOCK_S):
            if not _is_alive(place):
                return False
            _stop(place)
            return True


def _own_place(settings: ClusterSettings) -> Place | None:
    """The place, if we may look into it. Raises ClusterError `not_ours`."""
    place = look(_home(settings))
    if place is not None:
        server_user(place.base)
    return place


def _bring_up(settings: ClusterSettings, durable: bool) -> Place:
    """Under the start lock: make, start, wait, complete."""
    place, user = prepare(_home(settings))
    if _is_ready(place):
        return place  # someone else was quicker
    initialize.clear_unfinished(place)
    major = initialize.data_major(place.data)
    binaries = choose(settings.pg_bin, major, place.data)
    if major is None:
        initialize.make_data(place, user, binaries, durable=durable)
    if processes.postmaster(place.data) and not _answers_soon(place):
        _stop(place)  # alive but its socket was removed: nobody can reach it any more
    if not processes.postmaster(place.data):
        _clear_leftovers(place)
        _start(place, user, binaries, durable)
    _wait_ready(place)
    made = initialize.read_mark(place.data) or {}
    if made.get("bootstrap", 0) < databases.VERSION:
        databases.bootstrap(embedded_urls(place.run))
        initialize.write_mark(place.data, user, databases.VERSION)
    return place


def _start(place: Place, user: ServerUser, binaries: Binaries, durable: bool) -> None:
    initialize.refuse_full_disk(place.base, START_MB)
    initialize.configure(place, user)
    # Not pg_ctl: it passes the folder through a shell, and trusts process ids (see processes).
    # The shell here only lets go of the server, so that it is no child of ours.
    script = 'out="$1"; shift; "$@" </dev/null >"$out" 2>&1 &'
    command = [binaries["postgres"], "-D", str(place.data)]
    if not durable:
        command += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    out = str(place.log / "start.log")
    with processes.inheritable(place.alive) as handle:
        run_as(user, ["/bin/sh", "-c", script, "sh", out, *command], pass_fds=[handle])


def _wait_ready(place: Place) -> None:
    """Raises ClusterError `start`, `slow` or `disk_full`."""

    def settled() -> bool:
        return _ping(place) == Ping.OK or not _is_alive(place)

    if not processes.until(settled, START_S):
        raise fault("slow", seconds=START_S, log=place.log)
    if _ping(place) != Ping.OK:
        raise initialize.explain(_last_words(place), place, "start", log=place.log)


def _clear_leftovers(place: Place) -> None:
    """Waits for back ends whose postmaster was killed, then removes what it left.

    They end by themselves unless one is deep in a query; starting over them would be refused.
    The pid file goes because PostgreSQL takes a zombie or a reused process id for itself.
    """
    for number in (None, signal.SIGQUIT, signal.SIGKILL):
        if number is not None:
            processes.send(place.data, number)
        if processes.until(lambda: not _is_alive(place), ORPHAN_S):
            break
    else:
        raise fault("held_elsewhere", data=place.data)
    for left in (place.data / "postmaster.pid", place.run / SOCKET_NAME):
        left.unlink(missing_ok=True)
    (place.run / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)


def _stop(place: Place) -> None:
    """Fast shutdown, then harder; the pid file is believed only where /proc agrees."""
    if not processes.live(place.data) and not processes.until(
        lambda: not processes.is_held(place.alive), ORPHAN_S
    ):
        raise fault("held_elsewhere", data=place.data)
    steps = ((signal.SIGINT, STOP_S), (signal.SIGQUIT, ORPHAN_S), (signal.SIGKILL, ORPHAN_S))
    for number, wait_s in steps:
        processes.send(place.data, number, only_postmaster=number == signal.SIGINT)
        if processes.until(lambda: not _is_alive(place), wait_s):
            return
    pids = [p.pid for p in processes.live(place.data)]
    raise fault("stop", seconds=STOP_S, pids=pids, log=place.log)


def _is_alive(place: Place) -> bool:
    return processes.is_held(place.alive) or bool(processes.live(place.data))


def _is_ready(place: Place) -> bool:
    """Complete and answering: the check of every command, a few ms."""
    mark = initialize.read_mark(place.data)
    complete = mark is not None and mark.get("bootstrap", 0) >= databases.VERSION
    return complete and _ping(place) == Ping.OK


def _answers_soon(place: Place) -> bool:
    """Whether anything listens on the socket, be it only to say that it is still recovering."""
    deaf = (Ping.NO_RESPONSE, Ping.NO_ATTEMPT)
    return processes.until(lambda: _ping(place) not in deaf or not _is_alive(place), DEAF_S)


def _ping(place: Place) -> Ping:
    if not (place.run / SOCKET_NAME).exists():
        return Ping.NO_RESPONSE
    # As the superuser to a database that is always there: other pings would be errors in the log.
    address = embedded_urls(place.run).database("postgres").superuser or ""
    return Ping(PGconn.ping(conninfo(address).encode()))


def _last_words(place: Place) -> str:
    """What the server said in its last start: start.log, and the day's log once it collects."""
    said = (place.log / "start.log").read_text(errors="replace")
    for path in sorted(place.log.glob("postgresql-*.log"), key=lambda p: p.stat().st_mtime)[-1:]:
        day = path.read_text(errors="replace").rpartition("starting PostgreSQL")[2]
        said = said if "FATAL" in said else said + day
    return said


def _external(settings: ClusterSettings) -> ClusterUrls:
    assert settings.database_url
    found = external_urls(settings.database_url, settings.service_database_url)
    address = make_url(conninfo(found.owner)).update_query_dict({"connect_timeout": "5"})
    answer = PGconn.ping(address.render_as_string(hide_password=False).encode())
    if answer in (Ping.NO_RESPONSE, Ping.NO_ATTEMPT):
        raise fault("unreachable", where=address.render_as_string(hide_password=True))
    return found


@contextmanager
def _in_words(settings: ClusterSettings) -> Iterator[None]:
    """What the system refuses below, told as one of our sentences."""
    try:
        yield
    except (OSError, DiskFull) as error:
        if isinstance(error, DiskFull) or error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise initialize.disk_full(settings.home, initialize.NEED_MB) from error
        raise fault(
            "no_write", path=error.filename or settings.home, detail=error.strerror
        ) from error
    except psycopg.Error as error:
        raise fault(
            "start", detail=str(error).strip(), log=settings.home / "postgres/log"
        ) from error


def _home(settings: ClusterSettings) -> Path:
    return settings.home.expanduser().absolute()


def _lock(settings: ClusterSettings) -> Path:
    return _home(settings) / "postgres.lock"
