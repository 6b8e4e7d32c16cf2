"""What a file is, by its first bytes; its name is not asked. Standard library only."""

from __future__ import annotations

import struct
from pathlib import Path

from .refusal import Refusal

HEAD = 4096

# What people send instead, to be named in the refusal: (first bytes, 中文, English).
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", " Excel/Word 97-2003 文件", "an Excel or Word 97-2003 file"),
    (b"%PDF", " PDF", "a PDF"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"II*\x00", " TIFF 图片", "a TIFF picture"),
    (b"\x1f\x8b", " gzip 压缩包", "a gzip archive"),
    (b"BZh", " bzip2 压缩包", "a bzip2 archive"),
    (b"7z\xbc\xaf", " 7z 压缩包", "a 7z archive"),
    (b"Rar!", " RAR 压缩包", "a RAR archive"),
    (b"fgb", " FlatGeobuf", "FlatGeobuf"),
    (b"PAR1", " Parquet", "Parquet"),
    (b"AC10", " AutoCAD DWG", "an AutoCAD DWG"),
    (b"\x7fELF", "程序", "a program"),
    (
        b"SQLite format 3\x00",
        "普通 SQLite 数据库（不是 GPKG）",
        "a plain SQLite database, not a GPKG",
    ),
)
_XML = (
    (b"<ogrvrtdatasource", " GDAL 虚拟数据源（VRT）", "a GDAL virtual data source (VRT)"),
    (b"<vrtdataset", " GDAL 虚拟数据源（VRT）", "a GDAL virtual data source (VRT)"),
    (b"<ogrwfsdatasource", "网络服务的地址", "the address of a network service"),
    (b"<kml", " KML", "KML"),
    (b"<gpx", " GPX", "GPX"),
    (b"<html", "网页", "a web page"),
    (b"<!doctype html", "网页", "a web page"),
)


def kind_of(path: Path) -> str:
    """One of geojson, gpkg, shapefile, zip, osm-pbf, osm-xml. Raises Refusal `unsupported`."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Refusal("empty_file")
    if len(head) >= 100 and struct.unpack(">i", head[:4])[0] == 9994:
        return "shapefile"
    # Byte 68 is SQLite's application id: "GPKG", or "GP10"/"GP11" in the first editions.
    if head[:16] == b"SQLite format 3\x00" and head[68:70] == b"GP":
        return "gpkg"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip"
    if head[4:15] == b"\x0a\x09OSMHeader":
        return "osm-pbf"
    return _text_kind(head)


def _text_kind(head: bytes) -> str:
    for magic, zh, en in _OTHERS:
        if head.startswith(magic):
            raise Refusal("unsupported", found_zh=zh, found_en=en)
    # A null after or before every character is UTF-16; for the sniffing ASCII is enough.
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start[:1] in (b"{", b"["):
        return "geojson"
    if start[:1] == b"<":
        lower = start.lower()
        for mark, zh, en in _XML:
            if mark in lower:
                raise Refusal("unsupported", found_zh=zh, found_en=en)
        if b"<osm" in lower:
            return "osm-xml"
        raise Refusal("unsupported", found_zh=" XML", found_en="XML")
    printable = sum(byte >= 32 or byte in b"\t\r\n" for byte in start)
    if start and printable > 0.98 * len(start):
        raise Refusal("unsupported", found_zh="普通文本或表格", found_en="plain text or a table")
    raise Refusal("unsupported", found_zh="不认识的二进制数据", found_en="unknown binary data")
