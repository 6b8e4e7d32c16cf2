"""Rows of a ledger: one page, one row, or all of them in chunks. Under the actor's scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import Session

from gis.base.access import actor_of, check
from gis.base.errors import BadInput, Forbidden, NotFound
from gis.base.ledger import filters as asked
from gis.base.ledger.declare import Column, Ledger
from gis.base.ledger.reference import Name

MOST_ROWS = 200  # of one page
MOST_COUNTED = 500_000  # a count stops there
_BIGGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``values`` as the API gives them, ``shown`` as people read them, by column key.

    ``raw`` is what the database holds; of a private column all three hold the masked text.
    lon, lat in degrees (WGS 84) and unit_id where the row has a place.
    """

    id: int
    version: str
    raw: dict[str, Any]
    values: dict[str, Any]
    shown: dict[str, str]
    lon: float | None = None
    lat: float | None = None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in order. ``total`` counts all that the filters leave; ``is_more``: or more."""

    rows: list[Row]
    total: int
    is_more: bool
    offset: int
    limit: int
    sort: str
    filters: dict[str, Any] = field(default_factory=dict)


def rows(
    session: Session,
    ledger: Ledger,
    *,
    filters: asked.Filters | None = None,
    sort: str = "",
    offset: int = 0,
    after: int | None = None,
    limit: int = 50,
    key: bytes | None = None,
) -> Page:
    """One page. ``after`` walks by id, whatever the length; ``offset`` turns pages.

    An offset behind the end gives the last page. ``key`` opens private columns for masking.
    Raises Forbidden, BadInput for an unknown filter or order.
    """
    check(actor_of(session), ledger.read)
    if not 1 <= limit <= MOST_ROWS or offset < 0:
        raise BadInput(f"每页 1–{MOST_ROWS} 行。", f"A page holds 1 to {MOST_ROWS} rows.")
    where = asked.conditions(session, ledger, filters or {})
    ids = select(ledger.id).where(*where)
    once = None
    if after is None and offset < MOST_COUNTED and (filters or {}).get("q"):
        once = _searched(session, ledger, ids, sort, (offset, limit))
    total = once[1] if once else _count(session, ledger, where)
    is_more = total > MOST_COUNTED
    if after is not None:
        walked = ids.where(ledger.id > min(after, _BIGGEST)).order_by(ledger.id).limit(limit)
        found, sort, offset = list(session.scalars(walked)), ledger.id.key, 0
    elif once:
        found = once[0]
    else:
        if not is_more and offset >= total:
            offset = max(0, (total - 1) // limit * limit)
        offset = min(offset, MOST_COUNTED)
        found = _turned(session, ledger, ids, sort, (offset, limit, total))
    made = _by_ids(session, ledger, found, key)
    return Page(
        made, min(total, MOST_COUNTED), is_more, offset, limit, sort or ledger.sort,
        dict(filters or {}),
    )  # fmt: skip


def _searched(
    session: Session, ledger: Ledger, ids: Select[Any], sort: str, where: tuple[int, int]
) -> tuple[list[int], int] | None:
    """The ids of one page and how many there are in all, in one look at every text: a search costs
    more than a count. None when the page holds nothing, and the count is still to be asked."""
    offset, limit = where
    counted = asked.ordered(ids.add_columns(func.count().over()), ledger, sort)
    found = session.execute(counted.offset(offset).limit(limit)).all()
    return ([row_id for row_id, _ in found], found[0][1]) if found else None


def _turned(
    session: Session, ledger: Ledger, ids: Select[Any], sort: str, where: tuple[int, int, int]
) -> list[int]:
    """The ids of one page. Whole rows are sorted on disk, ids in memory; a page of the second half
    is reached from the end, which costs a sort of what lies behind it, not of what lies before."""
    offset, limit, total = where
    backwards = total <= MOST_COUNTED and offset > total // 2
    if backwards:
        limit = min(limit, total - offset)
        offset = total - offset - limit
    statement = asked.ordered(ids, ledger, sort, backwards=backwards)
    found = list(session.scalars(statement.offset(offset).limit(limit)))
    return found[::-1] if backwards else found


def _by_ids(session: Session, ledger: Ledger, ids: list[int], key: bytes | None) -> list[Row]:
    statement = _statement(ledger).where(ledger.id.in_(ids))
    at = {row_id: number for number, row_id in enumerate(ids)}
    found = _finish(session, ledger, session.execute(statement).all(), key)
    return sorted(found, key=lambda row: at[row.id])


def row(session: Session, ledger: Ledger, row_id: int, *, key: bytes | None = None) -> Row:
    """One row. Raises Forbidden, NotFound, also when it lies outside the scope."""
    check(actor_of(session), ledger.read)
    statement = _statement(ledger).where(*ledger.where, ledger.id == min(row_id, _BIGGEST))
    found = _finish(session, ledger, session.execute(statement).all(), key)
    if not found:
        raise NotFound(
            f"{ledger.title}没有编号 {row_id} 的行，或不在您的辖区内。",
            f"No such row of {ledger.key}, or not within your territory.",
        )
    return found[0]


def walk(
    session: Session, ledger: Ledger, *, filters: asked.Filters | None = None, sort: str = "",
    chunk: int = 2000,
) -> Iterator[list[Row]]:  # fmt: skip
    """All rows in order, a chunk at a time, for an export. Raises Forbidden, BadInput."""
    actor = actor_of(session)
    check(actor, ledger.read)
    if ledger.export is None:
        raise Forbidden(
            f"{ledger.title}含个人信息，不批量导出。",
            f"{ledger.key} holds personal data and is not exported.",
        )
    check(actor, ledger.export)
    statement = _statement(ledger).where(*asked.conditions(session, ledger, filters or {}))
    statement = asked.ordered(statement, ledger, sort)
    known: dict[str, dict[int, Name]] = {}
    result = session.execute(statement, execution_options={"yield_per": chunk})
    for part in result.partitions(chunk):
        yield _finish(session, ledger, list(part), None, known)


def locked(
    session: Session, ledger: Ledger, condition: ColumnElement[bool], key: bytes | None
) -> list[Row]:
    """The rows of a condition that the actor may write, locked until the transaction ends."""
    statement = _statement(ledger).where(*ledger.where, condition).order_by(ledger.id)
    found = session.execute(statement.with_for_update(of=ledger.table)).all()
    return _finish(session, ledger, found, key)


def _count(session: Session, ledger: Ledger, where: list[Any]) -> int:
    some = select(ledger.id).where(*where).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _statement(ledger: Ledger) -> Select[Any]:
    columns = [ledger.id.label("id_")]
    if ledger.version is not None:
        columns.append(cast(ledger.version, String).label("version_"))
    for column in ledger.columns:
        if column.is_point:
            columns += [func.st_x(column.field).label(f"{column.key}_x"),
                        func.st_y(column.field).label(f"{column.key}_y")]  # fmt: skip
        elif column.sealed:
            columns += [column.field.label(f"{column.key}_s"),
                        column.sealed.salt.label(f"{column.key}_t")]  # fmt: skip
        else:
            columns.append(column.field.label(column.key))
    return select(*columns).select_from(ledger.table)


def _finish(
    session: Session, ledger: Ledger, found: Any, key: bytes | None,
    known: dict[str, dict[int, Name]] | None = None,
) -> list[Row]:  # fmt: skip
    """Rows from what the database gave; the names of references in one question a column."""
    names = known if known is not None else {}
    for column in ledger.columns:
        if column.via is not None:
            have = names.setdefault(column.key, {})
            ids = {row._mapping[column.key] for row in found} - {None} - set(have)
            have.update(column.via.names(session, ids) if ids else {})
    return [_row(ledger, row._mapping, names, key) for row in found]


def _row(ledger: Ledger, got: Any, names: dict[str, dict[int, Name]], key: bytes | None) -> Row:
    raw: dict[str, Any] = {}
    values: dict[str, Any] = {}
    shown: dict[str, str] = {}
    spot: Name | None = None
    unit_id: int | None = got["id_"] if ledger.is_unit else None
    for column in ledger.columns:
        name = column.key
        raw[name], values[name], shown[name] = _value(column, got, names.get(name, {}), key)
        if column.is_point and raw[name]:
            spot = Name("", *raw[name])
        if column.via is not None and column.via.is_place and unit_id is None:
            unit_id = raw[name]
            if spot is None and raw[name] in names[name]:
                spot = names[name][raw[name]]
    lon, lat = (spot.lon, spot.lat) if spot else (None, None)
    return Row(got["id_"], got.get("version_", ""), raw, values, shown, lon, lat, unit_id)


def _value(
    column: Column, got: Any, names: dict[int, Name], key: bytes | None
) -> tuple[Any, Any, str]:
    name = column.key
    if column.is_point:
        lon, lat = got[f"{name}_x"], got[f"{name}_y"]
        if lon is None:
            return None, None, ""
        return (lon, lat), [lon, lat], f"{lon:.6f}, {lat:.6f}"
    if column.sealed:
        masked = column.sealed.masked(key, got[f"{name}_s"], got[f"{name}_t"])
        return masked, masked, masked
    raw = got[name]
    if column.via is not None:
        called = names.get(raw)
        return raw, raw, called.text if called else ("" if raw is None else f"#{raw}")
    return raw, column.kind.json(raw), column.kind.show(raw)
