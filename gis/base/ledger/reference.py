"""Columns that stand for a row of another table: an id in the database, a name for people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from gis.base.sheets.cells import plain


@dataclass(frozen=True, slots=True)
class Name:
    """What people call a row; ``lon``, ``lat`` (WGS 84) where it has a place on the map."""

    text: str
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The ids that a text may mean; ``near`` are known names like it, when there is none."""

    ids: tuple[int, ...]
    near: tuple[str, ...] = ()


class Reference(Protocol):
    """How ids become names and back. All questions are asked for many rows at once."""

    @property
    def word(self) -> str: ...

    @property
    def is_place(self) -> bool: ...

    def names(self, session: Session, ids: Collection[int]) -> dict[int, Name]: ...

    def find(self, session: Session, texts: Collection[str]) -> dict[str, Found]: ...

    def order(self, statement: Any, attribute: Any, place: Any) -> tuple[Any, Any]: ...

    def inside(
        self, session: Session, attribute: Any, place: Any, text: str
    ) -> ColumnElement[bool]: ...

    def choices(self, session: Session) -> list[str]: ...


@dataclass(frozen=True, eq=False)
class Named:
    """A table whose rows have a name of their own, such as units and firms."""

    key: InstrumentedAttribute[int]
    label: InstrumentedAttribute[str]
    word: str
    is_place: bool = False

    def names(self, session: Session, ids: Collection[int]) -> dict[int, Name]:
        rows = session.execute(select(self.key, self.label).where(self.key.in_(ids)))
        return {key: Name(label) for key, label in rows}

    def find(self, session: Session, texts: Collection[str]) -> dict[str, Found]:
        """By the name; where it is not known, the names most like it (pg_trgm)."""
        rows = session.execute(select(self.key, self.label).where(self.label.in_(texts)))
        known = {label: Found((key,)) for key, label in rows}
        for text in [t for t in texts if t not in known][:50]:
            like = select(self.label).order_by(func.similarity(self.label, text).desc()).limit(3)
            near = session.scalars(like.where(func.similarity(self.label, text) > 0.1)).all()
            known[text] = Found((), tuple(near))
        return {text: known.get(text, Found(())) for text in texts}

    def order(self, statement: Any, attribute: Any, place: Any) -> tuple[Any, Any]:
        target = aliased(self.key.class_)
        key, label = getattr(target, self.key.key), getattr(target, self.label.key)
        return statement.outerjoin(target, key == attribute), label

    def inside(
        self, session: Session, attribute: Any, place: Any, text: str
    ) -> ColumnElement[bool]:
        hits = self.label.icontains(plain(text), autoescape=True)
        return attribute.in_(select(self.key).where(hits))

    def choices(self, session: Session) -> list[str]:
        return list(session.scalars(select(self.label).order_by(self.label).limit(500)))


def meaning(found: Found | None, text: str, word: str) -> tuple[int | None, str]:
    """The one id that a text means, or the sentence that says why there is none."""
    if found is not None and len(found.ids) == 1:
        return found.ids[0], ""
    if found is not None and found.ids:
        return None, f"“{text[:40]}”指的{word}不止一个，请写全称；有：" + "、".join(found.near[:3])
    near = f"；最接近的是：{'、'.join(found.near)}" if found is not None and found.near else ""
    return None, f"没有找到{word}“{text[:40]}”，或不在您的辖区内{near}"
