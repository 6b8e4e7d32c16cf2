"""Files read in the child: what is right comes through whole, Chinese and all."""

import os
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gis.intake.reader.errors import LayerNeeded, UnreadableFile
from gis.intake.reader.vector import read_osm_layers, read_vector

# Three of the six names of Zhangjiajie that GB2312 does not have.
NAMES = ["溇江村小区", "八斗坵小区", "百乪小区"]


def frame(crs=4490) -> gpd.GeoDataFrame:
    boxes = [shapely.box(110.4 + i / 100, 29.1, 110.405 + i / 100, 29.105) for i in range(3)]
    columns = {"名称": NAMES, "户数": [120, 240, 360], "备注": [None, "无", "长" * 40]}
    return gpd.GeoDataFrame(columns, geometry=boxes, crs=4490).to_crs(crs)


def shapefile(folder: Path, encoding: str, name="小区 甲") -> Path:
    path = folder / f"{name}.shp"
    frame(4546).to_file(path, encoding=encoding, engine="pyogrio")
    return path


def names(raw) -> list[str]:
    return raw.table.column("名称").to_pylist()


def test_gpkg(tmp_path):
    path = tmp_path / "辖区.gpkg"
    frame().to_file(path, layer="小区")
    raw = read_vector(path)
    assert (raw.driver, raw.layer, raw.crs, len(raw)) == ("GPKG", "小区", "EPSG:4490", 3)
    assert names(raw) == NAMES
    assert shapely.equals(raw.geometries(), frame().geometry.to_numpy()).all()


def test_gpkg_with_several_layers(tmp_path):
    path = tmp_path / "two.gpkg"
    frame().to_file(path, layer="小区")
    frame().iloc[:1].to_file(path, layer="网格")
    with pytest.raises(LayerNeeded) as error:
        read_vector(path)
    assert error.value.facts["layers"] == ["小区", "网格"]
    assert len(read_vector(path, layer="网格")) == 1
    with pytest.raises(UnreadableFile, match="小区"):
        read_vector(path, layer="楼栋")


@pytest.mark.parametrize(
    ("written", "page", "found"),
    [
        ("GB18030", "keep", "GB18030"),
        ("GB18030", None, "GB18030"),
        ("GB18030", "UTF-8", "GB18030"),
        ("GB18030", "936", "GB18030"),
        ("UTF-8", None, "UTF-8"),
        ("UTF-8", "GBK", "UTF-8"),
        ("UTF-8", "nonsense", "UTF-8"),
    ],
)
def test_shapefile_text_survives_whatever_the_cpg_says(tmp_path, written, page, found):
    path = shapefile(tmp_path, written)
    if page is None:
        path.with_suffix(".cpg").unlink()
    elif page != "keep":
        path.with_suffix(".cpg").write_text(page)
    raw = read_vector(path)
    assert (raw.crs, raw.encoding, raw.layer) == ("EPSG:4546", found, "小区 甲")
    assert names(raw) == NAMES
    # 80 (GB18030) or 120 (UTF-8) bytes fit; the .dbf would have cut a longer one in mid-character.
    assert raw.table.column("备注").to_pylist()[2] == "长" * 40


def test_shapefile_in_a_zip_from_chinese_windows(tmp_path):
    path = shapefile(tmp_path, "GB18030")
    packed = tmp_path / "上报.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in tmp_path.glob("小区*"):
            # zipfile cannot write GBK names; cp437 of the same bytes is what a reader sees.
            archive.write(part, "数据/" + part.name)
    raw = read_vector(packed)
    assert (names(raw), raw.layer, raw.crs) == (NAMES, "小区 甲", "EPSG:4546")
    assert names(read_vector(path)) == NAMES


def test_shapefile_with_upper_case_parts(tmp_path):
    path = shapefile(tmp_path, "GB18030", "A")
    for part in list(tmp_path.glob("A.*")):
        part.rename(part.with_suffix(part.suffix.upper()))
    assert names(read_vector(path.with_suffix(".SHP"))) == NAMES


def test_geojson_in_gb18030_and_utf_16(tmp_path):
    text = frame(4326).to_json(to_wgs84=True, ensure_ascii=False)
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        path = tmp_path / f"{encoding}.geojson"
        path.write_text(text, encoding)
        assert names(read_vector(path)) == NAMES


def test_a_name_means_nothing_to_a_driver(tmp_path):
    """Names that GDAL would take for a driver prefix, a network path or an option."""
    plain = tmp_path / "a.geojson"
    frame(4326).to_file(plain, driver="GeoJSON")
    for name in ("GPKG:x", "-o;c.csv", "小区\n%s{name}"):
        path = tmp_path / name
        path.write_bytes(plain.read_bytes())
        assert len(read_vector(path)) == 3


def test_osm(osm_test_file):
    layers = read_osm_layers(osm_test_file)
    assert {k: len(v) for k, v in layers.items()} == {
        "lines": 339, "multipolygons": 2302, "points": 116,
    }  # fmt: skip


def test_the_child_has_nothing_of_ours(tmp_path, monkeypatch):
    """A secret in the environment of the service is not in the child's."""
    monkeypatch.setenv("LIANJIAN_KEY", "secret")
    seen = tmp_path / "seen"
    spy = tmp_path / "spy.py"
    spy.write_text(f"#!/bin/sh\nenv > {seen}\nexit 3\n")
    spy.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(spy))
    path = tmp_path / "a.geojson"
    path.write_text("{}")
    with pytest.raises(UnreadableFile):
        read_vector(path)
    environment = seen.read_text()
    assert "secret" not in environment and "HOME=" not in environment
    assert os.environ["LIANJIAN_KEY"] == "secret"
