"""Where the header of a table is, and which column stands where."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from gis.base.errors import BadInput
from gis.base.ledger import amounts
from gis.base.ledger.declare import Column, Ledger
from gis.base.ledger.kinds import Money
from gis.base.sheets.cells import folded, is_blank, text_of
from gis.base.sheets.reading import Table

ID_LABEL, VERSION_LABEL = "编号", "版本"
_LOOKED_AT = 30  # rows in which a header is looked for
_UNIT = re.compile(r"[(（\[【](.*?)[)）\]】]")


@dataclass(frozen=True)
class Placed:
    """A column at its position; ``scale``: what bare money counts in (万元: 10,000)."""

    column: Column
    label: str
    scale: int = 1


@dataclass(frozen=True)
class Header:
    """``row``: its number in the sheet; ``columns``: position → column; ``ignored``: unknown."""

    row: int
    columns: dict[int, Placed]
    id_at: int | None
    version_at: int | None
    ignored: list[str] = field(default_factory=list)


def find(ledger: Ledger, table: Table) -> Header:
    """The row that names most of the ledger's columns, title lines above it passed over.

    Raises BadInput: no header, a column twice, a unit that is not understood, a required column
    missing where rows would be added.
    """
    known = _known(ledger)
    best = max(table.rows[:_LOOKED_AT], key=lambda row: _hits(known, row[1]), default=None)
    if best is None or _hits(known, best[1]) < min(2, len(ledger.writable)):
        labels = "、".join(c.title for c in ledger.columns if c.is_writable)
        raise BadInput(
            f"没有找到表头。表头应在前 {_LOOKED_AT} 行内，含这些列名：{labels}。",
            "No header was found; it should name the ledger's columns.",
            reason="no_header", expected=[c.label for c in ledger.writable],
        )  # fmt: skip
    return _placed(ledger, known, *best)


def _known(ledger: Ledger) -> dict[str, Column | str]:
    known: dict[str, Column | str] = {folded(ID_LABEL): "id", folded(VERSION_LABEL): "version"}
    for column in ledger.columns:
        for label in (column.key, column.label, *column.aliases):
            known[folded(label)] = column
    return known


def _label(cell: Any) -> tuple[str, str]:
    """A header cell as it is looked up, and the unit that it names."""
    text = text_of(cell) if isinstance(cell, str) else ""
    units = _UNIT.findall(text)
    return folded(_UNIT.sub("", text)).strip("*:：·"), units[-1].strip() if units else ""


def _hits(known: dict[str, Column | str], cells: list[Any]) -> int:
    found = {_label(cell)[0] for cell in cells if not is_blank(cell)}
    return sum(1 for label in found if label in known)


def _placed(
    ledger: Ledger, known: dict[str, Column | str], number: int, cells: list[Any]
) -> Header:
    columns: dict[int, Placed] = {}
    special: dict[str, int] = {}
    ignored: list[str] = []
    for position, cell in enumerate(cells):
        if is_blank(cell):
            continue
        label, unit = _label(cell)
        target = known.get(label)
        if isinstance(target, str):
            special.setdefault(target, position)
        elif target is None:
            ignored.append(text_of(cell)[:40])
        else:
            columns[position] = Placed(target, text_of(cell), _scale(target, unit))
    _check(ledger, columns, special)
    return Header(number, columns, special.get("id"), special.get("version"), ignored)


def _scale(column: Column, unit: str) -> int:
    if not isinstance(column.kind, Money) or unit == "":
        return 1
    if unit not in amounts.SCALES:
        raise BadInput(
            f"“{column.label}”的单位“{unit[:10]}”不认识，可用 元、万元、亿元。",
            f"The unit of {column.key} is not understood.", reason="unit", field=column.key,
        )  # fmt: skip
    return amounts.SCALES[unit]


def _check(ledger: Ledger, columns: dict[int, Placed], special: dict[str, int]) -> None:
    often = Counter(placed.column.key for placed in columns.values())
    twice = [ledger.by_key[key].label for key, n in often.items() if n > 1]
    if twice:
        raise BadInput(
            f"表头里有重复的列：{'、'.join(twice)}。", "The header names a column twice.",
            reason="column_twice",
        )  # fmt: skip
    missing = [c.label for c in ledger.writable if c.is_required and c.key not in often]
    if missing and "id" not in special:
        raise BadInput(
            f"表头缺少必填的列：{'、'.join(missing)}。", "Required columns are missing.",
            reason="column_missing", missing=missing,
        )  # fmt: skip
