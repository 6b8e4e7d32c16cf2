"""The rules of the house: import direction, sizes, banned fields, no ranking, words, settings."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gis.base import glossary
from gis.base.access import PERMISSIONS, ROLES
from gis.base.errors import all_errors
from gis.base.settings import Settings
from gis.schema import mapped
from gis.territory.tables import LEVELS

ROOT = Path(__file__).parents[2]
SOURCES = [p for room in ("gis", "layers", "web") for p in (ROOT / room).rglob("*.py")
           if "migrations/versions" not in p.as_posix()]  # fmt: skip
MOST_LINES, MOST_FUNCTION = 400, 60
# Child processes live for one file: what a refused file does not need, it does not pay for.
LATE_IMPORTS = {"gis/base/sheets/child.py"}
# What DOMAIN 5 refuses to hold, as words of a column's or parameter's name.
BANNED = re.compile(
    r"id_?card|idcard|face|religio|ethnic|risk_score|key_person|political|(^|_)track(_|$)|"
    r"health_status|resident_name|door_no|online_time|points_rank|salary|wage"
)
REFUSALS = re.compile(r"no ranking|rankings of anybody|不给任何人打分排名")
RANKING = re.compile(r"leaderboard|ranking|排行|排名")


def test_import_direction():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as m; m()"],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_sizes_and_docstrings(path):
    text = path.read_text("utf-8")
    assert text.count("\n") <= MOST_LINES
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or not tree.body, "a module says what it is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MOST_FUNCTION, node.name


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_import_inside_a_function(path):
    if path.relative_to(ROOT).as_posix() in LATE_IMPORTS:
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not inner, node.name


def columns() -> list[str]:
    return [f"{cls.__table__.name}.{c.name}" for cls in mapped() for c in cls.__table__.columns]


def test_no_column_that_this_project_refuses():
    assert not [name for name in columns() if BANNED.search(name.split(".")[1])]


def test_the_check_of_banned_columns_can_fail():
    for planted in ("id_card", "risk_score", "is_key_person", "political_status", "gps_track"):
        assert BANNED.search(planted)


def test_nothing_ranks_people():
    for path in [*SOURCES, *(ROOT / "web" / "templates").rglob("*.html")]:
        text = REFUSALS.sub("", path.read_text("utf-8"))
        found = RANKING.search(text)
        assert not found, f"{path}: {found}"


def test_phones_are_held_sealed_only():
    phones = [name for name in columns() if "phone" in name]
    assert set(phones) == {"member.phone_sealed", "member.phone_index", "member.phone_salt"}


def test_every_table_says_how_it_is_kept_apart():
    for cls in mapped():
        assert cls.__scope__ in {"place", "open", "tree", "shared", "system"}, cls


def test_tables_are_singular_and_booleans_are_claims():
    for cls in mapped():
        name = cls.__table__.name
        assert not re.search(r"(?<!s)(?<!alia)s$", name), name
        for column in cls.__table__.columns:
            if str(column.type) == "BOOLEAN":
                assert re.match(r"is_|has_|calls_", column.name), f"{name}.{column.name}"


def test_permissions_name_known_roles():
    for name, (zh, roles) in PERMISSIONS.items():
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", name) and zh and roles <= set(ROLES)


def test_errors_have_different_codes():
    own = [e for e in all_errors() if "code" in vars(e)]
    codes = [e.code for e in own]
    assert len(set(codes)) == len(codes)


def test_settings_are_described():
    assert all(field.description for field in Settings.model_fields.values())


def test_the_environment_is_read_in_one_place():
    # The reader hands its child process a bare environment and reads it there: no setting.
    reader = {f"gis/intake/reader/{name}.py" for name in ("drivers", "vector")}
    allowed = {"gis/base/settings.py", *reader}
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        if name in allowed:
            continue
        text = path.read_text("utf-8")
        assert "os.getenv" not in text, name
        assert not re.search(r"os\.environ\[[^]]+\](?!\s*=[^=])", text), name
        assert not re.search(r"environ\.get\(", text), name


def test_levels_are_of_the_glossary():
    assert set(LEVELS) <= set(glossary.TERMS)


OUTSIDE = re.compile(r"https?://([a-z0-9.-]+\.[a-z]{2,})", re.I)
# Names of standards (schemas, namespaces) are no addresses that anything asks.
NAMES_ONLY = {
    "www.w3.org", "json-schema.org", "www.opengis.net", "geojson.org", "spec.openapis.org",
}  # fmt: skip


@pytest.mark.parametrize("folder", ["layers", "web"])
def test_no_outside_host_in_what_browsers_get(folder):
    for path in (ROOT / folder).rglob("*"):
        if "vendor" in path.parts or path.suffix not in {".html", ".js", ".css", ".py", ".svg"}:
            continue
        hosts = set(OUTSIDE.findall(path.read_text("utf-8"))) - NAMES_ONLY
        assert not hosts, f"{path}: {hosts}"


def test_nothing_names_a_machine_or_a_place_of_work():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True,
                             timeout=30).stdout.split()  # fmt: skip
    places = re.compile("/" + r"(work|root)/|" + "sess" + r"ion \d|workpl" + "ace(?!s)")
    for name in tracked:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".sh", ".toml", ".sql", ".js", ".html", ".yml"}:
            if not path.exists():
                continue
            found = places.search(path.read_text("utf-8", errors="replace"))
            assert not found, f"{name}: {found}"
