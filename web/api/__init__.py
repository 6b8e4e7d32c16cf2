"""JSON, GeoJSON and tiles. Every address answers errors as ``{"code", "message", …}``."""

from __future__ import annotations

from web.api import activations, incidents, layers, places

BLUEPRINTS = tuple(module.blueprint for module in (layers, places, incidents, activations))
