"""GDAL with one driver alive. GDAL fixes the list as it loads, so it is loaded here."""

from __future__ import annotations

import importlib
import os
from typing import Any

# Every vector driver that GDAL 3.8 to 3.12 may carry, ours included. A driver that a later GDAL
# adds is not in this list; then the parent starts the child anew with the list completed.
# fmt: off
DRIVERS = [
    "ADBC", "AIVector", "AmigoCloud", "AVCBin", "AVCE00", "BAG", "CAD",
    "Carto", "CSV", "CSW", "DGN", "DXF", "EDIGEO", "EEDA",
    "Elasticsearch", "ESRIJSON", "FITS", "FlatGeobuf", "GDALG", "Geoconcept", "GeoJSON",
    "GeoJSONSeq", "GeoRSS", "GML", "GMLAS", "GMT", "GPKG", "GPSBabel",
    "GPX", "GTFS", "HANA", "HTTP", "Idrisi", "ILI", "INTERLIS1",
    "INTERLIS2", "JML", "JP2OpenJPEG", "JSONFG", "KML", "LIBKML", "LVBAG",
    "MapML", "MBTiles", "MEM", "Memory", "MiraMonVector", "MongoDBv3", "MSSQLSpatial",
    "MVT", "MySQL", "NAS", "netCDF", "NGW", "NTF", "OAPIF",
    "OCI", "ODBC", "ODS", "OGCAPI", "OGR_GMT", "OGR_PDS", "OGR_SDTS",
    "OGR_VRT", "OpenFileGDB", "OSM", "Parquet", "Arrow", "PCIDSK", "PDF",
    "PDS4", "PGDUMP", "PGeo", "PLSCENES", "PMTiles", "PostgreSQL", "S57",
    "SDTS", "Selafin", "SOSI", "SQLite", "SVG", "SXF", "Tiger",
    "TIGER", "TopoJSON", "UK_NTF", "VDV", "VFK", "VICAR", "WAsP",
    "WFS", "Walk", "XLS", "XLSX", "XODR",
    # GDAL_SKIP takes commas as soon as a name has a space.
    "ESRI Shapefile", "MapInfo File", "Interlis 1", "Interlis 2", "UK .NTF", "OGR_OGDI",
]
# fmt: on
_NEEDED_BY_GDAL = {"MEM", "Memory"}

_SETTINGS = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_NUM_THREADS": "1",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_PAM_ENABLED": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "OGR_SQLITE_LIST_VIRTUAL_OGR": "NO",
    "SHAPE_RESTORE_SHX": "NO",
    "CPL_LOG": "/dev/null",
}


def only(driver: str) -> Any:
    """pyogrio with `driver` the only one that can open a file (besides GDAL's memory driver)."""
    os.environ.update(_SETTINGS)
    skip = [d for d in DRIVERS if d != driver and d not in _NEEDED_BY_GDAL]
    skip += os.environ.get("LIANJIAN_MORE_DRIVERS", "").split(",")
    os.environ["GDAL_SKIP"] = ",".join(filter(None, skip))
    # After the list is set, never before.
    pyogrio = importlib.import_module("pyogrio")
    importlib.import_module("pyogrio.raw")
    alive = set(pyogrio.list_drivers()) - {driver} - _NEEDED_BY_GDAL
    if alive:
        raise NewDrivers(sorted(alive))
    return pyogrio


class NewDrivers(RuntimeError):
    """This GDAL has drivers that the list does not know; they must be named before it loads."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names
