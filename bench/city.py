"""The demo city to measure on: its own cluster in a temporary folder, gone at the end."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gis import migrate
from gis.base import cluster
from gis.base.runtime import Runtime
from gis.base.settings import Settings
from gis.demo.city import generate
from gis.demo.logins import make_logins
from gis.demo.seed import write_city

SCALE = 1.0
REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, eq=False)
class City:
    """A seeded city: its database, its log-ins (username → password)."""

    settings: Settings
    runtime: Runtime
    passwords: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a child process that works on this city and on no other."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("LIANJIAN_")}
        path = os.pathsep.join(p for p in (str(REPOSITORY), kept.get("PYTHONPATH")) if p)
        return kept | {"LIANJIAN_HOME": str(self.settings.home), "PYTHONPATH": path}


def say(message: str) -> None:
    """Progress, on stderr: stdout is for the figures."""
    print(message, file=sys.stderr, flush=True)


def settings_of(home: Path) -> Settings:
    """Settings of a data folder with its embedded database, whatever the environment names."""
    return Settings(home=home, database_url=None, service_database_url=None)  # type: ignore[call-arg]


@contextmanager
def demo_city(scale: float = SCALE) -> Iterator[City]:
    """A durable cluster with the demo city in it; stopped and removed at the end."""
    # A short name, so that the socket's path fits; others may pass, so that the server can.
    home = Path(tempfile.mkdtemp(prefix="lj-bench-"))
    home.chmod(0o755)
    settings = settings_of(home)
    runtime = Runtime(settings)
    try:
        say(f"demo city, scale {scale:g}: cluster …")
        migrate.upgrade(runtime.urls.owner)
        yield City(settings, runtime, _seed(runtime, scale))
    finally:
        runtime.close()
        cluster.stop(settings)
        shutil.rmtree(home, ignore_errors=True)


def _seed(runtime: Runtime, scale: float) -> dict[str, str]:
    def told(step: str, done: int, of: int) -> None:
        say(f"demo city: {step} ({done}/{of})")

    frames = generate(scale, on_progress=told)
    with runtime.load() as session:
        write_city(session, runtime.settings, frames, told)
        passwords = make_logins(session)
    runtime.analyze()
    return passwords
