"""The embedded cluster: where it is put, who is let in, and what it says when it cannot be."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from gis.base import cluster
from gis.base.cluster import databases, initialize, osuser, processes
from gis.base.cluster.place import look
from gis.base.settings import Settings

Running = tuple[Settings, cluster.ClusterUrls]
MakeHome = Callable[..., Path]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be another user")


def ask(url: str, question: str) -> object:
    with psycopg.connect(cluster.conninfo(url), autocommit=True) as db:
        cursor = db.execute(question)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def test_a_running_cluster_is_found_in_milliseconds(running: Running) -> None:
    settings, urls = running
    times = []
    for _ in range(10):
        began = time.perf_counter()
        assert cluster.ensure_running(settings) == urls
        times.append(time.perf_counter() - began)
    assert min(times) < 0.02


def test_it_stops_and_starts_again(own: Settings) -> None:
    assert cluster.status(own).state == "absent"
    assert cluster.stop(own) is False
    urls = cluster.ensure_running(own)
    ask(urls.owner, "CREATE TABLE kept AS SELECT 7 AS n")
    assert cluster.status(own).state == "running"
    assert cluster.stop(own) is True
    assert cluster.status(own).state == "stopped"
    assert cluster.stop(own) is False
    assert cluster.urls(own) == urls
    assert ask(cluster.ensure_running(own).owner, "SELECT n FROM kept") == 7


def test_the_roles_are_as_weak_as_promised(running: Running) -> None:
    _, urls = running
    for role in (cluster.OWNER, cluster.SERVICE):
        question = (
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles"
            f" WHERE rolname = '{role}'"
        )
        assert ask(urls.owner, question) is False
    question = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'lianjian'"
    assert ask(urls.owner, question) == cluster.OWNER
    assert ask(urls.service, "SELECT current_user") == cluster.SERVICE
    assert ask(urls.owner, "CREATE TABLE made_by_owner (n int)") is None
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(urls.service, "CREATE TABLE made_by_service (n int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(urls.service, "SELECT * FROM made_by_owner")


def test_it_keeps_what_is_acknowledged_and_listens_on_no_network(running: Running) -> None:
    _, urls = running
    for setting, value in {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "jit": "off",
        "TimeZone": "UTC",
    }.items():
        assert ask(urls.service, f"SHOW {setting}") == value


def test_a_clone_has_the_extensions_and_leakproof(running: Running) -> None:
    _, urls = running
    clone = cluster.create_database(urls, "a_clone")
    try:
        names = "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension"
        assert ask(clone.service, names) == "btree_gist pg_trgm plpgsql postgis unaccent"
        leakproof = (
            "SELECT proleakproof FROM pg_proc WHERE oid ="
            " 'geometry_overlaps(geometry, geometry)'::regprocedure"
        )
        assert ask(clone.service, leakproof) is True
        assert ask(clone.service, "SELECT cardinality(show_trgm('永定区')) > 1") is True
        assert ask(clone.owner, "CREATE TABLE t (g geometry(Point, 4326))") is None
    finally:
        cluster.drop_database(urls, "a_clone")
    cluster.drop_database(urls, "a_clone")
    with pytest.raises(psycopg.OperationalError):
        ask(clone.service, "SELECT 1")


def test_a_dropped_leakproof_comes_back(running: Running) -> None:
    _, urls = running
    assert urls.superuser
    ask(urls.superuser, "ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF")
    cluster.bootstrap(urls)
    leakproof = "SELECT proleakproof FROM pg_proc WHERE proname = 'geometry_overlaps'"
    assert ask(urls.service, leakproof) is True


@as_root
def test_other_users_of_the_machine_are_refused(running: Running) -> None:
    settings, urls = running
    nobody = pwd.getpwnam("nobody")
    place = look(settings.home)
    assert place
    reach = [
        str(cluster.find_binaries() / "psql"),
        cluster.conninfo(urls.service),
        "-c",
        "SELECT 1",
    ]
    drop = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def as_nobody() -> str:
        done = subprocess.run(reach, capture_output=True, text=True, cwd="/", **drop)  # type: ignore[call-overload]
        assert done.returncode
        return str(done.stderr)

    assert "Permission denied" in as_nobody()
    place.run.chmod(0o755)
    (place.run / ".s.PGSQL.5432").chmod(0o777)
    assert "Peer authentication failed" in as_nobody()  # the second wall holds alone
    place.run.chmod(0o700)


@as_root
def test_a_home_that_the_server_cannot_enter_moves_the_data(
    make_home: MakeHome, as_settings: Callable[..., Settings]
) -> None:
    settings = as_settings(make_home(parent_mode=0o700))
    urls = cluster.ensure_running(settings)
    assert ask(urls.service, "SELECT 1") == 1
    link = settings.home / "postgres"
    assert link.is_symlink()
    assert (link.resolve() / "home").read_text().strip() == str(settings.home)

    copy = settings.home.with_name("copy")
    shutil.copytree(settings.home, copy, symlinks=True)
    with pytest.raises(cluster.ClusterError) as refused:
        cluster.ensure_running(as_settings(copy))
    assert refused.value.reason == "copied"

    moved = settings.home.rename(settings.home.with_name("moved"))
    assert cluster.ensure_running(as_settings(moved)) == urls
    shutil.copytree(moved, settings.home, symlinks=True)  # so that it is cleared away


@pytest.mark.parametrize("name", ["长" * 40, "数据 一,二", 'a\'b "c" $(d)'])
def test_awkward_and_long_folder_names_work(
    make_home: MakeHome, as_settings: Callable[..., Settings], name: str
) -> None:
    settings = as_settings(make_home(name))
    urls = cluster.ensure_running(settings, durable=False)
    assert ask(urls.service, "SELECT 1") == 1
    found = cluster.status(settings)
    assert found.data == settings.home / "postgres" / "data"
    assert found.socket_dir != settings.home / "postgres" / "run"
    cluster.stop(settings)
    assert found.socket_dir
    shutil.rmtree(found.socket_dir)  # a restart of the machine empties /run and /tmp
    again = cluster.ensure_running(settings, durable=False)
    assert ask(again.service, "SELECT 1") == 1


def refusal(settings: Settings) -> str:
    """The reason given, after looking at the sentence: two languages, one line each."""
    with pytest.raises(cluster.ClusterError) as refused:
        cluster.ensure_running(settings)
    error = refused.value
    assert error.exit_code == 3 and error.status == 503
    assert any("一" <= letter <= "鿿" for letter in error.zh) and error.en.isascii()
    assert "\n" not in str(error) and "Traceback" not in str(error)
    return error.reason


def test_a_foreign_folder_is_left_alone(own: Settings) -> None:
    data = own.home / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "thesis.odt").write_text("mine")
    assert refusal(own) == "foreign"
    assert [p.name for p in data.iterdir()] == ["thesis.odt"]

    (own.home / "PG_VERSION").write_text("15\n")
    shutil.rmtree(own.home / "postgres")
    assert refusal(own) == "foreign"


def test_another_format_is_named(own: Settings) -> None:
    cluster.ensure_running(own, durable=False)
    cluster.stop(own)
    version = own.home / "postgres" / "data" / "PG_VERSION"
    for made in ("99", "13"):
        version.write_text(f"{made}\n")
        assert refusal(own) == "format"


def test_a_missing_server_and_a_missing_postgis_are_told_apart(
    own: Settings, as_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    programs = tmp_path / "pg" / "bin"
    programs.mkdir(parents=True)
    assert refusal(as_settings(own.home, pg_bin=programs)) == "no_server"
    for name in ("initdb", "pg_ctl", "postgres"):
        (programs / name).write_text("#!/bin/sh\necho postgres '(PostgreSQL)' 16.4\n")
        (programs / name).chmod(0o755)
    assert refusal(as_settings(own.home, pg_bin=programs)) == "no_postgis"
    for name in ("initdb", "pg_ctl", "postgres"):
        (programs / name).write_text("#!/bin/sh\necho postgres '(PostgreSQL)' 14.9\n")
    assert refusal(as_settings(own.home, pg_bin=programs)) == "no_server"


def test_little_space_is_refused_before_anything_is_written(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(initialize, "NEED_MB", 10**9)
    assert refusal(own) == "disk_full"
    assert not list((own.home / "postgres").glob("data*"))


@pytest.fixture
def small_disk(make_home: MakeHome) -> object:
    """A disk of 20 MB mounted at a data folder."""
    home = make_home()
    home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", str(home)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    yield home
    subprocess.run(["umount", "-l", str(home)], check=True)


def test_a_disk_that_fills_up_leaves_no_half_made_folder(
    small_disk: Path, as_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = as_settings(small_disk)
    assert refusal(settings) == "disk_full"
    monkeypatch.setattr(initialize, "NEED_MB", 1)  # now initdb itself meets the end of the disk
    assert refusal(settings) == "disk_full"
    assert not list((small_disk / "postgres").glob("data*"))
    subprocess.run(["mount", "-o", "remount,size=70m", str(small_disk)], check=True)
    assert refusal(settings) == "disk_full"  # now the databases meet it
    subprocess.run(["mount", "-o", "remount,size=400m", str(small_disk)], check=True)
    cluster.ensure_running(settings)
    cluster.stop(settings)
    with (small_disk / "filler").open("wb") as filler, pytest.raises(OSError):
        while True:
            filler.write(bytes(2**20))
            filler.flush()
    assert refusal(settings) == "disk_full"
    (small_disk / "filler").unlink()
    assert ask(cluster.ensure_running(settings).service, "SELECT 1") == 1
    cluster.stop(settings)


def test_an_unfinished_bootstrap_is_finished(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(urls: cluster.ClusterUrls) -> None:
        with databases._admin(urls, "postgres") as db:
            db.execute("CREATE ROLE lianjian_owner")
            db.execute("CREATE DATABASE lianjian_template TEMPLATE template0")
        raise KeyboardInterrupt

    monkeypatch.setattr(databases, "bootstrap", dies)
    with pytest.raises(KeyboardInterrupt):
        cluster.ensure_running(own)
    monkeypatch.undo()
    urls = cluster.ensure_running(own)
    assert ask(urls.service, "SELECT postgis_lib_version() IS NOT NULL") is True


def test_an_existing_database_is_used_instead(
    running: Running, as_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    _, urls = running
    plain = urls.owner.replace("postgresql+psycopg://", "postgres://")
    settings = as_settings(tmp_path / "unused", database_url=plain)
    found = cluster.ensure_running(settings)
    assert found == cluster.urls(settings)
    assert (found.owner, found.service, found.superuser) == (urls.owner, urls.owner, None)
    assert cluster.status(settings).state == "external"
    assert cluster.stop(settings) is False
    assert not (tmp_path / "unused").exists()
    both = as_settings(tmp_path, database_url=plain, service_database_url=urls.service)
    assert cluster.ensure_running(both).service == urls.service
    assert ask(cluster.ensure_running(both).service, "SELECT current_user") == cluster.SERVICE

    nowhere = f"postgresql://a:secret@/lianjian?host={tmp_path}"
    assert refusal(as_settings(tmp_path, database_url=nowhere)) == "unreachable"
    assert refusal(as_settings(tmp_path, database_url="mysql://a@b/c")) == "bad_url"
    assert refusal(as_settings(tmp_path, database_url="nonsense")) == "bad_url"


def test_addresses_of_an_absent_cluster_are_not_invented(own: Settings) -> None:
    with pytest.raises(cluster.ClusterError) as refused:
        cluster.urls(own)
    assert refused.value.reason == "absent"
    assert not own.home.exists()


@as_root
def test_an_ordinary_user_has_a_cluster_of_its_own(
    make_home: MakeHome, as_settings: Callable[..., Settings]
) -> None:
    home = make_home()
    home.parent.chmod(0o777)
    settings = as_settings(home)
    nobody = pwd.getpwnam("nobody")

    def as_nobody() -> None:
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
        urls = cluster.ensure_running(settings)
        assert ask(urls.service, "SELECT current_user") == cluster.SERVICE

    in_a_child(as_nobody)
    assert (home / "postgres" / "data").stat().st_uid == nobody.pw_uid
    assert ask(cluster.ensure_running(settings).owner, "SELECT 1") == 1  # root may come by
    cluster.stop(settings)
    assert ask(cluster.ensure_running(settings).owner, "SELECT 1") == 1
    assert processes.postmaster(home / "postgres" / "data")
    in_a_child(as_nobody)


@as_root
def test_an_ordinary_user_is_told_whose_folder_it_is(running: Running) -> None:
    settings, _ = running
    nobody = pwd.getpwnam("nobody")

    def as_nobody() -> None:
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
        assert refusal(settings) == "not_ours"

    in_a_child(as_nobody)


def test_root_without_an_ordinary_user_makes_one_or_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(osuser, "PREFERRED", ("no-such-user-here",))
    monkeypatch.setattr(osuser, "OUR_NAME", "no-such-user-here")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(cluster.ClusterError) as refused:
        osuser.server_user(tmp_path / "postgres")
    assert refused.value.reason == "no_user"


def in_a_child(work: Callable[[], None]) -> None:
    """Runs `work` in a forked process; its failure is ours."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
