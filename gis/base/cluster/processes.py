"""Which processes of a data folder are alive?

Asked of /proc and of a lock that the server processes inherit, never of `pg_ctl status`: where
process 1 does not reap, a killed postmaster stays a zombie, and pg_ctl takes zombies and reused
process ids for a running server.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .faults import fault

POLL_S = 0.02


@dataclass(frozen=True)
class Process:
    """One live process of the data folder."""

    pid: int
    is_postmaster: bool


def live(data: Path) -> list[Process]:
    """PostgreSQL processes working in `data`, zombies left out, postmaster first."""
    real = os.path.realpath(data)
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if str((entry / "cwd").readlink()) != real:
                continue
            status = (entry / "stat").read_text(errors="replace")
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue  # gone meanwhile, or another user's
        comm, _, rest = status.partition("(")[2].rpartition(")")
        if comm != "postgres" or rest.split()[0] in "ZX":
            continue
        # Back ends show themselves as `postgres: …`.
        found.append(Process(int(entry.name), not command.startswith(b"postgres: ")))
    return sorted(found, key=lambda p: (not p.is_postmaster, p.pid))


def postmaster(data: Path) -> int | None:
    """The id of the live postmaster of `data`."""
    found = [p.pid for p in live(data) if p.is_postmaster]
    try:
        recorded = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        recorded = 0
    # A back end just forked still shows its parent's command line: the recorded id decides.
    return recorded if recorded in found else min(found, default=None)


def is_held(lock: Path) -> bool:
    """Whether any server process started by us is alive, also one that /proc does not show.

    Every server process inherits the lock from the start; the kernel lets it go with the last one.
    """
    try:
        handle = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two who look at once do not take each other for the server.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(handle)


@contextmanager
def inheritable(lock: Path) -> Iterator[int]:
    """The alive lock, taken and open for a child to inherit; our own copy is closed after.

    Raises ClusterError `held_elsewhere`.
    """
    handle = os.open(lock, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not until(lambda: _try_lock(handle), 1):  # someone may just be looking
            raise fault("held_elsewhere", data=lock.parent)
        yield handle
    finally:
        os.close(handle)  # not LOCK_UN: that would free the children's share of it too


@contextmanager
def start_lock(path: Path, wait_s: float) -> Iterator[None]:
    """One start, stop or init at a time. The kernel frees it when its holder dies.

    Raises ClusterError `busy` after `wait_s`.
    """
    handle = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not until(lambda: _try_lock(handle), wait_s):
            raise fault("busy", lock=path, seconds=round(wait_s))
        yield
    finally:
        os.close(handle)


def until(true: Callable[[], bool], wait_s: float, poll_s: float = POLL_S) -> bool:
    """Waits until `true()`; False when `wait_s` pass without it."""
    end = time.monotonic() + wait_s
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(poll_s)
    return True


def send(data: Path, number: signal.Signals, *, only_postmaster: bool = False) -> None:
    """A signal to the live processes of `data`."""
    pids = [p.pid for p in live(data)]
    if only_postmaster:
        main = postmaster(data)
        pids = [main] if main else []
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
