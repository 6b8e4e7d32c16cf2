"""Is an OpenStreetMap extract whole? GDAL returns what it could read of a cut or damaged one and
says nothing. Standard library only.

PBF (wiki.openstreetmap.org/wiki/PBF_Format): frames of a 4-byte length, a BlobHeader (1: type,
3: datasize) and a Blob (1: raw, 2: raw_size, 3: zlib_data). Blobs in another compression than
zlib are not checked inside.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from xml.parsers import expat

from .refusal import Refusal

_MOST_HEADER = 64 * 1024
_MOST_BLOB = 32 * 1024 * 1024


def check_pbf(path: Path) -> None:
    """Raises Refusal `truncated` or `damaged` unless every frame is there and unpacks."""
    size, seen_data = path.stat().st_size, False
    with path.open("rb") as file:
        while start := file.read(4):
            length = int.from_bytes(start, "big")
            if len(start) < 4 or length > _MOST_HEADER:
                raise Refusal("damaged", detail=f"PBF frame at byte {file.tell() - len(start)}")
            header = _fields(file.read(length))
            datasize = header.get(3, 0)
            if not isinstance(datasize, int) or datasize > _MOST_BLOB:
                raise Refusal("damaged", detail=f"PBF blob at byte {file.tell()}")
            end = file.tell() + datasize
            if end > size:
                raise Refusal("truncated", part=".osm.pbf", expected=end, actual=size)
            _check_blob(file.read(datasize), end - datasize)
            seen_data |= header.get(1) == b"OSMData"
    if not seen_data:
        raise Refusal("damaged", detail="PBF without data blocks")


def check_xml(path: Path) -> None:
    """Raises Refusal `damaged` unless the file is one whole XML document without entities."""
    parser = expat.ParserCreate()

    def entity(*_: object) -> None:
        raise Refusal("damaged", detail="XML with entity declarations is not taken in")

    parser.EntityDeclHandler = entity
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise Refusal("damaged", detail=f"XML: {error}") from None


def _check_blob(blob: bytes, at: int) -> None:
    fields = _fields(blob)
    packed = fields.get(3)
    if not isinstance(packed, bytes):
        return
    try:
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(packed, _MOST_BLOB)
    except zlib.error as error:
        raise Refusal("damaged", detail=f"PBF blob at byte {at}: {error}") from None
    if not unpacker.eof or len(raw) != fields.get(2, len(raw)):
        raise Refusal("damaged", detail=f"PBF blob at byte {at} does not unpack whole")


def _fields(message: bytes) -> dict[int, int | bytes]:
    """The top-level fields of a protobuf message (the last of each number)."""
    found: dict[int, int | bytes] = {}
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        value, at = _varint(message, at)
        if tag & 7 == 2:
            if at + value > len(message):
                raise Refusal("damaged", detail="PBF message cut short")
            found[tag >> 3] = message[at : at + value]
            at += value
        elif tag & 7 == 0:
            found[tag >> 3] = value
        else:
            raise Refusal("damaged", detail="PBF message of an unknown kind")
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise Refusal("damaged", detail="PBF message cut short")
        value |= (message[at] & 0x7F) << shift
        at += 1
        if message[at - 1] < 0x80:
            return value, at
    raise Refusal("damaged", detail="PBF number too long")
