"""A map from layers: which elements, in which order, with which addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from layers import elements
from layers.basemaps import Basemap
from layers.catalog import LAYERS, layer_of
from layers.elements.base import MapElement
from layers.elements.basemap import BasemapTiles
from layers.export import EXPORTS, export_html
from layers.layer import Layer, Legend
from layers.map_page import VENDOR_DIR, LianjianMap, Loads, MapUrls, Parts, empty_map

__all__ = [
    "EXPORTS",
    "VENDOR_DIR",
    "LianjianMap",
    "MapUrls",
    "Parts",
    "build_map",
    "export_html",
    "page",
    "parts",
]

GROUND = ("roads", "territory")


def build_map(
    keys: Sequence[str],
    *,
    urls: MapUrls,
    bounds: tuple[float, float, float, float] | None = None,
    center: tuple[float, float] | None = None,
    zoom: int = 12,
    nonce: str | None = None,
    base: Basemap | None = None,
    title: str = "",
    source: str = "",
    visible: Sequence[str] | None = None,
    legends: Mapping[str, Legend] | None = None,
    params: Mapping[str, Mapping[str, Any]] | None = None,
    draw: bool = False,
    search: bool = True,
    max_vertices: int = 50_000,
    vendor_dir: Path | None = None,
) -> LianjianMap:
    """A map of these layers in the catalog's order; roads and boundaries are always below them.

    ``bounds`` (west, south, east, north) or ``center`` (lon, lat) in degrees. ``visible`` are the
    layers switched on at first (default: all); ``params`` what live layers are asked with.
    Raises NotFound for an unknown layer, BadInput without a place or for missing parameters.
    """
    given = {key: dict((params or {}).get(key, {})) for key in keys}
    wanted = {layer_of(key).key for key in [*GROUND, *keys]}
    chosen = [layer for key, layer in LAYERS.items() if key in wanted]
    for layer in chosen:
        layer.asked(None, given.get(layer.key, {}))
    made = empty_map(bounds, center, zoom, title, _source(source, base), nonce,
                  Loads(vendor_dir or VENDOR_DIR, urls))  # fmt: skip
    if base is not None:
        made.add_child(BasemapTiles(base))
    for layer in chosen:
        shown = layer.kind == "ground" or visible is None or layer.key in visible
        asked = given.get(layer.key, {})
        made.add_child(_drawn(layer, urls, shown, asked))
    made.add_child(elements.LegendPanel(dict(legends or {}), urls.legend, params=given))
    made.add_child(elements.LayerSwitch())
    if search:
        made.add_child(elements.Search(urls.find))
    made.add_child(elements.Card(urls.at))
    if draw:
        made.add_child(elements.DrawArea(find=urls.find, features=urls.features,
                                         max_vertices=max_vertices))  # fmt: skip
    return made


def page(made: LianjianMap) -> str:
    """The map as a whole document."""
    return made.get_root().render()


def parts(made: LianjianMap) -> Parts:
    """The map as pieces for a template of the web."""
    return made.parts()


def _drawn(layer: Layer, urls: MapUrls, shown: bool, asked: dict[str, Any]) -> MapElement:
    if layer.is_live:
        return elements.LiveLayer(layer, urls.features, urls.changes, is_visible=shown,
                                  params=asked)  # fmt: skip
    return elements.VectorTiles(layer, urls.tiles, is_visible=shown, params=asked)


def _source(source: str, base: Basemap | None) -> str:
    return " · ".join(part for part in (source, base.attribution if base else "") if part)
