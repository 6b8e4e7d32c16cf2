"""A file of a stranger as a table of plain cells: XLSX or CSV, read in a limited child."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from gis.base.errors import BadInput, TooLarge
from gis.base.limited import ChildFailed, run
from gis.base.sheets.cells import Formula, SheetError

MOST_ROWS, MOST_COLUMNS, MOST_MB = 100_000, 256, 400
# A cell that a spreadsheet would take for a formula is written with ' before it; any number of '
# already there is kept, so that reading takes away exactly the one that writing gave.
_NEUTRAL = re.compile(r"'+[=+\-@＝＋－＠\t\r]")
RISKY = re.compile(r"'*[=+\-@＝＋－＠\t\r]")

_ZH_EN: dict[str, tuple[str, str]] = {
    "old_excel": ("这是旧版 .xls 或加了密码的文件，请另存为 .xlsx（不加密码）再传。",
                  "This is an old .xls or a protected file; save it as .xlsx without a password."),
    "not_a_table": ("这不是 .xlsx 或 .csv 表格。", "This is not an .xlsx or .csv table."),
    "no_sheet": ("工作簿里没有可见的工作表。", "The workbook has no visible sheet."),
    "encoding": ("文字编码既不是 UTF-8 也不是 GB18030，请另存为“CSV UTF-8”。",
                 "The text is neither UTF-8 nor GB18030; save it as CSV UTF-8."),
    "damaged": ("文件已损坏或不完整，读不出来。", "The file is damaged or incomplete."),
    "crashed": ("文件读不出来。", "The file cannot be read."),
    "empty": ("表格是空的。", "The table is empty."),
}  # fmt: skip
_TOO_LARGE: dict[str, tuple[str, str]] = {
    "too_many_rows": (f"超过 {MOST_ROWS} 行，请拆开。", f"More than {MOST_ROWS} rows; split it."),
    "too_much_inside": ("表格解开后过大，不予读取。", "The workbook unpacks to too much."),
    "timeout": ("读表超时，已停止；请删去多余的空行空列再传。",
                "Reading took too long and was stopped; remove stray rows and columns."),
    "memory": ("读表需要的内存过多，已停止。", "Reading needs too much memory; it was stopped."),
    "output": ("表格内容过多，已停止。", "The table holds too much; it was stopped."),
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Rows as (row number in the sheet, cells); empty rows are left out.

    merged: (first row, last row, first column, last column), all from 1.
    """

    rows: list[tuple[int, list[Any]]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    sheet: str = ""
    others: list[str] = field(default_factory=list)


def read_table(
    path: Path, *, prefer: str = "", memory_mb: int = 1024, timeout_s: float = 60
) -> Table:
    """The table in a file. Raises BadInput or TooLarge with a reason, nothing else."""
    job = {"path": str(path.absolute()), "prefer": prefer, "most_rows": MOST_ROWS + 50,
           "most_columns": MOST_COLUMNS, "most_mb": MOST_MB}  # fmt: skip
    try:
        said = run("gis.base.sheets.child:read", job, memory_mb=memory_mb, timeout_s=timeout_s)
    except ChildFailed as failed:
        said = {"reason": failed.reason}
    if "reason" in said:
        raise _refused(said["reason"])
    if not said["rows"]:
        raise _refused("empty")
    is_csv = not said["sheet"]
    rows = [(number, [_cell(c, is_csv) for c in cells]) for number, cells in said["rows"]]
    return Table(rows, [tuple(m) for m in said["merged"]], said["sheet"], said["others"])


def _refused(reason: str) -> BadInput:
    if reason in _TOO_LARGE:
        return TooLarge(*_TOO_LARGE[reason], reason=reason)
    return BadInput(*_ZH_EN.get(reason, _ZH_EN["crashed"]), reason=reason)


def _cell(cell: Any, is_csv: bool) -> Any:
    if isinstance(cell, list):
        tag, text = cell
        if tag == "d":
            moment = datetime.fromisoformat(text)
            return moment.date() if moment.time() == datetime.min.time() else moment
        return Formula(text) if tag == "f" else SheetError(text)
    if is_csv and isinstance(cell, str) and _NEUTRAL.match(cell):
        return cell[1:]
    return cell


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula; ``read_table`` gives the text back."""
    return "'" + text if RISKY.match(text) else text
