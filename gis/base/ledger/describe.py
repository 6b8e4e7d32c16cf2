"""A ledger for programs and for readers: JSON schema of its rows, lines of the data dictionary."""

from __future__ import annotations

from typing import Any

from gis.base.ledger.declare import Column, Ledger

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(ledger: Ledger) -> dict[str, Any]:
    """JSON schema (2020-12) of one row as the API gives it; ``required`` is what a new row needs.

    Money is integer fen, days are ISO 8601, choices are codes, references are ids.
    """
    own: dict[str, Any] = {
        "id": {"type": "integer", "title": "编号", "readOnly": True},
        "version": {"type": "string", "title": "版本", "readOnly": True},
    }
    return {
        "$schema": DIALECT,
        "$id": f"urn:lianjian:ledger:{ledger.key}",
        "title": ledger.title,
        "description": ledger.note,
        "type": "object",
        "properties": own | {column.key: _property(column) for column in ledger.columns},
        "required": [column.key for column in ledger.columns if column.is_required],
        "additionalProperties": False,
    }


def _property(column: Column) -> dict[str, Any]:
    if column.is_point:
        pair = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        made: dict[str, Any] = {**pair, "description": "经度、纬度（WGS 84）"}
    elif column.sealed:
        made = {"type": "string", "description": "加密存放，读出时遮盖"}
    elif column.via is not None:
        made = {"type": "integer", "description": f"{column.via.word}的编号"}
    else:
        made = column.kind.schema()
    if column.facts.is_nullable and not column.sealed:
        made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    made["title"] = column.label
    if column.kind.name == "money":
        made["x-unit"] = "分"
    elif column.unit:
        made["x-unit"] = column.unit
    if column.note:
        made["description"] = "；".join(filter(None, [column.note, made.get("description")]))
    return made if column.is_writable else {**made, "readOnly": True}


def dictionary(ledger: Ledger) -> list[str]:
    """The data dictionary as lines of a Markdown table, its head first."""
    lines = [
        "| 字段 | 名称 | 类型 | 单位 | 必填 | 表格可改 | 取值与说明 |",
        "|---|---|---|---|---|---|---|",
    ]
    for column in ledger.columns:
        cells = [
            f"`{column.key}`", column.label, type_word(column), column.unit,
            "是" if column.is_required else "", "是" if column.is_writable else "", hint(column),
        ]  # fmt: skip
        lines.append("| " + " | ".join(cell.replace("|", "／") for cell in cells) + " |")
    return lines


def type_word(column: Column) -> str:
    """The kind of a column in a word."""
    if column.is_point:
        return "位置"
    if column.sealed:
        return "遮盖"
    return column.via.word if column.via else column.kind.zh


def hint(column: Column) -> str:
    """What may stand in a cell, in a sentence: also the note on a sheet's header."""
    said = [column.note] if column.note else []
    kind, facts = column.kind, column.facts
    if column.sealed:
        said.append("11 位手机号；只写不出，留空即不改")
    elif column.via is not None:
        said.append(f"填{column.via.word}名称")
    elif words := getattr(kind, "words", None):
        said.append(("可多选，用顿号隔开：" if kind.name == "flags" else "") + "、".join(words))
    elif kind.name == "date":
        said.append("如 2024-01-05")
    elif kind.name == "money":
        said.append("如 12000、12,000.50、1.2万")
    elif facts.longest and not column.is_point:
        said.append(f"最多 {facts.longest} 字")
    if facts.least is not None and kind.name in ("integer", "money"):
        said.append(f"不小于 {kind.show(facts.least)}")
    if not column.is_writable:
        said.append("状态按流程推进，不能用表格改" if column.flow else "只读")
    return "；".join(said)
