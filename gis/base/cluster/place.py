"""Where the embedded cluster lives, and who may start it.

    <home>/postgres.lock      flock held during init, start and stop
    <home>/postgres/          ours: owned by whoever runs Lianjian
        data/                 the PostgreSQL data folder, 0700, owned by the server's user
        run/                  the socket, 0700
        log/                  one log file a weekday, and start.log
        alive.lock            flock inherited by every server process: held while any of them lives

Two things move out of the way, each leaving a link at its usual place: `postgres` goes to
/var/lib/lianjian when the server's user cannot enter <home> (a clone under /root), and `run` goes
to a short private folder when the socket's path would pass the system's 107 bytes.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .faults import fault
from .osuser import ServerUser, can_enter, server_user

PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_BYTES = 107  # sun_path less its closing zero
ELSEWHERE = Path("/var/lib/lianjian")
# libpq splits host lists at commas; the others would need two kinds of quoting.
AWKWARD = frozenset(",'\"\\\n")


@dataclass(frozen=True)
class Place:
    """The folders of one cluster, links resolved."""

    home: Path
    base: Path

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def run(self) -> Path:
        return Path(os.path.realpath(self.base / "run"))

    @property
    def log(self) -> Path:
        return self.base / "log"

    @property
    def alive(self) -> Path:
        return self.base / "alive.lock"


def look(home: Path) -> Place | None:
    """The place as it is, changing nothing; None when nothing was made there yet.

    Raises ClusterError `lost` or `copied`.
    """
    home = home.absolute()
    link = home / "postgres"
    base = Path(os.path.realpath(link))
    if not base.is_dir():
        if link.is_symlink():
            raise fault("lost", home=home, base=base)
        return None
    if link.is_symlink():
        _refuse_copy(home, base)
    return Place(home, base)


def prepare(home: Path) -> tuple[Place, ServerUser]:
    """Makes what is missing and repairs the socket folder. Call it under the start lock.

    Raises ClusterError for a place that cannot be used.
    """
    place = look(home)
    user = server_user(place.base if place else home / "postgres")
    if place is None:
        place = _make(home.absolute(), user)
    if not can_enter(user, place.base):
        raise fault("no_entry", user=user.name, path=place.base)
    own_folder(place.log, user)
    _socket_folder(place, user)
    return place, user


def own_folder(folder: Path, user: ServerUser) -> None:
    """A 0700 folder of the server's user."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if user.switch:
        os.chown(folder, user.uid, user.gid, follow_symlinks=False)


def _make(home: Path, user: ServerUser) -> Place:
    if (home / "PG_VERSION").exists():
        raise fault("foreign", data=home)
    link = home / "postgres"
    if can_enter(user, home):
        link.mkdir()
        base = link
    else:
        ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
        # A fresh name each time: a home that was removed and made anew must not find old data.
        base = Path(tempfile.mkdtemp(prefix=f"{home.parent.name}-", dir=ELSEWHERE))
        (base / "home").write_text(f"{home}\n", encoding="utf-8")
        link.symlink_to(base)
    # Ours, not the server user's: it may own its folders but must not swap them for links.
    base.chmod(0o755 if user.switch else 0o700)
    return Place(home, Path(os.path.realpath(base)))


def _refuse_copy(home: Path, base: Path) -> None:
    """A copied home keeps the link; two homes on one database would be one city in two places."""
    try:
        other = Path((base / "home").read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return
    if other == home:
        return
    if Path(os.path.realpath(other / "postgres")) == base:
        raise fault("copied", home=home, other=other, base=base)
    (base / "home").write_text(f"{home}\n", encoding="utf-8")  # it was moved, not copied


def _socket_folder(place: Place, user: ServerUser) -> None:
    wanted = place.base / "run"
    if wanted.is_symlink():
        if _is_private(Path(os.path.realpath(wanted)), place, user):
            return
        wanted.unlink()
    if _fits(wanted):
        own_folder(wanted, user)
        return
    if wanted.is_dir():  # the home was moved to a longer path
        shutil.rmtree(wanted)
    parent = "/run" if user.switch and os.access("/run", os.W_OK) else "/tmp"
    short = Path(tempfile.mkdtemp(prefix="lianjian-", dir=parent))
    (short / "data").write_text(f"{place.data}\n", encoding="utf-8")
    own_folder(short, user)
    wanted.symlink_to(short)


def _fits(folder: Path) -> bool:
    name = str(folder / SOCKET_NAME)
    return len(os.fsencode(name)) <= SOCKET_BYTES and not AWKWARD & set(name)


def _is_private(short: Path, place: Place, user: ServerUser) -> bool:
    """Whether the recorded short folder is still ours: /tmp is emptied, and others write there."""
    try:
        found = os.lstat(short)
        said = (short / "data").read_text(encoding="utf-8").strip()
    except OSError:
        return False
    private = stat.S_ISDIR(found.st_mode) and not stat.S_IMODE(found.st_mode) & 0o077
    return private and found.st_uid == user.uid and said == str(place.data)
