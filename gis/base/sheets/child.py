"""The child's program: one XLSX or CSV file as plain rows. Standard library and openpyxl only.

Job: path, prefer (the sheet wanted where there are several), most_rows, most_columns, most_mb.
Answer: {"rows": [[row number, [cell, …]], …], "merged": [[first row, last row, first column, last
column], …], "sheet", "others"} or {"reason", "detail"}. A cell is null, text, number, true/false,
["d", ISO date], ["f", formula] or ["e", error]; trailing empty cells are left out, as are empty
rows.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Refusal(Exception):
    """Why the file is not read; travels to the parent as JSON."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def read(job: dict[str, Any]) -> dict[str, Any]:
    """Does the job. Whatever a damaged file throws becomes a reason."""
    path = Path(job["path"])
    try:
        with path.open("rb") as file:
            head = file.read(8)
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            raise Refusal("old_excel")
        return _workbook(path, job) if head[:2] == b"PK" else _text(path, job)
    except Refusal as refusal:
        return {"reason": refusal.reason, "detail": refusal.detail}
    except MemoryError:
        raise
    except Exception as error:
        return {"reason": "damaged", "detail": f"{type(error).__name__}: {error}"[:200]}


def _workbook(path: Path, job: dict[str, Any]) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > job["most_mb"] << 20:
            raise Refusal("too_much_inside")
        if "xl/workbook.xml" not in archive.namelist():
            raise Refusal("not_a_table")
    import openpyxl  # a third of a second that a refused file does not cost

    # A file and not a path: openpyxl judges a path by its suffix, and an upload has none.
    file = path.open("rb")
    book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    visible = [s for s in book.worksheets if s.sheet_state == "visible"]
    if not visible:
        raise Refusal("no_sheet")
    sheet = next((s for s in visible if s.title == job["prefer"]), visible[0])
    # What the file claims of its size is not believed: a wrong claim hides rows.
    sheet.reset_dimensions()
    rows = []
    blank: Any = None
    for number, cells in enumerate(sheet.iter_rows(max_col=job["most_columns"]), start=1):
        # For rows that the file leaves out the same tuple comes again: a million of them are
        # passed over without looking into each.
        if cells is blank:
            continue
        values = _trimmed([_cell(cell) for cell in cells])
        blank = blank if values else cells
        if values:
            rows.append([number, values])
            _check_length(rows, job)
    with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as source:
        merged = _merged(source)
    others = [s.title for s in visible if s is not sheet]
    return {"rows": rows, "merged": merged, "sheet": sheet.title, "others": others}


def _cell(cell: Any) -> Any:
    value = cell.value
    if value is None or isinstance(value, bool | int):
        return value
    if cell.data_type == "f":
        return ["f", str(getattr(value, "text", value))[:100]]
    if cell.data_type == "e":
        return ["e", str(value)[:20]]
    if isinstance(value, datetime.datetime | datetime.date):
        return ["d", value.isoformat()]
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else ["e", str(value)]
    # Excel writes control characters and, to be safe, such texts themselves as _xHHHH_.
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _merged(source: Any) -> list[list[int]]:
    """Merged ranges, which openpyxl leaves out when it reads on the way."""
    from openpyxl.utils.cell import range_boundaries

    found = []
    for _event, element in ElementTree.iterparse(source):
        if element.tag == f"{_SPREADSHEET}mergeCell":
            left, top, right, bottom = range_boundaries(element.get("ref"))
            found.append([top, bottom, left, right])
        if element.tag == f"{_SPREADSHEET}row":
            element.clear()
    return found[:10_000]


def _text(path: Path, job: dict[str, Any]) -> dict[str, Any]:
    raw = path.read_bytes()
    text = _decoded(raw)
    if "\x00" in text:
        raise Refusal("not_a_table")
    sample = text[:20_000]
    separator = max((",", "\t", ";"), key=sample.count)
    csv.field_size_limit(1 << 20)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = []
    # Rows are numbered as a sheet shows them; a line break inside a cell opens no new row.
    for number, cells in enumerate(reader, start=1):
        values = _trimmed([cell if cell.strip() else None for cell in cells])
        if values:
            rows.append([number, values[: job["most_columns"]]])
            _check_length(rows, job)
    return {"rows": rows, "merged": [], "sheet": "", "others": []}


def _decoded(raw: bytes) -> str:
    """UTF-8, UTF-16 with a mark, or GB18030, in which Excel for Chinese saves CSV."""
    names = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for name in names:
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    raise Refusal("encoding")


def _trimmed(values: list[Any]) -> list[Any]:
    while values and (values[-1] is None or values[-1] == ""):
        values.pop()
    return values


def _check_length(rows: list[Any], job: dict[str, Any]) -> None:
    if len(rows) > job["most_rows"]:
        raise Refusal("too_many_rows")
