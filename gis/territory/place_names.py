"""Units as people write them in sheets: a path below the city, a name, an alias or a code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from sqlalchemy import ColumnElement, TextClause, and_, false, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from gis.base.ledger import Found, Name
from gis.base.ledger.reference import Reference
from gis.base.sheets.cells import plain
from gis.territory.tables import LEVELS, Territory

_MOST_GUESSED = 50


@dataclass(frozen=True)
class Place:
    """The reference of every ledger to the territory tree. ``levels``: those it may name."""

    word: str = "辖区"
    levels: tuple[str, ...] = LEVELS
    is_place: bool = True

    def names(self, session: Session, ids: Collection[int]) -> dict[int, Name]:
        """Path and label point of each unit."""
        rows = session.execute(_sql("place_names"), {"ids": list(ids)})
        return {row.territory_id: Name(row.path, row.lon, row.lat) for row in rows}

    def find(self, session: Session, texts: Collection[str]) -> dict[str, Found]:
        """A whole path, its end (社区/小区), a name that only one unit has, an alias, a code."""
        words = {written: _parts(written)[-1] for written in texts}
        rows = session.execute(
            _sql("find_places"),
            {"words": list(set(words.values())), "whole": list(texts)},
        )
        hits: dict[str, set[int]] = {}
        for row in rows:
            hits.setdefault(row.word, set()).add(row.territory_id)
        paths = self.names(session, set().union(*hits.values())) if hits else {}
        allowed = self._allowed(session, paths)
        found = {}
        for written, word in words.items():
            ids = hits.get(written, set()) | {
                i for i in hits.get(word, set()) if _ends(paths[i].text, written)
            }
            chosen = _best([i for i in ids if i in allowed], paths, written)
            found[written] = Found(tuple(chosen), tuple(paths[i].text for i in chosen[:3]))
        self._guess(session, found)
        return found

    def _allowed(self, session: Session, paths: Collection[int]) -> set[int]:
        rows = session.scalars(
            select(Territory.territory_id)
            .where(Territory.territory_id.in_(list(paths)))
            .where(Territory.level.in_(self.levels))
        )
        return set(rows)

    def _guess(self, session: Session, found: dict[str, Found]) -> None:
        """Names most like those that nobody bears (pg_trgm)."""
        for written in [t for t, f in found.items() if not f.ids][:_MOST_GUESSED]:
            word = _parts(written)[-1][:60]
            like = (
                select(Territory.territory_id)
                .where(Territory.name.op("%")(word), Territory.level.in_(self.levels))
                .where(Territory.valid_to.is_(None))
                .order_by(func.similarity(Territory.name, word).desc(), Territory.territory_id)
                .limit(3)
            )
            names = self.names(session, session.scalars(like).all())
            found[written] = Found((), tuple(name.text for name in names.values()))

    def order(self, statement: Any, attribute: Any, place: Any) -> tuple[Any, Any]:
        """In the order of the tree, which the place of a row already is."""
        if place is not None:
            return statement, place
        unit = aliased(Territory)
        return statement.outerjoin(unit, unit.territory_id == attribute), unit.lo

    def inside(
        self, session: Session, attribute: Any, place: Any, text_: str
    ) -> ColumnElement[bool]:
        """Rows at or below any unit of this name, path, code or id."""
        written = plain(text_)
        ids = self.find(session, {written})[written].ids
        if not ids and written.isdecimal() and len(written) < 19:
            ids = (int(written),)
        ranges = session.execute(
            select(Territory.lo, Territory.hi).where(Territory.territory_id.in_(ids))
        ).all()
        if place is None:
            return attribute.in_(ids)
        return or_(false(), *(and_(place >= lo, place < hi) for lo, hi in ranges))

    def choices(self, session: Session) -> list[str]:
        """Paths of counties, streets and communities, in the order of the tree."""
        ids = session.scalars(
            select(Territory.territory_id)
            .where(Territory.level.in_(("county", "street", "community")))
            .where(Territory.valid_to.is_(None))
            .order_by(Territory.lo)
            .limit(500)
        ).all()
        names = self.names(session, ids)
        return [names[i].text for i in ids if i in names]


@lru_cache(maxsize=4)
def _sql(name: str) -> TextClause:
    return text(resources.files("gis.territory").joinpath(f"sql/{name}.sql").read_text())


def _parts(path: str) -> list[str]:
    return [part.strip() for part in path.replace("／", "/").split("/")]


def _ends(path: str, written: str) -> bool:
    """Whether a path ends as written; the last part may be an alias and was looked up already."""
    own, said = path.split("/")[:-1], _parts(written)[:-1]
    return not said or own[-len(said) :] == said


def _best(ids: list[int], paths: dict[int, Name], written: str) -> list[int]:
    """The unit whose whole path is written, else all whose name is, else all that are left."""
    whole = [i for i in ids if paths[i].text == "/".join(_parts(written))]
    return sorted(whole or ids)


PLACE: Reference = Place()
COMPOUND: Reference = Place("小区", ("compound",))
COMMUNITY: Reference = Place("社区", ("community",))
