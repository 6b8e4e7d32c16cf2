"""Layers: what there is, tiles, legends, features, changes."""

from __future__ import annotations

import gzip
import hashlib
from datetime import date
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from gis.base import access, changes
from gis.base.errors import BadInput, NotFound
from layers import tiles
from layers.catalog import LAYERS
from layers.layer import Layer
from web.api import door
from web.permissions import needs
from web.session import current_actor, read

blueprint = door.blueprint("layers", "图层")
TILE = "application/vnd.mapbox-vector-tile"


@blueprint.get("/layers")
@needs("map.read")
def layers() -> ResponseReturnValue:
    """Every layer that the role may see."""
    actor = current_actor()
    return [layer.as_dict() for layer in LAYERS.values() if actor.may(layer.permission)]


@blueprint.get("/layers/<key>/tiles/<int:z>/<int:x>/<int:y>.mvt")
@needs("map.read")
def tile(key: str, z: int, x: int, y: int) -> ResponseReturnValue:
    """One vector tile, gzipped. 204 when nothing lies in it; 304 when nothing changed."""
    layer, params = _layer(key), _params(_layer(key))
    with read() as session:
        asked = (tiles.version(session, layer), key, z, x, y, sorted(params.items(), key=str))
        etag = hashlib.sha256(repr(asked).encode()).hexdigest()[:24]
        if etag in request.if_none_match:
            return _kept(Response(status=304), etag)
        body = tiles.tile(session, layer, z, x, y, **params)
    if not body:
        return _kept(Response(status=204), etag)
    # Level 1: a live tile is sent once, and time matters more than bytes.
    answer = Response(gzip.compress(body, 1, mtime=0), mimetype=TILE)
    answer.headers["Content-Encoding"] = "gzip"
    return _kept(answer, etag)


@blueprint.get("/layers/<key>/legend")
@needs("map.read")
def legend(key: str) -> ResponseReturnValue:
    """The legend with its numbers, counted within the actor's scope."""
    layer = _layer(key)
    with read() as session:
        return layer.legend(session, **_params(layer)).as_dict()


@blueprint.get("/layers/<key>/features")
@needs("map.read")
def features(key: str) -> ResponseReturnValue:
    """The layer as GeoJSON, of a box (``?bbox=west,south,east,north``) or whole."""
    layer = _layer(key)
    with read() as session:
        text = layer.features_text(session, bbox=_bbox(), **_params(layer))
    return Response(text, mimetype="application/geo+json")


@blueprint.get("/layers/<key>/changes")
@needs("map.read")
def changed(key: str) -> ResponseReturnValue:
    """What changed in a live layer at or after a cursor, and the next cursor."""
    layer = _layer(key)
    with read() as session:
        return layer.changes(session, changes.parse(request.args.get("after")), **_params(layer))


def _layer(key: str) -> Layer:
    """The layer of this key. Raises NotFound, Forbidden."""
    layer = LAYERS.get(key)
    if layer is None:
        raise NotFound("没有这个图层。", "There is no such layer.", known=list(LAYERS))
    access.check(current_actor(), layer.permission)
    return layer


def _params(layer: Layer) -> dict[str, Any]:
    """What this layer needs beside its key: ids by name, and the date it is drawn as of."""
    found: dict[str, Any] = {}
    for name in layer.params:
        value = request.args.get(name, "")
        if not value.isascii() or not value.isdigit() or len(value) > 18:
            raise BadInput(f"图层 {layer.key} 需要 {name}。", f"Layer {layer.key} needs {name}.")
        found[name] = int(value)
    if as_of := request.args.get("as_of"):
        try:
            found["as_of"] = date.fromisoformat(as_of)
        except ValueError:
            raise BadInput("日期写作 2026-06-22。", "Write the date as 2026-06-22.") from None
    return found


def _bbox() -> tuple[float, float, float, float] | None:
    given = request.args.get("bbox")
    if not given:
        return None
    try:
        west, south, east, north = (float(part) for part in given.split(","))
    except ValueError:
        raise BadInput("bbox 应为 西,南,东,北。", "bbox is west,south,east,north.") from None
    return west, south, east, north


def _kept(answer: Response, etag: str) -> Response:
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
