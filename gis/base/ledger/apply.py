"""The judged rows of an import, written: in batches, and one by one where the database refuses."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, insert, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gis.base.ledger.declare import Ledger
from gis.base.ledger.outcome import Entry

_CHUNK = 512
# SQLSTATE → (code, sentence); the LJ codes are those of gis/base/sql/guards.sql.
_REFUSED: dict[str, tuple[str, str]] = {
    "LJ002": ("place", "辖区不存在，或不在您的范围内"),
    "LJ003": ("place_level", "这一级辖区不能放在这里"),
    "LJ005": ("state", "流程不允许这个状态"),
    "23505": ("exists", "已有同样的一行"),
    "23P01": ("exists", "与已有的一行冲突"),
    "23503": ("reference", "所指的记录不存在"),
    "23502": ("required", "有必填的内容没有填"),
    "23514": ("check", "不符合规定"),
    "42501": ("forbidden", "不在您可改的辖区内"),
}


def apply(session: Session, ledger: Ledger, entries: list[Entry], key: bytes | None) -> None:
    """Writes the added and the changed rows; what the database refuses becomes refused."""
    todo = [entry for entry in entries if entry.action in ("added", "changed")]
    for start in range(0, len(todo), _CHUNK):
        _write(session, ledger, todo[start : start + _CHUNK], key)


def _write(session: Session, ledger: Ledger, some: list[Entry], key: bytes | None) -> None:
    """All of them under one savepoint; where that fails, halves, until the culprit stands alone."""
    try:
        with session.begin_nested():
            for entry in some:
                _write_one(session, ledger, entry, key)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        if state not in _REFUSED and not state.startswith("22"):
            raise
        if len(some) == 1:
            _refuse(ledger, some[0], state, error)
            return
        half = len(some) // 2
        _write(session, ledger, some[:half], key)
        _write(session, ledger, some[half:], key)


def _write_one(session: Session, ledger: Ledger, entry: Entry, key: bytes | None) -> None:
    values = _columns(ledger, entry.values, key)
    table = cast(Table, ledger.table.__table__)
    pk = table.c[ledger.id.key]
    if entry.action == "added":
        values = {**ledger.defaults, **{k: v for k, v in values.items() if v is not None}}
        entry.id = session.scalar(insert(table).values(values).returning(pk))
    else:
        session.execute(update(table).where(pk == entry.id).values(values))


def _columns(ledger: Ledger, values: dict[str, Any], key: bytes | None) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in values.items():
        column = ledger.by_key[name]
        if column.sealed:
            if key is None:
                raise ValueError("a private column cannot be written without its key")
            made |= column.sealed.columns(key, column.field, value)
        else:
            made[column.field.key] = value
    return made


def _refuse(ledger: Ledger, entry: Entry, state: str, error: DBAPIError) -> None:
    code, sentence = _REFUSED.get(state, ("check", "有的值超出允许的范围"))
    diagnosis = getattr(error.orig, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    where, told = ledger.refusals.get(name, ("", f"{sentence}{f'（{name}）' if name else ''}"))
    label = ledger.by_key[where].label if where in ledger.by_key else ""
    if entry.action == "added":
        entry.id = None
    entry.refuse(label, code, told)
