"""Numbers, money and days as people write them in cells: pure, no session, no clock."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gis.base.sheets.cells import CellProblem, plain

SCALES: dict[str, int] = {
    "": 1, "元": 1, "人民币": 1, "千元": 1000, "万": 10**4, "万元": 10**4,
    "亿": 10**8, "亿元": 10**8,
}  # fmt: skip
_NUMBER = re.compile(r"([-+]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(.*)", re.DOTALL)
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?: 0{1,2}:00(:00)?)?")
_DAY_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def fen(cell: Any, scale: int = 1) -> int:
    """Money in integer fen. ``scale`` is the header's unit in yuan (10,000 for 万元).

    Understood: 12000, 12,000.50, ¥12,000, 1.2万, 1.2万元, 3亿. More than two decimals are refused
    unless they are dust of a spreadsheet's arithmetic. Raises CellProblem.
    """
    if isinstance(cell, bool):
        raise CellProblem("not_money", "应填金额，如 12000 或 1.2万")
    if isinstance(cell, int | float):
        yuan, tail = _decimal(cell), ""
    else:
        sign, digits, tail = _split(plain(cell).lstrip("¥￥"), "not_money", "金额")
        yuan = Decimal(sign + digits)
    if tail.strip() not in SCALES:
        raise CellProblem(
            "not_money", f"金额单位“{tail.strip()[:10]}”不认识；可写 元、万、万元、亿"
        )
    amount = yuan * (SCALES[tail.strip()] if tail.strip() else scale) * 100
    whole = amount.to_integral_value()
    if abs(amount - whole) > Decimal("0.0001"):
        raise CellProblem("too_precise", "金额只能精确到分（两位小数）")
    return int(whole)


def whole_number(cell: Any, unit: str = "") -> int:
    """A whole number; the column's unit may follow it (320户). Raises CellProblem."""
    if isinstance(cell, bool):
        raise CellProblem("not_a_number", "应填整数")
    if isinstance(cell, int | float):
        number = _decimal(cell)
    else:
        sign, digits, tail = _split(plain(cell), "not_a_number", "整数")
        if tail.strip() not in ("", unit):
            raise CellProblem("not_a_number", f"应填整数，“{tail.strip()[:10]}”多余")
        number = Decimal(sign + digits)
    if number != number.to_integral_value():
        raise CellProblem("not_a_number", "应填整数，不带小数")
    return int(number)


def day(cell: Any) -> date:
    """A day: a date cell, 2024-01-05, 2024/1/5, 2024.1.5, 2024年1月5日 or 20240105.

    A bare number of a sheet (45292) is refused: nobody can see which day it is.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = plain(str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell)
    found = _DAY.fullmatch(text) or _DAY_COMPACT.fullmatch(text)
    if not found:
        raise CellProblem("not_a_date", "日期应写成 2024-01-05")
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise CellProblem("not_a_date", f"没有“{text}”这一天") from None


def money_text(amount_fen: int) -> str:
    """Fen as yuan with two decimals, without separators: what CSV holds."""
    sign = "-" if amount_fen < 0 else ""
    yuan, rest = divmod(abs(amount_fen), 100)
    return f"{sign}{yuan}.{rest:02d}"


def _decimal(number: int | float) -> Decimal:
    value = Decimal(repr(number))
    if not value.is_finite():
        raise CellProblem("not_a_number", "不是有限的数")
    if abs(value) >= Decimal(10) ** 15:
        raise CellProblem("too_large", "数值过大：表格软件只精确到 15 位")
    return value


def _split(text: str, code: str, what: str) -> tuple[str, str, str]:
    """Sign, digits without separators, and what follows them."""
    found = _NUMBER.fullmatch(text)
    if not found or len(text) > 40:
        raise CellProblem(code, f"应填{what}，读不懂“{text[:20]}”")
    return found[1], found[2].replace(",", "") + (found[3] or ""), found[4]


def width_of(text: str) -> int:
    """Columns that a text takes on screen: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
