"""What all our elements share: they are one call of a script, with their options as JSON."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from branca.element import MacroElement
from folium.template import Template


def script_json(value: Any) -> str:
    """JSON that may stand inside a script element: no name in it can end the script."""
    made = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for mark in "<>&\u2028\u2029":
        made = made.replace(mark, f"\\u{ord(mark):04x}")
    return made


class MapElement(MacroElement):
    """An element of a map. ``scripts`` and ``packages`` are what the page loads for it."""

    call: ClassVar[str]
    scripts: ClassVar[tuple[str, ...]] = ()
    packages: ClassVar[tuple[str, ...]] = ()
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "lj.elements.{{ this.call }}(lj.maps[{{ this.map_id }}], {{ this.as_json() }});"
        "{% endmacro %}"
    )

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()
        self._name = type(self).__name__
        self.options = options

    @property
    def map_id(self) -> str:
        """The map's id as a script literal."""
        assert self._parent is not None, "the element is on no map yet"
        return script_json(self._parent.get_name())

    def as_json(self) -> str:
        """The options as a script literal."""
        return script_json(self.options)
