"""One row of a sheet against the row that stands in the ledger: what would change, or why not."""

from __future__ import annotations

from typing import Any

from gis.base.ledger.declare import Column, Ledger
from gis.base.ledger.header import ID_LABEL, VERSION_LABEL
from gis.base.ledger.kinds import Flags
from gis.base.ledger.outcome import Entry
from gis.base.ledger.page import Row
from gis.base.sheets.cells import folded, text_of


def compare(ledger: Ledger, entry: Entry, stands: Row | None) -> None:
    """Says what becomes of the entry: added, changed, unchanged or refused."""
    if stands is None and not ledger.can_add:
        entry.refuse(ID_LABEL, "cannot_add", f"{ledger.title}不能用表格新增行，只能修改已有的行")
        return
    for name, value in list(entry.values.items()):
        column = ledger.by_key[name]
        if not column.is_writable:
            _check_fixed(column, entry, stands)
            del entry.values[name]
        else:
            _compare_cell(column, entry, value, stands)
    if stands is None:
        _check_complete(ledger, entry)
    if entry.action == "refused":
        return
    if stands is not None and entry.changes and entry.version not in ("", stands.version):
        entry.refuse(VERSION_LABEL, "conflict", "导出之后有人改过这一行，请重新导出再改")
        return
    entry.action = "added" if stands is None else "changed" if entry.changes else "unchanged"


def _check_fixed(column: Column, entry: Entry, stands: Row | None) -> None:
    """A column that a sheet may not set must say what stands there, or nothing."""
    said = entry.cells.get(column.key, "")
    if said == "":
        return
    if stands is not None:
        is_same_row = column.via is not None and entry.values[column.key] == stands.raw[column.key]
        if not is_same_row and folded(said) != folded(stands.shown[column.key]):
            now = stands.shown[column.key] or "空"
            why = "状态只能按流程推进" if column.flow else "此列只读"
            entry.refuse(column.label, "read_only", f"{why}；现为“{now}”，请照此填写或留空")
    elif column.flow:
        first = column.flow.initial[0]
        if folded(said) not in (folded(column.flow.states[first]), first):
            entry.refuse(
                column.label, "read_only",
                f"新增的行从“{column.flow.states[first]}”开始，状态只能按流程推进",
            )  # fmt: skip
    elif said != "否":  # a flag such as “synthetic”, which a sheet cannot raise
        entry.refuse(column.label, "read_only", "此列不能用表格填写；新增的行请留空")


def _compare_cell(column: Column, entry: Entry, value: Any, stands: Row | None) -> None:
    name = column.key
    if value is None and stands is None and not column.is_required:
        del entry.values[name]  # the table's own default, or nothing
        return
    if value is None:
        value = _blank(column)
        if column.sealed or (value is None and not column.facts.is_nullable):
            if not column.sealed:
                entry.refuse(column.label, "required", "必填，不能留空")
            del entry.values[name]
            return
        entry.values[name] = value
    if stands is None:
        entry.changes[name] = ("", _words(column, entry, value))
        return
    before = stands.raw[name]
    said = entry.cells.get(name, "")
    untouched = value == before or (said != "" and said == text_of(stands.shown[name]))
    if untouched or (value in (None, "") and before in (None, "")):
        del entry.values[name]
    else:
        entry.changes[name] = (stands.shown[name], _words(column, entry, value))


def _blank(column: Column) -> Any:
    """What a blank cell means: nothing; for a text that may not be null the empty one."""
    if isinstance(column.kind, Flags):
        return 0
    if column.kind.is_text and not column.via and not column.facts.is_nullable:
        return None if column.facts.is_required or (column.facts.shortest or 0) > 0 else ""
    return None


def _words(column: Column, entry: Entry, value: Any) -> str:
    if column.sealed:
        return "（已填，遮盖）"
    return entry.cells[column.key] if column.via else column.kind.show(value)


def _check_complete(ledger: Ledger, entry: Entry) -> None:
    for column in ledger.writable:
        refused = any(problem.field == column.label for problem in entry.problems)
        if column.is_required and entry.values.get(column.key) is None and not refused:
            entry.refuse(column.label, "required", "必填，不能留空")
