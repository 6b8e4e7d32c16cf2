"""The suite's own cluster and cities: real PostGIS, one template, rolled back by default.

- ``session``: in the service role, everywhere in scope, undone at the end of the test;
- ``acting(lo, hi, role)``: the same for another actor;
- ``own_database``: a clone for tests that commit, race or kill.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from gis import migrate
from gis.base import cluster
from gis.base.access import EVERYWHERE, SYSTEM, Actor, enter
from gis.base.runtime import Runtime
from gis.base.settings import Settings
from gis.demo.city import DemoCity, generate
from gis.demo.logins import make_logins
from gis.demo.seed import write_city

SCALE = 0.05
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
    # Every name but our own host resolves to nothing: the network is closed.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """The suite's data folder, short so that the socket's path fits, gone at the end."""
    path = Path(tempfile.mkdtemp(prefix="lj-", dir=os.environ.get("LIANJIAN_TEST_DIR")))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(home: Path) -> Iterator[Settings]:
    """Settings of the suite; its cluster stops at the end."""
    made = Settings(home=home)  # type: ignore[call-arg]
    yield made
    cluster.stop(made)


@pytest.fixture(scope="session")
def server(settings: Settings) -> cluster.ClusterUrls:
    """The suite's running cluster. Not durable: no test that kills it uses this one."""
    return cluster.ensure_running(settings, durable=False)


@pytest.fixture(scope="session")
def demo_frames() -> DemoCity:
    """The frames of the small demo city."""
    return generate(SCALE)


@pytest.fixture(scope="session")
def city_template(
    settings: Settings, server: cluster.ClusterUrls, demo_frames: DemoCity
) -> tuple[str, dict[str, str]]:
    """A database with the small demo city and three log-ins: its name, username → password."""
    urls = cluster.create_database(server, "city_template")
    migrate.upgrade(urls.owner)
    runtime = _runtime(settings, urls)
    with runtime.load() as session:
        write_city(session, settings, demo_frames)
        passwords = make_logins(session)
    runtime.close()
    return "city_template", passwords


def _runtime(settings: Settings, urls: cluster.ClusterUrls) -> Runtime:
    made = Runtime(settings)
    made.__dict__["urls"] = urls
    return made


@contextmanager
def cloned(
    settings: Settings, server: cluster.ClusterUrls, template: str
) -> Iterator[Runtime]:
    """A runtime on a clone of a template, dropped at the end."""
    name = "t" + uuid.uuid4().hex[:10]
    runtime = _runtime(settings, cluster.create_database(server, name, template=template))
    try:
        yield runtime
    finally:
        runtime.close()
        cluster.drop_database(server, name)


@pytest.fixture(scope="session")
def shared_city(
    settings: Settings, server: cluster.ClusterUrls, city_template: tuple[str, dict[str, str]]
) -> Iterator[Runtime]:
    """One clone for all tests that undo what they do."""
    with cloned(settings, server, city_template[0]) as runtime:
        yield runtime


@pytest.fixture(scope="session")
def engine(shared_city: Runtime) -> Engine:
    """The service role's engine on the shared city."""
    return shared_city.service


@pytest.fixture(scope="session")
def owner_engine(shared_city: Runtime) -> Engine:
    """The owner's engine on the shared city."""
    return shared_city.owner


@pytest.fixture
def own_city(
    settings: Settings, server: cluster.ClusterUrls, city_template: tuple[str, dict[str, str]]
) -> Iterator[Runtime]:
    """A clone of the small city for one test that commits."""
    with cloned(settings, server, city_template[0]) as runtime:
        yield runtime


@contextmanager
def undone(engine: Engine, actor: Actor) -> Iterator[Session]:
    """A session of an actor whose every write is rolled back, also after an error inside."""
    with engine.connect() as connection:
        outer = connection.begin()
        session = Session(connection, join_transaction_mode="create_savepoint",
                          expire_on_commit=False)  # fmt: skip
        try:
            enter(session, actor)
            yield session
        finally:
            session.close()
            outer.rollback()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """The service role, everywhere in scope, every permission."""
    with undone(engine, SYSTEM) as made:
        yield made


@pytest.fixture
def owner_session(owner_engine: Engine) -> Iterator[Session]:
    """The owner, everywhere in scope: may load rows in any state."""
    with undone(owner_engine, SYSTEM) as made:
        yield made


@pytest.fixture
def acting(engine: Engine) -> Callable[..., object]:
    """``with acting(lo, hi, role) as session``: another actor's session, undone at the end."""

    def make(lo: int = EVERYWHERE[0], hi: int = EVERYWHERE[1], role: str = "grid_manager",
             more: tuple[tuple[int, int], ...] = ()) -> object:  # fmt: skip
        return undone(engine, Actor("测试员", role, lo, hi, more=more))

    return make


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The suite's one headless Chromium: Playwright allows one driver a process."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    known = next(filter(None, map(shutil.which, names)), None)
    found = os.environ.get("LIANJIAN_CHROMIUM") or known
    if found is None:
        pytest.fail("没有找到 chromium：make test 会安装它。No chromium in PATH.")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=found, args=CHROMIUM_FLAGS)
        yield started
        started.close()
