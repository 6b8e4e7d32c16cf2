"""Work on strangers' files in a child process that can be ended: pure-Python readers only.

The child gets an empty environment, limits on address space, processor time, file size and open
files, and no way to inherit anything of ours. Readers that drive C libraries with network code
need more: see ``gis.intake.reader``.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
_START = (
    "import sys; sys.path.insert(0, sys.argv[2]); "
    "from gis.base import limited; limited.child(sys.argv[1])"
)
_MB = 1 << 20


class ChildFailed(Exception):
    """The child gave no answer. ``reason``: timeout, memory, output or crashed."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def run(
    work: str, job: dict[str, Any], *, memory_mb: int, timeout_s: float, output_mb: int = 512
) -> Any:
    """The JSON answer of ``work`` ("package.module:function"), called with the job in a child.

    Raises ChildFailed. Whatever the child writes elsewhere than its own folder is its own matter:
    it holds no key, no database address and no log-in.
    """
    with tempfile.TemporaryDirectory(prefix="lianjian-child-") as folder:
        task = Path(folder) / "job.json"
        limits = {"memory_mb": memory_mb, "cpu_s": math.ceil(timeout_s), "output_mb": output_mb}
        task.write_text(json.dumps({"work": work, "job": job, **limits}), "utf-8")
        code, words = _run(task, timeout_s)
        answer = Path(folder) / "answer.json"
        if code == 0 and answer.exists():
            return json.loads(answer.read_text("utf-8"))
        raise _death(code, words)


def _run(task: Path, timeout_s: float) -> tuple[int, str]:
    words = task.with_name("words.txt")
    with words.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(task), str(_ROOT)],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=task.parent,
            env={"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TMPDIR": str(task.parent)},
            start_new_session=True,
        )  # fmt: skip
    try:
        code = child.wait(timeout_s)
    except subprocess.TimeoutExpired:
        raise ChildFailed("timeout") from None
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    return code, words.read_bytes()[-2000:].decode("utf-8", "replace")


def _death(code: int, words: str) -> ChildFailed:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return ChildFailed("timeout")
    if code == -signal.SIGXFSZ or "File too large" in words:
        return ChildFailed("output")
    if "MemoryError" in words or "Cannot allocate memory" in words:
        return ChildFailed("memory")
    return ChildFailed("crashed", words.strip().splitlines()[-1][:200] if words.strip() else "")


def child(task_file: str) -> None:
    """The child's side: limits first, then the work, then the answer."""
    task = Path(task_file)
    order = json.loads(task.read_text("utf-8"))
    _limit(resource.RLIMIT_AS, order["memory_mb"] * _MB)
    _limit(resource.RLIMIT_CPU, order["cpu_s"])
    _limit(resource.RLIMIT_FSIZE, order["output_mb"] * _MB)
    _limit(resource.RLIMIT_NOFILE, 64)
    _limit(resource.RLIMIT_CORE, 0)
    module, _, name = order["work"].partition(":")
    answer = getattr(importlib.import_module(module), name)(order["job"])
    with task.with_name("answer.json").open("w", encoding="utf-8") as out:
        json.dump(answer, out, ensure_ascii=True)


def _limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))
