"""Reads of the tree: cities, the chain at a point, units by name, road graph.

Every function answers within the session's scope; ancestors of the scope are visible by name.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import case, func, or_, select, text
from sqlalchemy.orm import Session

from gis.base.errors import NotFound
from gis.geo import travel
from gis.territory.tables import LEVELS, Road, Territory, TerritoryAlias


@dataclass(frozen=True, slots=True)
class CityRow:
    """A city: bounds in degrees (WGS 84), the EPSG code it is measured in."""

    territory_id: int
    name: str
    measuring_epsg: int
    attribution: str
    graph_version: int
    lo: int
    hi: int
    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit with the point its label stands on (degrees, WGS 84)."""

    territory_id: int
    level: str
    name: str
    code: str | None
    lon: float
    lat: float

    def as_dict(self) -> dict[str, Any]:
        """The unit as the API answers it."""
        return asdict(self)


_DEPTH = case({level: i for i, level in enumerate(LEVELS)}, value=Territory.level)
_UNIT = (
    Territory.territory_id, Territory.level, Territory.name,
    func.coalesce(Territory.code, Territory.local_code).label("code"),
    func.st_x(Territory.anchor).label("lon"), func.st_y(Territory.anchor).label("lat"),
)  # fmt: skip


def cities(session: Session) -> list[CityRow]:
    """The cities that the scope touches, by id. Bounds are those of what is mapped of them.

    The bounds are of the communities, not of the city's outline: a map should open where
    something is.
    """
    sql = text(
        """
        SELECT t.territory_id, t.name, c.measuring_epsg, c.attribution, c.graph_version, t.lo, t.hi,
               ST_XMin(b.box) AS west, ST_YMin(b.box) AS south,
               ST_XMax(b.box) AS east, ST_YMax(b.box) AS north
        FROM city c JOIN territory t USING (territory_id)
        CROSS JOIN LATERAL (
          SELECT COALESCE(
            (SELECT ST_Extent(k.geom) FROM territory k
             WHERE k.level = 'community' AND k.lo >= t.lo AND k.hi <= t.hi),
            Box2D(t.geom)) AS box) b
        ORDER BY t.territory_id
        """
    )
    return [CityRow(**row) for row in session.execute(sql).mappings()]


def city_of(session: Session, territory_id: int) -> CityRow:
    """The city that a unit lies in. Raises NotFound."""
    unit_lo = session.scalar(select(Territory.lo).where(Territory.territory_id == territory_id))
    for city in cities(session):
        if unit_lo is not None and city.lo <= unit_lo < city.hi:
            return city
    raise NotFound("没有这个辖区，或不在您的范围内。", "No such territory within your scope.")


def chain_at(session: Session, lon: float, lat: float) -> list[UnitRow]:
    """The units that a point (WGS 84 degrees) lies in, outermost first; empty when in none."""
    point = func.st_setsrid(func.st_makepoint(lon, lat), 4326)
    rows = session.execute(
        select(*_UNIT)
        .where(func.st_intersects(Territory.geom, point))
        .where(Territory.valid_to.is_(None))
        .order_by(_DEPTH)
    )
    return [UnitRow(*row) for row in rows]


def unit(session: Session, territory_id: int) -> UnitRow:
    """One unit. Raises NotFound, also when it lies outside the scope."""
    row = session.execute(
        select(*_UNIT).where(Territory.territory_id == territory_id)
    ).one_or_none()
    if row is None:
        raise NotFound("没有这个辖区，或不在您的范围内。", "No such territory within your scope.")
    return UnitRow(*row)


def unit_by_code(session: Session, code: str) -> UnitRow:
    """The unit of an official or local code, newest edition first. Raises NotFound."""
    row = session.execute(
        select(*_UNIT)
        .where(or_(Territory.code == code, Territory.local_code == code))
        .order_by(Territory.edition.desc().nulls_last())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound(
            f"没有代码为 {code[:24]} 的辖区。", f"No territory has the code {code[:24]}."
        )
    return UnitRow(*row)


def find_units(session: Session, words: str, limit: int = 10) -> list[UnitRow]:
    """Units whose name, alias or code fits these words, best first, then by level."""
    words = words.strip()[:60]
    if not words:
        return []
    pattern = "%" + words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    alias = select(TerritoryAlias.territory_id).where(TerritoryAlias.alias.ilike(pattern))
    rows = session.execute(
        select(*_UNIT)
        .where(
            or_(
                Territory.name.ilike(pattern),
                Territory.code == words,
                Territory.local_code == words,
                Territory.territory_id.in_(alias),
            )
        )
        .where(Territory.valid_to.is_(None))
        .order_by(Territory.name != words, _DEPTH, func.length(Territory.name), Territory.name)
        .limit(min(limit, 50))
    )
    return [UnitRow(*row) for row in rows]


def city_outline(session: Session, city: CityRow) -> shapely.Geometry:
    """The outline that an incident must touch: the city's own polygon (WGS 84)."""
    raw = session.scalar(
        select(func.st_asbinary(Territory.geom)).where(Territory.territory_id == city.territory_id)
    )
    return shapely.from_wkb(bytes(raw or b""))


def road_graph(session: Session, city: CityRow) -> travel.RoadGraph | None:
    """The city's road graph for travel times, or None when it has no roads.

    Cached in the process by (city, graph_version): the version rises with every change of roads.
    """
    key = (city.territory_id, city.graph_version)
    if key not in _GRAPHS:
        _GRAPHS.clear()
        _GRAPHS[key] = _load_graph(session, city)
    return _GRAPHS[key]


_GRAPHS: dict[tuple[int, int], travel.RoadGraph | None] = {}


def _load_graph(session: Session, city: CityRow) -> travel.RoadGraph | None:
    rows = session.execute(
        select(
            Road.from_node, Road.to_node, Road.walk_s, Road.drive_s, Road.is_oneway,
            func.st_x(func.st_startpoint(Road.geom)), func.st_y(func.st_startpoint(Road.geom)),
            func.st_x(func.st_endpoint(Road.geom)), func.st_y(func.st_endpoint(Road.geom)),
            func.st_asbinary(Road.geom),
        ).where(Road.city_id == city.territory_id)
    ).all()  # fmt: skip
    if not rows:
        return None
    columns = list(zip(*rows, strict=True))
    ends = np.concatenate([np.asarray(columns[0]), np.asarray(columns[1])])
    lons = np.concatenate([np.asarray(columns[5]), np.asarray(columns[7])])
    lats = np.concatenate([np.asarray(columns[6]), np.asarray(columns[8])])
    node_id, first = np.unique(ends, return_index=True)
    return travel.build_graph(
        version=f"{city.territory_id}.{city.graph_version}",
        epsg=city.measuring_epsg,
        node_id=node_id, lon=lons[first], lat=lats[first],
        from_node=np.asarray(columns[0]), to_node=np.asarray(columns[1]),
        walk_s=np.asarray(columns[2], dtype=float), drive_s=np.asarray(columns[3], dtype=float),
        is_oneway=np.asarray(columns[4], dtype=bool),
        lines=shapely.from_wkb([bytes(b) for b in columns[9]]),
    )  # fmt: skip


def level_counts(session: Session) -> dict[str, int]:
    """How many units of each level the scope holds now."""
    rows = session.execute(
        select(Territory.level, func.count())
        .where(Territory.valid_to.is_(None))
        .group_by(Territory.level)
    )
    found: dict[str, int] = dict(rows.all())
    return {level: found.get(level, 0) for level in LEVELS}
