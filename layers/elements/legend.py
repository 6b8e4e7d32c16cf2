"""The legend: signs, counts, and which level is shown."""

from __future__ import annotations

from typing import Any

from layers.elements.base import MapElement
from layers.layer import Legend


class LegendPanel(MapElement):
    """Legends given are in the page at once; the others are asked for at ``url``."""

    call = "legend"
    scripts = ("signs.js", "legend.js")

    def __init__(
        self, legends: dict[str, Legend], url: str | None, *, title: str = "",
        params: dict[str, dict[str, Any]] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            {
                "legends": {key: legend.as_dict() for key, legend in legends.items()},
                "url": url, "title": title, "params": params or {},
            }
        )  # fmt: skip
