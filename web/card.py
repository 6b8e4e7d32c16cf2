"""A compound's card as rows of label and value, for whoever clicks the map."""

from __future__ import annotations

from typing import Any

from gis.coverage.classes import CLASSES
from gis.coverage.queries import CompoundCard
from gis.organizations.tables import COMMITTEE_FLOW
from gis.projects.tables import PROJECT_FLOW
from web.texts import label, language, say

LISTED = 5  # more open projects than these are a number


def card_of(card: CompoundCard) -> dict[str, Any]:
    """``{title, note, rows: [{label, value}], href}`` in the reader's language."""
    rows = [
        (say("党支部"), card.branch or say("无")),
        (say("业委会"), _committee(card)),
        (say("物业公司"), _firm(card)),
        (say("包保 A 角"), card.unit_a or say("无")),
        (say("包保 B 角"), card.unit_b or say("无")),
        (say("在册力量"), _few(card.reserve)),
        (say("户数"), _count(card.households)),
        (say("楼栋 / 出入口"), f"{card.buildings} / {_count(card.gates)}"),
        (say("网格"), _grids(card)),
        (say("未结项目"), _projects(card)),
        (say("设施"), "、".join(f["name"] for f in card.facilities) or say("无")),
    ]
    if card.work_groups:
        rows.insert(5, (say("工作组"), "、".join(card.work_groups)))
    note = label(CLASSES, card.compound_class)
    if card.is_synthetic:
        note += " · " + say("合成数据")
    return {
        "title": card.name, "note": note, "href": None,
        "rows": [{"label": name, "value": value} for name, value in rows],
    }  # fmt: skip


def _committee(card: CompoundCard) -> str:
    if not card.committee_state:
        return say("无")
    word = label(COMMITTEE_FLOW.states, card.committee_state)
    due = card.committee_term_due_on
    return f"{word} · " + say("届满 {day}", day=due.isoformat()) if due else word


def _firm(card: CompoundCard) -> str:
    if not card.firm:
        return say("无")
    return f"{card.firm} · {say('有党组织')}" if card.firm_has_party_body else card.firm


def _grids(card: CompoundCard) -> str:
    named = [
        g["name"] if len(card.grids) == 1 else f"{g['name']} {_share(g)}" for g in card.grids
    ]
    return "、".join(named) or say("无")


def _share(grid: dict[str, Any]) -> str:
    return f"{100 * grid['household_share']:.0f}%"


def _projects(card: CompoundCard) -> str:
    if not card.open_projects:
        return say("无")
    named = [
        f"{p['title']}（{label(PROJECT_FLOW.states, p['state'])}）" if language() == "zh"
        else f"{p['title']} ({label(PROJECT_FLOW.states, p['state'])})"
        for p in card.open_projects[:LISTED]
    ]  # fmt: skip
    rest = len(card.open_projects) - LISTED
    return "；".join(named) + (say("；另有 {n} 项", n=rest) if rest > 0 else "")


def _few(people: int) -> str:
    """Counts of people under five are not told apart (DOMAIN §5)."""
    return say("少于 5 人") if 0 < people < 5 else say("{n} 人", n=people)


def _count(number: int | None) -> str:
    return say("未知") if number is None else f"{number:,}"
