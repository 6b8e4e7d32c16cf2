"""The territory tree, its aliases and lineage, buildings (counts only) and roads."""

from __future__ import annotations

from datetime import date
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, Computed, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.base.db import Base, Changed, Placed

# Bits of the territory order that one level numbers its children with; a unit's subtree is the
# range [lo, lo + 2**width). 62 bits in all, so that every bound fits int8.
WIDTHS: dict[str, int] = {
    "city": 52, "county": 46, "street": 37, "community": 26,
    "grid": 16, "section": 16, "compound": 5, "group": 5, "neighbourhood": 0,
}  # fmt: skip
LEVELS = tuple(WIDTHS)
GRID_KINDS = ("general", "dedicated", "micro_grid")


def _levels(levels: tuple[str, ...]) -> str:
    return ", ".join(f"'{level}'" for level in levels)


def geometry(kind: str, **kw: Any) -> Geometry:
    """A typed column in EPSG:4326; indexes are declared explicitly beside it."""
    return Geometry(kind, srid=4326, spatial_index=False, **kw)


class Territory(Changed, Base):
    """One unit of the tree at any level, from city to compound; never deleted."""

    __tablename__ = "territory"
    __scope__ = "tree"

    territory_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    level: Mapped[str]
    kind: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("territory.territory_id"), index=True)
    lo: Mapped[int] = mapped_column(server_default=text("-1"))
    hi: Mapped[int] = mapped_column(server_default=text("-1"))
    code: Mapped[str | None]
    edition: Mapped[str | None]
    local_code: Mapped[str | None]
    name: Mapped[str]
    households: Mapped[int | None]
    gates: Mapped[int | None]
    geom: Mapped[Any] = mapped_column(geometry("MULTIPOLYGON"), nullable=False)
    # Drawn geometry: Web Mercator, rings turned as vector tiles want them, computed once a write.
    gcw: Mapped[Any] = mapped_column(
        Geometry("GEOMETRY", srid=3857, spatial_index=False),
        Computed("st_forcepolygonccw(st_transform(geom, 3857))", persisted=True),
    )
    anchor: Mapped[Any] = mapped_column(
        geometry("POINT"), Computed("st_pointonsurface(geom)", persisted=True)
    )
    area_m2: Mapped[float] = mapped_column(server_default=text("0"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (
        CheckConstraint(f"level IN ({_levels(LEVELS)})", name="level"),
        CheckConstraint(
            f"kind IS NULL OR (level = 'grid' AND kind IN ({_levels(GRID_KINDS)}))", name="kind"
        ),
        CheckConstraint("(parent_id IS NULL) = (level = 'city')", name="parent"),
        CheckConstraint("st_isvalid(geom) AND NOT st_isempty(geom)", name="geom_valid"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        CheckConstraint("households >= 0 AND gates >= 0", name="counts"),
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name"),
        CheckConstraint("(code IS NULL) = (edition IS NULL)", name="edition"),
        Index("uq_territory_edition_code", "edition", "code", unique=True),
        Index("uq_territory_range", "lo", "hi", unique=True),
        Index("ix_territory_geom", "geom", postgresql_using="gist"),
        *(
            Index(f"ix_territory_geom_{level}", "geom", postgresql_using="gist",
                  postgresql_where=text(f"level = '{level}'"))
            for level in ("grid", "compound")
        ),
        *(
            Index(f"ix_territory_gcw_{level}", "gcw", postgresql_using="gist",
                  postgresql_where=text(f"level = '{level}'"))
            for level in ("county", "street", "community", "grid", "compound")
        ),
        Index("ix_territory_level_lo", "level", "lo"),
        Index("ix_territory_name_trgm", "name", postgresql_using="gin",
              postgresql_ops={"name": "gin_trgm_ops"}),
    )  # fmt: skip


class TerritoryOrdinal(Base):
    """The next number of a parent's child at each level: numbers are never given twice."""

    __tablename__ = "territory_ordinal"
    __scope__ = "system"
    lo: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    width: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    used: Mapped[int]


class City(Placed, Base):
    """What is true of one city as a whole: the CRS it is measured in, its road graph's version."""

    __tablename__ = "city"
    # Whoever measures anything inside the city needs its CRS: read by all.
    __scope__ = "shared"
    __place_from__ = (("territory_id", "city"),)
    territory_id: Mapped[int] = mapped_column(
        ForeignKey("territory.territory_id"), primary_key=True, autoincrement=False
    )
    measuring_epsg: Mapped[int]
    attribution: Mapped[str] = mapped_column(server_default="")
    graph_version: Mapped[int] = mapped_column(server_default=text("1"))
    __table_args__ = (CheckConstraint("measuring_epsg NOT IN (3857, 4326, 4490)", name="crs"),)


class TerritoryAlias(Placed, Base):
    """Another name of a unit, with its source."""

    __tablename__ = "territory_alias"
    __place_from__ = (("territory_id", "*"),)
    alias_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), index=True)
    alias: Mapped[str]
    source: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class TerritoryLineage(Placed, Base):
    """Which unit became which: split, merge, transfer, rename."""

    __tablename__ = "territory_lineage"
    __place_from__ = (("to_id", "*"),)
    lineage_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), index=True)
    change: Mapped[str]
    effective_on: Mapped[date]
    __table_args__ = (
        CheckConstraint("change IN ('split', 'merge', 'transfer', 'boundary')", name="change"),
        CheckConstraint("from_id <> to_id", name="ends"),
    )


class CompoundGrid(Placed, Base):
    """How much of a compound lies in a grid: a compound may straddle several."""

    __tablename__ = "compound_grid"
    __place_from__ = (("compound_id", "compound"),)
    compound_id: Mapped[int] = mapped_column(
        ForeignKey("territory.territory_id"), primary_key=True, autoincrement=False
    )
    grid_id: Mapped[int] = mapped_column(
        ForeignKey("territory.territory_id"), primary_key=True, autoincrement=False, index=True
    )
    area_share: Mapped[float]
    household_share: Mapped[float]
    __table_args__ = (
        CheckConstraint("area_share > 0 AND area_share <= 1.000001", name="area_share"),
        CheckConstraint(
            "household_share >= 0 AND household_share <= 1.000001", name="household_share"
        ),
    )


class Building(Placed, Base):
    """A building as counts: entrances, floors, households. Never who lives in it."""

    __tablename__ = "building"
    __place_from__ = (("compound_id", "compound"),)
    building_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), index=True)
    name: Mapped[str]
    entrances: Mapped[int | None]
    floors: Mapped[int | None]
    households: Mapped[int | None]
    location: Mapped[Any] = mapped_column(geometry("POINT"), nullable=False)
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        CheckConstraint("entrances >= 0 AND floors >= 0 AND households >= 0", name="counts"),
    )


class Road(Placed, Base):
    """One edge of a city's road graph. Node numbers are local to the city."""

    __tablename__ = "road"
    __place_from__ = (("city_id", "city"),)
    # Ground of every map, not anybody's data: read by all, like the names of ancestors.
    __scope__ = "shared"
    road_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), index=True)
    from_node: Mapped[int]
    to_node: Mapped[int]
    road_class: Mapped[str]
    name: Mapped[str | None]
    length_m: Mapped[float]
    # No value: a way that nobody walks, or that no vehicle takes.
    walk_s: Mapped[float | None]
    drive_s: Mapped[float | None]
    is_oneway: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[Any] = mapped_column(geometry("LINESTRING"), nullable=False)
    g3857: Mapped[Any] = mapped_column(
        Geometry("LINESTRING", srid=3857, spatial_index=False),
        Computed("st_transform(geom, 3857)", persisted=True),
    )
    __table_args__ = (
        CheckConstraint("length_m >= 0 AND walk_s >= 0 AND drive_s >= 0", name="costs"),
        CheckConstraint("st_isvalid(geom) AND NOT st_isempty(geom)", name="geom_valid"),
        Index("ix_road_geom", "geom", postgresql_using="gist"),
        Index("ix_road_g3857", "g3857", postgresql_using="gist"),
    )
