"""Who may do what, and where: the actor, the permission table, the territory scope.

The permission table says what a role may do at all; the scope says where, and row-level
security holds it (``gis.base.guards``). Both must agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.base.errors import Forbidden

EVERYWHERE = (0, 2**62)
NOWHERE = (0, 0)

ROLES: dict[str, str] = {
    "administrator": "管理员",
    "grid_manager": "网格管理员",
    "dispatcher": "调度员",
    "auditor": "审计员",
}

PERMISSIONS: dict[str, tuple[str, frozenset[str]]] = {
    name: (zh, frozenset(roles.split()))
    for name, zh, roles in [
        ("map.read", "看地图与图层", "administrator grid_manager dispatcher auditor"),
        ("coverage.read", "看覆盖与空白", "administrator grid_manager dispatcher auditor"),
        ("ledger.read", "看台账", "administrator grid_manager dispatcher auditor"),
        ("ledger.export", "导出台账", "administrator grid_manager"),
        ("ledger.write", "导入台账", "administrator grid_manager"),
        ("member.read", "看党员名单（电话遮盖）", "administrator grid_manager dispatcher"),
        ("project.write", "登记项目", "administrator grid_manager"),
        ("project.move", "推进项目", "administrator grid_manager"),
        ("committee.move", "推进业委会换届", "administrator grid_manager"),
        ("incident.report", "上报突发事件", "administrator grid_manager dispatcher"),
        ("incident.read", "看突发事件", "administrator grid_manager dispatcher auditor"),
        ("mobilization.plan", "试排岗位与派岗", "administrator dispatcher"),
        ("mobilization.activate", "启动预案", "dispatcher"),
        ("mobilization.read", "看应急看板", "administrator grid_manager dispatcher auditor"),
        ("mobilization.call", "取叫应名单", "dispatcher"),
        ("assignment.move", "代成员登记回复", "dispatcher"),
        ("mobilization.stand_down", "解除响应", "dispatcher"),
        ("import.run", "导入文件", "administrator"),
        ("account.manage", "管理账号", "administrator"),
        ("journal.read", "看审计日志", "administrator auditor"),
    ]
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: an account in a role over one range of the territory order.

    ``more`` holds further ranges ``(lo, hi)`` that an activation opens for its area and term.
    """

    name: str
    role: str
    lo: int
    hi: int
    account_id: int | None = None
    purpose: str = "calm"
    more: tuple[tuple[int, int], ...] = ()
    is_system: bool = False

    def may(self, permission: str) -> bool:
        """Whether the role holds this permission."""
        return self.is_system or self.role in PERMISSIONS[permission][1]

    def widened(self, ranges: Iterable[tuple[int, int]], purpose: str) -> Actor:
        """The same actor with further ranges, for one purpose."""
        return replace(self, more=tuple(sorted(set(ranges))), purpose=purpose)


SYSTEM = Actor("system", "administrator", *EVERYWHERE, purpose="system", is_system=True)


def check(actor: Actor, permission: str) -> None:
    """Passes when the actor holds the permission. Raises Forbidden."""
    if not actor.may(permission):
        zh = PERMISSIONS[permission][0]
        raise Forbidden(
            f"您的角色（{ROLES.get(actor.role, actor.role)}）不能{zh}。",
            f"Your role ({actor.role}) does not hold the permission {permission}.",
            permission=permission,
        )


def multirange(ranges: Iterable[tuple[int, int]]) -> str:
    """Ranges as PostgreSQL writes an int8multirange, half open."""
    return "{" + ",".join(f"[{lo},{hi})" for lo, hi in ranges) + "}"


def enter(session: Session, actor: Actor) -> None:
    """Sets the actor's scope and purpose for this transaction only (SET LOCAL)."""
    values = {
        "lianjian.scope_lo": str(actor.lo),
        "lianjian.scope_hi": str(actor.hi),
        "lianjian.scope_more": multirange(actor.more),
        "lianjian.purpose": actor.purpose,
        "lianjian.actor": json.dumps({"id": actor.account_id, "name": actor.name}),
    }
    session.execute(
        text(
            "SELECT " + ", ".join(f"set_config('{k}', :v{i}, true)" for i, k in enumerate(values))
        ),
        {f"v{i}": v for i, v in enumerate(values.values())},
    )
    session.info["actor"] = actor


def actor_of(session: Session) -> Actor:
    """The actor whose scope this transaction runs under."""
    return session.info["actor"]
