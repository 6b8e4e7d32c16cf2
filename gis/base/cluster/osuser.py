"""Which operating-system user runs PostgreSQL, and how programs are run as that user.

PostgreSQL refuses to run as root. Started as root we drop to an ordinary user for PostgreSQL's
programs only; started as an ordinary user we stay that user.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .faults import fault

OUR_NAME = "lianjian"
PREFERRED = ("postgres", OUR_NAME)


@dataclass(frozen=True)
class ServerUser:
    """The OS user of the server; `switch` says that we are root and must drop to it."""

    name: str
    uid: int
    gid: int
    switch: bool


def server_user(base: Path) -> ServerUser:
    """The owner of an existing cluster, else postgres or lianjian (as root), else ourselves.

    Raises ClusterError `not_ours`, `no_name` or `no_user`.
    """
    me = os.geteuid()
    data = base / "data"
    # A folder that an ordinary user made stays that user's, also when root comes by.
    owner = next((p.stat().st_uid for p in (data, base) if _is_dir(p)), None)
    if me != 0:
        if owner not in (None, me):
            raise fault("not_ours", data=data, owner=_name(owner), me=_name(me))
        return _user(me, switch=False)
    if owner:
        return _user(owner, switch=True)
    for name in PREFERRED:
        entry = _entry(name)
        if entry and entry.pw_uid != 0:
            return _user(entry.pw_uid, switch=True)
    return _user(_make_user(), switch=True)


def run_as(
    user: ServerUser,
    argv: Sequence[str],
    *,
    timeout: float = 120,
    pass_fds: Sequence[int] = (),
) -> subprocess.CompletedProcess[str]:
    """Runs a program as the server's user with an environment of our own.

    The environment is clean on purpose: PGPORT, PGDATA or a PROJ_DATA set by a Python wheel would
    change what the server does. The working folder is `/` because the user may not be allowed
    to enter ours. Raises ClusterError `no_switch` or `no_exec`.
    """
    try:
        return subprocess.run(
            list(argv),
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            start_new_session=True,  # Ctrl-C in the terminal must not reach the server
            pass_fds=pass_fds,
            umask=0o077,
            user=user.uid if user.switch else None,
            group=user.gid if user.switch else None,
            extra_groups=[] if user.switch else None,
        )
    except PermissionError as error:
        if error.filename == argv[0]:
            raise fault("no_exec", user=user.name, path=argv[0]) from error
        if not user.switch:
            raise
        raise fault("no_switch", user=user.name, detail=error) from error


def can_enter(user: ServerUser, folder: Path) -> bool:
    """Whether the server's user can pass through `folder`; asked of the system, ACLs and all."""
    return not user.switch or not run_as(user, ["/bin/sh", "-c", 'cd "$0"', str(folder)]).returncode


def _is_dir(path: Path) -> bool:
    """False also where we may not look: the caller then meets, and tells, what is in the way."""
    try:
        return path.is_dir()
    except PermissionError:
        return False


def _make_user() -> int:
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", OUR_NAME]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except OSError as error:
        raise fault("no_user", detail=error) from error
    entry = _entry(OUR_NAME)
    if entry is None:
        raise fault("no_user", detail=done.stderr.strip() or done.returncode)
    return entry.pw_uid


def _user(uid: int, *, switch: bool) -> ServerUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        # Peer authentication and initdb both look the name up and fail later, less clearly.
        raise fault("no_name", uid=uid) from None
    return ServerUser(entry.pw_name, uid, entry.pw_gid, switch)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return str(uid)
