"""One data set out of a zip, with the sizes watched while unpacking, not believed beforehand."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from .refusal import Refusal

MAX_ENTRIES = 1_000
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_WHOLE = (".gpkg", ".geojson", ".json")
_CHUNK = 1 << 20


def unpack(
    path: Path, into: Path, max_bytes: int, layer: str | None
) -> tuple[Path, str, list[str]]:
    """Unpack the one Shapefile, GPKG or GeoJSON; its file, its name, and all candidates' names.

    With several Shapefiles `layer` chooses by stem. Files are written under names of ours
    ("data.shp"): a path inside the archive is never used.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpack(archive, into, max_bytes, layer)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise Refusal("damaged", detail=f"zip: {error}") from None


def _unpack(
    archive: zipfile.ZipFile, into: Path, max_bytes: int, layer: str | None
) -> tuple[Path, str, list[str]]:
    limit = max_bytes // (1 << 20)
    entries = [e for e in archive.infolist() if not e.is_dir()]
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > max_bytes:
        raise Refusal("zip_too_large", limit=limit)
    entries = [e for e in entries if not e.filename.startswith("__MACOSX/")]
    _refuse_office(entries)
    mains = [e for e in entries if _suffix(e) in (".shp", *_WHOLE)]
    names = [_name(e) for e in mains]
    chosen = [e for e in mains if layer in (None, _name(e))]
    if len(mains) > 1 and layer is None:
        raise Refusal("layer_needed", layers=names)
    if len(chosen) != 1:
        raise Refusal("zip_content", found=", ".join(names) or "-")
    main = chosen[0]
    wanted = [main]
    if _suffix(main) == ".shp":
        stem = main.filename[:-4].lower()
        wanted = [e for e in entries if e.filename[:-4].lower() == stem and _suffix(e) in _PARTS]
    left = max_bytes
    for entry in wanted:
        if entry.flag_bits & 0x1:
            raise Refusal("zip_encrypted")
        left = _write(archive, entry, into / f"unzipped{_suffix(entry)}", left, limit)
    return into / f"unzipped{_suffix(main)}", _name(main), names


def _write(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int, limit: int
) -> int:
    with archive.open(entry) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise Refusal("zip_too_large", limit=limit)
            out.write(chunk)
    return left


def _refuse_office(entries: list[zipfile.ZipInfo]) -> None:
    inside = {e.filename.lower() for e in entries}
    if "[content_types].xml" in inside:
        raise Refusal("unsupported", found_zh=" Excel/Word 文件", found_en="an Excel or Word file")
    if any(name.endswith(".kml") for name in inside):
        raise Refusal("unsupported", found_zh=" KMZ", found_en="KMZ")


def _suffix(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename).suffix.lower()


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's stem; a zip made on Chinese Windows stores GBK, which zipfile shows as cp437."""
    stem = PurePosixPath(entry.filename).stem
    if entry.flag_bits & 0x800:
        return stem
    try:
        return stem.encode("cp437").decode("gb18030")
    except UnicodeError:
        return stem
