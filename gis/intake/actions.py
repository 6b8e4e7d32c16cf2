"""Writes of intake: a checked file becomes rows, all of it or nothing, and the counts add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.base import journal
from gis.base.access import actor_of, check
from gis.base.errors import NotFound
from gis.base.load import copy_frame, ewkb
from gis.base.settings import Settings
from gis.intake.checks import CheckedTable, check_compounds
from gis.intake.reader.vector import read_vector
from gis.territory import queries as territory


@cache
def sql(name: str) -> str:
    """A statement of this area by file name."""
    return resources.files("gis.intake").joinpath(f"sql/{name}.sql").read_text()


@dataclass
class Imported:
    """What became of a file: every record is applied, repaired or refused."""

    read: int
    applied: int
    repaired: int
    refused: int
    problems: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The counts, the problems by row, and what the file was."""
        return {
            "read": self.read, "applied": self.applied, "repaired": self.repaired,
            "refused": self.refused, "problems": self.problems, "notes": self.notes, **self.about,
        }  # fmt: skip


def import_compounds(
    session: Session, settings: Settings, path: Path, today: date, *,
    crs: str | None = None, datum: str | None = None, layer: str | None = None,
) -> Imported:  # fmt: skip
    """Brings the compounds of a file (GeoJSON, GPKG, Shapefile) in, in the caller's transaction.

    Raises Forbidden, NotFound without a city, the reader's errors, CrsRefused with the choices.
    A compound goes below the grid that holds most of it; one in no community is refused, and so is
    one that is there already with the same shape.
    """
    check(actor_of(session), "import.run")
    cities = territory.cities(session)
    if not cities:
        raise NotFound(
            "还没有城市。请先导入城市（lianjian import osm）或生成演示城市。",
            "There is no city yet: import one (lianjian import osm) or make the demo city.",
        )
    raw = read_vector(
        path, layer=layer, timeout_s=settings.reader_timeout_s, memory_mb=settings.reader_memory_mb
    )
    outline = shapely.union_all([territory.city_outline(session, city) for city in cities])
    checked = check_compounds(
        raw, crs=crs, datum=datum, within=outline, max_vertices=settings.max_vertices
    )
    placed, problems = _placed(session, checked)
    ids = _write(session, placed, path.name, today)
    result = _counted(checked, placed, problems)
    journal.record(session, "import", "compounds", None, file=path.name, rows=len(ids),
                   read=result.read, refused=result.refused)  # fmt: skip
    return result


def _placed(session: Session, checked: CheckedTable) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """(rows with ``parent_id`` that may be written, every problem by row)."""
    problems = [problem.as_dict() for problem in checked.problems]
    rows = checked.rows.reset_index(drop=True)
    session.execute(text("DROP TABLE IF EXISTS pg_temp.incoming"))
    session.execute(
        text("CREATE TEMP TABLE incoming (row_no int8, geom geometry(MultiPolygon, 4326)) "
             "ON COMMIT DROP")
    )  # fmt: skip
    session.execute(
        text("INSERT INTO incoming SELECT * FROM unnest(CAST(:n AS int8[]), "
             "CAST(:g AS text[]))"),
        {"n": rows["row"].tolist(), "g": ewkb(rows.geometry.to_numpy(), kind="multipolygon")},
    )  # fmt: skip
    found = pd.DataFrame(
        session.execute(text(sql("place_compounds"))).all(),
        columns=["row", "parent_id", "twin", "overlap_share"],
    )
    rows = rows.merge(found, on="row", how="left")
    for row in rows.itertuples(index=False):
        problems += _place_problems(row)
    problems.sort(key=lambda p: (p["row"] or 0, p["code"]))
    return rows[rows["parent_id"].notna() & rows["twin"].isna()], problems


def _place_problems(row: Any) -> list[dict[str, Any]]:
    """What stands in the way of one compound, or is worth a word."""
    if isinstance(row.twin, str):
        return [_problem(row.row, "exists", f"与已有小区“{row.twin}”的边界完全相同，未重复导入。",
                         f"The same shape is there already as {row.twin!r}.")]  # fmt: skip
    if pd.isna(row.parent_id):
        return [_problem(row.row, "no_community", "不在任何社区范围内。",
                         "It lies in no community.")]  # fmt: skip
    if row.overlap_share > 0.05:
        return [_problem(row.row, "overlap", f"与已有小区重叠 {row.overlap_share:.0%}，请核对。",
                         f"Overlaps existing compounds by {row.overlap_share:.0%}; please check.",
                         is_refusal=False)]  # fmt: skip
    return []


def _problem(row: Any, code: str, zh: str, en: str, *, is_refusal: bool = True) -> dict[str, Any]:
    return {"row": int(row), "field": "geometry", "code": code, "message": zh, "message_en": en,
            "is_refusal": is_refusal}  # fmt: skip


def _write(session: Session, rows: pd.DataFrame, file: str, today: date) -> list[int]:
    blank = [None] * len(rows)
    before = session.scalar(text("SELECT COALESCE(max(territory_id), 0) FROM territory"))
    copy_frame(session, "territory", {
        "level": ["compound"] * len(rows), "parent_id": rows["parent_id"].astype(int),
        "name": rows["name"], "households": rows.get("households", blank),
        "gates": rows.get("gates", blank),
        "geom": ewkb(rows.geometry.to_numpy(), kind="multipolygon"),
        "valid_from": [today] * len(rows), "source": [f"文件 {file}"[:200]] * len(rows),
    })  # fmt: skip
    ids = list(
        session.scalars(
            text("SELECT territory_id FROM territory WHERE territory_id > :b AND level='compound'"),
            {"b": before},
        )
    )
    session.execute(text(sql("share_grids")), {"ids": ids})
    return ids


def _counted(
    checked: CheckedTable, placed: pd.DataFrame, problems: list[dict[str, Any]]
) -> Imported:
    repaired = int(placed["is_repaired"].sum())
    return Imported(
        read=checked.read,
        applied=len(placed) - repaired,
        repaired=repaired,
        refused=checked.read - len(placed),
        problems=problems,
        notes=checked.notes,
        about={
            "crs": checked.reference.accepted.name, "datum": checked.reference.datum,
            "columns": checked.columns, "unused_columns": checked.unused,
        },
    )  # fmt: skip
