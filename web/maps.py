"""A map inside a page of ours: the layers, where it opens, this page's nonce."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from gis.territory import queries as territory
from layers import basemaps
from layers.catalog import LAYERS
from layers.compose import MapUrls, Parts, build_map, parts
from web.security import csp_nonce
from web.session import settings

URLS = MapUrls(
    elements="/static/elements", vendor="/static/vendor",
    tiles="/api/layers/{layer}/tiles/{z}/{x}/{y}.mvt", legend="/api/layers/{layer}/legend",
    features="/api/layers/{layer}/features", changes="/api/layers/{layer}/changes",
    at="/api/at", find="/api/find",
)  # fmt: skip


def map_parts(session: Session, keys: list[str], **how: Any) -> Parts:
    """Head, body and script of a map of these layers, opening on what the actor can see."""
    cities = territory.cities(session)
    if "center" not in how:
        how["bounds"] = how.get("bounds") or _bounds(cities)
    legends = {
        key: LAYERS[key].legend(session, **(how.get("params") or {}).get(key, {}))
        for key in keys if LAYERS[key].kind != "ground"
    }  # fmt: skip
    made = build_map(
        keys, urls=URLS, nonce=csp_nonce(), legends=legends,
        source="；".join(city.attribution for city in cities if city.attribution),
        base=basemaps.configured(settings()), max_vertices=settings().max_vertices,
        vendor_dir=settings().vendor_dir, **how,
    )  # fmt: skip
    return parts(made)


def _bounds(cities: list[territory.CityRow]) -> tuple[float, float, float, float]:
    if not cities:
        return (73.5, 18.0, 135.1, 53.6)  # no city yet: the whole country
    return (
        min(city.west for city in cities), min(city.south for city in cities),
        max(city.east for city in cities), max(city.north for city in cities),
    )  # fmt: skip
