"""Data folders for tests that make, break and kill their own clusters."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gis.base import cluster
from gis.base.cluster import processes
from gis.base.settings import Settings


def settings_for(home: Path, **more: object) -> Settings:
    """Settings of one data folder, whatever the environment says."""
    given: dict[str, object] = {"database_url": None, "service_database_url": None, "pg_bin": None}
    return Settings(home=home, **(given | more))  # type: ignore[arg-type]


def clear_away(home: Path) -> None:
    """Ends whatever runs in a data folder and removes it, also where it moved to."""
    base = Path(os.path.realpath(home / "postgres"))
    run = Path(os.path.realpath(base / "run"))
    processes.send(base / "data", signal.SIGKILL)
    processes.until(lambda: not processes.live(base / "data"), 10)
    for folder in (run, base, home):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make_home() -> Iterator[Callable[..., Path]]:
    """Makes fresh data folders that any OS user can enter, unlike pytest's own."""
    made: list[Path] = []

    def make(name: str = "var", parent_mode: int = 0o755) -> Path:
        parent = Path(tempfile.mkdtemp(prefix="lj-"))
        parent.chmod(parent_mode)
        made.append(parent / name)
        return parent / name

    yield make
    for home in made:
        clear_away(home)
        shutil.rmtree(home.parent, ignore_errors=True)


@pytest.fixture
def own(make_home: Callable[..., Path]) -> Settings:
    """Settings of a data folder that is not there yet."""
    return settings_for(make_home())


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Settings, cluster.ClusterUrls]]:
    """A cluster shared by one file of tests, and its addresses."""
    parent = Path(tempfile.mkdtemp(prefix="lj-"))
    parent.chmod(0o755)
    settings = settings_for(parent / "var")
    yield settings, cluster.ensure_running(settings)
    clear_away(settings.home)
    shutil.rmtree(parent, ignore_errors=True)


@pytest.fixture
def as_settings() -> Callable[..., Settings]:
    """`settings_for`, for tests that name the folder themselves."""
    return settings_for
