"""The service as its own processes on a free loopback port, ended when the measuring is done."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from bench.city import City

READY_S = 60
STOP_S = 30


@contextmanager
def served(city: City) -> Iterator[tuple[str, float]]:
    """(address, seconds until it was ready) of `lianjian serve` on the city."""
    port = _free_port()
    log = city.settings.home / "bench-serve.log"
    begun = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "gis.cli", "serve", "--host", "127.0.0.1", "--port", str(port)],
            env=city.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}", time.perf_counter() - begun
    except ServiceDied:
        raise ServiceDied(log.read_text(errors="replace")[-2000:]) from None
    finally:
        _end(process)


class ServiceDied(RuntimeError):
    """The service did not come up; the text is the end of its log."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise ServiceDied


def _end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM to the master, which ends its workers; SIGKILL to it alone if that hangs."""
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_S)
