"""Codes of places: 6 digits county, 9 street or town, 12 community, 15 grid, 17 micro-grid.

2 province + 2 city + 2 county (GB/T 2260), 3 street or town, 3 community (statistical list), then
our 3 for the grid and 2 for the micro-grid. A code is text, never a number and never a key: the
same 9 digits mean different towns in different editions. The 20-digit code of CJ/T 349 is another
order of digits and not handled here.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from gis.base.errors import BadInput

LEVELS = {6: "county", 9: "street", 12: "community", 15: "grid", 17: "micro_grid"}
_LENGTHS = tuple(LEVELS)
# GB/T 2260: the first digit is the region of the country, 1 to 8; the second is never 0.
_FIRST = "12345678"


class BadCode(BadInput):
    """Not a code of a place, or not of the level that is needed."""

    code = "bad_code"


def parse(value: object, level: str | None = None) -> str:
    """The code as text, out of what people write: a number, 430802001001.0, full-width digits,
    spaces, or a short code padded with zeros to 12 digits ("430802000000" is a county).

    Raises BadCode; with `level` also when it is a code of another level.
    """
    text = unicodedata.normalize("NFKC", str(value)).replace(" ", "").removesuffix(".0")
    digits = _unpadded(text, level)
    if not is_code(digits):
        raise BadCode(
            f"“{text[:30]}”不是行政区划或网格代码（6、9、12、15 或 17 位数字）。",
            f"'{text[:30]}' is not a code of a place (6, 9, 12, 15 or 17 digits).",
        )
    if level is not None and level_of(digits) != level:
        want = next(n for n, name in LEVELS.items() if name == level)
        raise BadCode(
            f"“{digits}”有 {len(digits)} 位，这里需要 {want} 位。",
            f"'{digits}' has {len(digits)} digits; {want} are needed here.",
        )
    return digits


def is_code(text: str) -> bool:
    """Is this a well-formed code? No segment may be all zeros. Existence is not asked."""
    if len(text) not in LEVELS or not (text.isascii() and text.isdigit()):
        return False
    if text[0] not in _FIRST or text[1] == "0" or text[2:4] == "00" or text[4:6] == "00":
        return False
    ends = [n for n in _LENGTHS if n <= len(text)]
    return all(int(text[a:b]) > 0 for a, b in pairwise(ends))


def level_of(code: str) -> str:
    """county, street, community, grid or micro_grid."""
    return LEVELS[len(code)]


def parent(code: str) -> str | None:
    """The code one level up; None for a county."""
    at = _LENGTHS.index(len(code))
    return code[: _LENGTHS[at - 1]] if at else None


def child(code: str, number: int) -> str:
    """The code one level down with this number, from 1. Raises BadCode when the digits run out."""
    at = _LENGTHS.index(len(code))
    if at + 1 == len(_LENGTHS):
        raise BadCode(f"{code} 下面没有更细的代码。", f"There is no level below {code}.")
    width = _LENGTHS[at + 1] - len(code)
    if not 1 <= number < 10**width:
        raise BadCode(
            f"{code} 下面的顺序号 {number} 超出 1 到 {10**width - 1}。",
            f"The number {number} below {code} is not within 1 to {10**width - 1}.",
        )
    return f"{code}{number:0{width}d}"


def is_within(code: str, above: str) -> bool:
    """Is the place `code` the place `above` or inside it, by code?"""
    return code.startswith(above)


def _unpadded(text: str, level: str | None) -> str:
    if len(text) != 12 or level == "community" or not text.endswith("000"):
        return text
    return text[:6] if text.endswith("000000") else text[:9]
