"""The contract of a layer: one frozen value that says what is drawn, how, and for whom.

A layer's items are one SQL select (layers/sql/items). Tile, legend, GeoJSON and changes all read
that same select, so that a number on the legend is the number of things drawn. Which rows there
are is the session's scope, never the layer's business.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.base import changes
from gis.base.errors import BadInput
from layers.style import Categories

LOCAL = ZoneInfo("Asia/Shanghai")
LEVELS_ZH = {
    "county": "区县", "street": "街道", "community": "社区", "grid": "网格", "compound": "小区",
    "item": "逐项",
}  # fmt: skip
DIGITS = 6  # of coordinates in GeoJSON: 0.1 m
Kind = Literal["tiles", "geojson", "ground"]


@cache
def sql(name: str) -> str:
    """A statement of layers/sql without its comments: a colon in a comment is no parameter."""
    body = resources.files("layers").joinpath(f"sql/{name}.sql").read_text(encoding="utf-8")
    return "\n".join(line for line in body.splitlines() if not line.lstrip().startswith("--"))


def today() -> date:
    """The date that people in the city read on their calendar."""
    return datetime.now(LOCAL).date()


@dataclass(frozen=True, slots=True)
class Legend:
    """Rows of a legend with their counts. ``note`` says what the rows do not hold."""

    layer: str
    title: str
    title_en: str
    unit: str
    rows: list[dict[str, Any]]
    total: int
    as_of: date
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The legend as the API answers it."""
        return {
            "layer": self.layer, "title": self.title, "title_en": self.title_en,
            "unit": self.unit, "rows": self.rows, "total": self.total,
            "as_of": self.as_of.isoformat(), "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer. ``parents`` lists (up to this map zoom, level drawn instead of the items).

    ``bands`` (ground only) lists (from this map zoom, category); ``items`` is the select with
    columns id, place, status, name, shape, label, facts, and drawn for what is not a point.
    """

    key: str
    title_zh: str
    title_en: str
    kind: Kind
    permission: str
    style: Categories
    items: str
    unit: str = "个"
    item_level: str = "item"
    parents: tuple[tuple[int, str], ...] = ()
    bands: tuple[tuple[int, str], ...] = ()
    names_from: int = 99
    params: tuple[str, ...] = ()
    is_live: bool = False
    unplaced_zh: str = ""
    about: str = ""
    sources: tuple[str, ...] = field(default=())

    def level_at(self, zoom: float) -> str:
        """What this map zoom shows: the level of the parents, or the items themselves."""
        for up_to, level in self.parents:
            if zoom < up_to:
                return level
        return self.item_level

    def shown_at(self, zoom: float) -> list[str] | None:
        """The categories of a ground layer drawn at this map zoom; None when all are."""
        return [key for least, key in self.bands if zoom >= least] if self.bands else None

    def asked(self, as_of: date | None, given: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of the items' select. Raises BadInput for a missing or wrong one."""
        wrong = set(given) ^ set(self.params)
        if wrong:
            words = ", ".join(sorted(wrong))
            raise BadInput(
                f"图层“{self.title_zh}”的参数不对：{words}。",
                f"Layer {self.key} takes {list(self.params)}; check {words}.",
            )
        try:
            numbers = {name: int(value) for name, value in given.items()}
        except (TypeError, ValueError):
            raise BadInput("图层参数应为整数。", "Layer parameters are whole numbers.") from None
        return {"on": as_of or today(), **numbers}

    def legend(self, session: Session, as_of: date | None = None, **given: Any) -> Legend:
        """The categories with their counts in the scope; every category is named."""
        asked = self.asked(as_of, given)
        rows = session.execute(text(self.sql("legend")), asked).all()
        counts = {row.status: row.n for row in rows}
        unplaced = sum(row.unplaced for row in rows)
        return Legend(
            self.key, self.title_zh, self.title_en, self.unit, self.style.legend(counts),
            sum(counts.values()), asked["on"],
            self.unplaced_zh.format(n=unplaced) if unplaced else "",
        )  # fmt: skip

    def features_text(
        self, session: Session, bbox: tuple[float, float, float, float] | None = None,
        as_of: date | None = None, tolerance: float = 0.0, **given: Any,
    ) -> str:  # fmt: skip
        """The items as GeoJSON text (WGS 84): s is the status, facts are [label, value] pairs.

        ``bbox`` is west, south, east, north in degrees, ``tolerance`` thins by so many degrees.
        """
        west, south, east, north = bbox or (-180.0, -90.0, 180.0, 90.0)
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise BadInput(
                "范围应为：西,南,东,北（度）。", "bbox is west,south,east,north (degrees)."
            )
        asked = self.asked(as_of, given) | {
            "bounded": bbox is not None, "lon_w": west, "lat_s": south, "lon_e": east,
            "lat_n": north, "digits": DIGITS, "tolerance": tolerance,
        }  # fmt: skip
        return session.scalar(text(self.sql("features")), asked) or ""

    def features(
        self, session: Session, bbox: tuple[float, float, float, float] | None = None,
        as_of: date | None = None, tolerance: float = 0.0, **given: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """The same as `features_text`, read into a dict: for small answers and tests."""
        return json.loads(self.features_text(session, bbox, as_of, tolerance, **given))

    def changes(
        self, session: Session, after: int, as_of: date | None = None, **given: Any
    ) -> dict[str, Any]:
        """Items written at or after the cursor, and the next cursor. Live layers only."""
        if not self.is_live:
            raise BadInput(f"图层“{self.title_zh}”没有实时更新。", f"Layer {self.key} is not live.")
        cursor = changes.cursor(session)
        asked = self.asked(as_of, given) | {"after": after}
        rows = session.execute(text(self.sql("changes")), asked).all()
        found = [{"id": row.id, "properties": {"s": row.s, "facts": row.facts}} for row in rows]
        return {"cursor": cursor, "features": found}

    def sql(self, name: str, only: str = "", **words: str) -> str:
        """A statement of layers/sql around this layer's items. ``words`` are of declarations."""
        body = sql(name).replace("{only}", only).replace("{key}", self.key)
        for word, value in words.items():
            body = body.replace("{" + word + "}", value)
        return body.replace("{items}", self.items)

    def as_dict(self) -> dict[str, Any]:
        """The layer as the API and ``lianjian layers`` list it, and as the browser takes it."""
        return {
            "key": self.key, "title_zh": self.title_zh, "title_en": self.title_en,
            "kind": self.kind, "permission": self.permission, "unit": self.unit,
            "params": list(self.params), "is_live": self.is_live, "about": self.about,
            "item_level": self.item_level, "parents": [list(pair) for pair in self.parents],
            "bands": [list(pair) for pair in self.bands], "names_from": self.names_from,
            "style": self.style.spec(),
        }  # fmt: skip
