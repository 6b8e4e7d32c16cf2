"""Accounts: a log-in, a role, a territory. An account is not a member."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.base.access import ROLES
from gis.base.db import Base, Dated


class Account(Dated, Base):
    """One log-in. ``epoch`` is raised to end all its sessions at once."""

    __tablename__ = "account"
    __scope__ = "shared"
    account_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str]
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.territory_id"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    epoch: Mapped[int] = mapped_column(server_default=text("0"))
    __table_args__ = (
        CheckConstraint(f"role IN {tuple(ROLES)}", name="role"),
        CheckConstraint("username ~ '^[a-z][a-z0-9_.-]{1,39}$'", name="username"),
    )


class LoginAttempt(Base):
    """A try to log in: the lock-out counts the failed ones."""

    __tablename__ = "login_attempt"
    __scope__ = "system"
    attempt_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    username: Mapped[str]
    tried_at: Mapped[datetime] = mapped_column(server_default=func.now())
    is_success: Mapped[bool]
    __table_args__ = (Index("ix_login_attempt_username_tried_at", "username", "tried_at"),)
