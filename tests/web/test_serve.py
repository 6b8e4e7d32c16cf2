"""The service as processes: it answers, a killed worker is replaced, Ctrl-C ends it in peace."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gis.base.runtime import Runtime
from gis.base.settings import Settings

pytestmark = pytest.mark.live

RUN = (
    "import json, sys; from gis.base.settings import Settings; from web.serve import serve; "
    "serve(Settings(**json.loads(sys.argv[1])))"
)


@dataclass
class Served:
    """A running service of our own."""

    process: subprocess.Popen[bytes]
    url: str
    home: Path

    def ask(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def workers(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]


def until(is_so: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def served(settings: Settings, own_city: Runtime, tmp_path: Path) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    values = {
        "home": str(tmp_path), "port": port, "workers": 2, "threads": 2,
        "database_url": own_city.urls.owner, "service_database_url": own_city.urls.service,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, json.dumps(values)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    made = Served(process, f"http://127.0.0.1:{port}", tmp_path)
    try:
        assert until(lambda: made.ask("/healthz") == 200), process.stderr
        yield made
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def test_a_killed_worker_is_replaced(served: Served) -> None:
    assert until(lambda: len(served.workers()) == 2)
    first = served.workers()[0]
    os.kill(first, signal.SIGKILL)
    assert until(lambda: len(set(served.workers()) - {first}) == 2, 10)
    assert until(lambda: served.ask("/healthz") == 200, 10)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_peace_and_leaves_stdout_alone(served: Served, number: int) -> None:
    assert served.ask("/a/SECRET-TOKEN") == 410
    assert until(lambda: len(served.workers()) == 2)
    served.process.send_signal(number)
    out, err = served.process.communicate(timeout=15)
    assert served.process.returncode == 0
    assert out == b""
    access = (served.home / "log" / "access.log").read_text()
    assert "GET /healthz 200" in access and "GET /a/… 410" in access
    assert "SECRET-TOKEN" not in access and b"SECRET-TOKEN" not in err
