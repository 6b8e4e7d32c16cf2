"""Rows of a table as entries of an import: each cell read by its column's kind. No database."""

from __future__ import annotations

from datetime import date
from typing import Any

from gis.base.ledger.declare import Column, Ledger
from gis.base.ledger.header import ID_LABEL, Header, Placed
from gis.base.ledger.outcome import Entry
from gis.base.sheets.cells import CellProblem, Formula, SheetError, is_blank, plain, text_of
from gis.base.sheets.reading import Table

_BIGGEST = 2**63 - 1


def entries(ledger: Ledger, table: Table, header: Header) -> list[Entry]:
    """One entry for each row below the header that says anything in a known column.

    References stay texts here; columns that a sheet may not set keep their text in ``cells``.
    """
    merged = _merged_cells(table, header)
    made = []
    for number, cells in table.rows:
        if number <= header.row:
            continue
        at = {p: cells[p] if p < len(cells) else None for p in header.columns}
        row_id = _at(cells, header.id_at)
        if all(is_blank(cell) for cell in at.values()) and is_blank(row_id):
            continue
        entry = Entry(number, "unchanged", version=text_of(_at(cells, header.version_at) or ""))
        _read_id(entry, row_id)
        for position, cell in at.items():
            placed = header.columns[position]
            if (number, position + 1) in merged:
                entry.refuse(placed.column.label, "merged", "合并单元格：请取消合并，逐行填写")
            else:
                _read(entry, placed, cell)
        made.append(entry)
    return made


def _at(cells: list[Any], position: int | None) -> Any:
    return cells[position] if position is not None and position < len(cells) else None


def _merged_cells(table: Table, header: Header) -> set[tuple[int, int]]:
    """Cells of known columns, below the header, that lie in a merged range."""
    last = table.rows[-1][0]
    found: set[tuple[int, int]] = set()
    for top, bottom, left, right in table.merged:
        for position in header.columns:
            if left <= position + 1 <= right:
                rows = range(max(top, header.row + 1), min(bottom, last) + 1)
                found.update((row, position + 1) for row in rows)
    return found


def _read_id(entry: Entry, cell: Any) -> None:
    if is_blank(cell):
        return
    text = plain(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    if not text.isdecimal() or isinstance(cell, bool) or int(text) > _BIGGEST:
        entry.refuse(ID_LABEL, "bad_id", "编号应为导出时的数字；新增的行请留空")
    else:
        entry.id = int(text)


def _read(entry: Entry, placed: Placed, cell: Any) -> None:
    column = placed.column
    try:
        if isinstance(cell, Formula):
            raise CellProblem("formula", "单元格是公式，请粘贴为数值")
        if isinstance(cell, SheetError):
            raise CellProblem("sheet_error", f"单元格显示错误 {cell.text}")
        entry.cells[column.key] = _as_written(column, cell, placed.scale)
        entry.values[column.key] = _value(column, cell, placed.scale)
    except CellProblem as problem:
        entry.refuse(placed.label, problem.code, problem.message)


def _as_written(column: Column, cell: Any, scale: int) -> str:
    """The text by which an untouched cell is known; a private one is never kept."""
    if is_blank(cell) or column.sealed:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if not column.is_writable and not isinstance(cell, str):
        # A number of a read-only column is written by its kind, to compare like with like.
        return column.kind.show(column.kind.parse(cell, scale))
    return text_of(cell)


def _value(column: Column, cell: Any, scale: int) -> Any:
    if is_blank(cell):
        return None
    if column.sealed:
        return column.sealed.parse(cell)
    if column.via is not None or not column.is_writable:
        return text_of(cell)
    return column.kind.parse(cell, scale)
