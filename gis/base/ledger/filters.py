"""Filters and orders of a ledger's rows, from what an address bar says.

``<column>=value`` (several values: any of them), ``<column>.min`` and ``<column>.max`` for numbers,
money and days, ``q`` for words in any text. Column names are looked up, never pasted into SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_
from sqlalchemy.orm import Session

from gis.base.errors import BadInput
from gis.base.ledger.declare import Column, Ledger
from gis.base.sheets.cells import CellProblem

Filters = Mapping[str, str | Sequence[str]]
_LONGEST = 200


def conditions(session: Session, ledger: Ledger, filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions of these filters; empty ones are passed over. Raises BadInput."""
    made = [*ledger.where]
    for name, asked in filters.items():
        texts = [asked] if isinstance(asked, str) else list(asked)
        texts = [text.strip() for text in texts if text.strip()]
        if any(len(text) > _LONGEST or "\x00" in text for text in texts) or len(texts) > 100:
            raise BadInput("筛选值过长。", "A filter value is too long.")
        if texts:
            made.append(or_(*(_condition(session, ledger, name, text) for text in texts)))
    return made


def _condition(session: Session, ledger: Ledger, name: str, text: str) -> ColumnElement[bool]:
    if name == "q":
        words = [column for column in ledger.columns if _is_searched(column)]
        return or_(false(), *(column.field.icontains(text, autoescape=True) for column in words))
    key, dot, bound = name.partition(".")
    column = _column(ledger, key, "筛选", "filter by")
    if dot:
        return _bound(column, bound, text)
    if column.via is not None:
        return column.via.inside(session, column.field, ledger.place_column, text)
    return column.kind.condition(column.field, text)


def _is_searched(column: Column) -> bool:
    return column.kind.is_text and not (column.via or column.sealed or column.is_point)


def _bound(column: Column, bound: str, text: str) -> ColumnElement[bool]:
    if bound not in ("min", "max") or column.kind.name not in ("integer", "money", "date"):
        raise BadInput(f"“{column.label}”不能这样筛选。", f"{column.key} takes no {bound[:20]!r}.")
    try:
        value = column.kind.parse(text)
    except CellProblem as problem:
        raise BadInput(
            f"“{column.label}”的界限不能用：{problem.message}。",
            f"This bound of {column.key} cannot be used.",
        ) from None
    return column.field >= value if bound == "min" else column.field <= value


def ordered(
    statement: Select[Any], ledger: Ledger, sort: str, *, backwards: bool = False
) -> Select[Any]:
    """The statement in this order, by id within equal values; empty values last. Raises BadInput.

    ``sort`` is a column's key, with ``-`` before it for the other direction; empty for the
    ledger's own. ``backwards`` turns the whole order round: the last pages are the first then.
    """
    sort = sort or ledger.sort
    if not sort:
        return statement.order_by(ledger.id.desc() if backwards else ledger.id)
    key = sort.removeprefix("-")
    column = _column(ledger, key, "排序", "sort by")
    if not column.is_sortable or column.sealed or column.is_point:
        raise BadInput(f"不能按“{column.label}”排序。", f"{key} cannot be sorted by.")
    expression: Any = column.field
    if column.via is not None:
        statement, expression = column.via.order(statement, column.field, ledger.place_column)
    elif column.flow or column.labels:
        expression = _rank(column)
    direction = expression.desc() if sort.startswith("-") != backwards else expression.asc()
    if backwards:
        return statement.order_by(direction.nulls_first(), ledger.id.desc())
    return statement.order_by(direction.nulls_last(), ledger.id)


def _rank(column: Column) -> Any:
    """Codes in their declared order: a state sorts by the order of life, not by its letters."""
    codes = list(column.flow.states if column.flow else column.labels or {})
    return column.field if column.is_flags else func.array_position(codes, column.field)


def _column(ledger: Ledger, key: str, zh: str, en: str) -> Column:
    column = ledger.by_key.get(key)
    if column is None or column.sealed or (column.is_point and zh == "筛选"):
        known = [c.key for c in ledger.columns if not c.sealed]
        raise BadInput(
            f"{ledger.title}不能按“{key[:40]}”{zh}。", f"{ledger.key} has no {key[:40]!r} to {en}.",
            columns=known,
        )  # fmt: skip
    return column
