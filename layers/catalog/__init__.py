"""The layers there are: one file a layer, and this explicit list, bottom of the map first."""

from __future__ import annotations

from gis.base.errors import NotFound
from layers.catalog import (
    compounds,
    facilities,
    grids,
    members,
    post_status,
    projects,
    roads,
    territory,
)
from layers.layer import Layer

LAYERS: dict[str, Layer] = {
    layer.key: layer
    for layer in (
        roads.LAYER,
        territory.LAYER,
        grids.LAYER,
        compounds.LAYER,
        members.LAYER,
        facilities.LAYER,
        projects.LAYER,
        post_status.LAYER,
    )
}


def layer_of(key: str) -> Layer:
    """The layer of this key. Raises NotFound."""
    if key not in LAYERS:
        raise NotFound(
            f"没有图层 {key[:40]}；可用：{'、'.join(LAYERS)}。",
            f"No layer {key[:40]}; there are {', '.join(LAYERS)}.",
        )
    return LAYERS[key]
