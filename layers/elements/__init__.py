"""Our folium elements: each a .py that says what is wanted and a .js that does it.

The .py carries its options as data; the .js reads nothing else. The web serves this folder
(`path`), an exported file carries its contents (`source`).
"""

from __future__ import annotations

from pathlib import Path

from layers.elements.base import MapElement
from layers.elements.card import Card
from layers.elements.draw_area import DrawArea
from layers.elements.layer_switch import LayerSwitch
from layers.elements.legend import LegendPanel
from layers.elements.live_layer import LiveLayer
from layers.elements.search import Search
from layers.elements.static_layer import StaticLayer
from layers.elements.vector_tiles import VectorTiles

__all__ = [
    "Card",
    "DrawArea",
    "LayerSwitch",
    "LegendPanel",
    "LiveLayer",
    "MapElement",
    "Search",
    "StaticLayer",
    "VectorTiles",
    "files",
    "path",
    "source",
]


def path() -> Path:
    """The folder of scripts and styles; only *.js and *.css of it are for the web."""
    return Path(__file__).parent


def files() -> list[str]:
    """Names of what is served: scripts and styles."""
    return sorted(p.name for p in path().iterdir() if p.suffix in (".js", ".css"))


def source(name: str) -> str:
    """The text of one script or style. Raises FileNotFoundError."""
    return (path() / name).read_text(encoding="utf-8")
