"""The default plans as data, and reading a plan back as rules."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.base.errors import NotFound
from gis.mobilization.rules import Rate, ShiftRule
from gis.mobilization.tables import RESPONSE_LEVELS, Plan, PlanRate
from gis.people.tables import skill_mask

_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


@lru_cache(maxsize=1)
def default_plans() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of ``plan`` and ``plan_rate`` that the data file declares."""
    data = json.loads(resources.files("gis.mobilization").joinpath("data/plans.json").read_text())
    plans, rates = [], []
    for family in data["plans"]:
        for number, content in family["levels"].items():
            level = int(number)
            plan_id = f"{family['prefix']}-{_ROMAN[level]}"
            plans.append(_plan_row(plan_id, level, family, content, data["shifts"]))
            rates += [
                _rate_row(plan_id, kind, rate, data["kinds"][kind])
                for kind, rate in content.items()
                if kind != "measures"
            ]
    return plans, rates


def _plan_row(
    plan_id: str, level: int, family: dict[str, Any], content: dict[str, Any], shifts: list[Any]
) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "name": f"{family['title']}（{RESPONSE_LEVELS[level]}）",
        "category": family["category"],
        "response_level": level,
        "max_travel_min": family["max_travel_min"],
        "calls_residents": family["calls_residents"],
        "travel_mode": family["travel_mode"],
        "shifts": shifts,
        "measures": content["measures"],
        "source": "default",
    }


def _rate_row(plan_id: str, kind: str, rate: list[Any], about: dict[str, Any]) -> dict[str, Any]:
    per, people, shift_nos = rate
    return {
        "plan_id": plan_id,
        "kind": kind,
        "name": about["name"],
        "basis": about["basis"],
        "per": per,
        "people": people,
        "at_least": 1 if about["basis"] == "gate" else 0,
        "skills": skill_mask(about["skills"]),
        "priority": about["priority"],
        "shift_nos": shift_nos,
    }


def load_defaults(session: Session) -> None:
    """Writes the default plans that are missing; plans that a city edited stay as they are."""
    plans, rates = default_plans()
    for row in plans:
        made = session.execute(
            insert(Plan).values(row).on_conflict_do_nothing().returning(Plan.plan_id)
        ).scalar()
        if made:
            session.execute(insert(PlanRate), [r for r in rates if r["plan_id"] == made])


def plan(session: Session, plan_id: str) -> tuple[Plan, list[Rate], list[ShiftRule]]:
    """A plan with its rates (most urgent first) and shifts. Raises NotFound with the known ids."""
    found = session.get(Plan, plan_id)
    if found is None:
        known = session.scalars(select(Plan.plan_id).order_by(Plan.plan_id)).all()
        raise NotFound(
            f"没有预案“{plan_id}”。可用：{'、'.join(known)}。",
            f"There is no plan {plan_id!r}. Known: {', '.join(known)}.",
        )
    rows = session.scalars(
        select(PlanRate)
        .where(PlanRate.plan_id == plan_id)
        .order_by(PlanRate.priority.desc(), PlanRate.kind)
    )
    rates = [
        Rate(r.kind, r.name, r.basis, r.per, r.people, r.at_least, r.skills, r.priority,
             tuple(r.shift_nos))
        for r in rows
    ]  # fmt: skip
    return found, rates, [ShiftRule(**shift) for shift in found.shifts]
