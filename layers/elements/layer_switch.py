"""Switches that show and hide layers, on the headings of the legend."""

from __future__ import annotations

from layers.elements.base import MapElement


class LayerSwitch(MapElement):
    """Stands on a `LegendPanel` that was added before."""

    call = "layerSwitch"
    scripts = ("layer_switch.js",)

    def __init__(self) -> None:
        super().__init__({})
