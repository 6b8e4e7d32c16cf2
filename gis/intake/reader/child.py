"""The child process: `python -I -c … JOB.json`. Reads one file, writes Arrow, answers in JSON.

Job: path, work (a private empty folder), layer, layers, max_features, max_bytes, memory_mb, cpu_s.
Answer (work/answer.json): either {"reason", "values"} of a Refusal, or {"tables": [{"file", "crs",
"driver", "layer", "encoding", "notes", "errors"}], "layers"}.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from . import cage, drivers, osm_whole, sniff, unzip
from .refusal import Refusal

_SIDECARS = (".shx", ".dbf", ".prj", ".cpg")


def main(job_file: str) -> None:
    """Do the job and write the answer; exit code 0 whenever an answer was written."""
    job = json.loads(Path(job_file).read_text("utf-8"))
    work = Path(job["work"])
    cage.close(job["memory_mb"], job["cpu_s"], job["file_mb"])
    # Millions of small lists and no cycle among them: collecting doubles the time of a GeoJSON.
    gc.disable()
    try:
        answer = _read(job, work)
    except Refusal as refusal:
        answer = {"reason": refusal.reason, "values": refusal.values}
    except MemoryError:
        answer = {"reason": "out_of_memory", "values": {}}
    except OSError as error:
        reason = "too_much_output" if error.errno == 27 else "damaged"
        answer = {"reason": reason, "values": {"detail": _short(error)}}
    except drivers.NewDrivers as new:
        answer = {"more_drivers": new.names}
    # Whatever a driver throws: this process exists to turn it into a sentence.
    except Exception as error:
        reason = "out_of_memory" if "bad_alloc" in str(error) else "damaged"
        answer = {"reason": reason, "values": {"detail": _short(error)}}
    (work / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), "utf-8")


def _read(job: dict[str, Any], work: Path) -> dict[str, Any]:
    path = Path(job["path"])
    kind = sniff.kind_of(path)
    layer, name, names = job["layer"], path.stem, None
    if kind == "zip":
        path, name, names = unzip.unpack(path, work, job["max_bytes"], layer)
        # The name chose the entry; what is inside is asked again, a zip in a zip is not opened.
        kind, layer = sniff.kind_of(path), None
        if kind not in ("geojson", "gpkg", "shapefile"):
            raise Refusal("zip_content", found=f"{kind} ({name})")
    if (kind in ("osm-pbf", "osm-xml")) != bool(job["layers"]):
        _wrong_door(kind)
    if kind == "geojson":
        tables = [_reader("read_geojson").read(path, name, work, job["max_features"])]
    else:
        tables, found = _by_gdal(kind, path, name, work, job, layer)
        names = names or found
    return {"tables": tables, "layers": names or [t["layer"] for t in tables]}


def _by_gdal(
    kind: str, path: Path, name: str, work: Path, job: dict[str, Any], layer: str | None
) -> tuple[list[dict[str, Any]], list[str]]:
    clean = _linked(kind, path, work)
    read_gdal = _reader("read_gdal")
    if kind == "gpkg":
        return read_gdal.read_gpkg(clean, path, work, layer, job["max_features"])
    if kind == "shapefile":
        table = read_gdal.read_shapefile(clean, name, work, job["max_features"])
        return [table], [name]
    osm_whole.check_pbf(path) if kind == "osm-pbf" else osm_whole.check_xml(path)
    return read_gdal.read_osm(clean, kind, work, job["layers"], job["max_features"])


def _reader(name: str) -> Any:
    """Loaded after the limits are set, and only the one that is needed: each takes a third of a
    second, and most refusals come before."""
    return importlib.import_module(f"gis.intake.reader.{name}")


def _linked(kind: str, path: Path, work: Path) -> Path:
    """The file under a name of ours, so that no name can mean anything to a driver."""
    suffix = {"gpkg": ".gpkg", "shapefile": ".shp", "osm-pbf": ".osm.pbf", "osm-xml": ".osm"}[kind]
    clean = work / f"data{suffix}"
    clean.symlink_to(path.resolve())
    if kind == "gpkg":
        for tail in ("-wal", "-journal"):
            beside = path.with_name(path.name + tail)
            if beside.exists() and beside.stat().st_size > 0:
                raise Refusal("still_open", part=beside.name)
    if kind == "shapefile":
        same_stem = {p.suffix.lower(): p for p in path.parent.iterdir() if p.stem == path.stem}
        for part in _SIDECARS:
            if part in same_stem:
                (work / f"data{part}").symlink_to(same_stem[part].resolve())
        missing = [p for p in (".shx", ".dbf") if p not in same_stem]
        if missing:
            raise Refusal("no_companion", missing=" ".join(missing))
    return clean


def _wrong_door(kind: str) -> None:
    if kind.startswith("osm"):
        said = ("OpenStreetMap 数据（请用 import osm）", "OpenStreetMap data (use import osm)")
    else:
        said = (f" {kind}，不是 OpenStreetMap 数据", f"{kind}, not OpenStreetMap data")
    raise Refusal("unsupported", found_zh=said[0], found_en=said[1])


def _short(error: BaseException) -> str:
    """One line without our folder's name, short enough for a sentence."""
    # GDAL adds advice for programmers after a semicolon.
    text = f"{type(error).__name__}: {error}".split(";")[0].replace("\n", " ")
    for word in text.split():
        if "/" in word:
            text = text.replace(word, Path(word.strip("'\"")).name)
    return text[:200]


if __name__ == "__main__":
    main(sys.argv[1])
