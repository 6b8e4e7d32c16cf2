"""Reads of coverage: by level, in total, and the card of one compound."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.base.errors import BadInput, NotFound
from gis.coverage.classes import CLASS_JOINS, CLASS_SQL, CLASSES
from gis.organizations.tables import COMMITTEE_FLOW
from gis.projects.tables import PROJECT_FLOW

FEW = 5
LEVELS = ("city", "county", "street", "community", "grid")


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What one unit's compounds have. Counts of compounds but for households and reserve."""

    territory_id: int
    level: str
    name: str
    code: str | None
    compounds: int
    households: int
    with_branch: int
    with_committee: int
    with_firm: int
    with_unit_a: int
    with_unit_b: int
    with_none: int
    reserve: int
    open_projects: int

    @property
    def coverage_rate(self) -> float | None:
        """Share of compounds with a branch, 0..1; None where there is no compound."""
        return self.with_branch / self.compounds if self.compounds else None

    @property
    def gap(self) -> int:
        """Compounds without a branch."""
        return self.compounds - self.with_branch

    @property
    def reserve_per_1000(self) -> float | None:
        """Members in reserve per 1,000 households."""
        return round(1000 * self.reserve / self.households, 1) if self.households else None

    def as_dict(self) -> dict[str, Any]:
        """The row with its rates, as the API and ``--json`` answer it."""
        rate = self.coverage_rate
        return {
            **asdict(self),
            "coverage_rate": None if rate is None else round(rate, 4),
            "gap": self.gap,
            "reserve_per_1000": self.reserve_per_1000,
        }


@lru_cache(maxsize=1)
def _coverage_sql() -> str:
    body = resources.files("gis.coverage").joinpath("sql/coverage.sql").read_text()
    return body.replace("{joins}", CLASS_JOINS)


def coverage(session: Session, level: str) -> list[CoverageRow]:
    """Coverage of every unit of a level that the scope holds, in the order of the tree.

    Raises BadInput for a level that has no compounds below it.
    """
    if level not in LEVELS:
        raise BadInput(
            f"层级应为：{'、'.join(LEVELS)}。", f"The level must be one of {', '.join(LEVELS)}."
        )
    rows = session.execute(text(_coverage_sql()), {"level": level}).mappings()
    return [CoverageRow(**row) for row in rows]


def classes(session: Session) -> dict[str, int]:
    """How many compounds of the scope fall into each class; every class is named."""
    rows = session.execute(
        text(
            f"SELECT {CLASS_SQL} AS class, count(*) FROM territory t {CLASS_JOINS} "
            "WHERE t.level = 'compound' AND t.valid_to IS NULL GROUP BY 1"
        )
    )
    found: dict[str, int] = dict(rows.all())
    return {name: found.get(name, 0) for name in CLASSES}


def totals(session: Session) -> dict[str, int]:
    """The scope's figures on one line: units by level, what serves them, reserve, projects."""
    row = session.execute(
        text(
            """
            SELECT count(*) FILTER (WHERE level = 'community') AS communities,
                   count(*) FILTER (WHERE level = 'grid') AS grids,
                   count(*) FILTER (WHERE level = 'compound') AS compounds,
                   COALESCE(sum(households) FILTER (WHERE level = 'compound'), 0)::int8
                     AS households,
                   (SELECT count(*) FROM branch) AS branches,
                   (SELECT count(*) FROM owners_committee WHERE state <> 'preparing')
                     AS owners_committees,
                   (SELECT count(*) FROM member WHERE is_reserve) AS reserve,
                   (SELECT count(*) FROM facility) AS facilities,
                   (SELECT count(*) FROM project) AS projects
            FROM territory WHERE valid_to IS NULL
              AND lo >= NULLIF(current_setting('lianjian.scope_lo', true), '')::int8
            """
        )
    ).mappings()
    return dict(row.one())


@dataclass(frozen=True, slots=True)
class CompoundCard:
    """What one compound has and lacks: no person but the names of public posts."""

    territory_id: int
    name: str
    lon: float
    lat: float
    compound_class: str
    households: int | None
    buildings: int
    gates: int | None
    area_m2: float
    is_synthetic: bool
    branch: str | None
    committee_state: str | None
    committee_term_due_on: date | None
    firm: str | None
    firm_has_party_body: bool | None
    unit_a: str | None
    unit_b: str | None
    work_groups: list[str]
    reserve: int
    chain: list[dict[str, Any]] = field(default_factory=list)
    grids: list[dict[str, Any]] = field(default_factory=list)
    open_projects: list[dict[str, Any]] = field(default_factory=list)
    facilities: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The card as the API answers it, with Chinese words beside the codes."""
        made = asdict(self)
        made["committee_term_due_on"] = (
            self.committee_term_due_on.isoformat() if self.committee_term_due_on else None
        )
        made["committee_zh"] = COMMITTEE_FLOW.states.get(self.committee_state or "")
        # Fewer than five people are not counted out where more roles than one may look.
        made["reserve_is_few"] = 0 < self.reserve < FEW
        if made["reserve_is_few"]:
            made["reserve"] = None
        made["class_zh"] = CLASSES[self.compound_class]
        for project in made["open_projects"]:
            project["state_zh"] = PROJECT_FLOW.states[project["state"]]
        return made


def compound_card(session: Session, compound_id: int) -> CompoundCard:
    """The card of one compound, in one query. Raises NotFound."""
    row = session.execute(text(_card_sql()), {"id": compound_id}).mappings().one_or_none()
    if row is None:
        raise NotFound("没有这个小区，或不在您的范围内。", "No such compound within your scope.")
    return CompoundCard(**row)


@lru_cache(maxsize=1)
def _card_sql() -> str:
    body = resources.files("gis.coverage").joinpath("sql/compound_card.sql").read_text()
    return body.replace("{joins}", CLASS_JOINS).replace("{class}", CLASS_SQL)
