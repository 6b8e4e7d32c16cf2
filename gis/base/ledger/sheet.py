"""A ledger as a workbook: for filling in (template) or with its rows (export)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from gis.base.ledger.amounts import width_of
from gis.base.ledger.declare import Column, Ledger
from gis.base.ledger.describe import hint
from gis.base.ledger.header import ID_LABEL, VERSION_LABEL
from gis.base.ledger.page import Row

OPTIONS = "选项"
_LAST = 1_048_575
_EMPTY_ROWS = 1000  # of a template, with drop-downs ready


class _Book:
    """A workbook being written: formats by name, and the hidden sheet of the drop-downs' words."""

    def __init__(self, path: Path, folder: Path) -> None:
        # A text never becomes a formula or a link, whatever it begins with.
        self.book = xlsxwriter.Workbook(str(path), {
            "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "constant_memory": True, "tmpdir": str(folder),
        })  # fmt: skip
        head = {"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True,
                "valign": "vcenter", "locked": True}  # fmt: skip
        self.head = self.book.add_format(head)
        self.required = self.book.add_format({**head, "bg_color": "#FBE9D0"})
        self.locked = self.book.add_format({"locked": True, "font_color": "#777777"})
        self._open: dict[tuple[str, bool], Any] = {}

    def format(self, number_format: str, is_open: bool) -> Any:
        key = (number_format, is_open)
        if key not in self._open:
            colour = {} if is_open else {"font_color": "#777777"}
            self._open[key] = self.book.add_format(
                {"num_format": number_format, "locked": not is_open, **colour}
            )
        return self._open[key]


def write(ledger: Ledger, parts: Iterable[list[Row]], path: Path) -> int:
    """Writes all rows to a workbook at this path, in their order; how many they were."""
    columns = ledger.exported
    made = _Book(path, path.parent)
    sheet = made.book.add_worksheet(ledger.title)
    _head(made, sheet, ledger, columns, with_ids=True)
    formats = [made.format(c.kind.sheet_format, c.is_writable) for c in columns]
    number = 0
    for rows in parts:
        for row in rows:
            number += 1
            sheet.write_number(number, 0, row.id, made.locked)
            sheet.write_string(number, 1, row.version, made.locked)
            for at, column in enumerate(columns):
                _write(sheet, number, at + 2, column, row, formats[at])
    _finish(made, sheet, columns, first=2, rows=number)
    return number


def template(ledger: Ledger, path: Path) -> None:
    """Writes an empty workbook: what may be filled in, and nothing else."""
    columns = ledger.writable
    made = _Book(path, path.parent)
    sheet = made.book.add_worksheet(ledger.title)
    _head(made, sheet, ledger, columns, with_ids=False)
    _finish(made, sheet, columns, first=0, rows=_EMPTY_ROWS)


def _head(
    made: _Book, sheet: Worksheet, ledger: Ledger, columns: list[Column], *, with_ids: bool
) -> None:
    first = 2 if with_ids else 0
    if with_ids:
        sheet.set_column(0, 0, 9, made.locked)
        sheet.set_column(1, 1, 9, made.locked, {"hidden": True})
    for at, column in enumerate(columns, start=first):
        width = min(40, max(10, width_of(column.title) + 4, 28 if column.kind.is_text else 0))
        sheet.set_column(at, at, width, made.format(column.kind.sheet_format, column.is_writable))
    sheet.set_row(0, 32)
    if with_ids:
        sheet.write_string(0, 0, ID_LABEL, made.head)
        sheet.write_string(0, 1, VERSION_LABEL, made.head)
        sheet.write_comment(0, 0, "由系统编定，请勿改动；新增的行留空。", {"x_scale": 2})
    for at, column in enumerate(columns, start=first):
        title = column.title + ("*" if column.is_required else "")
        sheet.write_string(0, at, title, made.required if column.is_required else made.head)
        if said := hint(column):
            sheet.write_comment(0, at, said, {"x_scale": 2})
    sheet.freeze_panes(1, first + 1 if with_ids else 0)


def _write(sheet: Worksheet, number: int, at: int, column: Column, row: Row, form: Any) -> None:
    if column.via is not None or column.is_point:
        value: Any = row.shown[column.key]
    else:
        value = column.kind.cell(row.raw[column.key])
    if value is None or value == "":
        sheet.write_blank(number, at, None, form)
    elif isinstance(value, str):
        sheet.write_string(number, at, value, form)
    elif column.kind.name == "date":
        sheet.write_datetime(number, at, value, form)
    else:
        sheet.write_number(number, at, value, form)


def _finish(made: _Book, sheet: Worksheet, columns: list[Column], *, first: int, rows: int) -> None:
    last = min(_LAST, rows + _EMPTY_ROWS)
    words = [c for c in columns if c.kind.name in ("choice", "boolean") and c.is_writable]
    options = made.book.add_worksheet(OPTIONS)
    options.hide()
    lists = [column.kind.words for column in words]  # type: ignore[attr-defined]
    for line in range(max(map(len, lists), default=0)):
        for at, some in enumerate(lists):
            if line < len(some):
                options.write_string(line, at, some[line])
    for at, column in enumerate(columns, start=first):
        if not column.is_writable:
            continue
        rule = _rule(column, words)
        if rule:
            sheet.data_validation(1, at, last, at, {**rule, "ignore_blank": True})
    sheet.autofilter(0, 0, max(rows, 1), first + len(columns) - 1)
    # Against accidents, not against anybody: no password; the server checks in any case.
    sheet.protect("", {
        "insert_rows": True, "delete_rows": True, "sort": True, "autofilter": True,
        "format_columns": True, "format_rows": True, "format_cells": True,
    })  # fmt: skip
    made.book.close()


def _rule(column: Column, words: list[Column]) -> dict[str, Any] | None:
    """The drop-down or the bound of a column's cells."""
    stop = {"error_title": column.label, "error_message": hint(column)[:250] or "不能这样填"}
    if column in words:
        name = xl_col_to_name(words.index(column), True)
        length = len(column.kind.words)  # type: ignore[attr-defined]
        source = f"={OPTIONS}!{name}$1:{name}${length}"
        return {"validate": "list", "source": source, **stop}
    if column.kind.name == "money":
        # 1.2万 is understood by the import, so a text is let through with a warning.
        return {"validate": "decimal", "criteria": ">=", "value": (column.facts.least or 0) / 100,
                "error_type": "warning", **stop}  # fmt: skip
    if column.kind.name == "integer":
        least = column.facts.least if column.facts.least is not None else -(2**31)
        return {"validate": "integer", "criteria": ">=", "value": least, **stop}
    return None
