"""A ledger, declared once: columns over one table, who may read, export and write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from gis.base.db import Base, Changed
from gis.base.ledger import facts, kinds
from gis.base.ledger.reference import Reference
from gis.base.ledger.sealed import Sealed
from gis.base.workflow import Workflow


@dataclass(frozen=True, eq=False)
class Column:
    """One column. Type, length and required-ness come from the table; this adds the words.

    labels: code → Chinese word, checked against the table's CHECK. unit: 户, 平方米; 元 over a
    column in fen. via: the row of another table that an id stands for. sealed: a private value,
    shown masked and never exported. Whoever orders personal rows ranks people: such columns say
    ``is_sortable=False``. is_listed: has a column on the list page, not only on a row's own.
    """

    field: InstrumentedAttribute[Any]
    label: str
    labels: Mapping[str, str] | None = None
    unit: str = ""
    via: Reference | None = None
    sealed: Sealed | None = None
    is_flags: bool = False
    is_read_only: bool = False
    is_sortable: bool = True
    is_listed: bool = True
    aliases: tuple[str, ...] = ()
    note: str = ""

    @property
    def key(self) -> str:
        return self.sealed.key if self.sealed else self.field.key

    @cached_property
    def facts(self) -> facts.Facts:
        return facts.of(self.field.class_.__table__.c[self.field.key])

    @cached_property
    def flow(self) -> Workflow | None:
        """The life cycle that this column is the state of."""
        flow = getattr(self.field.class_, "__workflow__", None)
        return flow if self.field.key == "state" else None

    @cached_property
    def kind(self) -> kinds.Kind:
        """How the column's values are shown and read."""
        type_ = self.field.class_.__table__.c[self.field.key].type
        if self.flow or self.labels:
            words = self.flow.states if self.flow else self.labels or {}
            made = kinds.Flags if self.is_flags else kinds.Choice
            return made(self.facts, words, str(self.field))
        if self.via or self.sealed or isinstance(type_, sa.String | Geometry):
            return kinds.Kind(self.facts)
        if isinstance(type_, sa.Boolean):
            return kinds.Truth(self.facts)
        if isinstance(type_, sa.Date):
            return kinds.Day(self.facts)
        if isinstance(type_, sa.Integer):
            made_number = kinds.Money if self.field.key.endswith("_fen") else kinds.Whole
            return made_number(self.facts, self.unit)
        raise TypeError(f"{self.field}: no kind of ledger column for {type_!r}")

    @cached_property
    def is_point(self) -> bool:
        """A place on the map, shown as longitude, latitude; never written by a sheet."""
        return isinstance(self.field.class_.__table__.c[self.field.key].type, Geometry)

    @property
    def is_writable(self) -> bool:
        """Whether a sheet may set it. States move by verbs, points come in with their datum."""
        return not (self.is_read_only or self.flow or self.is_point)

    @property
    def is_required(self) -> bool:
        return self.facts.is_required and self.is_writable and not self.sealed

    @property
    def title(self) -> str:
        """The label with its unit, as sheets and pages head the column."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True, eq=False)
class Ledger:
    """A table as people keep it. ``read``, ``export``, ``write`` name permissions; None is never.

    identity: keys of columns that tell one row from another where a sheet gives no id.
    defaults: values of new rows for columns that the sheet does not show. refusals: constraint →
    (key, sentence) for what only the database can see. move: action(session, id, verb, reason).
    is_unit: the rows are units of the territory themselves.
    """

    key: str
    title: str
    table: type[Base]
    columns: tuple[Column, ...]
    note: str = ""
    read: str = "ledger.read"
    export: str | None = "ledger.export"
    write: str | None = "ledger.write"
    where: tuple[ColumnElement[bool], ...] = ()
    sort: str = ""
    identity: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    refusals: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    can_add: bool = True
    is_personal: bool = False
    is_unit: bool = False
    place: InstrumentedAttribute[int] | None = None
    move: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        missing = {*self.identity, self.sort.lstrip("-")} - {*keys, ""}
        if len(set(keys)) < len(keys) or missing:
            raise ValueError(f"{self.key}: repeated or unknown columns {missing or keys}")
        for column in self.columns:
            _ = column.kind  # labels that differ from the table are found at import

    @cached_property
    def id(self) -> Any:
        """The primary key; a ledger stands on a table with one."""
        table = cast(sa.Table, self.table.__table__)
        (name,) = table.primary_key.columns.keys()
        return getattr(self.table, name)

    @cached_property
    def version(self) -> Any:
        """What tells that a row was written since: the transaction that wrote it last."""
        return getattr(self.table, "changed_in") if issubclass(self.table, Changed) else None  # noqa: B009

    @property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @property
    def place_column(self) -> Any:
        """The column in territory order, where rows belong to a place."""
        return self.place if self.place is not None else getattr(self.table, "place", None)

    @property
    def exported(self) -> list[Column]:
        """What leaves the house in a file: never a private column."""
        return [column for column in self.columns if not column.sealed]

    @property
    def listed(self) -> list[Column]:
        """The columns of the list page; places are shown by the link to the map."""
        return [column for column in self.columns if column.is_listed and not column.is_point]

    @property
    def writable(self) -> list[Column]:
        return [column for column in self.columns if column.is_writable]
