"""How a data folder comes into being, and its configuration.

A half-made folder is never taken for a made one: initdb works in `data.new-…`, which is renamed
when it is whole, and a mark inside says which version of `databases.bootstrap` was finished.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from .addresses import OWNER, SERVICE, SUPERUSER
from .faults import ClusterError, fault
from .find import Binaries
from .osuser import ServerUser, run_as
from .place import PORT, Place

MARK = "lianjian.json"
NEED_MB = 200  # a new folder with PostGIS takes 75 MB, the write-ahead log grows from 16 MB

CONFIGURATION = """\
# Written at every start; lasting changes belong in local.conf beside this file.
listen_addresses = ''
port = {port}
unix_socket_directories = '{run}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 2GB
random_page_cost = 1.1
jit = off
fsync = on
synchronous_commit = on
full_page_writes = on
max_locks_per_transaction = 128
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
track_io_timing = off
cluster_name = 'lianjian'
logging_collector = on
log_directory = '{log}'
# A ring of seven files: each weekday writes over the last week's.
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %q%u@%d %a '
log_error_verbosity = terse
log_checkpoints = off
"""
HBA = "# Written at every start. No TCP, no password: the kernel names the caller.\n" + (
    "local all all peer map=lianjian\n"
)


def read_mark(data: Path) -> dict[str, int] | None:
    """What our mark in the folder says; None when there is none that we may read."""
    try:
        mark = json.loads((data / MARK).read_text(encoding="utf-8"))
    except (FileNotFoundError, PermissionError, ValueError):
        return None
    return mark if isinstance(mark, dict) else None


def data_major(data: Path) -> int | None:
    """The major version that made the data folder; None when there is none.

    Raises ClusterError `foreign` for a folder with content that is not ours.
    """
    if not data.exists() or not any(data.iterdir()):
        return None
    if read_mark(data) is None:
        raise fault("foreign", data=data)
    return int((data / "PG_VERSION").read_text().strip())


def make_data(place: Place, user: ServerUser, binaries: Binaries, *, durable: bool) -> None:
    """A new data folder, there whole or not at all.

    Raises ClusterError `disk_full` or `initdb`.
    """
    refuse_full_disk(place.base, NEED_MB)
    fresh = Path(tempfile.mkdtemp(prefix="data.new-", dir=place.base))
    try:
        if user.switch:
            os.chown(fresh, user.uid, user.gid)
        # Order by code point: no index depends on the C library's version, so a folder can move
        # between machines. Character classes from C.UTF-8, else trigrams skip Chinese.
        options = ["--username", SUPERUSER, "--auth", "reject", "--encoding", "UTF8"]
        options += ["--lc-ctype", "C.UTF-8", "--locale", "C", "--data-checksums"]
        options += ["--no-instructions"] + ([] if durable else ["--no-sync"])
        done = run_as(user, [binaries["initdb"], "--pgdata", str(fresh), *options])
        if done.returncode:
            raise explain(done.stderr, place, "initdb", data=place.data)
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as out:
            out.write("\ninclude = 'lianjian.conf'\ninclude_if_exists = 'local.conf'\n")
        write_mark(fresh, user, 0)
        if place.data.exists():
            place.data.rmdir()
        fresh.rename(place.data)
        _sync(place.base)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def clear_unfinished(place: Place) -> None:
    """Removes what an init that was killed left behind.

    At every start, not only before the next init: an initdb that outlived its starter may still
    have been writing then, and 40 MB would stay for good.
    """
    for left in place.base.glob("data.new-*"):
        shutil.rmtree(left, ignore_errors=True)


def configure(place: Place, user: ServerUser) -> None:
    """Configuration and access files as this version wants them."""
    values = {"port": PORT, "run": _quoted(place.run), "log": _quoted(place.log, listed=False)}
    callers = sorted({user.name, "root"})
    roles = (OWNER, SERVICE, SUPERUSER)
    ident = [f'lianjian "{name}" {role}' for name in callers for role in roles]
    write_as(place.data / "lianjian.conf", CONFIGURATION.format(**values), user)
    write_as(place.data / "pg_hba.conf", HBA, user)
    write_as(place.data / "pg_ident.conf", "\n".join(ident) + "\n", user)


def explain(said: str, place: Place, reason: str, **values: object) -> ClusterError:
    """The error for what a PostgreSQL program said, a full disk recognised in any of them."""
    if "No space left on device" in said or "quota exceeded" in said:
        return disk_full(place.base, NEED_MB)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
    return fault(reason, detail=(telling or lines or ["?"])[-1], **values)


def refuse_full_disk(folder: Path, need_mb: int) -> None:
    """Raises ClusterError `disk_full` before anything is written that could not be finished."""
    if shutil.disk_usage(folder).free < need_mb * 2**20:
        raise disk_full(folder, need_mb)


def write_mark(data: Path, user: ServerUser, version: int) -> None:
    """Says that the folder is ours and how far its bootstrap came."""
    write_as(data / MARK, json.dumps({"bootstrap": version}) + "\n", user)


def write_as(path: Path, text: str, user: ServerUser) -> None:
    """Replaces a file of the server's user; a link put in its place is not followed."""
    handle, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        if user.switch:
            os.fchown(out.fileno(), user.uid, user.gid)
        out.flush()
        os.fsync(out.fileno())
    Path(temporary).replace(path)


def disk_full(folder: Path, need_mb: int) -> ClusterError:
    """The error for a full disk, with what is free now."""
    free = shutil.disk_usage(folder).free // 2**20
    return fault("disk_full", path=folder, free_mb=free, need_mb=need_mb)


def _quoted(path: Path, *, listed: bool = True) -> str:
    """A path inside single quotes; the socket setting is a list and wants double ones within."""
    text = str(path).replace("\\", "\\\\").replace("'", "''")
    return f'"{text}"' if listed else text


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
