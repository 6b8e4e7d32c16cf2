"""Our folium map: no outside host, no inline style, a nonce on every script; a page or its parts.

Folium's own defaults name seven outside hosts; `LianjianMap` overrides them on the subclass. No
inline handler and no style attribute is written, every script and style carries the nonce, so a
policy without 'unsafe-inline' holds.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, Figure
from folium.template import Template

from gis.base.errors import BadInput
from gis.base.settings import ROOT
from layers import assets
from layers.elements.base import MapElement, script_json

MAX_ZOOM = 19
MIN_ZOOM = 7
MAP_ID = "lj-map"
VENDOR_DIR = ROOT / "web" / "static" / "vendor"


@dataclass(frozen=True, slots=True)
class MapUrls:
    """Addresses of our own service that a map uses; all of one origin."""

    elements: str = "/static/elements"
    vendor: str = "/static/vendor"
    tiles: str = "/api/tiles/{layer}/{z}/{x}/{y}.mvt"
    legend: str = "/api/layers/{layer}/legend"
    features: str = "/api/layers/{layer}/features"
    changes: str = "/api/layers/{layer}/changes"
    at: str = "/api/at"
    find: str = "/api/find"


@dataclass(frozen=True, slots=True)
class Parts:
    """The three pieces of a map for a page of somebody else's: HTML, already escaped."""

    head: str
    body: str
    script: str


class Page(Figure):
    """A whole document around a map; folium's own writes a script without a nonce."""

    _template = Template(
        '<!DOCTYPE html>\n<html lang="zh-CN" class="lj-whole">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{{ this.title_text }}</title>\n{{ this.header.render(**kwargs) }}\n</head>\n"
        "<body>\n{{ this.html.render(**kwargs) }}\n{{ this.script.render(**kwargs) }}\n"
        "</body>\n</html>\n"
    )

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title_text = html.escape(title or "联建一张图")
        self.header._children.clear()


class LianjianMap(folium.Map):
    """Folium's map without folium's hosts, pictures and inline styles; its id is always the same,
    so two renderings of one map are equal.
    """

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []
    _template = Template("")

    def __init__(self, options: dict[str, Any], *, title: str, nonce: str | None,
                 loads: Loads) -> None:  # fmt: skip
        super().__init__(location=(0, 0), tiles=None, max_zoom=MAX_ZOOM)
        self.lj_options, self.title, self.nonce, self.loads = options, title, nonce, loads
        Page(title).add_child(self)

    def get_name(self) -> str:
        """The id of the map's element."""
        return MAP_ID

    def mapped(self) -> list[MapElement]:
        """Our elements on this map, in the order they were added."""
        return [child for child in self._children.values() if isinstance(child, MapElement)]

    @property
    def page(self) -> Page:
        """The document around the map."""
        page = self.get_root()
        assert isinstance(page, Page)
        return page

    def render(self, **kwargs: Any) -> str:
        """Puts the assets, the element and one script into the page around the map."""
        page = self.page
        made = self.parts()
        page.header.add_child(Element(_verbatim(made.head)), name="lj_head")
        page.html.add_child(Element(_verbatim(made.body)), name="lj_body")
        page.script.add_child(Element(_verbatim(made.script)), name="lj_script")
        return ""

    def parts(self) -> Parts:
        """Head (styles and libraries), body (the element), script (what builds the map)."""
        wanted = self.mapped()
        calls = [element._template.module.script(element, {}) for element in wanted]
        name = script_json(MAP_ID)
        body = "\n".join(
            [f"lj.map({name}, {script_json(self.lj_options)});", *calls, f"lj.start({name});"]
        )
        attribute = f' nonce="{html.escape(self.nonce, quote=True)}"' if self.nonce else ""
        return Parts(
            self.loads.head(wanted, attribute),
            f'<div id="{MAP_ID}" class="lj-map" tabindex="0"></div>',
            f"<script{attribute}>\n{body}\n</script>",
        )


@dataclass(frozen=True, slots=True)
class Loads:
    """Where the page's scripts and styles come from: addresses, or their very text."""

    vendor_dir: Path
    urls: MapUrls | None

    def head(self, wanted: Sequence[MapElement], attribute: str) -> str:
        packages = dict.fromkeys(["leaflet", *(p for e in wanted for p in e.packages)])
        scripts = dict.fromkeys(["core.js", *(s for e in wanted for s in e.scripts)])
        styles = [(p, n) for p in packages for n in assets.PACKAGES[p][1]]
        library = [(p, n) for p in packages for n in assets.PACKAGES[p][0]]
        lines = [self._style(attribute, p, n) for p, n in [*styles, (None, "map.css")]]
        lines += [self._script(attribute, p, n) for p, n in library]
        lines += [self._script(attribute, None, name) for name in scripts]
        return "\n".join(lines)

    def _address(self, package: str | None, name: str) -> str:
        assert self.urls is not None
        if package is None:
            return html.escape(f"{self.urls.elements}/{name}", quote=True)
        path = assets.vendored(self.vendor_dir, package, name)
        return html.escape(f"{self.urls.vendor}/{path}", quote=True)

    def _text(self, package: str | None, name: str) -> str:
        if package is None:
            return assets.element_text(name)
        return assets.library_text(self.vendor_dir, package, name)

    def _script(self, attribute: str, package: str | None, name: str) -> str:
        if self.urls:
            return f'<script{attribute} src="{self._address(package, name)}"></script>'
        text = self._text(package, name).replace("</script", "<\\/script").replace("<!--", "<\\!--")
        return f"<script{attribute}>\n{text}\n</script>"

    def _style(self, attribute: str, package: str | None, name: str) -> str:
        if self.urls:
            return f'<link{attribute} rel="stylesheet" href="{self._address(package, name)}">'
        return f"<style{attribute}>\n{self._text(package, name)}\n</style>"


def empty_map(
    bounds: tuple[float, float, float, float] | None,
    center: tuple[float, float] | None, zoom: int, title: str, source: str,
    nonce: str | None, loads: Loads,
) -> LianjianMap:  # fmt: skip
    """A map with nothing on it yet. Raises BadInput without a place."""
    if bounds is None and center is None:
        raise BadInput("地图要有范围或中心。", "A map needs bounds or a centre.")
    options = {
        "bounds": bounds, "center": center, "zoom": zoom, "title": title, "source": source,
        "minZoom": MIN_ZOOM, "maxZoom": MAX_ZOOM,
    }  # fmt: skip
    return LianjianMap(options, title=title, nonce=nonce, loads=loads)


def _verbatim(text: str) -> str:
    """Branca renders an element's text as a template; braces of ours are no template's."""
    return "{% raw %}" + text.replace("{% endraw %}", "") + "{% endraw %}"
