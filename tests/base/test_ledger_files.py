"""Files out and in: what a sheet holds, what is made harmless, what a hostile file can do."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from sqlalchemy import update
from sqlalchemy.orm import Session

from gis.base.errors import BadInput, LianjianError, TooLarge
from gis.base.ledger import bring, rows, sheet, text, walk
from gis.base.sheets.cells import Formula
from gis.base.sheets.reading import read_table
from gis.ledgers import LEDGERS
from gis.projects.tables import Project

PROJECTS = LEDGERS["projects"]
NASTY = [
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "'=1",
    "''+1",
    "＝1+1",
    '=HYPERLINK("http://x")',
    "http://x.example/a",
    'a,b;c\t"d"',
    "第一行\n第二行",
    "<script>alert(1)</script>",
    "001",
    "1e5",
    "2024-01-05",
    "_x0041_",
    "𠮷溇垕",
    "是",
    "TRUE",
    "' 引号",
    "末尾 空",
]


def exported(session: Session, key: str, folder: Path, kind: str) -> Path:
    path = folder / f"{key}.{kind}"
    parts = walk(session, LEDGERS[key])
    if kind == "xlsx":
        sheet.write(LEDGERS[key], parts, path)
    else:
        path.write_text("".join(text.lines(LEDGERS[key], parts)), "utf-8", newline="")
    return path


def ends(outcome: Any) -> dict[str, int]:
    told = outcome.as_dict()
    counts = {k: told[k] for k in ("added", "changed", "unchanged", "refused")}
    assert sum(counts.values()) == told["read"]
    return {k: v for k, v in counts.items() if v}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("key", [k for k, one in LEDGERS.items() if one.export])
def test_export_and_back_changes_nothing(
    session: Session, tmp_path: Path, key: str, kind: str
) -> None:
    table = read_table(exported(session, key, tmp_path, kind))
    assert ends(bring(session, LEDGERS[key], table)) == {
        "unchanged": rows(session, LEDGERS[key]).total
    }


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_whatever_people_write_comes_back(session: Session, tmp_path: Path, kind: str) -> None:
    some = [r.id for r in rows(session, PROJECTS, limit=len(NASTY)).rows]
    for row_id, words in zip(some, NASTY, strict=True):
        session.execute(
            update(Project)
            .where(Project.project_id == row_id)
            .values(title=words, lead_unit=words, budget_fen=row_id * 101)
        )
    table = read_table(exported(session, "projects", tmp_path, kind))
    assert ends(bring(session, PROJECTS, table)) == {"unchanged": rows(session, PROJECTS).total}
    # and as new rows, without the ids: the words arrive as they were written
    head = table.rows[0][1]
    title = head.index("项目名称*" if kind == "xlsx" else "项目名称")
    written = {cells[title].strip() for _, cells in table.rows[1:] if isinstance(cells[title], str)}
    assert {words.strip() for words in NASTY} <= written


def test_a_workbook_holds_no_formula_and_no_link(session: Session, tmp_path: Path) -> None:
    row = rows(session, PROJECTS).rows[0]
    session.execute(update(Project).where(Project.project_id == row.id).values(title=NASTY[0]))
    path = exported(session, "projects", tmp_path, "xlsx")
    with zipfile.ZipFile(path) as archive:
        inside = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in inside and "hyperlink" not in inside.lower()
        assert not any("externalLink" in name for name in archive.namelist())


def test_csv_is_harmless_and_readable_by_excel(session: Session, tmp_path: Path) -> None:
    for row, words in zip(rows(session, PROJECTS).rows, NASTY, strict=False):
        session.execute(update(Project).where(Project.project_id == row.id).values(title=words))
    raw = exported(session, "projects", tmp_path, "csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    for cells in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")):
        assert not any(cell[:1] and cell[0] in "=+-@＝＋－＠\t\r" for cell in cells)


def test_the_sheet_helps_and_protects(session: Session, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported(session, "projects", tmp_path, "xlsx"))
    page, options = book["项目台账"], book["选项"]
    head = [cell.value for cell in page[1]]
    assert head[:2] == ["编号", "版本"] and "预算（元）*" in head and "状态" in head
    assert page.freeze_panes == "D2" and page.protection.sheet
    at = {label: index + 1 for index, label in enumerate(head)}
    assert page.cell(2, 1).protection.locked and page.cell(2, at["状态"]).protection.locked
    assert not page.cell(2, at["项目名称*"]).protection.locked
    assert options.sheet_state == "hidden"
    lists = {
        next(iter(v.sqref.ranges)).min_col: v
        for v in page.data_validations.dataValidation
        if v.type == "list"
    }
    assert set(lists) == {at["台账*"], at["专项*"]}
    budget, day = page.cell(2, at["预算（元）*"]), page.cell(2, at["点单日期*"])
    assert budget.number_format == "#,##0.00" and day.is_date
    assert isinstance(page.cell(1, at["预算（元）*"]).comment, Comment)
    row = rows(session, PROJECTS, limit=1).rows[0]
    assert round(budget.value * 100) == row.raw["budget_fen"]


@pytest.mark.parametrize("key", list(LEDGERS))
def test_a_template_asks_for_what_may_be_written(tmp_path: Path, key: str) -> None:
    sheet.template(LEDGERS[key], tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    head = [str(cell.value).rstrip("*") for cell in book[LEDGERS[key].title][1]]
    assert head == [column.title for column in LEDGERS[key].writable]


def saved(folder: Path, *lines: list[Any], merge: str = "", hidden: bool = False) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    for line in lines:
        page.append(line)
    if merge:
        page.merge_cells(merge)
    if hidden:
        page.sheet_state = "hidden"
        book.create_sheet("空")
    book.save(folder / "given.xlsx")
    return folder / "given.xlsx"


def test_a_formula_is_seen_and_a_text_like_one_is_not(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "=1+1"])
    book.active["A2"].value = "=1+1"
    book.active["A2"].data_type = "s"
    book.save(tmp_path / "f.xlsx")
    table = read_table(tmp_path / "f.xlsx")
    assert table.rows == [(1, ["a", Formula("=1+1")]), (2, ["=1+1"])]


def test_a_wrong_claim_of_size_hides_no_row(tmp_path: Path) -> None:
    path = saved(tmp_path, ["a"], ["b"], ["c"])
    changed = rewritten(
        path,
        "xl/worksheets/sheet1.xml",
        lambda x: x.replace(b'<dimension ref="A1:A3"', b'<dimension ref="A1:A1"'),
    )
    assert len(read_table(changed).rows) == 3


def rewritten(path: Path, name: str, change: Any) -> Path:
    out = path.with_name("rewritten.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            body = source.read(entry)
            target.writestr(entry.filename, change(body) if entry.filename == name else body)
    return out


def sparse(row: int, column: str = "XFD") -> Any:
    cell = f'<row r="{row}"><c r="{column}{row}" t="inlineStr"><is><t>x</t></is></c></row>'
    return lambda body: body.replace(b"</sheetData>", cell.encode() + b"</sheetData>")


def test_a_sparse_bomb_is_read_or_refused_in_time(tmp_path: Path) -> None:
    path = saved(tmp_path, ["项目名称", "台账"])
    started = time.monotonic()
    table = read_table(rewritten(path, "xl/worksheets/sheet1.xml", sparse(1_048_576)))
    assert len(table.rows) == 1  # a cell beyond every column that is looked at
    with pytest.raises(LianjianError):
        read_table(rewritten(path, "xl/worksheets/sheet1.xml", sparse(10**14, "A")), timeout_s=3)
    assert time.monotonic() - started < 20


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = saved(tmp_path, ["项目名称"])
    bomb = rewritten(
        path,
        "xl/worksheets/sheet1.xml",
        lambda x: x.replace(b"<sheetData>", b"<sheetData>" + b" " * (420 << 20)),
    )
    with pytest.raises(TooLarge):
        read_table(bomb)


def test_entities_do_not_explode(tmp_path: Path) -> None:
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
        + b"x" * 1000
        + b'">'
        + b"".join(b'<!ENTITY %c "%b">' % (98 + i, b"&%c;" % (97 + i) * 100) for i in range(6))
        + b"]><worksheet>&g;</worksheet>"
    )
    path = saved(tmp_path, ["项目名称"])
    with pytest.raises(LianjianError):
        read_table(
            rewritten(path, "xl/worksheets/sheet1.xml", lambda _: laughs),
            memory_mb=512,
            timeout_s=10,
        )


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18),
        ("a.csv", b"\0\1\2\3" * 50),
        ("a.csv", b""),
        ("a.xlsx", b"PK\x03\x04broken"),
        ("a.csv", b"\xff\x81\xff"),
        ("quote.csv", b'a,b\n"open,1\n'),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(BadInput) as caught:
        read_table(tmp_path / name)
    assert caught.value.facts["reason"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_is_read_in_the_encodings_that_offices_save(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    lines = [["项目名称", "台账"], ["溇江村道路", "建设项目"]]
    (tmp_path / "a.csv").write_bytes("\r\n".join(separator.join(x) for x in lines).encode(encoding))
    assert [cells for _, cells in read_table(tmp_path / "a.csv").rows] == lines


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read_table(saved(tmp_path, ["项目名称"], hidden=True))
