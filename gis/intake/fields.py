"""The fields of a compound file: what people call them, and what may stand in them."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from gis.geo import codes

NAME_LENGTH = 100
# One household at least; the largest compounds of China have some tens of thousands.
MOST = {"households": 50_000, "gates": 200}

ALIASES: dict[str, tuple[str, ...]] = {
    "name": (
        "name",
        "名称",
        "小区名称",
        "小区名",
        "小区",
        "compound",
        "compound_name",
        "mc",
        "xqmc",
    ),
    "households": ("households", "户数", "总户数", "住户数", "hs", "zhs"),
    "gates": ("gates", "门数", "出入口", "出入口数", "大门数", "gate_count"),
    "community_code": ("community_code", "社区代码", "社区编码", "所属社区代码", "sqdm"),
    "grid_code": ("grid_code", "网格代码", "网格编码", "所属网格代码", "wgdm", "wgbm"),
}
SENTENCES: dict[str, tuple[str, str]] = {
    "missing_name": ("没有名称。", "The name is missing."),
    "name_too_long": (
        "名称有 {length} 个字，上限 {limit} 个。",
        "The name has {length} characters; the limit is {limit}.",
    ),
    "control_characters": (
        "名称里有看不见的控制字符，已去掉。",
        "The name held invisible control characters; they were removed.",
    ),
    "not_a_count": (
        "“{value}”不是数目（0 到 {limit} 的整数）。",
        "'{value}' is not a count (a whole number from 0 to {limit}).",
    ),
}
_COUNT = re.compile(r"^(\d{1,9})(\.0+)?(户|个|处|道|座)?$")
_SPACE = re.compile(r"\s+")


def columns_of(names: list[str]) -> dict[str, str]:
    """{our field: the file's column}, each by the first alias that is there. Case, spaces,
    underscores and full-width letters do not matter."""
    plain = {_plain(name): name for name in reversed(names)}
    found = {}
    for ours, aliases in ALIASES.items():
        hit = next((plain[_plain(a)] for a in aliases if _plain(a) in plain), None)
        if hit is not None:
            found[ours] = hit
    return found


def clean_name(value: Any) -> tuple[str | None, list[tuple[str, dict[str, Any]]]]:
    """(name or None, problems as (code, values)). `control_characters` alone is no refusal."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None, [("missing_name", {})]
    raw = str(value)
    spaced = _SPACE.sub(" ", raw).strip()
    kept = "".join(c for c in spaced if not _is_control(c)).strip()
    problems: list[tuple[str, dict[str, Any]]] = []
    if not kept:
        return None, [("missing_name", {})]
    if kept != spaced:
        problems.append(("control_characters", {}))
    if len(kept) > NAME_LENGTH:
        return None, [("name_too_long", {"length": len(kept), "limit": NAME_LENGTH})]
    return kept, problems


def count(field: str, value: Any) -> tuple[int | None, list[tuple[str, dict[str, Any]]]]:
    """A whole number as people write it ("１２０", "120户", 120.0); empty is None, no problem."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None, []
    text = unicodedata.normalize("NFKC", str(value)).replace(",", "").strip()
    if not text:
        return None, []
    match = _COUNT.match(text) if not isinstance(value, bool) else None
    if match is None or int(match[1]) > MOST[field]:
        return None, [("not_a_count", {"value": text[:20], "limit": MOST[field]})]
    return int(match[1]), []


def place_code(value: Any, level: str) -> tuple[str | None, list[tuple[str, str, str]]]:
    """A code of this level, None when empty; problems as (code, Chinese, English)."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or not str(value).strip():
        return None, []
    # 430802001001 in a double column; from 16 digits on a double no longer holds the code.
    text = f"{value:.0f}" if isinstance(value, float) and abs(value) < 2**53 else str(value)
    try:
        return codes.parse(text, level), []
    except codes.BadCode as error:
        return None, [(error.code, error.zh, error.en)]


def _is_control(character: str) -> bool:
    """Control, format (direction overrides, zero width), surrogate, private use, unassigned —
    but not the zero-width joiners that some scripts need."""
    return unicodedata.category(character)[0] == "C" and character not in "\u200c\u200d"


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", name)).casefold()
