"""Service points by kind, each kind its own symbol."""

from __future__ import annotations

from gis.facilities.tables import KINDS
from layers import palette
from layers.catalog.common import PARENTS
from layers.layer import Layer, sql
from layers.style import Categories, Sign

# English name, colour and symbol of a kind; a kind added to the table later is drawn as `public`.
LOOKS: dict[str, tuple[str, str, str]] = {
    "service_centre": ("party service centre", palette.NAVY, "square"),
    "platform": ("three-in-one platform", palette.TEAL, "diamond"),
    "property_centre": ("property centre", palette.STONE, "circle"),
    "party_square": ("party square", palette.OCHRE, "triangle"),
    "shelter": ("shelter", palette.VERMILION, "plus"),
    "clinic": ("clinic", palette.PLUM, "cross"),
    "school": ("school", palette.BLUE, "bar"),
    "public": ("public service", palette.MUTED, "ring"),
}


def _sign(kind: str, zh: str) -> Sign:
    en, colour, symbol = LOOKS.get(kind, (kind, *LOOKS["public"][1:]))
    return Sign(kind, zh, en, colour, symbol=symbol)


STYLE = Categories("point", tuple(_sign(kind, zh) for kind, zh in KINDS.items()), radius=4.5)

LAYER = Layer(
    key="facilities",
    title_zh="服务设施",
    title_en="Service points",
    kind="tiles",
    permission="map.read",
    style=STYLE,
    items=sql("items/facilities"),
    unit="处",
    parents=PARENTS,
    names_from=16,
    about="党群服务中心、综合平台等服务点。",
    sources=("facility",),
)
