"""What is wrong with single records of a file, and how it is said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from gis.geo import errors as geo_errors

from . import fields

SENTENCES: dict[str, tuple[str, str]] = fields.SENTENCES | {
    "not_a_feature": (
        "这一条不是 Feature。",
        "This entry is not a Feature.",
    ),
    "bad_wkb": ("图形的编码已损坏。", "The geometry's encoding is damaged."),
    "off_system": (
        "坐标不在坐标系 {crs} 的范围里，换算不出经纬度。请检查坐标系、带号和横纵坐标次序。",
        "The coordinates are not within {crs}. Check the reference system, the zone and the order "
        "of easting and northing.",
    ),
    "repaired": (
        "边界不成立（经度 {lon}、纬度 {lat} 处{what_zh}），已修复，面积变动 {changed} 平方米。",
        "Invalid boundary ({what_en} at longitude {lon}, latitude {lat}); repaired, {changed} m² "
        "changed.",
    ),
    "ring_closed": (
        "环没有闭合，已把终点接到起点。",
        "A ring did not end where it began; it was closed.",
    ),
    "repair_too_big": (
        "边界不成立（经度 {lon}、纬度 {lat} 处{what_zh}），修复要改动 {changed} 平方米，请重画。",
        "Invalid boundary ({what_en} at longitude {lon}, latitude {lat}); a repair would change "
        "{changed} m². Draw it again.",
    ),
    "too_small": (
        "面积只有 {area} 平方米，不足 {limit}。",
        "The area is only {area} m²; at least {limit} is needed.",
    ),
    "too_large": (
        "面积 {area} 平方米，超过一个小区的上限 {limit}。",
        "The area is {area} m²; the limit for a compound is {limit}.",
    ),
    "duplicate": (
        "图形与第 {first} 条完全相同。",
        "The shape is the same as that of row {first}.",
    ),
}


@dataclass(frozen=True)
class Problem:
    """One remark on one record. row: number in the file from 1. field: ours, "geometry" for the
    shape. is_refusal: the record stays out; otherwise it was repaired."""

    row: int
    field: str
    code: str
    message: str
    message_en: str
    is_refusal: bool = True

    def as_dict(self) -> dict[str, Any]:
        """The problem as `--json` and the API answer it."""
        return {
            "row": self.row, "field": self.field, "code": self.code, "message": self.message,
            "message_en": self.message_en, "outcome": "refused" if self.is_refusal else "repaired",
        }  # fmt: skip


class Remarks:
    """Problems as they are found, and which rows are out."""

    def __init__(self, count: int) -> None:
        self.out = np.zeros(count, bool)
        self.repaired = np.zeros(count, bool)
        self.by_row: dict[int, list[Problem]] = defaultdict(list)

    def refuse(self, at: int | np.integer, where: str, code: str, zh: str, en: str) -> None:
        self.out[at] = True
        self.by_row[int(at)].append(Problem(int(at) + 1, where, code, zh, en))

    def repair(self, at: int | np.integer, where: str, code: str, zh: str, en: str) -> None:
        self.repaired[at] = True
        self.by_row[int(at)].append(Problem(int(at) + 1, where, code, zh, en, is_refusal=False))

    def all(self) -> list[Problem]:
        """In file order. Of a refused record only the refusals: nothing of it was repaired."""
        found = [p for at in sorted(self.by_row) for p in self.by_row[at]]
        return [p for p in found if p.is_refusal or not self.out[p.row - 1]]

    def say(self, at: int | np.integer, reason: str, **values: Any) -> None:
        """Refuse a record's geometry with the sentence of a reason."""
        self.refuse(at, "geometry", reason, *sentence(reason, **values))

    def refuse_as_read(self, at: int | np.integer, error: dict[str, Any]) -> None:
        """Refuse with what the reader already said of this record."""
        if "zh" in error:
            self.refuse(at, "geometry", error["reason"], error["zh"], error["en"])
        else:
            self.say(at, **error)


def sentence(reason: str, **values: Any) -> tuple[str, str]:
    """The Chinese and the English sentence of a reason, filled in."""
    if reason in SENTENCES:
        zh, en = SENTENCES[reason]
        return zh.format(**values), en.format(**values)
    return geo_errors.sentence(reason, **values)
