"""Read a file that somebody sent: `read_vector`, and `read_osm_layers` for OpenStreetMap.

The work is done by `child.py` in a process of its own; this side starts it, waits, and turns what
happened into a table or into one of the errors of `errors.py`.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from .columns import GEOMETRY
from .errors import failure

MAX_FEATURES = 200_000
MAX_BYTES = 200 * 1024 * 1024
TIMEOUT_S = 120.0
MEMORY_MB = 2048
_ROOT = Path(__file__).resolve().parents[3]
_START = (
    "import sys; sys.path.insert(0, sys.argv[2]); "
    "from gis.intake.reader import child; child.main(sys.argv[1])"
)
_OUT_OF_MEMORY = ("bad_alloc", "MemoryError", "Out of memory", "Cannot allocate memory")


@dataclass(frozen=True, eq=False)
class RawTable:
    """What a file said, unchecked. Row n of the file is row n - 1 here.

    table: attributes and, in the column `_wkb`, the geometry (null: none or unreadable).
    crs: what the file declares ("EPSG:4546", WKT, or words nobody can read), None for nothing.
    row_errors: {row number from 1: {"reason"…}} of geometries that could not be read.
    closed_rows: row numbers whose rings did not end where they began and were closed.
    notes: remarks for the person (English): deleted records, encoding.
    """

    table: pa.Table
    crs: str | None
    driver: str
    layer: str
    layers: list[str]
    encoding: str
    notes: list[str] = field(default_factory=list)
    row_errors: dict[int, dict[str, Any]] = field(default_factory=dict)
    closed_rows: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return self.table.num_rows

    @property
    def attributes(self) -> pa.Table:
        """The table without the geometry."""
        return self.table.drop_columns([GEOMETRY])

    def geometries(self) -> np.ndarray:
        """Shapely geometries in the file's own coordinates, None where null or not valid WKB."""
        wkb = self.table.column(GEOMETRY).to_numpy()
        with np.errstate(invalid="ignore"):  # NaN coordinates are found and named by the checks
            return shapely.from_wkb(wkb, on_invalid="ignore")


def read_vector(
    path: str | Path,
    *,
    layer: str | None = None,
    max_features: int = MAX_FEATURES,
    max_bytes: int = MAX_BYTES,
    timeout_s: float = TIMEOUT_S,
    memory_mb: int = MEMORY_MB,
) -> RawTable:
    """The one layer of a GeoJSON, GPKG or Shapefile (also zipped), as it is in the file.

    `layer` chooses where there are several. Raises UnreadableFile, UnsupportedFormat,
    FileTooLarge, ReadTimeout, LayerNeeded; nothing else, whatever the file holds.
    """
    job = {"layer": layer, "layers": None}
    return _read(Path(path), job, max_features, max_bytes, timeout_s, memory_mb)[0]


def read_osm_layers(
    path: str | Path,
    layers: Sequence[str] = ("lines", "multipolygons", "points"),
    *,
    max_features: int = 3_000_000,
    max_bytes: int = 500 * 1024 * 1024,
    timeout_s: float = 600.0,
    memory_mb: int = 4096,
) -> dict[str, RawTable]:
    """The named layers of an OpenStreetMap extract (.osm.pbf or .osm); errors as `read_vector`."""
    job = {"layer": None, "layers": list(layers)}
    tables = _read(Path(path), job, max_features, max_bytes, timeout_s, memory_mb)
    return {table.layer: table for table in tables}


def _read(
    path: Path,
    job: dict[str, Any],
    max_features: int,
    max_bytes: int,
    timeout_s: float,
    memory_mb: int,
) -> list[RawTable]:
    _check_file(path, max_bytes)
    with tempfile.TemporaryDirectory(prefix="lianjian-read-") as folder:
        work = Path(folder)
        job |= {
            "path": str(path.absolute()), "work": folder, "max_features": max_features,
            "max_bytes": max_bytes, "memory_mb": memory_mb, "cpu_s": math.ceil(timeout_s),
            "file_mb": max(64, 6 * max_bytes >> 20),
        }  # fmt: skip
        answer = _ask(path, job, timeout_s, more=[])
        if "more_drivers" in answer:
            answer = _ask(path, job, timeout_s, more=answer["more_drivers"])
        if "reason" in answer:
            values = {"limit": memory_mb} | answer["values"] | {"name": path.name}
            raise failure(answer["reason"], **values)
        return [_table(work, said, answer["layers"]) for said in answer["tables"]]


def _check_file(path: Path, max_bytes: int) -> None:
    """Before a process is spent on it. A path is only ever a file here: "/vsicurl/…", "WFS:…" and
    "PG:…" are names of files that do not exist."""
    name = path.name
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise failure("missing", name=name) from None
    except (OSError, ValueError):
        raise failure("not_permitted", name=name[:80].replace("\x00", "?")) from None
    if not path.is_file():
        raise failure("not_a_file", name=name)
    if not os.access(path, os.R_OK):
        raise failure("not_permitted", name=name)
    if status.st_size == 0:
        raise failure("empty_file", name=name)
    if status.st_size > max_bytes:
        size, limit = math.ceil(status.st_size / 2**20), max_bytes / 2**20
        raise failure("too_many_bytes", name=name, actual=size, limit=round(limit, 1))


def _ask(path: Path, job: dict[str, Any], timeout_s: float, more: list[str]) -> dict[str, Any]:
    work = Path(job["work"])
    (work / "job.json").write_text(json.dumps(job), "utf-8")
    command = [sys.executable, "-I", "-c", _START, str(work / "job.json"), str(_ROOT)]
    with (work / "words.txt").open("wb") as words:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            env=_environment(work, more),
            cwd=work,
            start_new_session=True,
        )
    try:
        code = child.wait(timeout_s)
    except subprocess.TimeoutExpired:
        raise failure("timeout", name=path.name, seconds=round(timeout_s, 1)) from None
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    if code == 0:
        return json.loads((work / "answer.json").read_text("utf-8"))
    raise _death(path, work, code, job, timeout_s)


def _death(path: Path, work: Path, code: int, job: dict[str, Any], timeout_s: float) -> Exception:
    """The child is gone without an answer: which limit, or which signal."""
    words = (work / "words.txt").read_bytes()[-4000:].decode("utf-8", "replace")
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return failure("timeout", name=path.name, seconds=round(timeout_s, 1))
    if code == -signal.SIGXFSZ:
        return failure("too_much_output", name=path.name)
    if any(said in words for said in _OUT_OF_MEMORY):
        return failure("out_of_memory", name=path.name, limit=job["memory_mb"])
    last = words.strip().splitlines()[-1][:120] if words.strip() else ""
    detail = signal.Signals(-code).name if code < 0 else f"exit {code}: {last}"
    return failure("crashed", name=path.name, detail=detail)


def _environment(work: Path, more: list[str]) -> dict[str, str]:
    """Nothing of ours: no proxies, no keys, no database address, no home folder."""
    own = {
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TMPDIR": str(work),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
        "LIANJIAN_MORE_DRIVERS": ",".join(more),
    }
    # Where a conda build finds its libraries and tables; a wheel carries its own.
    kept = ("LD_LIBRARY_PATH", "GDAL_DATA", "PROJ_DATA", "PROJ_LIB")
    return own | {key: os.environ[key] for key in kept if key in os.environ}


def _table(work: Path, said: dict[str, Any], layers: list[str]) -> RawTable:
    with pa.OSFile(str(work / said["file"]), "rb") as source:
        table = pa.ipc.open_file(source).read_all()
    errors = {int(row): error for row, error in said["errors"].items()}
    return RawTable(
        table, said["crs"], said["driver"], said["layer"], layers, said["encoding"],
        said["notes"], errors, said.get("closed", []),
    )  # fmt: skip
