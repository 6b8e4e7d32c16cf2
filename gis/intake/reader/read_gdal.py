"""GPKG, Shapefile and OpenStreetMap in the child, by GDAL with one driver alive."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa

from . import shapefile
from .columns import table_of, write
from .drivers import only
from .refusal import Refusal

_OSM_CONF = Path(__file__).with_name("osmconf.ini")


def read_gpkg(
    clean: Path, path: Path, work: Path, layer: str | None, max_features: int
) -> tuple[list[dict[str, Any]], list[str]]:
    """One layer of a GeoPackage; its records are counted by SQLite as well."""
    gdal = only("GPKG")
    names = [str(n) for n, kind in gdal.list_layers(str(clean)) if kind is not None]
    if not names:
        raise Refusal("no_layers")
    if layer is None and len(names) > 1:
        raise Refusal("layer_needed", layers=names)
    if layer is not None and layer not in names:
        raise Refusal("no_such_layer", layer=layer, layers=names)
    chosen = layer or names[0]
    expected = _count(path, chosen)
    if expected > max_features:
        raise Refusal("too_many_features", count=expected, limit=max_features)
    # nolock: read-only and no lock file beside a file that may be on a read-only disk.
    meta, table = gdal.raw.read_arrow(str(clean), layer=chosen, NOLOCK="YES")
    if table.num_rows != expected:
        raise Refusal("rows_lost", expected=expected, read=table.num_rows)
    return [_handed(work, meta, table, "GPKG", chosen, "UTF-8", [])], names


def read_shapefile(clean: Path, name: str, work: Path, max_features: int) -> dict[str, Any]:
    """The Shapefile under its clean name, with its three parts compared and its text decoded."""
    records, deleted = shapefile.check_parts(clean)
    if records > max_features:
        raise Refusal("too_many_features", count=records, limit=max_features)
    gdal = only("ESRI Shapefile")
    meta, table = gdal.raw.read_arrow(str(clean), encoding="ISO-8859-1")
    if table.num_rows != records - deleted:
        read = table.num_rows
        raise Refusal("shapefile_counts", shx=records, dbf=records - deleted, read=read)
    wkb = meta["geometry_name"] or "wkb_geometry"
    attributes, geometry = table.drop_columns([wkb]), table.column(wkb)
    attributes, encoding, notes = shapefile.decoded(attributes, clean)
    if deleted:
        notes.append(f"{deleted} records are marked as deleted in the file and were left out")
    answer = write(
        work, table_of(dict(zip(attributes.column_names, attributes, strict=True))), geometry
    )
    return answer | {
        "crs": meta["crs"], "driver": "ESRI Shapefile", "layer": name, "encoding": encoding,
        "notes": notes, "errors": {},
    }  # fmt: skip


def read_osm(
    clean: Path, kind: str, work: Path, layers: list[str], max_features: int
) -> tuple[list[dict[str, Any]], list[str]]:
    """The named layers of an OpenStreetMap extract, in one table each."""
    os.environ["OSM_CONFIG_FILE"] = str(_OSM_CONF)
    os.environ["CPL_TMPDIR"] = str(work)
    # One layer at a time, each in its own pass: memory stays that of the largest layer.
    os.environ["OGR_INTERLEAVED_READING"] = "NO"
    gdal = only("OSM")
    tables, total = [], 0
    for layer in layers:
        meta, table = gdal.raw.read_arrow(str(clean), layer=layer)
        total += table.num_rows
        if total > max_features:
            raise Refusal("too_many_features", count=f"> {max_features}", limit=max_features)
        tables.append(_handed(work, meta, table, "OSM", layer, "UTF-8", []))
    return tables, layers


def _handed(
    work: Path, meta: dict[str, Any], table: pa.Table, driver: str, layer: str, encoding: str,
    notes: list[str],
) -> dict[str, Any]:  # fmt: skip
    wkb = meta["geometry_name"] or "wkb_geometry"
    if wkb not in table.column_names:
        raise Refusal("no_layers")
    rest = table.drop_columns([wkb])
    answer = write(
        work, table_of(dict(zip(rest.column_names, rest, strict=True))), table.column(wkb)
    )
    return answer | {
        "crs": meta["crs"], "driver": driver, "layer": layer, "encoding": encoding,
        "notes": notes, "errors": {},
    }  # fmt: skip


def _count(path: Path, layer: str) -> int:
    """Rows of a GPKG table by SQLite, immutable and read-only. Where a page is damaged GDAL stops
    with a warning and what came after is lost."""
    quoted = layer.replace('"', '""')
    try:
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        return int(db.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise Refusal("damaged", detail=f"SQLite: {error}") from None
