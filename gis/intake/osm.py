"""A city out of an OpenStreetMap extract: `read_osm`. No database.

OpenStreetMap data is under the ODbL: what is made of it names "© OpenStreetMap contributors".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.geo import crs
from gis.geo.shapes import repair_polygons

from .osm_roads import split_roads
from .reader.errors import failure
from .reader.vector import RawTable, read_osm_layers

ATTRIBUTION = "© OpenStreetMap contributors"
_LEAST_M2 = 20.0
# (tag, value) -> kind of facility.
_FACILITY = {
    ("amenity", "hospital"): "hospital",
    ("amenity", "clinic"): "clinic",
    ("amenity", "doctors"): "clinic",
    ("healthcare", "clinic"): "clinic",
    ("healthcare", "centre"): "clinic",
    ("amenity", "pharmacy"): "pharmacy",
    ("amenity", "school"): "school",
    ("amenity", "college"): "school",
    ("amenity", "kindergarten"): "kindergarten",
    ("amenity", "childcare"): "kindergarten",
    ("amenity", "community_centre"): "community_centre",
    ("amenity", "social_facility"): "social_facility",
    ("amenity", "library"): "library",
    ("amenity", "townhall"): "townhall",
    ("office", "government"): "government_office",
    ("amenity", "police"): "police",
    ("amenity", "fire_station"): "fire_station",
    ("amenity", "shelter"): "shelter",
    ("emergency", "assembly_point"): "assembly_point",
    ("emergency", "shelter"): "shelter",
    ("amenity", "marketplace"): "market",
}


@dataclass(frozen=True)
class Count:
    """What became of one kind of thing: read = used + the sum of ignored (by reason)."""

    what: str
    read: int
    used: int
    ignored: dict[str, int] = field(default_factory=dict)
    repaired: int = 0


@dataclass(frozen=True, eq=False)
class OsmExtract:
    """A city as OpenStreetMap has it. Every frame is EPSG:4326, index 0, 1, …

    residential: osm_ref ("way/12"), name (None if unnamed), area_m2, buildings, building_levels
        (sum over those tagged), repair (what was wrong with the boundary, or None), MultiPolygon.
    buildings: osm_ref, building, levels (NaN untagged), residential (row of it, -1 none), Point.
    road_nodes, roads: see osm_roads.split_roads.
    boundaries: osm_ref, name, admin_level (int), repair, MultiPolygon.
    facilities: osm_ref, name, kind, Point.
    """

    name: str
    bbox: tuple[float, float, float, float]
    measuring_epsg: int
    residential: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    road_nodes: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    boundaries: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    report: list[Count]


def read_osm(path: str | Path, *, name: str | None = None, **limits: Any) -> OsmExtract:
    """The city in a .osm.pbf or .osm file.

    The name is the one given, else that of the widest boundary or the city node, else the file's.
    `limits` go to `read_osm_layers`. Raises its errors, and UnreadableFile `no_content` when the
    extract holds neither roads nor residential areas.
    """
    tables = read_osm_layers(path, **limits)
    ways, areas, points = (_frame(tables[k]) for k in ("lines", "multipolygons", "points"))
    nodes, roads, road_ignored = split_roads(ways)
    zone, bbox = _extent(roads, areas, Path(path).name)
    residential, counted = _polygons(areas[areas["landuse"].eq("residential")], zone, "residential")
    administrative = areas["boundary"].eq("administrative")
    boundaries, counted_2 = _polygons(areas[administrative], zone, "boundaries")
    boundaries["admin_level"] = pd.to_numeric(boundaries["admin_level"], errors="coerce")
    buildings, counted_3 = _buildings(areas, residential)
    facilities, counted_4 = _facilities(points, areas)
    used = len(ways) - sum(road_ignored.values())
    return OsmExtract(
        name=name or _name(boundaries, points) or Path(path).name.split(".")[0],
        bbox=bbox,
        measuring_epsg=zone,
        residential=_with_buildings(residential, buildings),
        buildings=buildings,
        road_nodes=nodes,
        roads=roads,
        boundaries=boundaries[["osm_ref", "name", "admin_level", "repair", "geometry"]],
        facilities=facilities,
        report=[
            Count("ways", len(ways), used, road_ignored), counted, counted_3, counted_2, counted_4,
        ],
    )  # fmt: skip


def _frame(raw: RawTable) -> gpd.GeoDataFrame:
    """The layer with text columns (None for missing) and geometry, None where it is not valid."""
    columns = raw.attributes.to_pandas().astype(object)
    columns = columns.where(columns.notna(), None)
    return gpd.GeoDataFrame(columns, geometry=raw.geometries(), crs=4326)


def _extent(
    roads: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, file: str
) -> tuple[int, tuple[float, float, float, float]]:
    """Measuring zone and bounding box: of the roads, because an area may reach far beyond."""
    ground = roads if len(roads) else areas[areas["landuse"].eq("residential")]
    ground = ground[ground.geometry.notna()]
    if len(ground) == 0:
        raise failure("no_content", name=file)
    west, south, east, north = (float(v) for v in ground.total_bounds)
    zone = crs.measuring_crs((west + east) / 2, (south + north) / 2)
    return zone, (west, south, east, north)


def _polygons(areas: gpd.GeoDataFrame, zone: int, what: str) -> tuple[gpd.GeoDataFrame, Count]:
    """Areas with valid MultiPolygons; broken ones repaired, hopeless and tiny ones left out."""
    whole, notes, _ = repair_polygons(areas.geometry.to_numpy(), epsg=zone)
    missing = np.array([g is None for g in whole], bool)
    kept = areas[~missing].set_geometry(
        gpd.GeoSeries(whole[~missing], index=areas.index[~missing], crs=4326)
    )
    kept = kept.assign(
        osm_ref=_refs(kept),
        repair=pd.Series(notes, index=areas.index, dtype=object)[~missing],
        area_m2=crs.area_m2(kept.geometry.to_numpy(), zone),
    )
    tiny = kept["area_m2"] < _LEAST_M2
    kept = kept[~tiny].reset_index(drop=True)
    ignored = {"unreadable_geometry": int(missing.sum()), "under_20_m2": int(tiny.sum())}
    ignored = {k: v for k, v in ignored.items() if v}
    repaired = int(kept["repair"].notna().sum())
    return kept, Count(what, len(areas), len(kept), ignored, repaired)


def _buildings(
    areas: gpd.GeoDataFrame, residential: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, Count]:
    all_of = areas[areas["building"].notna() & ~areas["building"].eq("no")]
    shapes = all_of.geometry.to_numpy()
    there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    tagged = all_of[there]
    # The centroid needs no valid ring; a broken outline is still one building.
    places = shapely.centroid(shapes[there])
    home = np.full(len(places), -1, np.int64)
    if len(places) and len(residential):
        building, area = residential.sindex.query(places, predicate="within")
        # Overlapping areas: the first in the file has it, so that no building counts twice.
        home[building[::-1]] = area[::-1]
    frame = gpd.GeoDataFrame(
        {
            "osm_ref": _refs(tagged),
            "building": tagged["building"].to_numpy(),
            "levels": pd.to_numeric(tagged["building:levels"], errors="coerce").to_numpy(),
            "residential": home,
        },
        geometry=places,
        crs=4326,
    )
    lost = int((~there).sum())
    return frame, Count(
        "buildings", len(all_of), len(frame), {"unreadable_geometry": lost} if lost else {}
    )


def _with_buildings(residential: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    inside = buildings[buildings["residential"] >= 0].groupby("residential")
    index = residential.index
    residential["buildings"] = inside.size().reindex(index, fill_value=0).astype(int)
    residential["building_levels"] = inside["levels"].sum().reindex(index, fill_value=0.0)
    columns = ["osm_ref", "name", "area_m2", "buildings", "building_levels", "repair", "geometry"]
    return residential[columns]


def _facilities(
    points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, Count]:
    both = pd.concat([points, areas], ignore_index=True)
    kind = pd.Series(None, index=both.index, dtype=object)
    for (tag, value), meaning in _FACILITY.items():
        kind = kind.mask(both[tag].eq(value) & kind.isna(), meaning)
    wanted = kind.notna().to_numpy()
    shapes = both.geometry.to_numpy()
    there = wanted & ~shapely.is_missing(shapes)
    frame = gpd.GeoDataFrame(
        {
            "osm_ref": _refs(both[there], point_rows=len(points)),
            "name": both.loc[there, "name"].reset_index(drop=True),
            "kind": kind[there].to_numpy(),
        },
        geometry=shapely.point_on_surface(shapes[there]),
        crs=4326,
    )
    lost = int(wanted.sum() - there.sum())
    return frame, Count(
        "facilities", int(wanted.sum()), len(frame), {"unreadable_geometry": lost} if lost else {}
    )


def _refs(frame: gpd.GeoDataFrame, point_rows: int = 0) -> list[str]:
    """`node/1`, `way/2` or `relation/3`: GDAL keeps the ids of ways and relations apart."""
    ways = frame.get("osm_way_id", pd.Series(None, index=frame.index))
    found = []
    for row, osm_id, way_id in zip(frame.index, frame["osm_id"], ways, strict=True):
        if row < point_rows:
            found.append(f"node/{osm_id}")
        else:
            found.append(f"way/{way_id}" if pd.notna(way_id) else f"relation/{osm_id}")
    return found


def _name(boundaries: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> str | None:
    named = boundaries[boundaries["name"].notna()].sort_values(["admin_level", "area_m2"])
    if len(named):
        return str(named["name"].iloc[0])
    for size in ("city", "town"):
        nodes = points[points["place"].eq(size) & points["name"].notna()]
        if len(nodes):
            return str(nodes["name"].iloc[0])
    return None
