"""Writes an OpenStreetMap extract as a city: areas, compounds, buildings, roads, facilities."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.base import journal
from gis.base.access import actor_of, check
from gis.base.errors import Conflict
from gis.base.load import copy_frame, ewkb
from gis.intake.actions import Imported
from gis.intake.osm import ATTRIBUTION, OsmExtract, read_osm
from gis.mobilization.plans import load_defaults

# Below one unit there is room for 2,047 compounds; areas without a community are split to fit.
MOST_COMPOUNDS = 1_500
# The finest administrative level present becomes the community, the next the street, and so on.
# What OpenStreetMap tells apart and our facilities do not; the rest is a public service.
_KINDS = {
    "hospital": "clinic", "clinic": "clinic", "pharmacy": "clinic", "school": "school",
    "kindergarten": "school", "shelter": "shelter", "assembly_point": "shelter",
}  # fmt: skip
_LEVELS = ("community", "street", "county")


def import_osm(
    session: Session, path: Path, today: date, *, name: str | None = None
) -> tuple[Imported, int]:
    """Brings a .osm.pbf in as a city of its own, in the caller's transaction: (counts, city id).

    The city carries the measuring CRS of its zone. Raises Forbidden, the reader's errors, and
    Conflict when the same file is there already.
    """
    check(actor_of(session), "import.run")
    extract = read_osm(path, name=name)
    source = f"OpenStreetMap {path.name} {_fingerprint(path)}"
    if session.scalar(text("SELECT 1 FROM territory WHERE level = 'city' AND source = :s"),
                      {"s": source}):  # fmt: skip
        raise Conflict(
            f"{path.name} 已经导入过，没有重复写入。", f"{path.name} was imported before."
        )
    city_id = _write_city(session, extract, source, today)
    areas = _write_areas(session, extract, city_id, source, today)
    compounds = _write_compounds(session, extract, areas, source, today)
    _write_buildings(session, extract, compounds)
    _write_roads(session, extract, city_id)
    _write_facilities(session, extract, areas, city_id)
    load_defaults(session)
    result = _counted(extract, areas, compounds)
    journal.record(session, "import", "osm", city_id, file=path.name, read=result.read)
    return result, city_id


def _fingerprint(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:12]


def _insert(session: Session, level: str, frame: pd.DataFrame, shapes: Any) -> pd.Series:
    """Writes units of one level; their ids in the order of ``frame``."""
    before = session.scalar(text("SELECT COALESCE(max(territory_id), 0) FROM territory"))
    copy_frame(session, "territory", {
        "level": [level] * len(frame), **{c: frame[c] for c in frame.columns},
        "geom": ewkb(shapes, kind="multipolygon"),
    })  # fmt: skip
    ids = session.scalars(
        text("SELECT territory_id FROM territory WHERE territory_id > :b AND level = :l "
             "ORDER BY territory_id"), {"b": before, "l": level},
    ).all()  # fmt: skip
    return pd.Series(list(ids), index=frame.index, dtype="int64")


def _write_city(session: Session, extract: OsmExtract, source: str, today: date) -> int:
    everything = [shapely.box(*extract.bbox), *extract.boundaries.geometry,
                  *extract.residential.geometry]  # fmt: skip
    hull = shapely.convex_hull(shapely.union_all(np.asarray(everything, dtype=object)))
    frame = pd.DataFrame({"name": [extract.name[:80]], "valid_from": [today], "source": [source]})
    city_id = int(_insert(session, "city", frame, [hull]).iloc[0])
    copy_frame(session, "city", {
        "territory_id": [city_id], "measuring_epsg": [extract.measuring_epsg],
        "attribution": [ATTRIBUTION],
    })  # fmt: skip
    return city_id


def _write_areas(
    session: Session, extract: OsmExtract, city_id: int, source: str, today: date
) -> gpd.GeoDataFrame:
    """The administrative areas, coarse to fine: territory_id, level, geometry."""
    areas = extract.boundaries.dropna(subset=["admin_level"]).copy()
    areas = areas[areas["name"].notna()]
    present = sorted(areas["admin_level"].unique(), reverse=True)[: len(_LEVELS)]
    level_of = dict(zip(present, _LEVELS, strict=False))
    areas["level"] = areas["admin_level"].map(level_of)
    areas["territory_id"], areas["order"] = city_id, areas["level"].map(_LEVELS.index)
    written: list[gpd.GeoDataFrame] = []
    for level in reversed(_LEVELS):
        some = areas[areas["level"] == level].reset_index(drop=True)
        if len(some):
            above = pd.concat(written) if written else areas.iloc[:0]
            some["territory_id"] = _insert(session, level, pd.DataFrame({
                "parent_id": _parents(some, above, city_id), "name": some["name"].str.slice(0, 80),
                "local_code": some["osm_ref"], "valid_from": today, "source": source,
            }), some.geometry.to_numpy())  # fmt: skip
            written.append(some)
    return pd.concat(written) if written else areas.iloc[:0]


def _parents(frame: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, city_id: int) -> np.ndarray:
    """The finest area that each shape's inner point lies in, else the city."""
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    parents = np.full(len(frame), city_id, dtype=np.int64)
    # Coarse to fine, so that the finest that holds the point is written last.
    for _, some in sorted(areas.groupby("order"), reverse=True) if len(areas) else []:
        tree = shapely.STRtree(some.geometry.to_numpy())
        at, hit = tree.query(points, predicate="intersects")
        parents[at] = some["territory_id"].to_numpy()[hit]
    return parents


def _write_compounds(
    session: Session, extract: OsmExtract, areas: gpd.GeoDataFrame, source: str, today: date
) -> pd.Series:
    """The residential areas as compounds; ids in their order."""
    frame = extract.residential
    if not len(frame):
        return pd.Series(dtype="int64")
    city_id = int(session.scalar(
        text("SELECT territory_id FROM territory WHERE level = 'city' AND source = :s"),
        {"s": source}) or 0)  # fmt: skip
    parents = _parents(frame, areas, city_id)
    parents = _with_room(session, frame, parents, source, today)
    unnamed = [f"未命名小区 {i + 1}" for i in range(len(frame))]
    return _insert(session, "compound", pd.DataFrame({
        "parent_id": parents,
        "name": frame["name"].str.slice(0, 80).where(frame["name"].notna(), unnamed),
        "local_code": frame["osm_ref"], "valid_from": today, "source": source,
    }), frame.geometry.to_numpy())  # fmt: skip


def _with_room(
    session: Session, frame: gpd.GeoDataFrame, parents: np.ndarray, source: str, today: date
) -> np.ndarray:
    """Parents again, where one with too many compounds is split into areas that hold fewer."""
    parents = parents.copy()
    for parent, count in zip(*np.unique(parents, return_counts=True), strict=True):
        if count <= MOST_COMPOUNDS:
            continue
        rows = np.flatnonzero(parents == parent)
        rows = rows[np.argsort(frame.geometry.iloc[rows].centroid.x.to_numpy(), kind="stable")]
        parts = np.array_split(rows, -(-count // MOST_COMPOUNDS))
        shapes = [shapely.convex_hull(shapely.union_all(frame.geometry.iloc[p].to_numpy()))
                  for p in parts]  # fmt: skip
        ids = _insert(session, "grid", pd.DataFrame({
            "parent_id": [parent] * len(parts),
            "name": [f"未划分区域 {i + 1}" for i in range(len(parts))],
            "kind": "general", "valid_from": today, "source": source,
        }), shapes)  # fmt: skip
        for part, grid in zip(parts, ids, strict=True):
            parents[part] = grid
    return parents


def _write_buildings(session: Session, extract: OsmExtract, compounds: pd.Series) -> None:
    frame = extract.buildings[extract.buildings["residential"] >= 0]
    copy_frame(session, "building", {
        "compound_id": compounds.iloc[frame["residential"].to_numpy(int)],
        "name": frame["osm_ref"], "floors": pd.to_numeric(frame["levels"]).round().astype("Int64"),
        "location": ewkb(frame.geometry.to_numpy()),
    })  # fmt: skip


def _write_roads(session: Session, extract: OsmExtract, city_id: int) -> None:
    frame = extract.roads
    names = frame["name"] if "name" in frame else [None] * len(frame)
    copy_frame(session, "road", {
        "city_id": [city_id] * len(frame), "name": names,
        **{c: frame[c] for c in ("from_node", "to_node", "road_class", "length_m", "walk_s",
                                 "drive_s", "is_oneway")},
        "geom": ewkb(frame.geometry.to_numpy()),
    })  # fmt: skip


def _write_facilities(
    session: Session, extract: OsmExtract, areas: gpd.GeoDataFrame, city_id: int
) -> None:
    frame = extract.facilities
    parents = _parents(frame, areas, city_id) if len(frame) else np.empty(0, int)
    copy_frame(session, "facility", {
        "kind": frame["kind"].map(_KINDS).fillna("public"),
        "name": frame["name"].fillna("（未命名）").str.slice(0, 120),
        "territory_id": parents, "location": ewkb(frame.geometry.to_numpy()),
        "source": [ATTRIBUTION] * len(frame),
    })  # fmt: skip


def _counted(extract: OsmExtract, areas: gpd.GeoDataFrame, compounds: pd.Series) -> Imported:
    """Every thing read is applied, repaired or refused; the reasons are counted by kind."""
    problems = [
        {"row": None, "field": kind.what, "code": reason, "count": count,
         "message": f"{kind.what}：{count} 个未采用（{reason}）",
         "message_en": f"{kind.what}: {count} not used ({reason})"}
        for kind in extract.report for reason, count in kind.ignored.items() if count
    ]  # fmt: skip
    repaired = sum(kind.repaired for kind in extract.report)
    refused = sum(sum(kind.ignored.values()) for kind in extract.report)
    read = sum(kind.read for kind in extract.report)
    return Imported(
        read=read, applied=read - repaired - refused, repaired=repaired, refused=refused,
        problems=problems,
        about={
            "city": extract.name, "measuring_epsg": extract.measuring_epsg,
            "compounds": len(compounds), "areas": len(areas), "roads": len(extract.roads),
            "buildings": len(extract.buildings), "facilities": len(extract.facilities),
            "attribution": ATTRIBUTION,
        },
    )  # fmt: skip
