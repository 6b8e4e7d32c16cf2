"""Files that are damaged or built to do harm. Each ends in one clear sentence, nothing else."""

import json
import os
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gis.base.errors import LianjianError
from gis.intake.reader.vector import read_osm_layers, read_vector

SQUARE = {"type": "Polygon", "coordinates": [[[110, 29], [110.01, 29], [110.01, 29.01], [110, 29]]]}
ONE = {"type": "Feature", "properties": {"name": "甲"}, "geometry": SQUARE}
MANY = {"type": "FeatureCollection", "features": [ONE] * 3}
VRT = """<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{}</SrcDataSource>
<SrcLayer>x</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"""
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><{0}>&e;</{0}>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + ']><osm version="0.6"><node id="1" lat="29" lon="110"><tag k="name" v="&i;"/></node></osm>'
)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def squares(crs=4546, count=3) -> gpd.GeoDataFrame:
    boxes = [shapely.box(110.4 + i / 100, 29.1, 110.405 + i / 100, 29.105) for i in range(count)]
    return gpd.GeoDataFrame({"名称": ["甲"] * count}, geometry=boxes, crs=4490).to_crs(crs)


def shp(folder: Path) -> Path:
    squares().to_file(folder / "a.shp", encoding="GB18030")
    return folder / "a.shp"


def gpkg(folder: Path, *statements: str, count=3) -> Path:
    path = folder / "a.gpkg"
    squares(count=count).to_file(path, layer="a")
    with sqlite3.connect(path) as db:
        # The triggers that GDAL makes call functions that plain SQLite does not have.
        for name in [
            r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        ]:
            db.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            db.execute(statement)
    db.close()
    return path


def zipped(folder: Path, entries: dict[str, bytes]) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def cut(path: Path, share: float) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return path


def patch(path: Path, at: int, new: bytes) -> Path:
    raw = bytearray(path.read_bytes())
    raw[at : at + len(new)] = new
    path.write_bytes(raw)
    return path


def without(path: Path, suffix: str) -> Path:
    path.with_suffix(suffix).unlink()
    return path


def encrypted_zip(folder: Path) -> Path:
    path = zipped(folder, {"a.geojson": json.dumps(MANY).encode()})
    raw = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + at] |= 1
    path.write_bytes(raw)
    return path


def lying_zip(folder: Path) -> Path:
    """A zip that claims 10 bytes and unpacks to far more."""
    path = zipped(folder, {"a.geojson": b" " * 30_000_000})
    raw = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = raw.index(mark) + at
        raw[start : start + 4] = struct.pack("<I", 10)
    path.write_bytes(raw)
    return path


def more_in_shx(folder: Path) -> Path:
    path = shp(folder)
    shx = path.with_suffix(".shx")
    raw = shx.read_bytes()
    longer = struct.pack(">i", (len(raw) + 8) // 2)
    shx.write_bytes(raw[:24] + longer + raw[28:] + raw[-8:])
    return path


def damaged_gpkg_page(folder: Path) -> Path:
    """A page in the middle of the table overwritten: GDAL alone would return what came before."""
    path = gpkg(folder, count=2000)
    size = path.stat().st_size
    return patch(path, size // 2 // 4096 * 4096, b"\xff" * 4096)


RECURSIVE = (
    "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT i AS fid, (SELECT geom FROM a LIMIT 1) AS geom FROM n"
)
ENDLESS = (
    RECURSIVE,
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
    "SELECT 'v', data_type, 'v', srs_id FROM gpkg_contents WHERE table_name = 'a'",
    "INSERT INTO gpkg_geometry_columns SELECT 'v', column_name, geometry_type_name, srs_id, z, m "
    "FROM gpkg_geometry_columns WHERE table_name = 'a'",
    "DELETE FROM gpkg_contents WHERE table_name = 'a'",
    "DELETE FROM gpkg_geometry_columns WHERE table_name = 'a'",
)

# name: (make the file, reason, limits)
FILES = {
    "missing": (lambda d: d / "none.geojson", "missing", {}),
    "a folder": (lambda d: d, "not_a_file", {}),
    "a pipe": (lambda d: os.mkfifo(d / "p") or d / "p", "not_a_file", {}),
    "a device": (lambda d: Path("/dev/zero"), "not_a_file", {}),
    "a null byte in the name": (lambda d: d / "a\x00b", "not_permitted", {}),
    "a name too long": (lambda d: d / ("长" * 400), "not_permitted", {}),
    "vsicurl": (lambda d: "/vsicurl/http://127.0.0.1/a.geojson", "missing", {}),
    "vsizip": (lambda d: "/vsizip/a.zip/a.shp", "missing", {}),
    "database": (lambda d: "PG:dbname=lianjian", "missing", {}),
    "nothing in it": (lambda d: write(d, "a.geojson", ""), "empty_file", {}),
    "a vrt named geojson": (
        lambda d: write(d, "x.geojson", VRT.format("/etc/passwd")), "unsupported", {}),
    "a vrt to the network": (
        lambda d: write(d, "x.gpkg", VRT.format("/vsicurl/http://127.0.0.1/")), "unsupported", {}),
    "a vrt after spaces": (
        lambda d: write(d, "x.json", " \n" + VRT.format("x")), "unsupported", {}),
    "kml with an entity": (lambda d: write(d, "x.kml", XXE.format("kml")), "unsupported", {}),
    "gml with an entity": (lambda d: write(d, "x.gml", XXE.format("gml")), "unsupported", {}),
    "a web page": (lambda d: write(d, "x.geojson", "<!doctype html><p>"), "unsupported", {}),
    "a table": (lambda d: write(d, "x.geojson", "name,lon,lat\na,1,2\n"), "unsupported", {}),
    "excel 97": (lambda d: write(d, "x.geojson", b"\xd0\xcf\x11\xe0" + b"0"), "unsupported", {}),
    "plain sqlite": (
        lambda d: write(d, "x.gpkg", b"SQLite format 3\x00" + b"\0" * 200), "unsupported", {}),
    "random bytes": (lambda d: write(d, "x.shp", bytes(range(1, 255)) * 9), "unsupported", {}),
    "osm at the wrong door": (
        lambda d: write(d, "x.osm", '<osm version="0.6"></osm>'), "unsupported", {}),
    "topojson": (lambda d: write(d, "x.json", '{"type": "Topology"}'), "unsupported", {}),
    "json but not geo": (lambda d: write(d, "x.json", '{"a": 1}'), "not_geojson", {}),
    "a json list": (lambda d: write(d, "x.json", "[1, 2]"), "not_geojson", {}),
    "features is a number": (
        lambda d: write(d, "x.json", '{"type": "FeatureCollection", "features": 7}'),
        "not_geojson", {}),
    "cut geojson": (lambda d: cut(write(d, "x.json", json.dumps(MANY)), 0.6), "not_json", {}),
    "one feature a line": (
        lambda d: write(d, "x.json", f"{json.dumps(ONE)}\n{json.dumps(ONE)}"), "not_json", {}),
    "nested ten million deep": (lambda d: write(d, "x.json", '{"a":' * 10**7), "not_json", {}),
    "a number of 10,000 digits": (
        lambda d: write(d, "x.json", '{"type": ' + "9" * 10_000 + "}"), "not_json", {}),
    "neither utf-8 nor gb18030": (
        lambda d: write(d, "x.json", b'{"type": "\xff\xff\xfe"}'), "encoding", {}),
    "too many features": (
        lambda d: write(d, "x.json", json.dumps(MANY)), "too_many_features", {"max_features": 2}),
    "too many bytes": (
        lambda d: write(d, "x.json", json.dumps(MANY)), "too_many_bytes", {"max_bytes": 99}),
    "memory": (
        lambda d: write(d, "x.json", '{"a":[' + "[]," * 9_000_000 + "0]}"),
        "out_of_memory", {"memory_mb": 64}),
    "no shx": (lambda d: without(shp(d), ".shx"), "no_companion", {}),
    "no dbf": (lambda d: without(shp(d), ".dbf"), "no_companion", {}),
    "shp cut": (lambda d: cut(shp(d), 0.7), "truncated", {}),
    "shp cut in its header": (lambda d: cut(shp(d), 0.1), "unsupported", {}),
    "shx cut": (lambda d: cut(shp(d).with_suffix(".shx"), 0.9) and d / "a.shp", "truncated", {}),
    "shx is something else": (
        lambda d: patch(shp(d).with_suffix(".shx"), 0, b"hello") and d / "a.shp", "damaged", {}),
    "dbf cut": (lambda d: cut(shp(d).with_suffix(".dbf"), 0.6) and d / "a.shp", "truncated", {}),
    "dbf empty": (lambda d: cut(shp(d).with_suffix(".dbf"), 0) and d / "a.shp", "truncated", {}),
    "more records in shx": (more_in_shx, "shapefile_counts", {}),
    "fewer records in dbf": (
        lambda d: patch(shp(d).with_suffix(".dbf"), 4, struct.pack("<I", 2)) and d / "a.shp",
        "shapefile_counts", {}),
    "dbf says four billion": (
        lambda d: patch(shp(d).with_suffix(".dbf"), 4, b"\xff" * 4) and d / "a.shp",
        "truncated", {}),
    "gpkg cut": (lambda d: cut(gpkg(d), 0.5), "damaged", {}),
    "gpkg with a damaged page": (damaged_gpkg_page, "damaged", {}),
    "gpkg without contents": (lambda d: gpkg(d, "DROP TABLE gpkg_contents"), None, {}),
    "gpkg without layers": (
        lambda d: gpkg(d, "DELETE FROM gpkg_contents", "DELETE FROM gpkg_geometry_columns",
                       "DROP TABLE a"), None, {}),
    "gpkg whose view never ends": (lambda d: gpkg(d, *ENDLESS), "timeout", {"timeout_s": 2}),
    "gpkg still open elsewhere": (
        lambda d: write(d, "a.gpkg-wal", "x") and gpkg(d) and write(d, "a.gpkg-wal", "x")
        and d / "a.gpkg", "still_open", {}),
    "zip cut": (lambda d: cut(zipped(d, {"a.geojson": b"{}" * 999}), 0.5), "damaged", {}),
    "zip of nothing": (lambda d: zipped(d, {"a.txt": b"x"}), "zip_content", {}),
    "zip of two": (lambda d: zipped(d, {"a.shp": b"", "b.shp": b""}), "layer_needed", {}),
    "zip bomb": (
        lambda d: zipped(d, {"a.geojson": b" " * 30_000_000}), "zip_too_large",
        {"max_bytes": 10_000_000}),
    "zip that lies": (lying_zip, None, {"max_bytes": 10_000_000}),
    "zip in a zip": (
        lambda d: zipped(d, {"a.geojson": b"PK\x03\x04" + b"0" * 99}), "zip_content", {}),
    "zip with many entries": (
        lambda d: zipped(d, {f"{i}.txt": b"" for i in range(1001)}), "zip_too_large", {}),
    "zip with a password": (encrypted_zip, "zip_encrypted", {}),
    "zip that climbs out": (lambda d: zipped(d, {"../../evil.shp": b"x"}), None, {}),
    "excel": (lambda d: zipped(d, {"[Content_Types].xml": b"<x/>"}), "unsupported", {}),
    "kmz": (lambda d: zipped(d, {"doc.kml": b"<kml/>"}), "unsupported", {}),
    "vrt in a zip": (
        lambda d: zipped(d, {"a.geojson": VRT.format("/etc/passwd").encode()}), "unsupported", {}),
}  # fmt: skip


@pytest.mark.parametrize("make, reason, limits", FILES.values(), ids=FILES.keys())
def test_ends_in_a_sentence(tmp_path, make, reason, limits):
    folder = tmp_path / "in"
    folder.mkdir()
    path = make(folder)
    with pytest.raises(LianjianError) as error:
        read_vector(path, **limits)
    assert reason is None or error.value.facts["reason"] == reason, str(error.value)
    assert error.value.status in (413, 422)
    assert len(error.value.zh) > 4 and "Traceback" not in str(error.value)
    assert str(tmp_path) not in str(error.value) and "lianjian-read" not in str(error.value)
    assert not list(tmp_path.rglob("evil*"))


def test_no_temporary_folder_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read_vector(write(tmp_path, "a.json", json.dumps(MANY)))
    with pytest.raises(LianjianError):
        read_vector(write(tmp_path, "b.json", "{"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json", "b.json"]


def test_rows_that_gdal_would_drop_are_kept(tmp_path):
    features = [
        ONE,
        None,
        "x",
        SQUARE,
        {**ONE, "geometry": None},
        {**ONE, "geometry": {"type": "?"}},
    ]
    raw = read_vector(
        write(tmp_path, "a.json", json.dumps({"type": "FeatureCollection", "features": features}))
    )
    assert len(raw) == 6
    assert {row: e["reason"] for row, e in raw.row_errors.items()} == {
        2: "not_a_feature", 3: "not_a_feature", 4: "not_a_feature", 6: "wrong_type",
    }  # fmt: skip


def test_triggers_and_views_of_a_gpkg_do_not_run(tmp_path):
    before = gpkg(
        tmp_path,
        "CREATE TABLE log (x)",
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO log VALUES (1); END",
    )
    content = before.read_bytes()
    assert len(read_vector(before)) == 3
    assert before.read_bytes() == content
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.gpkg"]


@pytest.mark.parametrize("body", [XXE.format("osm"), LAUGHS], ids=["entity", "billion laughs"])
def test_osm_xml_entities(tmp_path, body):
    with pytest.raises(LianjianError, match="entity"):
        read_osm_layers(write(tmp_path, "x.osm", body), timeout_s=20, memory_mb=512)


@pytest.mark.parametrize("share", [0.001, 0.3, 0.9999])
def test_cut_osm(tmp_path, osm_test_file, share):
    """GDAL alone returns a part of it without a word."""
    path = write(tmp_path, "a.osm.pbf", osm_test_file.read_bytes())
    with pytest.raises(LianjianError) as error:
        read_osm_layers(cut(path, share))
    assert error.value.facts["reason"] in ("truncated", "damaged")


@pytest.mark.parametrize("at", [40, 60_000, 100_000])
def test_osm_with_flipped_bytes(tmp_path, osm_test_file, at):
    path = write(tmp_path, "a.osm.pbf", osm_test_file.read_bytes())
    flipped = bytes(b ^ 0xFF for b in path.read_bytes()[at : at + 8])
    with pytest.raises(LianjianError):
        read_osm_layers(patch(path, at, flipped))


def test_cut_osm_xml(tmp_path):
    with pytest.raises(LianjianError, match="XML"):
        read_osm_layers(write(tmp_path, "x.osm", '<osm version="0.6"><node id="1" lat="2"'))


CAGED = """
import sys; sys.path.insert(0, sys.argv[1])
from gis.intake.reader import cage
cage.close(256, 5, 1)
import errno, os, socket
def refused(what):
    try: what()
    except OSError as error: return error.errno == errno.EPERM
    return False
print(refused(socket.socket), refused(lambda: os.execv("/bin/true", ["true"])))
try:
    bytearray(2_000_000_000); print("memory")
except MemoryError: print("no memory")
try:
    with open(sys.argv[2], "wb") as f: f.write(b"0" * 5_000_000)
    print("written")
except OSError as error: print("too big")
"""


def test_the_cage_holds(tmp_path):
    """The negative control of everything above: the same calls work outside the cage."""
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-I", "-c", CAGED, root, str(tmp_path / "big")],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.stdout.split("\n")[:3] == ["True True", "no memory", "too big"], done.stderr
    socket.socket().close()
    assert subprocess.run(["/bin/true"]).returncode == 0


def test_nothing_knocks_on_the_network(tmp_path):
    """A listener that nobody may call, named in every way that GDAL knows."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    calls = []

    def listen():
        try:
            calls.append(listener.accept())
        except TimeoutError:
            return

    crs = {"type": "link", "properties": {"href": f"http://127.0.0.1:{port}/crs", "type": "proj4"}}
    path = write(tmp_path, "a.json", json.dumps({**MANY, "crs": crs}))
    waiting = threading.Thread(target=listen)
    listener.settimeout(1.5)
    waiting.start()
    raw = read_vector(path)
    with pytest.raises(LianjianError):
        read_vector(write(tmp_path, "b.json", VRT.format(f"/vsicurl/http://127.0.0.1:{port}/")))
    assert raw.crs is not None and "127.0.0.1" in raw.crs
    waiting.join()
    assert not calls
    listener.close()
