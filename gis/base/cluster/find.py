"""Where are PostgreSQL's server programs, and do they carry PostGIS?

Places asked, in this order: LIANJIAN_PG_BIN (then nothing else), PATH,
/usr/lib/postgresql/*/bin newest first (Debian keeps them off PATH), the interpreter's prefix and
base prefix (conda). A place counts when initdb, pg_ctl and postgres are there, the version is 15
or later (security_invoker views) and the control file of PostGIS is beside them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .faults import fault

PROGRAMS = ("initdb", "pg_ctl", "postgres")
OLDEST = 15
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder of server programs that can serve us."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)


def find_binaries(pg_bin: Path | None = None) -> Path:
    """The folder of the server programs that would be used for a new data folder.

    Raises ClusterError `no_server` or `no_postgis`.
    """
    return choose(pg_bin).folder


def choose(
    pg_bin: Path | None = None, made: int | None = None, data: Path | None = None
) -> Binaries:
    """The programs to use; with `made`, only those of the major version that made `data`.

    Raises ClusterError `no_server`, `no_postgis`, or `format` when only other versions are here.
    """
    bare: Binaries | None = None
    found: list[Binaries] = []
    searched: list[str] = []
    for folder in _places(pg_bin):
        searched.append(str(folder))
        if not all(os.access(folder / name, os.X_OK) for name in PROGRAMS):
            continue
        binaries = Binaries(folder, _major(folder))
        if binaries.major < OLDEST:
            continue
        if not _has_postgis(binaries):
            bare = bare or binaries
        elif made in (None, binaries.major):
            return binaries
        else:
            found.append(binaries)
    if found:
        offered = ", ".join(f"PostgreSQL {b.major} ({b.folder})" for b in found)
        raise fault("format", data=data, made=made, found=offered)
    if bare:
        raise fault("no_postgis", major=bare.major, where=bare.folder)
    raise fault("no_server", searched=", ".join(dict.fromkeys(searched)))


def _places(pg_bin: Path | None) -> Iterator[Path]:
    if pg_bin is not None:
        yield Path(pg_bin)
        return
    for entry in os.get_exec_path():
        # Only where there is one: PATH has dozens of folders, and the message lists them.
        # os.access and not Path.exists, which raises in a folder that this user may not enter.
        initdb = Path(entry, "initdb")
        if os.access(initdb, os.X_OK):
            yield initdb.resolve().parent
    majors = [p for p in DEBIAN.glob("*/bin") if p.parent.name.isdigit()]
    yield from sorted(majors, key=lambda p: int(p.parent.name), reverse=True)
    if not majors:
        yield DEBIAN
    yield Path(sys.prefix) / "bin"
    yield Path(sys.base_prefix) / "bin"


def _major(folder: Path) -> int:
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.search(r"\s(\d+)", said)
    return int(match.group(1)) if match else 0


def _has_postgis(binaries: Binaries) -> bool:
    """Looked up as a file: asking pg_config would need the development package."""
    root = binaries.folder.parent
    shares = (
        root / "share" / "extension",
        root / "share" / "postgresql" / "extension",
        Path("/usr/share/postgresql") / str(binaries.major) / "extension",
        Path("/usr/share/pgsql/extension"),
    )
    # Only the distribution's own programs may use the distribution's share folders.
    system = str(binaries.folder).startswith("/usr/")
    return any(
        os.access(s / "postgis.control", os.R_OK) for s in (shares if system else shares[:2])
    )
