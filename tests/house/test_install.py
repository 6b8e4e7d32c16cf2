"""What installs the house: the lists agree, are pinned and hashed, and name no registry."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKED = ("runtime", "dev", "build", "node", "fixtures")
COMMANDS = ("help", "install", "demo", "run", "test", "check", "bench", "docs", "doctor", "vendor")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
PIN = re.compile(
    r"^([a-z0-9][a-z0-9._-]*)==(\S+) \\\n((?: +--hash=sha256:[0-9a-f]{64}.*\n)+)", re.M
)
# Put together here, so that this file does not name one either.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("npmmirror", "com"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("anaconda", "com"),
        ("deb.debian", "org"),
        ("archive.ubuntu", "com"),
        ("mirrors.aliyun", "com"),
        ("mirrors.tuna.tsinghua", "edu"),
    )
]


def plain(name: str) -> str:
    """The name as package indexes compare it, extras left out."""
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def declared(extra: str | None = None) -> dict[str, str]:
    """Dependencies of pyproject.toml: name -> bounds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return dict(split(line) for line in lines)


def split(line: str) -> tuple[str, str]:
    name = NAME.match(line)
    assert name, line
    bounds = re.sub(r"^\[[^\]]*\]", "", line[name.end() :])
    return plain(name.group()), bounds.replace(" ", "")


def conda() -> dict[str, str]:
    """Packages of environment.yml, its pip section included: name -> bounds.

    Read line by line: the file is ours and flat, and a YAML parser would be one more dependency.
    """
    text = (ROOT / "environment.yml").read_text(encoding="utf-8").partition("\ndependencies:\n")[2]
    lines = (line.strip() for line in text.splitlines())
    return dict(split(line[2:]) for line in lines if line.startswith("- ") and line != "- pip:")


def locked(name: str) -> dict[str, str]:
    """Pinned packages of one requirement file: name -> version; each has a hash."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {plain(match[1]): match[2] for match in PIN.finditer(text)}


def tracked() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    yield from (ROOT / name for name in listed.stdout.split("\0") if name)


def at_least(version: str, bounds: str) -> bool:
    floor = re.search(r">=([0-9.]+)", bounds)
    assert floor, bounds

    def numbers(text: str) -> list[int]:
        return [int(part) for part in re.findall(r"\d+", text)]

    return numbers(version) >= numbers(floor[1])


def test_conda_names_the_same_dependencies() -> None:
    extra = {"python", "postgresql", "postgis", "nodejs", "pip", "setuptools"}
    there = conda()
    assert extra <= set(there)
    assert {name: there[name] for name in there if name not in extra} == declared()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert there["python"] == project["project"]["requires-python"].replace(" ", "")
    assert f"setuptools{there['setuptools']}" in project["build-system"]["requires"]


@pytest.mark.parametrize("name", LOCKED)
def test_requirement_files_are_pinned_and_hashed(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    heads = [line for line in lines if not line.startswith(" ")]
    assert len(heads) == len(locked(name)) > 0
    assert all("--hash=sha256:" in line for line in lines if line.startswith(" "))
    assert not re.search(
        r"^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)", text, re.M
    )
    assert "://" not in text


def test_the_locks_cover_what_is_declared() -> None:
    runtime, dev = locked("runtime"), locked("dev")
    for name, bounds in declared().items():
        assert at_least(runtime[name], bounds), name
    for name, bounds in declared("dev").items():
        assert at_least(dev[name], bounds), name
    # The tests run on what is shipped.
    assert {name: dev.get(name) for name in runtime} == runtime


def test_the_front_end_is_pinned_and_its_lock_has_no_addresses() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert lock["packages"][""]["dependencies"] == wanted
    for path, package in lock["packages"].items():
        assert "resolved" not in package, path
        assert not path or package["integrity"].startswith("sha512-"), path
    assert "://" not in json.dumps(lock)
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text(encoding="utf-8")


def test_no_file_names_a_registry() -> None:
    assert any(registry in "registry." + "npmjs." + "org" for registry in REGISTRIES)
    found = []
    for path in tracked():
        if not path.is_file():
            continue
        text = path.read_bytes()
        found += [f"{path.relative_to(ROOT)}: {r}" for r in REGISTRIES if r.encode() in text]
    assert not found


def test_no_third_party_code_is_committed() -> None:
    folders = {path.relative_to(ROOT).as_posix() for path in tracked()}
    assert not [p for p in folders if p.startswith(("node_modules/", "web/static/vendor/"))]
    assert not [p for p in folders if p.endswith((".min.js", ".min.css", ".whl", ".tgz"))]


def test_what_is_served_was_copied_from_the_pinned_packages() -> None:
    manifest = ROOT / "web" / "static" / "vendor" / "manifest.json"
    if not manifest.exists():
        pytest.skip("front end not installed")
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    served = json.loads(manifest.read_text(encoding="utf-8"))
    versions = {name.rpartition("/")[2]: version for name, version in wanted.items()}
    assert {name: entry["version"] for name, entry in served.items()} == versions
    for entry in served.values():
        assert any(name.startswith("LICENSE") for name in entry["files"])
        for name in entry["files"]:
            assert (manifest.parent / entry["path"] / name).is_file()


def test_help_names_every_command() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    for command in COMMANDS:
        assert re.search(rf"^  make {command}\s", said, re.M), command


FAKE_PYTHON = """#!/bin/sh
# Stands in for Python and its environment: writes down what it is asked for.
case "$1 $2" in
"-c "*) exit 0 ;;
"-m venv")
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    echo "command = $0 -m venv $PWD/$3" >"$3/pyvenv.cfg" ;;
"-m pip") touch .venv/bin/lianjian && chmod +x .venv/bin/lianjian ;;
"scripts/vendor.py "*) mkdir -p web/static/vendor && touch web/static/vendor/manifest.json ;;
esac
echo "python $*" >>"$CALLS"
"""
FAKE_NPM = """#!/bin/sh
[ "$1" = --version ] && echo 11.0.0 && exit
echo "npm $*" >>"$CALLS"
"""


def test_an_install_does_only_what_is_missing(tmp_path: Path) -> None:
    house, calls = tmp_path / "house", tmp_path / "calls"
    for name in ("gis", "layers", "web"):
        (house / name).mkdir(parents=True)
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, house / name)
    for name in ("pyproject.toml", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, house)
    for name, text in {"python3.11": FAKE_PYTHON, "npm": FAKE_NPM}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)

    def install(folder: Path) -> list[str]:
        calls.write_text("")
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "CALLS": str(calls)}
        subprocess.run(
            ["bash", "scripts/install.sh", "run"],
            cwd=folder,
            env=environment | {"LIANJIAN_PG_BIN": "/anywhere"},
            check=True,
            capture_output=True,
        )
        return calls.read_text().splitlines()

    first = install(house)
    assert [line.split()[:3] for line in first] == [
        ["python", "-m", "venv"],
        ["python", "-m", "pip"],  # runtime
        ["python", "-m", "pip"],  # build
        ["python", "-m", "pip"],  # ourselves
        ["npm", "ci", "--loglevel=error"],
        ["python", "scripts/vendor.py"],
    ]
    assert all("--require-hashes" in line for line in first[1:3])
    assert install(house) == []

    with (house / "requirements" / "runtime.txt").open("a") as out:
        out.write("# changed\n")
    assert len(install(house)) == 1
    with (house / "package-lock.json").open("a") as out:
        out.write("\n")
    assert [line.split()[0] for line in install(house)] == ["npm", "python"]
    assert install(house) == []
    # An environment that was moved points back to where it was made: it is made anew.
    moved = house.rename(tmp_path / "moved")
    assert install(moved)[0].startswith("python -m venv")
    assert install(moved) == []
