"""Base maps: only the one that the administrator configured, and only when it fits our datum.

Without one the ground is the imported roads and boundaries: nothing is asked of another host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gis.base.errors import BadInput
from gis.base.settings import Settings

# Datums whose tiles lie under our WGS 84 points without a shift worth drawing (CGCS2000: under
# 0.1 m). GCJ-02 tiles lie 550–625 m beside them at Zhangjiajie: a grid's width.
ALIGNED = ("wgs84", "cgcs2000")
_URL = re.compile(r"^(https?://[^\s\"'<>]+|/[^\s\"'<>]*)$")


@dataclass(frozen=True, slots=True)
class Basemap:
    """A raster base map: address template with {z} {x} {y}, attribution with its 审图号."""

    url: str
    attribution: str
    max_zoom: int = 18

    @property
    def origin(self) -> str | None:
        """The host that the page's policy must allow for pictures; None for our own."""
        match = re.match(r"^https?://[^/]+", self.url)
        return match.group(0).replace("{s}", "*") if match else None


def configured(settings: Settings) -> Basemap | None:
    """The base map of the settings; None when there is none.

    Raises BadInput for a datum that would put every point beside its place, for an address
    without z, x and y, and for a missing attribution (图源与审图号 must be shown).
    """
    if not settings.basemap_url:
        return None
    if settings.basemap_datum not in ALIGNED:
        raise BadInput(
            f"底图基准为 {settings.basemap_datum}，与本系统坐标相差约 600 米，不能直接叠加。"
            "请换用天地图等 CGCS2000/WGS84 底图，或不配置底图。",
            f"The base map's datum is {settings.basemap_datum}: it lies about 600 m off our "
            "coordinates. Configure one in CGCS2000 or WGS84, or none.",
        )
    url = settings.basemap_url
    if not _URL.match(url) or not all(mark in url for mark in ("{z}", "{x}", "{y}")):
        raise BadInput(
            "底图地址应为 http(s) 地址或本站路径，并含 {z}、{x}、{y}。",
            "The base map's address must be http(s) or a path, with {z}, {x} and {y}.",
        )
    if not settings.basemap_attribution.strip():
        raise BadInput(
            "配置了底图就要写明图源与审图号（LIANJIAN_BASEMAP_ATTRIBUTION）。",
            "A base map needs its attribution and review number (LIANJIAN_BASEMAP_ATTRIBUTION).",
        )
    return Basemap(url, settings.basemap_attribution.strip())
