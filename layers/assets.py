"""Where scripts and styles come from: addresses for a page, contents for a file on its own."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from pathlib import Path

from gis.base.errors import ServiceUnavailable
from layers import elements

# package -> (scripts, styles) of it that a page loads
PACKAGES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "leaflet": (("leaflet.js",), ("leaflet.css",)),
    "protomaps-leaflet": (("protomaps-leaflet.js",), ()),
    "leaflet-geoman-free": (("leaflet-geoman.js",), ("leaflet-geoman.css",)),
}


@cache
def manifest(vendor_dir: Path) -> dict[str, dict[str, object]]:
    """What scripts/vendor.py put there. Raises ServiceUnavailable when it did not."""
    try:
        return json.loads((vendor_dir / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ServiceUnavailable(
            "前端库还没有安装，请运行 make install。",
            "The front-end libraries are not installed; run `make install`.",
        ) from None


def vendored(vendor_dir: Path, package: str, name: str) -> str:
    """The path of one library file below the vendor folder: ``leaflet@1.9.4/leaflet.js``."""
    known = manifest(vendor_dir).get(package)
    if known is None or name not in known["files"]:  # type: ignore[operator]
        raise ServiceUnavailable(
            f"前端库 {package} 不完整，请重新运行 make install。",
            f"The front-end library {package} is incomplete; run `make install` again.",
        )
    return f"{known['path']}/{name}"


def library_text(vendor_dir: Path, package: str, name: str) -> str:
    """A library file's text; pictures that a style names are put into it, source maps left out."""
    path = vendor_dir / vendored(vendor_dir, package, name)
    body = re.sub(r"(?m)^\s*(//[#@]|/\*[#@]) ?sourceMappingURL=.*$", "", path.read_text("utf-8"))
    if path.suffix != ".css":
        return body
    return re.sub(r"url\((['\"]?)(?!data:|#)([^)'\"]+)\1\)", lambda m: _inlined(path, m), body)


def _inlined(style: Path, match: re.Match[str]) -> str:
    picture = style.parent / match.group(2)
    if picture.suffix != ".png" or not picture.is_file():
        return "none"
    data = base64.b64encode(picture.read_bytes()).decode()
    return f"url(data:image/png;base64,{data})"


def element_text(name: str) -> str:
    """One of our own scripts or styles."""
    return elements.source(name)
