"""The raster below everything, when the administrator configured one."""

from __future__ import annotations

from layers.basemaps import Basemap
from layers.elements.base import MapElement


class BasemapTiles(MapElement):
    """The configured base map; its attribution stands in the source line, as text."""

    call = "basemap"
    scripts = ("basemap.js",)

    def __init__(self, base: Basemap) -> None:
        super().__init__({"url": base.url, "maxZoom": base.max_zoom})
