"""Our own static files, the front-end libraries and the map elements: one door, cached for good.

``static_url("css/base.css")`` carries a hash of the content; asked with it, the file may be kept
for a year, asked without, it is checked by ETag. Bytes are compressed once a process.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, url_for
from werkzeug.utils import safe_join

from gis.base.settings import Settings
from web.permissions import public

# layers/elements holds Python beside JavaScript: only these leave the house.
SUFFIXES = {".js", ".css", ".svg", ".png", ".webp", ".ico", ".woff2", ".json"}
COMPRESSED = {".js", ".css", ".svg", ".json"}
YEAR_S = 31_536_000


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    packed: bytes | None
    digest: str
    mimetype: str


def install(app: Flask, settings: Settings) -> None:
    """Serves ``/static/…`` and gives templates ``static_url``."""
    own = Path(__file__).parent / "static"
    elements = Path(str(resources.files("layers") / "elements"))
    roots = {"vendor": settings.vendor_dir, "elements": elements}
    blueprint = Blueprint("static", __name__)

    def find(name: str) -> Asset | None:
        first, _, rest = name.partition("/")
        root, inner = (roots[first], rest) if first in roots else (own, name)
        joined = safe_join(str(root), inner)
        path = Path(joined) if joined else None
        if path is None or path.suffix not in SUFFIXES or not path.is_file():
            return None
        stat = path.stat()
        return _load(path, stat.st_mtime_ns, stat.st_size)

    def static_url(name: str) -> str:
        asset = find(name)
        return url_for("static.send", name=name, v=asset.digest if asset else None)

    @blueprint.get("/static/<path:name>")
    @public
    def send(name: str) -> Response:
        asset = find(name) or abort(404)
        packed = asset.packed is not None and "gzip" in request.accept_encodings
        response = Response(asset.packed if packed else asset.body, mimetype=asset.mimetype)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.set_etag(asset.digest + ("-gz" if packed else ""))
        # A vendored library carries its version in its path.
        is_fixed = name.startswith("vendor/") and "@" in name
        if is_fixed or request.args.get("v") == asset.digest:
            response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
        else:
            response.headers["Cache-Control"] = "public, no-cache"
        return response.make_conditional(request)

    app.register_blueprint(blueprint)
    app.jinja_env.globals["static_url"] = static_url


@lru_cache(maxsize=512)
def _load(path: Path, _changed: int, _size: int) -> Asset:
    body = path.read_bytes()
    packed = None
    if path.suffix in COMPRESSED and len(body) > 1024:
        packed = gzip.compress(body, 9, mtime=0)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(body, packed, hashlib.sha256(body).hexdigest()[:12], kind)
