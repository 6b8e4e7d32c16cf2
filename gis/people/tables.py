"""Members in reserve, their registrations, and the postings of workers. No residents."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.base.db import Base, Changed, Placed

# Skills are a bit mask: the dispatch groups 25,000 people by it. Bits are never reused.
SKILLS: dict[str, str] = {
    "first_aid": "急救", "boat": "驾船", "driving": "驾驶", "electrician": "电工",
    "counselling": "心理疏导", "logistics": "物资保障", "translation": "翻译", "medical": "医护",
    "sign_language": "手语", "drone": "无人机",
}  # fmt: skip
# Hours of the day in which a member offers to serve, as a bit mask.
SHIFTS: dict[str, str] = {
    "day": "白班 08–16 时",
    "evening": "晚班 16–24 时",
    "night": "夜班 0–8 时",
}
POSTING_ROLES = ("grid_lead", "grid_worker", "community_worker")


def skill_mask(names: list[str]) -> int:
    """The bit mask of these skills. Raises ValueError for an unknown one."""
    order = list(SKILLS)
    return sum({1 << order.index(name) for name in names})


def skill_names(mask: int) -> list[str]:
    """The skills of a mask, in declared order."""
    return [name for i, name in enumerate(SKILLS) if mask >> i & 1]


class Member(Placed, Changed, Base):
    """A member in reserve: name, unit, home compound (never the door), skills, hours, phone."""

    __tablename__ = "member"
    __place_from__ = (("home_compound_id", "compound"), ("home_community_id", "community"))
    member_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str]
    support_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("support_unit.support_unit_id"), index=True
    )
    home_compound_id: Mapped[int | None] = mapped_column(
        ForeignKey("territory.territory_id"), index=True
    )
    home_community_id: Mapped[int | None] = mapped_column(ForeignKey("territory.territory_id"))
    skills: Mapped[int] = mapped_column(server_default=text("0"))
    hours_offered: Mapped[int] = mapped_column(SmallInteger, server_default=text("7"))
    is_reserve: Mapped[bool] = mapped_column(server_default=text("true"))
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    phone_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        CheckConstraint("home_compound_id IS NOT NULL OR home_community_id IS NOT NULL",
                        name="home"),
        CheckConstraint(f"skills >= 0 AND skills < {1 << len(SKILLS)}", name="skills"),
        CheckConstraint(f"hours_offered >= 0 AND hours_offered < {1 << len(SHIFTS)}", name="hours"),
        CheckConstraint("(phone_sealed IS NULL) = (phone_salt IS NULL)", name="phone"),
    )  # fmt: skip


class Registration(Placed, Base):
    """One registration of a member (双报到): counts as one person-time."""

    __tablename__ = "registration"
    __place_from__ = (("territory_id", "*"),)
    registration_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.member_id"), index=True)
    kind: Mapped[str]
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), index=True)
    registered_on: Mapped[date]
    __table_args__ = (CheckConstraint("kind IN ('home', 'unit')", name="kind"),)


class Posting(Placed, Changed, Base):
    """Who holds which role in a grid or community, from when until when."""

    __tablename__ = "posting"
    __place_from__ = (("territory_id", "community,grid"),)
    posting_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"))
    role: Mapped[str]
    worker_name: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        CheckConstraint(f"role IN {POSTING_ROLES}", name="role"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        Index("ix_posting_territory_id", "territory_id"),
        Index("uq_posting_lead", "territory_id", unique=True,
              postgresql_where=text("role = 'grid_lead' AND valid_to IS NULL")),
    )  # fmt: skip
