"""Style as data: what Python exports, what the browser paints and what the legend says.

One `Sign` a category: a colour and a second sign beside it (pattern, dash or symbol), because
colour is never the only sign. `Categories` and `Steps` hold the signs of a layer; both answer
`paint`, `spec` and `legend`, and the browser's painter reads nothing but `spec`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from layers.palette import inked

PATTERNS = ("solid", "hatch", "back", "lines", "dots", "cross", "none")
SYMBOLS = ("circle", "ring", "square", "diamond", "triangle", "cross", "plus", "bar")
SHAPES = ("polygon", "line", "point")


@dataclass(frozen=True, slots=True)
class FeatureStyle:
    """How one feature is painted. Widths in CSS pixels, opacity 0..1, dash as canvas takes it."""

    fill: str
    fill_opacity: float
    pattern: str
    stroke: str
    width: float
    dash: tuple[int, ...]
    symbol: str
    radius: float


@dataclass(frozen=True, slots=True)
class Sign:
    """One category: its key in the data, its names, its colour and its second sign."""

    key: str
    zh: str
    en: str
    colour: str
    pattern: str = "solid"
    symbol: str = "circle"
    dash: tuple[int, ...] = ()
    width: float = 1.0
    opacity: float = 0.78

    def __post_init__(self) -> None:
        if self.pattern not in PATTERNS or self.symbol not in SYMBOLS:
            raise ValueError(f"{self.key}: unknown pattern or symbol")

    @property
    def ink(self) -> str:
        """The outline's colour, dark enough on the ground."""
        return inked(self.colour)

    def paint(self, radius: float) -> FeatureStyle:
        """The sign as a painter takes it."""
        return FeatureStyle(self.colour, self.opacity, self.pattern, self.ink, self.width,
                            self.dash, self.symbol, radius)  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """The sign as legend and browser take it."""
        return {
            "key": self.key, "zh": self.zh, "en": self.en, "colour": self.colour,
            "ink": self.ink, "pattern": self.pattern, "symbol": self.symbol,
            "dash": list(self.dash), "width": self.width, "opacity": self.opacity,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Categories:
    """The exclusive categories of a layer, in the order the legend lists them."""

    shape: str
    signs: tuple[Sign, ...]
    radius: float = 5.0

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise ValueError(f"unknown shape {self.shape}")
        if len({sign.key for sign in self.signs}) != len(self.signs):
            raise ValueError("two signs of one key")

    @property
    def keys(self) -> tuple[str, ...]:
        """The categories' keys, in legend order."""
        return tuple(sign.key for sign in self.signs)

    def paint(self, key: str) -> FeatureStyle:
        """The style of a category. Raises KeyError for one that is not declared."""
        for sign in self.signs:
            if sign.key == key:
                return sign.paint(self.radius)
        raise KeyError(key)

    def spec(self) -> dict[str, Any]:
        """The style as JSON for the browser."""
        return {
            "shape": self.shape,
            "radius": self.radius,
            "signs": [sign.as_dict() for sign in self.signs],
        }

    def legend(self, counts: Mapping[str, int]) -> list[dict[str, Any]]:
        """Rows of the legend: every category, also those with none, each with its count."""
        unknown = set(counts) - set(self.keys)
        if unknown:
            raise KeyError(f"categories without a sign: {sorted(unknown)}")
        return [sign.as_dict() | {"n": int(counts.get(sign.key, 0))} for sign in self.signs]


@dataclass(frozen=True, slots=True)
class Steps(Categories):
    """Classes of a number: class i holds values from ``breaks[i]`` up to the next break.

    The first sign is for values below the first break.
    """

    breaks: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        Categories.__post_init__(self)
        if len(self.signs) != len(self.breaks) + 1 or list(self.breaks) != sorted(self.breaks):
            raise ValueError("n rising breaks make n + 1 classes")

    def key_of(self, value: float) -> str:
        """The class that a value falls in."""
        return self.signs[sum(value >= b for b in self.breaks)].key

    def sql(self, expression: str) -> str:
        """The same classes as an SQL expression: one declaration for Python and database."""
        cases = "".join(
            f" WHEN {expression} < {limit} THEN '{sign.key}'"
            for sign, limit in zip(self.signs, self.breaks, strict=False)
        )
        return f"CASE{cases} ELSE '{self.signs[-1].key}' END"
