"""Colours by role, and the arithmetic that shows they can be told apart.

Few hues, used with meaning: blue is there, ochre is on its way, vermilion is missing, grey is
neither. The numbers (`contrast`, `difference`, `simulate`) are what tests/layers holds them to.
"""

from __future__ import annotations

import math

# Surfaces that colours must stand on.
GROUND = "#f3f2ee"
PAPER = "#ffffff"

INK = "#22303a"
MUTED = "#5b6872"

# Fills, dark to light within a hue; each keeps its place in simulated red-green blindness.
NAVY = "#12476b"
BLUE = "#4a8fbb"
SKY = "#a3cde3"
TEAL = "#1d7a72"
OCHRE = "#dca83a"
SAND = "#f0dcaa"
VERMILION = "#c2402c"
STONE = "#a7aaab"
SLATE = "#7b8b93"
PALE = "#dfe1e0"
PLUM = "#6d4a7c"

RAMP = ("#e9eef0", "#c5dae6", "#8fb9d3", "#4a87b0", "#12476b")

# Viénot, Brettel & Mollon (1999): dichromat simulation, a matrix on linear sRGB.
_SIMULATE = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


def rgb(colour: str) -> tuple[float, float, float]:
    """``#rrggbb`` as three numbers 0..1. Raises ValueError."""
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(f"not a #rrggbb colour: {colour!r}")
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def hexed(parts: tuple[float, float, float]) -> str:
    """Three numbers 0..1 as ``#rrggbb``; what is outside is cut."""
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, p))):02x}" for p in parts)


def mixed(colour: str, other: str, share: float) -> str:
    """The colour with this share (0..1) of the other in it, mixed in sRGB as a canvas does."""
    pairs = zip(rgb(colour), rgb(other), strict=True)
    return hexed(tuple(a + (b - a) * share for a, b in pairs))  # type: ignore[arg-type]


def inked(colour: str) -> str:
    """The outline of a fill: the same hue, dark enough for 3:1 on the ground."""
    share, made = 0.0, colour
    while contrast(made, GROUND) < 3.2 and share < 1:
        share += 0.05
        made = mixed(colour, INK, share)
    return mixed(made, INK, 0.15)


def contrast(one: str, two: str) -> float:
    """Contrast ratio of WCAG 2.2, 1..21."""
    low, high = sorted(_luminance(c) + 0.05 for c in (one, two))
    return high / low


def simulate(colour: str, sight: str) -> str:
    """The colour as a protanope or deuteranope sees it."""
    linear = [_linear(p) for p in rgb(colour)]
    seen = (sum(w * p for w, p in zip(row, linear, strict=True)) for row in _SIMULATE[sight])
    return hexed(tuple(_gamma(min(1.0, max(0.0, p))) for p in seen))  # type: ignore[arg-type]


def difference(one: str, two: str) -> float:
    """Distance in CIE 1976 L*a*b*: about 2 is just noticeable, 15 is told apart at a glance."""
    return math.dist(_lab(one), _lab(two))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(p) for p in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lab(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(p) for p in rgb(colour))
    white = (0.95047, 1.0, 1.08883)
    xyz = (
        0.4124 * red + 0.3576 * green + 0.1805 * blue,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        0.0193 * red + 0.1192 * green + 0.9505 * blue,
    )
    x, y, z = (_lab_root(v / w) for v, w in zip(xyz, white, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _lab_root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116
