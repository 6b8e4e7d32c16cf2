"""Writes of accounts: log in, make an account, set a password."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gis.accounts.tables import Account, LoginAttempt
from gis.base import journal
from gis.base.access import ROLES, actor_of, check
from gis.base.errors import BadInput, NotLoggedIn, TooManyTries
from gis.base.settings import Settings

_HASHER = PasswordHasher()
# Letters and digits that nobody mistakes on a printed slip.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """A password made at random: 12 signs in three groups, about 59 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def log_in(
    session: Session, settings: Settings, username: str, password: str, now: datetime
) -> Account:
    """The account of this log-in. Raises NotLoggedIn, TooManyTries.

    Unknown names cost as much time as wrong passwords, so that names cannot be guessed. The
    caller commits failed tries too: the lock-out counts them.
    """
    username = username.strip().lower()[:40]
    since = now - timedelta(minutes=settings.lockout_minutes)
    failed = session.scalar(
        select(func.count()).where(
            LoginAttempt.username == username,
            ~LoginAttempt.is_success,
            LoginAttempt.tried_at > since,
        )
    )
    if (failed or 0) >= settings.lockout_tries:
        raise TooManyTries(
            f"密码错误次数过多，请 {settings.lockout_minutes} 分钟后再试。",
            f"Too many wrong passwords; try again in {settings.lockout_minutes} minutes.",
        )
    account = session.scalar(select(Account).where(Account.username == username))
    good = _verify(account.password_hash if account else _dummy_hash(), password)
    is_success = bool(good and account and account.is_active)
    session.add(LoginAttempt(username=username, is_success=is_success, tried_at=now))
    session.flush()
    if not is_success or account is None:
        raise NotLoggedIn("用户名或密码不对。", "User name or password is wrong.")
    session.execute(
        delete(LoginAttempt).where(LoginAttempt.username == username, ~LoginAttempt.is_success)
    )
    return account


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    return _HASHER.hash(secrets.token_hex(8))


def set_account(
    session: Session,
    *,
    username: str,
    display_name: str,
    role: str,
    territory_id: int,
    password: str,
) -> Account:
    """Makes an account, or gives an existing one a new password and ends its sessions."""
    check(actor_of(session), "account.manage")
    if role not in ROLES:
        raise BadInput(
            f"没有角色“{role}”。可用：{'、'.join(ROLES)}。",
            f"There is no role {role!r}. Known: {', '.join(ROLES)}.",
        )
    if len(password) < 10:
        raise BadInput("密码至少 10 位。", "A password needs at least 10 signs.")
    account = session.scalar(select(Account).where(Account.username == username))
    if account is None:
        account = Account(username=username)
        session.add(account)
    account.display_name, account.role = display_name, role
    account.territory_id, account.is_active = territory_id, True
    account.password_hash = _HASHER.hash(password)
    account.epoch = (account.epoch or 0) + 1
    session.flush()
    journal.record(session, "set_account", "account", account.account_id, username=username)
    return account
