"""Service points: where they are, how many they hold, what they become in an emergency."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.base.db import Base, Changed, Placed
from gis.territory.tables import geometry

KINDS: dict[str, str] = {
    "service_centre": "小区党群服务中心", "platform": "“三位一体”综合平台",
    "property_centre": "物业管理中心", "party_square": "党建小广场",
    "shelter": "安置点", "clinic": "卫生服务", "school": "学校", "public": "公共服务",
}  # fmt: skip


class Facility(Placed, Changed, Base):
    """One service point with its place on the map."""

    __tablename__ = "facility"
    __place_from__ = (("territory_id", "*"),)
    facility_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"), index=True)
    location: Mapped[Any] = mapped_column(geometry("POINT"), nullable=False)
    capacity: Mapped[int | None]
    source: Mapped[str]
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(KINDS)}", name="kind"),
        CheckConstraint("capacity >= 0", name="capacity"),
        Index("ix_facility_location", "location", postgresql_using="gist"),
    )
