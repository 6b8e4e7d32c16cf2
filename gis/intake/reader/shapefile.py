"""What GDAL does not check about a Shapefile, and its text, decoded so that Chinese survives.

The .dbf says how its text is written in up to two places (.cpg, language byte) and both are often
missing or wrong; so the text itself decides: what is declared is tried first, then UTF-8, then
GB18030, each strictly. Six real names of Zhangjiajie are in GB18030 but not in GB2312.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from .refusal import Refusal

_CODEC = {
    "utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8",
    "gbk": "gb18030", "936": "gb18030", "cp936": "gb18030", "gb2312": "gb18030",
    "gb18030": "gb18030", "54936": "gb18030", "ansi 936": "gb18030", "oem 936": "gb18030",
    "big5": "big5hkscs", "950": "big5hkscs",
}  # fmt: skip
# dBASE language driver ids: 0x4D and 0x7A are the Chinese code page 936, 0x4F and 0x78 are Big5.
_LANGUAGE = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5hkscs", 0x78: "big5hkscs"}


def check_parts(main: Path) -> tuple[int, int]:
    """(records in .shx, of which deleted in .dbf) when .shp, .shx and .dbf agree.

    Raises Refusal `truncated` or `shapefile_counts`.
    """
    for part in (main, main.with_suffix(".shx")):
        with part.open("rb") as file:
            head = file.read(100)
        if len(head) < 100 or struct.unpack(">i", head[:4])[0] != 9994:
            raise Refusal("damaged", detail=f"{part.suffix}: no Shapefile header")
        _whole(part, 2 * struct.unpack(">i", head[24:28])[0])
    in_shx = (main.with_suffix(".shx").stat().st_size - 100) // 8
    table = main.with_suffix(".dbf")
    with table.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            raise Refusal("truncated", part=".dbf", expected=32, actual=len(head))
        in_dbf, header, record = struct.unpack("<IHH", head[4:12])
        _whole(table, header + in_dbf * record)
        file.seek(header)
        flags = file.read(in_dbf * record)[::record] if record else b""
    if in_shx != in_dbf:
        raise Refusal("shapefile_counts", shx=in_shx, dbf=in_dbf, read=0)
    return in_shx, flags.count(b"*")


def decoded(table: pa.Table, main: Path) -> tuple[pa.Table, str, list[str]]:
    """The table, read as ISO-8859-1, with its real text: (table, encoding, notes).

    Latin-1 keeps every byte, so encoding it back gives the bytes of the file.
    Raises Refusal `encoding` when nothing fits.
    """
    text = [i for i, f in enumerate(table.schema) if pa.types.is_string(f.type)]
    sample = [name.encode("latin-1", "replace") for name in table.column_names]
    for i in text:
        unique = pc.unique(table.column(i)).to_pylist()
        sample += [v.encode("latin-1", "replace") for v in unique if v and not v.isascii()]
    declared = _declared(main)
    codec = next(
        (c for c in dict.fromkeys([*declared, "utf-8", "gb18030"]) if _fits(sample, c)), None
    )
    if codec is None:
        raise Refusal("encoding")
    notes = []
    if declared and codec != declared[0]:
        notes.append(f"declared as {declared[0]}, read as {codec}")
    for i in text:
        table = table.set_column(i, table.column_names[i], _recoded(table.column(i), codec))
    names = [_decode(name.encode("latin-1", "replace"), codec) for name in table.column_names]
    return table.rename_columns(_different(names)), codec.upper(), notes


def _declared(main: Path) -> list[str]:
    found = []
    page = main.with_suffix(".cpg")
    if page.exists():
        said = page.read_bytes()[:64].decode("ascii", "ignore").strip("\x00 \r\n\ufeff").lower()
        found.append(_CODEC.get(said))
    with main.with_suffix(".dbf").open("rb") as file:
        found.append(_LANGUAGE.get(file.read(30)[29]))
    return [c for c in found if c]


def _fits(sample: Iterable[bytes], codec: str) -> bool:
    return all(_decode(value, codec) is not None for value in sample)


def _decode(value: bytes, codec: str) -> str | None:
    """The text, None when it is not of this codec. A .dbf field is cut at a number of bytes: half
    a character at its end is dropped."""
    try:
        return value.decode(codec)
    except UnicodeDecodeError as error:
        cut = "unexpected end" in error.reason or "incomplete" in error.reason
        if cut and len(value) > 4 and error.start >= len(value) - 3:
            return value[: error.start].decode(codec)
        return None


def _recoded(column: pa.ChunkedArray, codec: str) -> pa.ChunkedArray:
    coded = column.combine_chunks().dictionary_encode()
    words = [
        None if v is None else _decode(v.encode("latin-1"), codec)
        for v in coded.dictionary.to_pylist()
    ]
    return pa.chunked_array([pa.array(words, pa.string()).take(coded.indices)])


def _different(names: list[str | None]) -> list[str]:
    """Column names that are all different: two long ones may be equal once cut to ten bytes."""
    out: list[str] = []
    for name in names:
        base, n = name or "?", 2
        while (name or "?") in out:
            name, n = f"{base}_{n}", n + 1
        out.append(name or "?")
    return out


def _whole(part: Path, expected: int) -> None:
    actual = part.stat().st_size
    if actual < expected:
        raise Refusal("truncated", part=part.suffix, expected=expected, actual=actual)
