"""kill -9 in the middle of an activation: after a restart it is there whole or not at all."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from gis import migrate
from gis.base import cluster
from gis.base.runtime import Runtime
from gis.base.settings import Settings
from gis.demo.seed import write_city

pytestmark = pytest.mark.live

CHILD = """
import sys, time
from gis.base.runtime import Runtime
from gis.base.settings import Settings
from tests.mobilization.conftest import activate
settings = Settings(home=sys.argv[1])
with Runtime(settings).begin() as session:
    print("begun", flush=True)
    activate(session, settings, "epidemic-I", degrees=0.03)
    print("written", flush=True)
    time.sleep(float(sys.argv[2]))
print("committed", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def durable(demo_frames) -> Iterator[Settings]:
    """A durable cluster of its own, with the small city."""
    with tempfile.TemporaryDirectory(prefix="lj-kill-") as folder:
        Path(folder).chmod(0o755)
        settings = Settings(home=Path(folder))  # type: ignore[call-arg]
        runtime = Runtime(settings)
        migrate.upgrade(runtime.urls.owner)
        with runtime.load() as session:
            write_city(session, settings, demo_frames)
        runtime.close()
        yield settings
        cluster.stop(settings)


def start(settings: Settings, pause: float, until: str) -> subprocess.Popen[str]:
    """A child that activates a plan; returns when it has said ``until``."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(settings.home_dir), str(pause)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert child.stdout is not None
    for line in child.stdout:
        if line.strip() == until:
            return child
    raise AssertionError("the child ended before it said " + until)


def kill_server(settings: Settings) -> None:
    """kill -9 of the postmaster and all its processes."""
    data = next(p for p in Path("/proc").glob("[0-9]*/cwd") if _is_data(p, settings))
    for cwd in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if cwd.resolve() == data.resolve():
                os.kill(int(cwd.parent.name), signal.SIGKILL)
        except (ProcessLookupError, FileNotFoundError, PermissionError):
            continue


def _is_data(cwd: Path, settings: Settings) -> bool:
    try:
        place = cwd.resolve()
        return (place / "PG_VERSION").exists() and (
            settings.home_dir in place.parents or str(settings.home_dir) in _marks(place)
        )
    except (FileNotFoundError, PermissionError):
        return False


def _marks(place: Path) -> str:
    command = place.parent / "home"
    return command.read_text() if command.is_file() else ""


def wholeness(settings: Settings) -> tuple[int, bool]:
    """(activations, whether each has all its posts and assignments and no row is an orphan)."""
    runtime = Runtime(settings)
    with runtime.read() as session:
        rows = session.execute(
            text("SELECT (a.figures->>'posts')::int, (a.figures->>'assigned')::int, "
                 "(SELECT count(*) FROM post p WHERE p.activation_id = a.activation_id), "
                 "(SELECT count(*) FROM assignment s WHERE s.activation_id = a.activation_id) "
                 "FROM activation a")
        ).all()  # fmt: skip
    runtime.close()
    return len(rows), all(a == c and b == d and a and b for a, b, c, d in rows)


def test_killed_before_the_commit_leaves_nothing(durable):
    before, _ = wholeness(durable)
    child = start(durable, 60, "written")
    kill_server(durable)
    child.kill()
    child.wait()
    assert wholeness(durable) == (before, True)


def test_killed_client_leaves_nothing(durable):
    before, _ = wholeness(durable)
    child = start(durable, 60, "written")
    child.kill()
    child.wait()
    assert wholeness(durable) == (before, True)


def test_killed_after_the_commit_keeps_everything(durable):
    before, _ = wholeness(durable)
    child = start(durable, 0, "committed")
    kill_server(durable)
    child.kill()
    child.wait()
    assert wholeness(durable) == (before + 1, True)


def test_killed_at_any_moment_is_whole_or_not_at_all(durable):
    chance = random.Random(7)
    for _ in range(3):
        child = start(durable, 0, "begun")
        time.sleep(chance.uniform(0.02, 0.6))
        kill_server(durable)
        child.kill()
        child.wait()
        assert wholeness(durable)[1]
