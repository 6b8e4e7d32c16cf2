"""Reads of accounts: who is logged in, in which role, over which range."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.accounts.tables import Account
from gis.base.access import Actor
from gis.territory.tables import Territory


def actor_for(session: Session, account_id: int, epoch: int) -> Actor | None:
    """The actor of a running log-in; None when it was ended, switched off or never was."""
    row = session.execute(
        select(Account, Territory.lo, Territory.hi)
        .join(Territory, Territory.territory_id == Account.territory_id)
        .where(Account.account_id == account_id, Account.is_active, Account.epoch == epoch)
    ).one_or_none()
    if row is None:
        return None
    account, lo, hi = row
    return Actor(account.display_name, account.role, lo, hi, account_id=account.account_id)


def accounts(session: Session) -> list[tuple[Account, str]]:
    """Every account with the name of its territory, by username."""
    rows = session.execute(
        select(Account, Territory.name)
        .join(Territory, Territory.territory_id == Account.territory_id)
        .order_by(Account.username)
    )
    return [(account, name) for account, name in rows]
