"""The declarative base, column types, engines and the transaction edges of the domain.

Every table says in ``__scope__`` how its rows are kept apart:

- ``place``: the row belongs to a place; visible and writable within the actor's range;
- ``open``: the row belongs to a place; visible in the whole city, writable within the range;
- ``tree``: the territory tree itself: descendants writable, ancestors readable;
- ``shared``: readable by every actor, writable with a city-wide scope or by the owner;
- ``system``: machinery, readable, written by triggers or by the owner.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, MetaData, String, create_engine, func, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.engine import URL, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import UserDefinedType

from gis.base.access import Actor, enter

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the service. ``__scope__`` is mandatory, a house test holds it."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        int: BigInteger,
        str: String,
        datetime: DateTime(timezone=True),
    }
    __scope__: ClassVar[str]


class Xid8(UserDefinedType[int]):
    """A PostgreSQL transaction id that does not wrap."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        return "xid8"


# Reflection (the comparison of migrations) must know the type too.
ischema_names["xid8"] = Xid8


class Placed:
    """A row that belongs to a place: ``place`` is set from the tree by a trigger.

    ``__place_from__`` lists (column, allowed levels); the first column that is not null counts.
    """

    __scope__: ClassVar[str] = "place"
    __place_from__: ClassVar[tuple[tuple[str, str], ...]]

    place: Mapped[int] = mapped_column(index=True, nullable=False, server_default=text("-1"))


class Changed:
    """A row that live feeds follow: ``changed_in`` is the transaction that wrote it last."""

    changed_in: Mapped[int] = mapped_column(
        Xid8, server_default=text("pg_current_xact_id()"), index=True, nullable=False
    )


class Dated:
    """A row with the moment of its making."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), nullable=False)


def make_engine(url: str | URL, *, pool_size: int = 8) -> Engine:
    """An engine whose sessions speak UTC and give up on a lock after 15 s."""
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=4,
        pool_pre_ping=True,
        connect_args={
            "options": "-c timezone=UTC -c lock_timeout=15s -c application_name=lianjian",
            "connect_timeout": 10,
        },
    )


@contextmanager
def begin(engine: Engine, actor: Actor) -> Iterator[Session]:
    """One writing transaction in the actor's scope: commits at the end, or undoes everything."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        enter(session, actor)
        yield session


@contextmanager
def read(engine: Engine, actor: Actor) -> Iterator[Session]:
    """One reading transaction in the actor's scope; the database refuses writes in it."""
    with Session(engine) as session, session.begin():
        session.execute(text("SET TRANSACTION READ ONLY"))
        enter(session, actor)
        yield session
