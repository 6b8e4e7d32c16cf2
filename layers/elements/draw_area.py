"""Draws or uploads the area of an incident."""

from __future__ import annotations

from layers.elements.base import MapElement


class DrawArea(MapElement):
    """Polygon, rectangle, file or unit by name; each change is the DOM event ``lj:area``."""

    call = "drawArea"
    scripts = ("search.js", "draw_area.js")
    packages = ("leaflet-geoman-free",)

    def __init__(self, *, find: str, features: str, max_vertices: int) -> None:
        super().__init__({"find": find, "features": features, "maxVertices": max_vertices})
