"""The embedded cluster when things are killed, race, or were left lying about."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from gis.base import cluster
from gis.base.cluster import find, osuser, processes, server
from gis.base.cluster.place import SOCKET_NAME, look
from gis.base.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
START = """
import sys
from gis.base import cluster
from gis.base.settings import Settings
urls = cluster.ensure_running(Settings(home=sys.argv[1], database_url=None, pg_bin=None))
print(urls.service)
"""


def starter(settings: Settings) -> subprocess.Popen[str]:
    """A process of its own that makes the cluster run."""
    command = [sys.executable, "-c", START, str(settings.home)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def count(urls: cluster.ClusterUrls, question: str = "SELECT count(*) FROM kept") -> int:
    with psycopg.connect(cluster.conninfo(urls.owner)) as db:
        row = db.execute(question).fetchone()
    assert row
    return int(row[0])


def data_of(settings: Settings) -> Path:
    place = look(settings.home)
    assert place
    return place.data


@pytest.fixture
def shared(running: tuple[Settings, cluster.ClusterUrls]) -> Settings:
    """One cluster for the tests that leave it as good as they found it; a new one takes seconds."""
    cluster.ensure_running(running[0])
    return running[0]


def test_starts_at_once_end_in_one_cluster(own: Settings) -> None:
    for _ in range(2):  # made together, then started together
        together = [starter(own) for _ in range(6)]
        answers = {p.communicate(timeout=120)[0] for p in together}
        assert [p.returncode for p in together] == [0] * 6
        assert len(answers) == 1
        mine = [p for p in processes.live(data_of(own)) if p.is_postmaster]
        assert len(mine) == 1
        cluster.stop(own)


def test_a_start_killed_anywhere_can_be_repeated(own: Settings) -> None:
    chance = random.Random(20)
    for _ in range(5):
        victim = starter(own)
        time.sleep(0.3 + chance.random() * 1.4)
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
        if victim.stdout:
            victim.stdout.close()
        if (own.home / "postgres" / "data").exists():
            processes.send(data_of(own), signal.SIGKILL)
    assert count(cluster.ensure_running(own), "SELECT 1") == 1
    time.sleep(2)  # an initdb outlives its starter, and writes until it is done
    cluster.stop(own)
    cluster.ensure_running(own)
    assert not list((own.home / "postgres").glob("data.new-*"))


def test_no_acknowledged_row_is_lost_when_everything_is_killed(own: Settings) -> None:
    urls = cluster.ensure_running(own)
    acknowledged: list[int] = []

    def write(first: int) -> None:
        with psycopg.connect(cluster.conninfo(urls.owner), autocommit=True) as db:
            for n in range(first, first + 100_000):
                db.execute("INSERT INTO kept VALUES (%s)", [n])
                acknowledged.append(n)

    def until_killed(first: int) -> None:
        with pytest.raises(psycopg.Error):
            write(first)

    with psycopg.connect(cluster.conninfo(urls.owner)) as db:
        db.execute("CREATE TABLE kept (n int PRIMARY KEY)")
    for turn in range(3):
        firsts = [(turn * 4 + lane) * 100_000 for lane in range(4)]
        writers = [threading.Thread(target=until_killed, args=[first]) for first in firsts]
        for writer in writers:
            writer.start()
        time.sleep(0.7)
        processes.send(data_of(own), signal.SIGKILL)
        for writer in writers:
            writer.join()
        cluster.ensure_running(own)
        with psycopg.connect(cluster.conninfo(urls.owner)) as db:
            found = {n for (n,) in db.execute("SELECT n FROM kept")}
        assert len(acknowledged) > 100 * (turn + 1)
        assert not set(acknowledged) - found


def test_a_busy_back_end_outlives_its_postmaster(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "ORPHAN_S", 1)
    urls = cluster.ensure_running(own)
    busy = psycopg.connect(cluster.conninfo(urls.owner), autocommit=True)
    busy.execute("CREATE TABLE kept AS SELECT 1 AS n")

    def spin() -> None:
        with pytest.raises(psycopg.Error):
            busy.execute("SELECT count(*) FROM generate_series(1, 2000000000)")

    spinner = threading.Thread(target=spin)
    spinner.start()
    time.sleep(0.5)
    first = processes.postmaster(data_of(own))
    processes.send(data_of(own), signal.SIGKILL, only_postmaster=True)
    time.sleep(0.5)
    assert processes.live(data_of(own)), "the back end should still be counting"
    assert count(cluster.ensure_running(own)) == 1
    assert processes.postmaster(data_of(own)) != first
    spinner.join(10)


def test_a_zombie_postmaster_counts_as_dead(shared: Settings) -> None:
    cluster.stop(shared)
    data = data_of(shared)
    user = osuser.server_user(data.parent)
    drop = {"user": user.uid, "group": user.gid, "extra_groups": []} if user.switch else {}
    zombie = subprocess.Popen(  # our own child, which nobody reaps until the end
        [find.choose()["postgres"], "-D", str(data)],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **drop,  # type: ignore[call-overload]
    )
    assert processes.until(lambda: cluster.status(shared).state == "running", 20)
    processes.send(data, signal.SIGKILL)
    assert processes.until(lambda: not processes.live(data), 10)
    seen = Path(f"/proc/{zombie.pid}/stat")
    assert processes.until(lambda: seen.read_text().rpartition(")")[2].split()[0] == "Z", 10)
    assert int((data / "postmaster.pid").read_text().split()[0]) == zombie.pid
    assert cluster.status(shared).state == "stopped"
    assert cluster.stop(shared) is False
    began = time.monotonic()
    assert count(cluster.ensure_running(shared), "SELECT 1") == 1
    assert time.monotonic() - began < 10
    zombie.wait()


@pytest.mark.parametrize("recorded", ["our own", "1", "nonsense", ""])
def test_a_pid_file_that_names_someone_else_is_stale(shared: Settings, recorded: str) -> None:
    data = data_of(shared)
    processes.send(data, signal.SIGKILL)
    assert processes.until(lambda: not processes.live(data), 10)
    pid = str(os.getpid()) if recorded == "our own" else recorded
    for left in (data / "postmaster.pid", data.parent / "run" / f"{SOCKET_NAME}.lock"):
        lines = left.read_text().split("\n")
        left.write_text("\n".join([pid, *lines[1:]]) if pid else "")
    assert cluster.status(shared).state == "stopped"
    assert count(cluster.ensure_running(shared), "SELECT 1") == 1


def test_a_removed_socket_comes_back(shared: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "DEAF_S", 0.5)
    place = look(shared.home)
    assert place
    (place.run / SOCKET_NAME).unlink()
    assert count(cluster.ensure_running(shared), "SELECT 1") == 1


def test_a_held_start_lock_is_named_after_a_while(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LOCK_S", 0.2)
    own.home.mkdir()
    lock = own.home / "postgres.lock"
    with processes.start_lock(lock, 1), pytest.raises(cluster.ClusterError) as refused:
        cluster.ensure_running(own)
    assert refused.value.reason == "busy"


def test_a_holder_in_another_container_is_suspected(
    shared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """/proc of another container shows nothing, but the inherited lock is held all the same."""
    monkeypatch.setattr(server, "ORPHAN_S", 0.2)
    first = processes.postmaster(data_of(shared))
    see: Callable[[Path], list[processes.Process]] = processes.live
    with monkeypatch.context() as blind:
        blind.setattr(processes, "live", lambda data: [])
        blind.setattr(server, "_is_ready", lambda place: False)
        with pytest.raises(cluster.ClusterError) as refused:
            cluster.ensure_running(shared)
    assert refused.value.reason == "held_elsewhere"
    assert first in [p.pid for p in see(data_of(shared))]


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(shared: Settings) -> None:
    cluster.stop(shared)
    child = starter(shared)
    child.communicate(timeout=60)
    first = processes.postmaster(data_of(shared))
    assert first
    assert os.getpgid(first) != child.pid and os.getsid(first) != os.getsid(0)


def test_a_server_that_cannot_start_says_why(shared: Settings) -> None:
    cluster.stop(shared)
    local = data_of(shared) / "local.conf"
    local.write_text("shared_buffers = lots\n")
    local.chmod(0o644)
    with pytest.raises(cluster.ClusterError) as refused:
        cluster.ensure_running(shared)
    assert refused.value.reason == "start"
    assert "shared_buffers" in refused.value.en or "configuration file" in refused.value.en
    local.unlink()
    assert count(cluster.ensure_running(shared), "SELECT 1") == 1
