"""A ledger as CSV: UTF-8 with a mark, so that Excel reads the Chinese; formulas made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from gis.base.ledger.declare import Column, Ledger
from gis.base.ledger.header import ID_LABEL, VERSION_LABEL
from gis.base.ledger.page import Row
from gis.base.sheets.reading import neutral


def lines(ledger: Ledger, parts: Iterable[list[Row]]) -> Iterator[str]:
    """The file in pieces: mark and header first, then a piece for each chunk of rows."""
    columns = ledger.exported
    yield "\ufeff" + _written([[ID_LABEL, VERSION_LABEL, *(c.title for c in columns)]])
    for rows in parts:
        yield _written([_row(columns, row) for row in rows])


def _row(columns: list[Column], row: Row) -> list[str]:
    """Texts of people are made harmless; numbers and days are written by us and stay plain."""
    cells = [row.shown[c.key] for c in columns]
    safe = [neutral(cell) if c.kind.is_text else cell
            for c, cell in zip(columns, cells, strict=True)]  # fmt: skip
    return [str(row.id), row.version, *safe]


def _written(rows: list[list[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
